"""Frames: sentences with places to fill, read from text files and divided into training and validation.

In a frame, {name} or {name:argument} is filled from a pool or a number format, <a|b|c> is one of several
wordings, and [[words|LABEL]] or [[words|LABEL|assertion]] is a mention written out. A file's lines
"== group" say what kind of sentence follows.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from notes.clini_note_extractor.training.generator.pieces import Piece, Pieces, plain
from notes.clini_note_extractor.training.generator.splits import Split, split_of
from notes.clini_note_extractor.types import Assertion, Label

FOLDER = Path(__file__).parent / "frames"
SPECIAL = re.compile(r"\[\[(?P<mark>[^\]]*)\]\]|\{(?P<slot>[^{}]*)\}|(?P<open><)|(?P<close>>)|(?P<bar>\|)")
Fill = Callable[[str, str], Pieces]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place to fill."""

    name: str
    argument: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several wordings."""

    options: tuple[Sequence, ...]


Sequence = tuple["Piece | Slot | Choice", ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame: its group, its words as written, and its parts."""

    group: str
    words: str
    parts: Sequence

    def filled(self, fill: Fill, rng: random.Random) -> Pieces:
        """The frame with every place filled and every choice made."""
        return _filled(self.parts, fill, rng)


def _filled(parts: Sequence, fill: Fill, rng: random.Random) -> Pieces:
    made: Pieces = []
    for part in parts:
        if isinstance(part, Piece):
            made.append(part)
        elif isinstance(part, Slot):
            made += fill(part.name, part.argument)
        else:
            made += _filled(rng.choice(part.options), fill, rng)
    return made


@lru_cache(maxsize=2)
def frames(split: Split) -> dict[str, tuple[Frame, ...]]:
    """The split's frames by group; a group that the split would leave empty keeps none."""
    groups: dict[str, list[Frame]] = {}
    for path in sorted(FOLDER.glob("*.txt")):
        for frame in read_frames(path.read_text(encoding="utf-8"), name=path.name):
            if frame.group.startswith("heading.") or split_of(frame.words) == split:
                groups.setdefault(frame.group, []).append(frame)
    return {group: tuple(found) for group, found in groups.items()}


def read_frames(text: str, *, name: str) -> list[Frame]:
    """The frames of one file. Raises ValueError with file and line where one is malformed."""
    group = ""
    found: list[Frame] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith("== "):
            group = line[3:].strip()
        elif line.strip() and not line.startswith("#"):
            try:
                found.append(Frame(group, line, parse_frame(line)))
            except ValueError as error:
                raise ValueError(f"{name}, line {number}: {error}") from error
    return found


def parse_frame(line: str) -> Sequence:
    """The parts of a frame. Raises ValueError."""
    stack: list[list[list[Piece | Slot | Choice]]] = [[[]]]
    done = 0
    for found in SPECIAL.finditer(line):
        _say(stack, line[done : found.start()])
        done = found.end()
        _take(stack, found)
    _say(stack, line[done:])
    if len(stack) != 1:
        raise ValueError("< without >.")
    return tuple(stack[0][0])


def _take(stack: list[list[list[Piece | Slot | Choice]]], found: re.Match[str]) -> None:
    if found["mark"] is not None:
        stack[-1][-1].append(_mark(found["mark"]))
    elif found["slot"] is not None:
        name, _, argument = found["slot"].partition(":")
        stack[-1][-1].append(Slot(name, argument))
    elif found["open"]:
        stack.append([[]])
    elif len(stack) == 1:
        raise ValueError("> or | without <.")
    elif found["bar"]:
        stack[-1].append([])
    else:
        options = stack.pop()
        stack[-1][-1].append(Choice(tuple(tuple(one) for one in options)))


def _say(stack: list[list[list[Piece | Slot | Choice]]], text: str) -> None:
    if text:
        stack[-1][-1].append(plain(text.replace("\\n", "\n")))


def _mark(inside: str) -> Piece:
    words, label, *said = inside.split("|")
    return Piece(words, Label(label), Assertion(said[0]) if said else Assertion.PRESENT)
