"""Runs by itself, in a process of its own: reads one Word document or PDF and writes its text as JSON.

    python -I note_file_process.py docx|pdf <file> <out.json> <most pages>

Libraries that read strangers' bytes may crash, loop or ask for all memory; here that ends this process and
nothing else. Imports nothing from the project. The output is {"pages": [text, …], "warnings": […]} or
{"refused": words, "cure": words}. Exit status 0 with an output, 2 when the library gave up on the file.
"""

from __future__ import annotations

import json
import resource
import sys
import zipfile
from typing import Any

MOST_MEMORY_BYTES = 1536 * 1024**2
MOST_CPU_S = 45
MOST_WRITTEN_BYTES = 40 * 1024**2
MOST_MEMBERS = 2_000
MOST_UNPACKED_BYTES = 200 * 1024**2
# One XML part of a note that needs more than this is no note.
MOST_PART_BYTES = 40 * 1024**2
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
LEFT_OUT = frozenset({W + "del", W + "moveFrom", W + "instrText", W + "delText", W + "pPr", W + "rPr"})
SEND_AGAIN = "Open it, save it again and send it once more, or send it as a PDF."
SCAN_CURE = "Send the note as text, or copy its text into a new note."
# Least share of letters, digits, blanks and common marks: below it the font hides which letters it draws.
LEAST_READABLE = 0.7


class Refused(Exception):
    """What is wrong with the file, and what to do."""

    def __init__(self, words: str, cure: str) -> None:
        super().__init__(words)
        self.words, self.cure = words, cure


def limit() -> None:
    """Cap memory, processor time, open files and the size of what is written."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN_BYTES, MOST_WRITTEN_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Sheets:
    """Text as it is read, page by page."""

    def __init__(self) -> None:
        self.pages: list[list[str]] = [[]]
        self.breaks = 0

    def add(self, text: str) -> None:
        """Go on writing on this page."""
        self.pages[-1].append(text)

    def end_line(self) -> None:
        """Begin a new line, unless the page is at the start of one."""
        if self.pages[-1] and not self.pages[-1][-1].endswith("\n"):
            self.add("\n")

    def end_paragraph(self) -> None:
        """End the line; one that ended with its page ends there."""
        at = -1 if self.pages[-1] or len(self.pages) == 1 else -2
        self.pages[at].append("\n")

    def break_page(self) -> None:
        """Begin a new page; Word marks the same break twice, so an empty page is not left behind."""
        self.breaks += 1
        if any(piece.strip() for piece in self.pages[-1]):
            self.pages.append([])

    def texts(self) -> list[str]:
        """The pages with a word on them."""
        joined = ["".join(page) for page in self.pages]
        return [page for page in joined if page.strip()]


def read_docx(path: str) -> dict[str, Any]:
    """Paragraphs and tables in reading order, header and footer once, deleted text left out."""
    warnings = check_zip(path)
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(path)
        body = document.element.body
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, SyntaxError) as error:
        words = "The file is damaged, or it is no Word document."
        if "macroEnabled" in str(error):
            words = "This is a Word document with macros (.docm)."
        raise Refused(words, "Save it as .docx or PDF and send that.") from error
    if body is None:
        raise Refused("The file is damaged: it has no text part.", SEND_AGAIN)
    sheets = Sheets()
    write_margins(sheets, document, "header")
    write_blocks(sheets, body)
    sheets.end_line()
    write_margins(sheets, document, "footer")
    return {"pages": sheets.texts(), "warnings": warnings + told_of(document, body, sheets)}


def check_zip(path: str) -> list[str]:
    """Refuse what unpacks to too much, is locked, or could fetch or expand something; tell of macros."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            check_members(members)
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    check_part(archive, member)
            names = [member.filename.lower() for member in members]
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError) as error:
        raise Refused("The file is damaged or cut short.", SEND_AGAIN) from error
    if any(name.endswith("vbaproject.bin") for name in names):
        return ["The file holds macros. They were not run and are not kept."]
    return []


def check_members(members: list[zipfile.ZipInfo]) -> None:
    """Raise Refused for a locked archive or one that unpacks to too much."""
    if any(member.flag_bits & 1 for member in members):
        raise Refused("The file is protected with a password.", "Take the password off and send it again.")
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED_BYTES:
        raise Refused(
            "The file unpacks to far more than a note holds, so it was not opened.",
            "Send the note alone, without large pictures, or as a PDF.",
        )


def check_part(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Raise Refused for a part that is too long or declares entities: Word never writes such a thing."""
    if member.file_size > MOST_PART_BYTES:
        raise Refused("The file's text is far longer than a note.", "Divide it and send the parts.")
    with archive.open(member) as part:
        content = part.read()
    plain = content.replace(b"\x00", b"").lower()
    if b"<!doctype" in plain or b"<!entity" in plain:
        raise Refused(
            "The file asks to be filled in from elsewhere, which no note does. It was not opened.", SEND_AGAIN
        )


def write_margins(sheets: Sheets, document: Any, kind: str) -> None:
    """The sections' headers or footers, each wording once."""
    written: set[str] = set()
    for section in document.sections:
        margin = getattr(section, kind)
        if margin.is_linked_to_previous:
            continue
        own = Sheets()
        write_blocks(own, margin._element)
        text = "\n".join(own.texts()).strip()
        if text and text not in written:
            written.add(text)
            sheets.end_line()
            sheets.add(f"{text}\n")


def write_blocks(sheets: Sheets, parent: Any) -> None:
    """Paragraphs and tables below an element, in order; wrappers such as content controls are looked into."""
    for block in parent:
        if block.tag == W + "p":
            write_paragraph(sheets, block)
        elif block.tag == W + "tbl":
            write_table(sheets, block)
        elif isinstance(block.tag, str) and block.tag not in LEFT_OUT:
            write_blocks(sheets, block)


def write_paragraph(sheets: Sheets, paragraph: Any) -> None:
    """One paragraph as one line, then the text boxes that hang on it."""
    if paragraph.find(f"{W}pPr/{W}pageBreakBefore") is not None:
        sheets.break_page()
    boxes: list[Any] = []
    write_inline(sheets, paragraph, boxes)
    sheets.end_paragraph()
    for box in boxes:
        write_blocks(sheets, box)


def write_inline(sheets: Sheets, parent: Any, boxes: list[Any]) -> None:
    """The runs below an element; text boxes are put aside."""
    for child in parent:
        tag = child.tag
        if tag in LEFT_OUT or not isinstance(tag, str):
            continue
        if tag == W + "t":
            sheets.add(child.text or "")
        elif tag in (W + "tab", W + "ptab"):
            sheets.add("\t")
        elif tag in (W + "br", W + "cr"):
            write_break(sheets, child)
        elif tag == W + "lastRenderedPageBreak":
            sheets.break_page()
        elif tag == W + "noBreakHyphen":
            sheets.add("-")
        elif tag == W + "txbxContent":
            boxes.append(child)
        elif tag == MC + "AlternateContent":
            chosen = child.find(MC + "Choice")
            write_inline(sheets, child if chosen is None else chosen, boxes)
        else:
            write_inline(sheets, child, boxes)


def write_break(sheets: Sheets, element: Any) -> None:
    """A break of the page or of the line."""
    if element.get(W + "type") == "page":
        sheets.break_page()
    else:
        sheets.add("\n")


def write_table(sheets: Sheets, table: Any) -> None:
    """Row by row; short cells side by side with tabs, cells of several lines one below the other."""
    for row in table.iter(W + "tr"):
        if next(row.iterancestors(W + "tbl")) is not table:
            continue
        cells = [cell for cell in row.iter(W + "tc") if next(cell.iterancestors(W + "tr")) is row]
        texts = [cell_text(sheets, cell) for cell in cells]
        sheets.end_line()
        separator = "\n" if any("\n" in text for text in texts) else "\t"
        sheets.add(separator.join(texts).rstrip() + "\n")


def cell_text(sheets: Sheets, cell: Any) -> str:
    """A cell's own text. A page that breaks inside a table breaks before the row."""
    own = Sheets()
    write_blocks(own, cell)
    if own.breaks:
        sheets.break_page()
    return "\n".join(own.texts()).strip("\n")


def told_of(document: Any, body: Any, sheets: Sheets) -> list[str]:
    """What a reader of the text must know about the document."""
    told = []
    if any(not getattr(one, kind).is_linked_to_previous
           for one in document.sections for kind in ("header", "footer")):  # fmt: skip
        told.append("Header and footer were taken over once, before and after the text.")
    if next(body.iter(W + "del", W + "moveFrom"), None) is not None:
        told.append("The file has tracked changes: deleted text was left out, inserted text is in.")
    if next(body.iter(W + "footnoteReference", W + "endnoteReference"), None) is not None:
        told.append("Footnotes were not taken over.")
    if next(body.iter(W + "commentReference"), None) is not None:
        told.append("Comments in the margin were not taken over.")
    if next(body.iter(W + "drawing", W + "pict"), None) is not None:
        told.append("Pictures were not taken over; a text in them was not read.")
    if next(body.iter(W + "numPr"), None) is not None:
        told.append("Numbers and dots of lists are drawn by Word and are not in the text.")
    if not sheets.breaks:
        told.append("The file does not say where its pages end, so all of it counts as page 1.")
    return told


def read_pdf(path: str, most_pages: int) -> dict[str, Any]:
    """The text of each page as the PDF's own text layer has it."""
    import pypdfium2

    document = open_pdf(path)
    count = len(document)
    if count > most_pages:
        raise Refused(
            f"The file has {count:,} pages. Up to {most_pages} are read.", "Send the pages of the note alone."
        )
    pages = []
    for index in range(count):
        try:
            pages.append(document[index].get_textpage().get_text_range())
        except pypdfium2.PdfiumError:
            pages.append("")
    mute = [index + 1 for index, page in enumerate(pages) if not page.strip()]
    if len(mute) == count:
        raise Refused(
            "The pages hold pictures and no text: this is a scan, and Plumbline does not read pictures.",
            SCAN_CURE,
        )
    return {"pages": pages, "warnings": told_of_pages(pages, mute)}


def open_pdf(path: str) -> Any:
    """The document; raises Refused where it is locked or damaged."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
        len(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Refused(
                "The file is protected with a password.", "Take the password off and send it again."
            ) from error
        raise Refused("The file is damaged, or it is no PDF.", "Save it again and send that.") from error
    if len(document) == 0:
        raise Refused("The file has no pages.", "Save it again and send that.")
    return document


def told_of_pages(pages: list[str], mute: list[int]) -> list[str]:
    """What a reader of the text must know about the pages."""
    told = []
    if mute:
        which = f"Page {mute[0]} holds" if len(mute) == 1 else f"Pages {spell(mute)} hold"
        told.append(f"{which} no text, perhaps a picture: what is on it was not read.")
    text = "".join(pages)
    readable = sum(one.isalnum() or one.isspace() or one in ".,;:!?()/-–+%°'\"=<>&*_#•" for one in text)
    if readable < LEAST_READABLE * len(text):
        told.append("Many letters could not be told: the file hides what its font draws. Read with care.")
    return told


def spell(numbers: list[int]) -> str:
    """ "2, 3 and 7", at most eight of them."""
    shown = [str(number) for number in numbers[:8]]
    if len(numbers) > len(shown):
        return f"{', '.join(shown)} and {len(numbers) - len(shown)} more"
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def main() -> int:
    """Read, write, and say by the exit status whether the library came back."""
    limit()
    kind, path, out, most_pages = sys.argv[1:5]
    try:
        said = read_docx(path) if kind == "docx" else read_pdf(path, int(most_pages))
    except Refused as refused:
        said = {"refused": refused.words, "cure": refused.cure}
    except (MemoryError, RecursionError, ValueError, KeyError, TypeError, OSError, SyntaxError):
        return 2
    with open(out, "w", encoding="utf-8", errors="replace") as stream:  # noqa: PTH123 - no project import
        json.dump(said, stream)
    return 0


if __name__ == "__main__":
    sys.exit(main())
