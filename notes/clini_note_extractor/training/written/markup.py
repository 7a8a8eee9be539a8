"""Notes written with their entities inline, as in "the [[left|LATERALITY]] [[knee|BODY_REGION]]".

`[[words|LABEL]]` or `[[words|LABEL|assertion]]`; all else is plain text. Easy to write and to review; code
turns it into offsets.
"""

from __future__ import annotations

import re

from notes.clini_note_extractor.types import ASSERTED, Assertion, Entity, Label, Note, Span

MENTION = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
EDGES = " \t\r\n.,;:!?\"'"
LABELS = {label.value: label for label in Label}
ASSERTIONS = {assertion.value: assertion for assertion in Assertion}


class MarkupError(ValueError):
    """A marked note is malformed; holds the line, what is wrong, and no note text."""

    def __init__(self, line: int, wrong: str) -> None:
        super().__init__(f"Line {line}: {wrong}")
        self.line = line
        self.wrong = wrong


def parse(marked: str, *, id: str = "note", first_line: int = 1) -> Note:
    """The note that a marked text means. Raises MarkupError, its lines counted from first_line."""
    parts: list[str] = []
    entities: list[Entity] = []
    length = done = 0

    def add(text: str) -> None:
        nonlocal length
        parts.append(text)
        length += len(text)

    for found in MENTION.finditer(marked):
        line = first_line + marked.count("\n", 0, found.start())
        plain = marked[done : found.start()]
        _refuse_stray_marks(plain, first_line + marked.count("\n", 0, done))
        add(plain)
        words, label, assertion = _mention(found.group(1), line)
        entities.append(Entity(Span(length, length + len(words)), label, assertion))
        add(words)
        done = found.end()
    _refuse_stray_marks(marked[done:], first_line + marked.count("\n", 0, done))
    add(marked[done:])
    return Note(id, "".join(parts), tuple(entities))


def to_markup(note: Note) -> str:
    """A note as marked text, the inverse of parse."""
    parts: list[str] = []
    done = 0
    for one in note.entities:
        tail = "" if one.assertion is Assertion.PRESENT else f"|{one.assertion.value}"
        parts += [
            note.text[done : one.start],
            f"[[{note.text[one.start : one.end]}|{one.label.value}{tail}]]",
        ]
        done = one.end
    return "".join([*parts, note.text[done:]])


def _refuse_stray_marks(plain: str, line: int) -> None:
    for mark in ("[[", "]]"):
        at = plain.find(mark)
        if at >= 0:
            raise MarkupError(line + plain.count("\n", 0, at), f"{mark} without its partner.")


def _mention(inside: str, line: int) -> tuple[str, Label, Assertion]:
    if "[[" in inside:
        raise MarkupError(line, "Mentions do not nest.")
    words, *rest = inside.split("|")
    if not 1 <= len(rest) <= 2:
        raise MarkupError(line, "A mention is [[words|LABEL]] or [[words|LABEL|assertion]].")
    if rest[0] not in LABELS:
        raise MarkupError(line, f"Unknown label; labels are {', '.join(LABELS)}.")
    label, said = LABELS[rest[0]], rest[1] if len(rest) == 2 else Assertion.PRESENT.value
    if said not in ASSERTIONS:
        raise MarkupError(line, f"Unknown assertion; assertions are {', '.join(ASSERTIONS)}.")
    if ASSERTIONS[said] is not Assertion.PRESENT and label not in ASSERTED:
        raise MarkupError(line, f"{label.value} is always present.")
    _check_edges(words, line)
    return words, label, ASSERTIONS[said]


def _check_edges(text: str, line: int) -> None:
    if not text.strip():
        raise MarkupError(line, "The mention is empty.")
    if text != text.strip(EDGES):
        raise MarkupError(line, "The mention begins or ends with a space or punctuation.")
