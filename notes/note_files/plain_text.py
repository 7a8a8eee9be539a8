"""Text files: which encoding their bytes are in, and where their pages break."""

import codecs
import re

from notes.note_files.types import Decoded, ImportedText, NoteFileRefused

FORM_FEED = "\f"
# Of the bytes that would be a file's commonest if it were UTF-16 without a mark: every second one is zero.
LEAST_ZERO_SHARE = 0.3
MOST_CONTROL_SHARE = 0.02
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
NOT_TEXT = "This is not a text file."
SAVE_AS_TEXT = "Send the note as .txt, .docx or .pdf."
# Tab, line feed, form feed and carriage return are text; other control characters are not.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
UNSTORABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def read_text(data: bytes) -> ImportedText:
    """The text of a .txt file; form feeds are page breaks. Raises NoteFileRefused for what is no text."""
    decoded = decode(data)
    if len(CONTROL.findall(decoded.text)) > MOST_CONTROL_SHARE * max(len(decoded.text), 1):
        raise NoteFileRefused(NOT_TEXT, SAVE_AS_TEXT)
    text, page_starts = split_pages(clean(decoded.text))
    warnings = []
    if decoded.guessed:
        warnings.append(
            f"The file does not say how its letters are stored; it was read as {decoded.encoding}. "
            "Look at accents, degree signs and fractions."
        )
    return ImportedText(text=text, page_starts=page_starts, warnings=tuple(warnings), format="txt")


def decode(data: bytes) -> Decoded:
    """Bytes as text: by their mark, as UTF-8, as UTF-16 without a mark, else as Windows-1252.

    Raises NoteFileRefused where a mark promises what does not follow.
    """
    for mark, encoding, name in MARKS:
        if data.startswith(mark):
            try:
                return Decoded(data.decode(encoding), name)
            except UnicodeDecodeError as error:
                raise NoteFileRefused(
                    f"The file says that it is {name}, but its contents are not: it is damaged or cut short.",
                    "Save it again and send it once more.",
                ) from error
    wide = _utf16_without_mark(data)
    if wide:
        return Decoded(data.decode(wide, errors="replace"), "UTF-16", guessed=True)
    try:
        return Decoded(data.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        return Decoded(data.decode("cp1252", errors="replace"), "Windows-1252", guessed=True)


def _utf16_without_mark(data: bytes) -> str:
    """The encoding's name where every second byte is mostly zero, as in western text; else empty."""
    sample = data[:4000]
    if len(sample) < 8:
        return ""
    half = len(sample) // 2
    if sample[1::2].count(0) > LEAST_ZERO_SHARE * half > sample[0::2].count(0):
        return "utf-16-le"
    if sample[0::2].count(0) > LEAST_ZERO_SHARE * half > sample[1::2].count(0):
        return "utf-16-be"
    return ""


def clean(text: str) -> str:
    """One kind of line end, and without what a database cannot store."""
    return UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n"))


def split_pages(text: str) -> tuple[str, tuple[int, ...]]:
    """The text without form feeds, and where its pages begin; pages without a word begin none."""
    pages = [page for page in text.split(FORM_FEED) if page.strip()] or [""]
    starts, length = [], 0
    for number, page in enumerate(pages):
        # A page that broke off in the middle of a line ends its line.
        pages[number] = page if page.endswith("\n") or number == len(pages) - 1 else page + "\n"
        starts.append(length)
        length += len(pages[number])
    return "".join(pages), tuple(starts)
