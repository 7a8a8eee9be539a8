"""A note under construction: runs of text, each plain or one mention."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from notes.clini_note_extractor.types import Assertion, Entity, Label, Note, Span

ARTICLE = re.compile(r"\b([Aa])n? $")
VOWEL = re.compile(r"[aeiouAEIOU]|8|1[18]\b")
EDGES = " \t\r\n.,;:!?\"'"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; a mention where it has a label."""

    text: str
    label: Label | None = None
    assertion: Assertion = Assertion.PRESENT

    def saying(self, text: str) -> Piece:
        """The same with other words."""
        return replace(self, text=text)


Pieces = list[Piece]


def plain(text: str) -> Piece:
    """Text that names nothing."""
    return Piece(text)


def with_articles(pieces: Iterable[Piece]) -> Pieces:
    """ "a" before a consonant and "an" before a vowel, where a piece's last word is an article."""
    made: Pieces = []
    for one in pieces:
        found = ARTICLE.search(made[-1].text) if made and made[-1].label is None else None
        if found:
            article = found.group(1) + ("n" if VOWEL.match(one.text) else "")
            made[-1] = made[-1].saying(f"{made[-1].text[: found.start()]}{article} ")
        made.append(one)
    return made


def note_of(pieces: Iterable[Piece], *, id: str) -> Note:
    """A note with exact offsets; what stands at a mention's edge but is no part of it goes outside, and a
    mention of which nothing is left is dropped.
    """
    parts: list[str] = []
    entities: list[Entity] = []
    length = 0
    for one in pieces:
        if one.label is not None:
            words = one.text.strip(EDGES)
            start = length + (one.text.find(words) if words else 0)
            if words:
                entities.append(Entity(Span(start, start + len(words)), one.label, one.assertion))
        parts.append(one.text)
        length += len(one.text)
    return Note(id, "".join(parts), tuple(entities))


def pieces_of(note: Note) -> Pieces:
    """A finished note taken apart again."""
    found: Pieces = []
    done = 0
    for one in note.entities:
        if one.start > done:
            found.append(plain(note.text[done : one.start]))
        found.append(Piece(note.text[one.start : one.end], one.label, one.assertion))
        done = one.end
    if done < len(note.text):
        found.append(plain(note.text[done:]))
    return found


def lines_of(pieces: Iterable[Piece]) -> list[Pieces]:
    """Pieces divided at line breaks; the breaks themselves are left out."""
    lines: list[Pieces] = [[]]
    for one in pieces:
        first, *rest = one.text.split("\n")
        if first:
            lines[-1].append(one.saying(first))
        for part in rest:
            lines.append([one.saying(part)] if part else [])
    return lines
