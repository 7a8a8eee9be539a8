"""How well assertion is told, on spans whose offsets and label are right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from notes.clini_note_extractor.evaluation.resampling import Array, NoteDraws, f1_of, mean_of_known, share
from notes.clini_note_extractor.evaluation.scoring import Counts, Scored
from notes.clini_note_extractor.types import Assertion

VALUES = tuple(Assertion)


def assertion_table(scored: Sequence[Scored]) -> dict[str, Any]:
    """Accuracy, macro F1, each assertion's figures and the confusion table, as plain JSON.

    Macro over the assertions that are annotated or were said; None where no such span matched.
    `always_present` is the accuracy of saying "present" each time: accuracy means nothing beside it.
    """
    by_note = np.array([confusion_of(one).ravel() for one in scored]).reshape(len(scored), len(VALUES) ** 2)
    pooled = by_note.sum(axis=0)
    total = int(pooled.sum())
    matrix = pooled.reshape(len(VALUES), len(VALUES))
    draws = NoteDraws(len(scored))
    drawn = draws.sums(by_note)
    accuracy = draws.interval(_accuracy(pooled).item(), _accuracy(drawn)).to_dict()
    macro = draws.interval(_macro_f1(pooled).item(), _macro_f1(drawn)).to_dict()
    present = VALUES.index(Assertion.PRESENT)
    return {
        "accuracy": accuracy["value"],
        "accuracy_interval": {"low": accuracy["low"], "high": accuracy["high"]},
        "macro_f1": macro["value"],
        "macro_f1_interval": {"low": macro["low"], "high": macro["high"]},
        "always_present": round(float(matrix[present].sum()) / total, 4) if total else None,
        "n": total,
        "values": {
            one.value: told_counts(_counts(matrix, place))
            for place, one in enumerate(VALUES)
            if matrix[place].sum() + matrix[:, place].sum()
        },
        "confusion": {
            gold.value: {
                found.value: int(matrix[row, column]) for column, found in enumerate(VALUES)
            }
            for row, gold in enumerate(VALUES)
            if matrix[row].sum()
        },
    }  # fmt: skip


def told_counts(counts: Counts) -> dict[str, Any]:
    """Precision, recall, F1 and the spans they rest on."""
    return {
        "precision": round(counts.precision, 4),
        "recall": round(counts.recall, 4),
        "f1": round(counts.f1, 4),
        "gold": counts.gold,
        "found": counts.found,
    }


def confusion_of(scored: Scored) -> Array:
    """Annotated × found: how often each pair of assertions stands in one note."""
    table = np.zeros((len(VALUES), len(VALUES)))
    for gold, found in scored.assertions:
        table[VALUES.index(gold), VALUES.index(found)] += 1
    return table


def _counts(matrix: Array, place: int) -> Counts:
    return Counts(int(matrix[place].sum()), int(matrix[:, place].sum()), float(matrix[place, place]))


def _accuracy(pooled: Array) -> Array:
    matrix = pooled.reshape(*pooled.shape[:-1], len(VALUES), len(VALUES))
    return share(np.trace(matrix, axis1=-2, axis2=-1), matrix.sum(axis=(-2, -1)))


def _macro_f1(pooled: Array) -> Array:
    matrix = pooled.reshape(*pooled.shape[:-1], len(VALUES), len(VALUES))
    right = np.diagonal(matrix, axis1=-2, axis2=-1)
    each = np.stack([matrix.sum(axis=-1), matrix.sum(axis=-2), right], axis=-1)
    return mean_of_known(f1_of(each))
