"""Files of notes for tests, written as Word, a printer driver or a stranger would."""

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import docx
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

Change = Callable[[bytes], bytes]


def make_pdf(*pages: Sequence[str], password: str = "") -> bytes:
    """One page per list of lines; an empty list is a page with a picture's worth of ink and no text."""
    out = io.BytesIO()
    locked: Any = None
    if password:
        from reportlab.lib.pdfencrypt import StandardEncryption

        locked = StandardEncryption(password, canPrint=0)
    canvas = Canvas(out, pagesize=A4, encrypt=locked, invariant=1)
    for lines in pages:
        for number, line in enumerate(lines):
            canvas.drawString(60, 780 - 16 * number, line)
        if not lines:
            canvas.rect(60, 60, 400, 600, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def make_docx(build: Callable[[Any], None]) -> bytes:
    """A Word document that `build` fills."""
    document = docx.Document()
    build(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def note_docx() -> bytes:
    """Header, footer, two paragraphs around a table, and a second page."""

    def build(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "Eastside Clinic"
        document.sections[0].footer.paragraphs[0].text = "Confidential"
        document.add_paragraph("SUBJECTIVE: pain 4/10 in the left knee.")
        table = document.add_table(rows=2, cols=2)
        for row, texts in zip(table.rows, (("Motion", "Range"), ("Flexion", "0 to 110°")), strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        document.add_paragraph("After the table.").add_run().add_break(WD_BREAK.PAGE)
        document.add_paragraph("PLAN: go on.")

    return make_docx(build)


def with_parts(data: bytes, parts: dict[str, bytes]) -> bytes:
    """The same archive with parts added or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def part_of(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def marked_as_locked(data: bytes) -> bytes:
    """The archive with the flag of encryption set on every member."""
    flagged = bytearray(data)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = flagged.find(mark)
        while at >= 0:
            flagged[at + place] |= 1
            at = flagged.find(mark, at + 4)
    return bytes(flagged)


def tracked_paragraph(document: Any, *, inserted: str, deleted: str) -> None:
    """A paragraph with one tracked insertion and one tracked deletion."""
    paragraph = document.add_paragraph("Pain ")._p
    for tag, text_tag, text in (("w:ins", "w:t", inserted), ("w:del", "w:delText", deleted)):
        change = OxmlElement(tag)
        change.set(qn("w:author"), "someone")
        run, piece = OxmlElement("w:r"), OxmlElement(text_tag)
        piece.text = text
        run.append(piece)
        change.append(run)
        paragraph.append(change)
