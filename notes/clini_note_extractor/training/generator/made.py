"""Made notes: from frames, and from written notes with their mentions replaced and their lines mixed."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from notes.clini_note_extractor.training.generator import noise
from notes.clini_note_extractor.training.generator.case import Case
from notes.clini_note_extractor.training.generator.composition import composed
from notes.clini_note_extractor.training.generator.frames import frames
from notes.clini_note_extractor.training.generator.names import pools
from notes.clini_note_extractor.training.generator.pieces import Pieces, note_of
from notes.clini_note_extractor.training.generator.replacement import mixed, replaced
from notes.clini_note_extractor.training.generator.splits import Split
from notes.clini_note_extractor.training.written import written_notes
from notes.clini_note_extractor.types import Note

# Shares of notes by source; the rest is composed of frames.
FROM_WRITTEN, FROM_MIXED_LINES = 0.3, 0.15


@dataclass(frozen=True, slots=True)
class Made:
    """A note, with the frames, rare names and written notes it was made of."""

    note: Note
    frames: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()


def make_notes(*, count: int, seed: int, split: Split) -> list[Note]:
    """Invented, annotated notes; the same arguments give the same notes. Raises ValueError for a negative
    count.
    """
    return [made.note for made in made_notes(count=count, seed=seed, split=split)]


def made_notes(*, count: int, seed: int, split: Split) -> Iterator[Made]:
    """The same, each with what it was made of."""
    if count < 0:
        raise ValueError(f"A count is not negative: {count}.")
    for number in range(count):
        yield _made(f"made-{split}-{seed}-{number}", split)


def _made(id: str, split: Split) -> Made:
    rng = random.Random(id)  # noqa: S311  (training data, no secret)
    case = Case.drawn(rng, pools(split))
    written = written_notes(split)
    draw = rng.random()
    used: set[str] = set()
    sources: set[str] = set()
    if written and draw < FROM_WRITTEN:
        one = rng.choice(written)
        sources.add(one.id)
        pieces = replaced(case, one)
    elif written and draw < FROM_WRITTEN + FROM_MIXED_LINES:
        several = rng.sample(written, min(len(written), rng.randint(2, 4)))
        sources |= {one.id for one in several}
        pieces = mixed(case, several)
    else:
        groups = frames(split)
        pieces, used = composed(case, groups, groups)
    return Made(_finished(rng, pieces, id), frozenset(used), frozenset(case.names), frozenset(sources))


def _finished(rng: random.Random, pieces: Pieces, id: str) -> Note:
    note = note_of(noise.spoiled(rng, pieces), id=id)
    return noise.wrapped(rng, note) if rng.random() < 0.12 else note


def corpus_sha256(notes: Iterable[Note]) -> str:
    """A fingerprint of texts and entities, independent of the machine."""
    digest = hashlib.sha256()
    for note in notes:
        row = {"id": note.id, "text": note.text, "entities": [one.to_dict() for one in note.entities]}
        digest.update(json.dumps(row, ensure_ascii=False, sort_keys=True).encode())
        digest.update(b"\n")
    return digest.hexdigest()
