"""Notes on paper: clinic, patient, date, text, signatures, addenda, "page x of y"; one, or many in a file.

The letters are Bitstream Vera, which ships with reportlab; Greek letters, arrows and ticks come from the
standard fonts Symbol and ZapfDingbats. A character that none of them has is named (emoji), written without
its accent, or shown as a box; a line at the end says that there are boxes.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate, Paragraph, Spacer

FONT, BOLD, STANDARD = "Vera", "VeraBd", "Helvetica"
BOX = "❏"
# A paragraph is laid out in time that grows with the square of its length.
LONGEST_PARAGRAPH, MOST_LINES = 1_500, 40
BLANK, HEADING, WORDS = "blank", "heading", "words"
HEADING_LINE = re.compile(r"[^a-z\n]{2,60}:\s*")
# Directions, joiners, variation selectors, combining accents that were not composed.
INVISIBLE = {"Cf", "Cc", "Cs", "Mn"}
MISSING_WORDS = f"{BOX} stands for a character that this font does not have. The note in the app shows it."
TEXT = ParagraphStyle("text", fontName=FONT, fontSize=9.5, leading=14, textColor=HexColor("#14213d"))
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=8, leading=11.5, textColor=HexColor("#5b6478"))
HEAD = ParagraphStyle("head", parent=TEXT, fontName=BOLD, spaceBefore=6, keepWithNext=True)
TITLE = ParagraphStyle("title", parent=TEXT, fontName=BOLD, fontSize=15, leading=20)


@dataclass(frozen=True)
class PrintedPart:
    """A note or an addendum: what it is called, its text, what stands below it."""

    title: str
    text: str
    signatures: tuple[str, ...]
    warning: str = ""


@dataclass(frozen=True)
class PrintedNote:
    clinic: str
    patient: str
    about: str
    parts: tuple[PrintedPart, ...]
    printed: str


@dataclass(frozen=True)
class PrintedFile:
    """Many notes of one patient. `contents` has a line a note, `left_out` says what is not in the file."""

    clinic: str
    patient: str
    about: str
    contents: tuple[str, ...]
    left_out: str
    notes: tuple[PrintedNote, ...]
    printed: str


def pdf_of(note: PrintedNote) -> bytes:
    """The note as a PDF. Nothing of it stands in the file's properties."""
    return _pdf(_flow(note), note)


def pdf_of_file(file: PrintedFile) -> bytes:
    """A page that lists the notes, then each note on a page of its own, counted through."""
    return _pdf(_file_flow(file), file)


def _pdf(flow: Iterator[Flowable], lines: PrintedNote | PrintedFile) -> bytes:
    _register_fonts()
    out = BytesIO()
    document = BaseDocTemplate(
        out, pagesize=A4, title="Note", author="", subject="", creator="Plumbline", invariant=1
    )
    frame = Frame(20 * mm, 22 * mm, A4[0] - 40 * mm, A4[1] - 50 * mm, leftPadding=0, rightPadding=0)
    document.addPageTemplates(PageTemplate("page", [frame]))
    document.build(list(flow), canvasmaker=_canvas_for(lines))
    return out.getvalue()


def _file_flow(file: PrintedFile) -> Iterator[Flowable]:
    yield Paragraph("Notes", TITLE)
    yield Paragraph(printable(file.about), SMALL)
    yield Spacer(1, 4 * mm)
    for number, line in enumerate(file.contents, start=1):
        yield Paragraph(printable(f"{number}. {line}"), TEXT)
    if file.left_out:
        yield Spacer(1, 4 * mm)
        yield Paragraph(printable(file.left_out), SMALL)
    for note in file.notes:
        yield PageBreak()
        yield from _flow(note)


def _flow(note: PrintedNote) -> Iterator[Flowable]:
    for index, part in enumerate(note.parts):
        if index:
            yield Spacer(1, 8 * mm)
        yield Paragraph(printable(part.title), TITLE)
        yield Paragraph(printable(note.about if not index else note.patient), SMALL)
        if part.warning:
            yield Paragraph(printable(part.warning), HEAD)
        yield Spacer(1, 4 * mm)
        yield from _text(part.text)
        yield Spacer(1, 5 * mm)
        for line in part.signatures:
            yield Paragraph(printable(line), SMALL)
    if any(BOX in printable(part.text) for part in note.parts):
        yield Spacer(1, 4 * mm)
        yield Paragraph(printable(MISSING_WORDS), SMALL)


def _text(text: str) -> Iterator[Flowable]:
    """The text with its line ends: headings bold, blank lines as space, several of them as one."""
    for kind, lines in groupby(text.split("\n"), key=_kind_of):
        if kind == BLANK:
            yield Spacer(1, 2.5 * mm)
        elif kind == HEADING:
            yield from (Paragraph(printable(line.strip()), HEAD) for line in lines)
        else:
            for block in _blocks(lines):
                yield Paragraph(block, TEXT)


def _kind_of(line: str) -> str:
    if not line.strip():
        return BLANK
    return HEADING if HEADING_LINE.fullmatch(line.strip()) else WORDS


def _blocks(lines: Iterable[str]) -> Iterator[str]:
    """Markup of some lines at a time: thousands of paragraphs take long, and so does a very long one."""
    block: list[str] = []
    length = 0
    for line in lines:
        for part in _short_parts(line.expandtabs(4)):
            if block and (length + len(part) > LONGEST_PARAGRAPH or len(block) >= MOST_LINES):
                yield "<br/>".join(block)
                block, length = [], 0
            block.append(_with_kept_spaces(printable(part)))
            length += len(part)
    yield "<br/>".join(block)


def _short_parts(line: str) -> Iterator[str]:
    while len(line) > LONGEST_PARAGRAPH:
        cut = line.rfind(" ", 1, LONGEST_PARAGRAPH) + 1 or LONGEST_PARAGRAPH
        yield line[:cut]
        line = line[cut:]
    yield line


def _with_kept_spaces(markup: str) -> str:
    """Runs of blanks as they were typed: a table made of blanks stays one."""
    return re.sub(r" {2,}", lambda run: "&nbsp;" * (len(run[0]) - 1) + " ", markup)


def printable(text: str) -> str:
    """The text as reportlab's markup, each character in a font that has it."""
    return "".join(map(_in_a_font, text))


@lru_cache(maxsize=4096)
def _in_a_font(char: str) -> str:
    if char in _letters():
        return escape(char)
    if _in_standard_fonts(char):
        return f'<font name="{STANDARD}">{escape(char)}</font>'
    category = unicodedata.category(char)
    if category in INVISIBLE:
        return ""
    plain = "".join(one for one in unicodedata.normalize("NFKD", char) if one in _letters())
    if plain.strip():
        return escape(plain)
    if category == "So":
        return f"[{unicodedata.name(char, 'symbol').lower()}]"
    return _in_a_font(BOX)


@lru_cache(maxsize=1)
def _letters() -> frozenset[str]:
    _register_fonts()
    return frozenset(chr(code) for code in pdfmetrics.getFont(FONT).face.charToGlyph)


def _in_standard_fonts(char: str) -> bool:
    """Whether the standard fonts have it: reportlab changes to Symbol and ZapfDingbats by itself."""
    for encoding in ("SymbolEncoding", "ZapfDingbatsEncoding"):
        try:
            char.encode(encoding)
        except UnicodeEncodeError:
            continue
        return True
    return False


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    for name in (FONT, BOLD):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))


def _canvas_for(lines: PrintedNote | PrintedFile) -> type[Canvas]:
    """A canvas that writes head and foot when the number of pages is known."""

    class NumberedCanvas(Canvas):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, start=1):
                self.__dict__.update(page)
                _head_and_foot(self, lines, f"Page {number} of {len(self._pages)}")
                super().showPage()
            super().save()

    return NumberedCanvas


def _head_and_foot(canvas: Canvas, lines: PrintedNote | PrintedFile, page: str) -> None:
    left, right, width = 20 * mm, A4[0] - 20 * mm, A4[0] - 70 * mm
    _line(canvas, lines.clinic, left, A4[1] - 16 * mm, width)
    _line(canvas, lines.patient, left, A4[1] - 21 * mm, width)
    _line(canvas, lines.printed, left, 12 * mm, width)
    canvas.setFont(FONT, 8)
    canvas.setFillColor(HexColor("#5b6478"))
    canvas.drawRightString(right, 12 * mm, page)


def _line(canvas: Canvas, text: str, x: float, y: float, width: float) -> None:
    """One line of any characters; a longer one is cut by the frame's width."""
    paragraph = Paragraph(printable(text[:160]), SMALL)
    paragraph.wrap(width, 12)
    paragraph.drawOn(canvas, x, y - 3)
