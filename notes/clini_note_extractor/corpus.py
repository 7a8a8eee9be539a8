"""Annotated notes as JSONL: one note a line, with exact offsets; what is wrong is told with its line and
its cure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from notes.clini_note_extractor.extractor import LONGEST_NOTE
from notes.clini_note_extractor.types import Assertion, Entity, Label, Note, Span

LABELS = {label.value: label for label in Label}
ASSERTIONS = {assertion.value: assertion for assertion in Assertion}


class BadCorpus(ValueError):
    """A line of an annotated file cannot be used; holds its number, what is wrong and what to do, but no
    note text.
    """

    def __init__(self, line: int, wrong: str, cure: str) -> None:
        super().__init__(f"Line {line}: {wrong} {cure}")
        self.line = line
        self.wrong = wrong
        self.cure = cure


def read_notes(path: Path, *, annotated: bool = True) -> list[Note]:
    """Every note of a JSONL file. Raises BadCorpus, or OSError where the file cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadCorpus(line, "The file is not UTF-8 text.", "Save it as UTF-8 JSONL.") from error
    # Not splitlines(): a note may hold line separators that JSON leaves as they are.
    return notes_of(text.split("\n"), annotated=annotated)


def read_texts(path: Path) -> list[Note]:
    """Notes to extract from: each line of a .jsonl file with id and text, or the whole of any other file.

    Raises BadCorpus, or OSError where the file cannot be read.
    """
    if path.suffix == ".jsonl":
        return read_notes(path, annotated=False)
    try:
        return [Note(path.name, path.read_bytes().decode("utf-8-sig"))]
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadCorpus(line, "The file is not UTF-8 text.", "Save it as UTF-8.") from error


def notes_of(lines: Iterable[str], *, annotated: bool = True) -> list[Note]:
    """Notes of JSONL lines. Raises BadCorpus."""
    notes: list[Note] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        note = _note(number, line, annotated=annotated)
        if note.id in seen:
            raise BadCorpus(
                number, f"The id also stands in line {seen[note.id]}.", "Give each note its own id."
            )
        seen[note.id] = number
        notes.append(note)
    if not notes:
        raise BadCorpus(1, "There is no note.", "Each line is one JSON object with id, text and entities.")
    return notes


def _note(number: int, line: str, *, annotated: bool) -> Note:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadCorpus(
            number, "This is not JSON.", "Each line is one JSON object with id, text and entities."
        ) from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise BadCorpus(number, "There is no text.", 'Each line needs "id", "text" and "entities".')
    if not isinstance(row.get("id"), str | int) or isinstance(row["id"], bool):
        raise BadCorpus(number, "There is no id.", 'Give the note an "id": a word or a number.')
    _check_text(number, row["text"])
    spans = row.get("entities") if annotated else []
    if not isinstance(spans, list):
        raise BadCorpus(number, '"entities" is not a list.', "Write [] for a note without entities.")
    entities = [_entity(number, place, one, row["text"]) for place, one in enumerate(spans, start=1)]
    entities.sort(key=lambda one: one.span)
    for left, right in pairwise(entities):
        if left.span.overlaps(right.span):
            where = f"Two entities overlap at {right.start}."
            raise BadCorpus(number, where, "Spans may neither nest nor overlap: keep one.")
    return Note(str(row["id"]), row["text"], tuple(entities))


def _check_text(number: int, text: str) -> None:
    if len(text) > LONGEST_NOTE:
        wrong = f"The note has {len(text):,} characters; up to {LONGEST_NOTE:,} are read."
        raise BadCorpus(number, wrong, "Divide it.")
    if any(0xD800 <= ord(one) <= 0xDFFF for one in text):
        raise BadCorpus(number, "The text holds half a character (a lone surrogate).", "Write it as UTF-8.")


def _entity(number: int, place: int, row: Any, text: str) -> Entity:
    if not isinstance(row, Mapping):
        raise BadCorpus(number, f"Entity {place} is not an object.", "It needs start, end and label.")
    start, end = row.get("start"), row.get("end")
    whole = all(isinstance(one, int) and not isinstance(one, bool) for one in (start, end))
    if not whole or not 0 <= start < end <= len(text):  # type: ignore[operator]
        wrong = f"Entity {place} has no place in the text of {len(text)} characters."
        raise BadCorpus(number, wrong, "Start and end are whole numbers with 0 <= start < end <= length.")
    label, assertion = row.get("label"), row.get("assertion", Assertion.PRESENT.value)
    if not isinstance(label, str) or label not in LABELS:
        raise BadCorpus(number, f"Entity {place} has an unknown label.", f"Labels are {', '.join(LABELS)}.")
    if not isinstance(assertion, str) or assertion not in ASSERTIONS:
        raise BadCorpus(
            number, f"Entity {place} has an unknown assertion.", f"Assertions are {', '.join(ASSERTIONS)}."
        )
    return Entity(Span(start, end), LABELS[label], ASSERTIONS[assertion])  # type: ignore[arg-type]
