"""Reading a note's file, whatever it is: text here, Word documents and PDFs in a process of their own."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from notes.note_files.plain_text import SAVE_AS_TEXT, clean, read_text
from notes.note_files.types import LIMITS, ImportedText, Limits, NoteFileRefused

OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
PDF = b"%PDF-"
# A PDF may carry a few bytes before its mark.
LOOKED_AT = 1024
DAMAGED = "The file is damaged: its contents do not fit together."
SEND_AGAIN = "Save it again and send it once more, or copy its text into a new note."
OTHER_WORDS = {
    b"{\\rtf": "This is an RTF file.",
    b"\x89PNG": "This is a picture.",
    b"\xff\xd8\xff": "This is a picture.",
    b"II*\x00": "This is a picture.",
    b"MM\x00*": "This is a picture.",
    b"GIF8": "This is a picture.",
    b"PK\x05\x06": "This is an empty archive.",
}


def read_note_file(data: bytes, *, limits: Limits = LIMITS) -> ImportedText:
    """The text of a .txt, .docx or .pdf file, known by its bytes and not by its name.

    Raises NoteFileRefused with words for whoever sent it, whatever the bytes are.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise NoteFileRefused("The file is empty.", "Choose the note's file.")
    if len(data) > limits.bytes:
        raise NoteFileRefused(
            f"The file has {len(data) / 1e6:,.0f} MB. Up to {limits.bytes / 1e6:,.0f} MB are read.",
            "Send the note alone, without pictures.",
        )
    kind = format_of(data)
    found = read_text(data) if kind == "txt" else _read_apart(data, kind, limits)
    if not found.text.strip():
        raise NoteFileRefused("The file holds no text.", "Choose the note's file.")
    if len(found.text) > limits.characters:
        raise NoteFileRefused(
            f"The text has {len(found.text):,} characters. Up to {limits.characters:,} are read.",
            "Divide it and send the parts.",
        )
    return found


def format_of(data: bytes) -> str:
    """ "docx", "pdf" or "txt", by the first bytes. Raises NoteFileRefused for what is known to be no note."""
    if data.startswith(OLD_WORD):
        raise NoteFileRefused(
            "This is an old Word document (.doc), or one with a password.",
            "Take the password off, save it as .docx or PDF and send that.",
        )
    if data.startswith(ZIP):
        return "docx"
    if PDF in data[:LOOKED_AT]:
        return "pdf"
    for mark, words in OTHER_WORDS.items():
        if data.startswith(mark):
            raise NoteFileRefused(words, SAVE_AS_TEXT)
    return "txt"


def _read_apart(data: bytes, kind: str, limits: Limits) -> ImportedText:
    with tempfile.TemporaryDirectory(prefix="note-") as folder:
        path, out = Path(folder) / f"note.{kind}", Path(folder) / "out.json"
        path.write_bytes(data)
        said = _run(kind, path, out, limits)
    if "refused" in said:
        raise NoteFileRefused(said["refused"], said["cure"])
    return _joined(said["pages"], said["warnings"], kind)


def _run(kind: str, path: Path, out: Path, limits: Limits) -> dict[str, Any]:
    program = Path(__file__).with_name("note_file_process.py")
    command = [sys.executable, "-I", str(program), kind, str(path), str(out), str(limits.pages)]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NoteFileRefused("The file takes too long to read.", SEND_AGAIN) from error
    if done.returncode != 0 or not out.exists():
        raise NoteFileRefused(DAMAGED, SEND_AGAIN)
    said: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return said


def _joined(pages: list[str], warnings: list[str], kind: str) -> ImportedText:
    """Pages as one text, each ending its line; empty pages keep their number."""
    texts, starts, length = [], [], 0
    for page in pages:
        # A hyphen at the end of a line is U+FFFE or U+0002 in a PDF's text layer.
        text = clean(page.replace("\ufffe", "-").replace("\x02", "-"))
        text = text if not text or text.endswith("\n") else f"{text}\n"
        starts.append(length)
        texts.append(text)
        length += len(text)
    return ImportedText("".join(texts), tuple(starts or [0]), tuple(warnings), kind)
