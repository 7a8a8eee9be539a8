"""How far two annotators of the same notes agree: the ceiling that a system's score is read against.

Chance-corrected figures over spans do not exist (nobody can count the spans that nobody marked), so span F1
is the measure (Hripcsak & Rothschild, JAMIA 2005). Kappa over tokens is given because it is asked for: most
tokens are marked by nobody, which both get right, and that inflates it. `kappa_marked` leaves those out and
errs the other way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from clinic.statistics import cohen_kappa
from notes.clini_note_extractor.evaluation.report import Report, evaluate
from notes.clini_note_extractor.tokens import tokens_of
from notes.clini_note_extractor.types import Assertion, Label, Note

# Shown wherever kappa is.
KAPPA_NOTE = "Kappa over tokens is inflated: most tokens carry no label, and both agree on that."
OUTSIDE = "O"


class DifferentTexts(ValueError):
    """The two files hold a note of the same id with different texts: their offsets cannot be compared."""

    def __init__(self, note_id: str) -> None:
        super().__init__(f"Note {note_id!r} has another text in the second file.")
        self.note_id = note_id


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two annotators on the notes that both annotated, and the kappas of their tokens.

    `report` scores the second against the first; F1 is the same the other way round. Kappas are None where
    they are not defined.
    """

    report: Report
    tokens: int
    kappa_tokens: float | None
    kappa_marked: float | None
    kappa_assertion: float | None
    only_first: int
    only_second: int

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON without any note text."""
        told = self.report.to_dict()
        return {
            **{name: told[name] for name in ("notes", "strict", "exact", "partial", "type", "assertion")},
            "tokens": self.tokens,
            "kappa_tokens": self.kappa_tokens,
            "kappa_marked": self.kappa_marked,
            "kappa_assertion": self.kappa_assertion,
            "kappa_note": KAPPA_NOTE,
            "only_first": self.only_first,
            "only_second": self.only_second,
        }


def agreement_of(first: Sequence[Note], second: Sequence[Note]) -> Agreement:
    """Agreement on the notes that both hold, matched by id; order does not matter.

    Raises DifferentTexts; ValueError where they share no note.
    """
    theirs = {note.id: note for note in second}
    shared = [note for note in first if note.id in theirs]
    if not shared:
        raise ValueError("The two files share no note: ids must be the same in both.")
    for note in shared:
        if note.text != theirs[note.id].text:
            raise DifferentTexts(note.id)
    answers = iter([theirs[note.id].entities for note in shared])
    report = evaluate(shared, lambda _: next(answers), system="second annotator", version="")
    tokens = [pair for note in shared for pair in _token_pairs(note, theirs[note.id])]
    marked = [pair for pair in tokens if pair != (OUTSIDE, OUTSIDE)]
    asserted = [pair for one in report.scored for pair in one.assertions]
    return Agreement(
        report, len(tokens), _kappa(tokens), _kappa(marked), _kappa(asserted),
        len(first) - len(shared), len(theirs) - len(shared),
    )  # fmt: skip


def _token_pairs(first: Note, second: Note) -> Iterator[tuple[str, str]]:
    """The label that each annotator gave each token."""
    tokens = [(one.start, one.end) for one in tokens_of(first.text)]
    yield from zip(_labels(tokens, first), _labels(tokens, second), strict=True)


def _labels(tokens: Sequence[tuple[int, int]], note: Note) -> Iterator[str]:
    """Label of the entity that a token touches, by one walk through both in reading order."""
    waiting = iter(sorted(note.entities, key=lambda one: one.span))
    entity = next(waiting, None)
    for start, end in tokens:
        while entity is not None and entity.end <= start:
            entity = next(waiting, None)
        yield entity.label.value if entity is not None and entity.start < end else OUTSIDE


def _kappa(pairs: Sequence[tuple[str | Label | Assertion, str | Label | Assertion]]) -> float | None:
    if not pairs:
        return None
    kappa = cohen_kappa([left for left, _ in pairs], [right for _, right in pairs])
    return None if math.isnan(kappa) else round(kappa, 4)
