"""How far two annotators of the same notes agree: the ceiling that a system's score is read against.

Chance-corrected figures over spans do not exist (nobody can count the spans that nobody marked), so span F1
is the measure (Hripcsak & Rothschild, JAMIA 2005). Kappa over tokens is given because it is asked for: most
tokens are marked by nobody, which both get right, and that inflates it. `kappa_marked` leaves those out and
errs the other way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from clinic.statistics import Interval
from notes.clini_note_extractor.evaluation.assertions import confusion_of
from notes.clini_note_extractor.evaluation.report import Report, evaluate
from notes.clini_note_extractor.evaluation.resampling import Array, NoteDraws, share
from notes.clini_note_extractor.evaluation.scoring import Way
from notes.clini_note_extractor.tokens import tokens_of
from notes.clini_note_extractor.types import Label, Note

# Shown wherever kappa is.
KAPPA_NOTE = "Kappa over tokens is inflated: most tokens carry no label, and both agree on that."
LABELS = tuple(Label)


class DifferentTexts(ValueError):
    """The two files hold a note of the same id with different texts: their offsets cannot be compared."""

    def __init__(self, note_id: str) -> None:
        super().__init__(f"Note {note_id!r} has another text in the second file.")
        self.note_id = note_id


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two annotators on the notes that both annotated.

    `report` scores the second against the first; F1 is the same the other way round. Cohen's kappa (1960) of
    the labels of all tokens, of tokens that at least one marked, and of the assertions of spans that both
    marked alike; values are None where kappa is not defined.
    """

    report: Report
    tokens: int
    kappa_tokens: Interval
    kappa_marked: Interval
    kappa_assertion: Interval
    only_first: int
    only_second: int

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON without any note text."""
        told = self.report.to_dict()
        return {
            **{name: told[name] for name in ("notes", *Way, "assertion")},
            "tokens": self.tokens,
            "kappa_tokens": self.kappa_tokens.to_dict(),
            "kappa_marked": self.kappa_marked.to_dict(),
            "kappa_assertion": self.kappa_assertion.to_dict(),
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
    tables = np.array([_token_table(note, theirs[note.id]) for note in shared])
    marked = tables.copy()
    marked[:, -1, -1] = 0
    said = np.array([confusion_of(one) for one in report.scored])
    draws = NoteDraws(len(shared))
    return Agreement(
        report, int(tables.sum()), _kappa(tables, draws), _kappa(marked, draws), _kappa(said, draws),
        len(first) - len(shared), len(theirs) - len(shared),
    )  # fmt: skip


def _token_table(first: Note, second: Note) -> Array:
    """Tokens by the label that each annotator gave them; the last row and column are for none."""
    table = np.zeros((len(LABELS) + 1, len(LABELS) + 1))
    tokens = [(one.start, one.end) for one in tokens_of(first.text)]
    for row, column in zip(_labels(tokens, first), _labels(tokens, second), strict=True):
        table[row, column] += 1
    return table


def _labels(tokens: Sequence[tuple[int, int]], note: Note) -> Iterator[int]:
    """Number of the label whose entity a token touches, by one walk through both in reading order."""
    waiting = iter(sorted(note.entities, key=lambda one: one.span))
    entity = next(waiting, None)
    for start, end in tokens:
        while entity is not None and entity.end <= start:
            entity = next(waiting, None)
        touched = entity is not None and entity.start < end
        yield LABELS.index(entity.label) if touched and entity is not None else len(LABELS)


def _kappa(tables: Array, draws: NoteDraws) -> Interval:
    """Notes × categories × categories in; pooled, and with whole notes drawn."""
    drawn = draws.sums(tables.reshape(len(tables), -1)).reshape(-1, *tables.shape[1:])
    return draws.interval(_kappas(tables.sum(axis=0, keepdims=True)).item(), _kappas(drawn))


def _kappas(tables: Array) -> Array:
    total = tables.sum(axis=(1, 2))
    seen = share(np.trace(tables, axis1=1, axis2=2), total)
    chance = share((tables.sum(axis=2) * tables.sum(axis=1)).sum(axis=1), total**2)
    return share(seen - chance, 1 - chance)
