"""Notes written by hand for training, stored as marked text files beside this module.

A file begins with "split: train" or "split: validation"; each note begins with a line "=== id".
All of them are invented: no patient, no published note stands behind them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

from notes.clini_note_extractor.training.written.markup import MarkupError, parse
from notes.clini_note_extractor.types import Note

Split = Literal["train", "validation"]
FOLDER = Path(__file__).parent / "notes"
HEADER = re.compile(r"split: (train|validation)\n")
TITLE = re.compile(r"^=== (\S+)\n", re.MULTILINE)


@lru_cache(maxsize=2)
def written_notes(split: Split) -> tuple[Note, ...]:
    """The split's notes, in the order of files and of their places. Raises MarkupError, or ValueError where
    an id is used twice or a file has no header.
    """
    notes: list[Note] = []
    for path in sorted(FOLDER.glob("*.txt")):
        notes += read_written(path.read_text(encoding="utf-8"), split=split, name=path.name)
    ids = [note.id for note in notes]
    if len(set(ids)) < len(ids):
        raise ValueError(f"Ids used twice: {sorted({one for one in ids if ids.count(one) > 1})}.")
    return tuple(notes)


def read_written(text: str, *, split: Split, name: str) -> list[Note]:
    """The notes of one file's text, or none where it belongs to the other split."""
    header = HEADER.match(text)
    if header is None:
        raise ValueError(f'{name} does not begin with "split: train" or "split: validation".')
    if header.group(1) != split:
        return []
    titles = list(TITLE.finditer(text))
    ends = [title.start() for title in titles[1:]] + [len(text)]
    return [_note(text, title, end, name) for title, end in zip(titles, ends, strict=True)]


def _note(text: str, title: re.Match[str], end: int, name: str) -> Note:
    body = text[title.end() : end].rstrip("\n")
    first_line = text.count("\n", 0, title.end()) + 1
    try:
        return parse(body, id=title.group(1), first_line=first_line)
    except MarkupError as error:
        raise MarkupError(error.line, f"{name}: {error.wrong}") from error
