"""Chances that a training note is read in another wording: other names, typing errors, lines run together.

Offsets follow every change. All chance comes from a generator that the caller seeds.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from notes.clini_note_extractor.training.settings import TrainingSettings
from notes.clini_note_extractor.types import Entity, Label, Note, Span

NAMED = (
    Label.BODY_REGION, Label.DIAGNOSIS, Label.SURGERY, Label.INTERVENTION, Label.OUTCOME_MEASURE,
)  # fmt: skip
WORD = re.compile(r"[A-Za-z]{4,}")
LINE = re.compile(r"[^\S\n]*\n[^\S\n]*")
LINE_ENDS = (",", ", ", " ,", ".,", "  ", " ")
Change = tuple[int, int, str]
Names = Mapping[Label, Sequence[str]]


def names_by_label(notes: Sequence[Note]) -> dict[Label, list[str]]:
    """Every different wording of each label that names something, sorted."""
    found: dict[Label, set[str]] = {label: set() for label in NAMED}
    for note in notes:
        for one in note.entities:
            if one.label in found:
                found[one.label].add(note.text[one.start : one.end])
    return {label: sorted(words) for label, words in found.items()}


def varied(note: Note, names: Names, settings: TrainingSettings, chance: random.Random) -> Note:
    """The note with changes drawn by chance; its labels stay true."""
    note = changed(note, list(_other_names(note, names, settings.replaced_share, chance)))
    note = changed(note, list(_typing_errors(note, settings.typing_share, chance)))
    if chance.random() < settings.flattened_share:
        note = changed(note, list(_lines_run_together(note, chance)))
    return note


def changed(note: Note, changes: Sequence[Change]) -> Note:
    """The note with (start, end, words) put in place, entities moved along.

    A change lies inside one entity or outside all. Raises ValueError where changes overlap.
    """
    parts: list[str] = []
    moves: list[tuple[int, int]] = []
    done = 0
    for start, end, words in sorted(changes):
        if start < done:
            raise ValueError("Changes may not overlap.")
        parts += [note.text[done:start], words]
        moves.append((end, len(words) - (end - start)))
        done = end
    parts.append(note.text[done:])

    def moved(offset: int) -> int:
        return offset + sum(by for at, by in moves if at <= offset)

    entities = tuple(replace(one, span=Span(moved(one.start), moved(one.end))) for one in note.entities)
    return Note(note.id, "".join(parts), entities)


def _other_names(note: Note, names: Names, share: float, chance: random.Random) -> list[Change]:
    told = []
    for one in note.entities:
        pool = names.get(one.label)
        if pool and chance.random() < share:
            told.append((one.start, one.end, _like(note.text[one.start : one.end], chance.choice(pool))))
    return told


def _like(old: str, new: str) -> str:
    """The new words in capitals where the old ones are."""
    return new.upper() if old.isupper() and len(old) > 4 else new


def _typing_errors(note: Note, share: float, chance: random.Random) -> list[Change]:
    if share == 0:
        return []
    told = []
    for word in WORD.finditer(note.text):
        if chance.random() < share and _inside_one(word.start(), word.end(), note.entities):
            told.append((word.start(), word.end(), misspelt(word.group(), chance)))
    return told


def _inside_one(start: int, end: int, entities: Sequence[Entity]) -> bool:
    """True unless an entity's edge falls inside the words."""
    return not any(start < edge < end for one in entities for edge in (one.start, one.end))


def misspelt(word: str, chance: random.Random) -> str:
    """Two letters exchanged, one left out, or one doubled; never the first."""
    at = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(3)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :] if kind == 1 else word[:at] + word[at] + word[at:]


def _lines_run_together(note: Note, chance: random.Random) -> list[Change]:
    ending = chance.choice(LINE_ENDS)
    return [
        (found.start(), found.end(), ending)
        for found in LINE.finditer(note.text)
        if not any(one.start < found.end() and found.start() < one.end for one in note.entities)
    ]
