"""What a training learns from and what it is validated on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from notes.clini_note_extractor.training.generator import make_notes, written_notes
from notes.clini_note_extractor.types import Note

# Added annotated notes are few beside made ones and worth more.
ADDED_WEIGHT = 4


@dataclass(frozen=True, slots=True)
class NotesWanted:
    """How many notes to make for training and for validation, from which seed, and whether those written by
    hand join them.
    """

    made: int = 2600
    validation: int = 40
    seed: int = 11
    written: bool = True
    written_weight: int = 3

    def __post_init__(self) -> None:
        if self.made < 1 or self.validation < 1:
            raise ValueError("At least one note is made for training and one for validation.")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Notes to train on (some several times) and notes to validate on; no wording template is in both."""

    training: tuple[Note, ...]
    validation: tuple[Note, ...]


def gather_notes(wanted: NotesWanted, *, added: Sequence[Note] = ()) -> Gathered:
    """Made notes, notes written by hand, and those that annotators added; these are for training only."""
    made = make_notes(count=wanted.made, seed=wanted.seed, split="train")
    checked = make_notes(count=wanted.validation, seed=wanted.seed, split="validation")
    if wanted.written:
        made += [*written_notes("train")] * wanted.written_weight
        checked += written_notes("validation")
    return Gathered((*made, *list(added) * ADDED_WEIGHT), tuple(checked))
