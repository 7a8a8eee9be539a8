"""Text as programs write it: byte order marks, UTF-16, Latin-1, any line ending; never a whole file."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, TextIO

from sessions.motion_trend.reading.errors import ReadingError
from sessions.motion_trend.reading.types import Source

HEAD_BYTES = 64 * 1024
CHUNK_CHARS = 4 * 1024 * 1024
LONGEST_LINE = 64 * 1024
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NOT_A_TABLE = "This is not a table of text."
SEND_A_TABLE = "Export the recording as CSV (or send the C3D or Apple Health file) and send that."


def read_head(source: Source) -> bytes:
    """The first 64 KB of a file. Raises ReadingError for an empty one."""
    with source.open() as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise ReadingError(source.name, None, "This file is empty.", "Export it again and send the new file.")
    return head


def find_encoding(head: bytes, *, name: str) -> str:
    """The encoding of a text by its first bytes. Raises ReadingError for what is no text."""
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    if b"\x00" in head:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if max(even, odd) > 0.4 * len(head) / 2 and min(even, odd) < 0.05 * len(head) / 2:
            return "utf-16-le" if odd > even else "utf-16-be"
        raise ReadingError(name, None, NOT_A_TABLE, SEND_A_TABLE)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError:
        if _looks_binary(head):
            raise ReadingError(name, None, NOT_A_TABLE, SEND_A_TABLE) from None
        return "cp1252"
    return "utf-8"


def _looks_binary(head: bytes) -> bool:
    """Whether many bytes are control characters, or no line ends anywhere near."""
    control = sum(byte < 32 and byte not in (9, 10, 13) for byte in head)
    return control > 0.02 * len(head) or (
        len(head) >= LONGEST_LINE and b"\n" not in head and b"\r" not in head
    )


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole lines of a text; `first_line` counts from 1."""

    text: str
    first_line: int


def read_lines(source: Source, *, encoding: str, count: int) -> list[str]:
    """The first lines of a text, without their ends."""
    with source.open() as file, _text(file, encoding) as text:
        lines: list[str] = []
        for _ in range(count):
            line = text.readline(LONGEST_LINE)
            if not line:
                break
            if len(line) >= LONGEST_LINE:
                raise ReadingError(source.name, len(lines) + 1, NOT_A_TABLE, SEND_A_TABLE)
            # No database keeps a null character, and no table means anything by one.
            lines.append(line.rstrip("\n").replace("\x00", ""))
    return lines


def read_chunks(source: Source, *, encoding: str, skip_lines: int) -> Iterator[Chunk]:
    """A text in pieces of whole lines of about 4 MB. Raises ReadingError at a line without an end."""
    with source.open() as file, _text(file, encoding) as text:
        line = 1
        for _ in range(skip_lines):
            text.readline(LONGEST_LINE)
            line += 1
        rest = ""
        while part := text.read(CHUNK_CHARS):
            part = rest + part
            end = part.rfind("\n") + 1
            rest = part[end:]
            if len(rest) > LONGEST_LINE or max(map(len, part[:end].split("\n"))) > LONGEST_LINE:
                raise ReadingError(source.name, line + part.count("\n"), NOT_A_TABLE, SEND_A_TABLE)
            if end:
                yield Chunk(part[:end], line)
                line += part.count("\n", 0, end)
        if rest.strip():
            yield Chunk(rest, line)


def read_last_line(source: Source, *, encoding: str) -> str:
    """The last whole line of a text, or "" where it cannot be told cheaply."""
    if encoding.startswith(("utf-16", "utf-32")):
        return ""
    with source.open() as file:
        file.seek(max(0, source.size - HEAD_BYTES))
        tail = file.read(HEAD_BYTES).decode(encoding, errors="replace")
    lines = [line for line in tail.replace("\r", "\n").split("\n")[1:-1] if line.strip()]
    return lines[-1] if lines else ""


def _text(file: BinaryIO, encoding: str) -> TextIO:
    return io.TextIOWrapper(file, encoding=encoding, errors="replace", newline=None)
