"""Two systems on the same notes: by how much one is better, and whether that may be chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from notes.clini_note_extractor.evaluation.report import Report
from notes.clini_note_extractor.evaluation.resampling import Array, NoteDraws, f1_of, table_of
from notes.clini_note_extractor.evaluation.scoring import Counts, Scored, Way
from notes.clini_note_extractor.types import Label

SHUFFLES = 9999


def compare(report: Report, other: Report, *, label: Label | None = None) -> dict[str, Any]:
    """F1 of `report` minus that of `other` in each way, over all labels or one, as plain JSON.

    Paired bootstrap (Koehn, EMNLP 2004): notes are drawn and both systems scored on the same draw; `low`,
    `high` hold 95 % of the differences and `share_not_better` is the share of draws at or below 0. `p`:
    approximate randomisation (Noreen 1989; Yeh, COLING 2000), two-sided: how often a difference as large
    arises when each note's two answers are swapped by coin. `verdict`: "better" where the strict interval
    lies above zero, "worse" where below, else "undecided". Raises ValueError where the two did not read the
    same notes.
    """
    if [one.id for one in report.notes] != [one.id for one in other.notes]:
        raise ValueError("Two systems are compared on the same notes in the same order.")
    draws = NoteDraws(len(report.notes))
    told = {
        way.value: _difference(_table(report.scored, way, label), _table(other.scored, way, label), draws)
        for way in Way
    }
    return {
        "system": report.system,
        "version": report.version,
        "other": other.system,
        "other_version": other.version,
        **told,
        "verdict": _verdict(told[Way.STRICT.value]),
    }


def _table(scored: Sequence[Scored], way: Way, label: Label | None) -> Array:
    if label is None:
        return table_of([one.micro[way] for one in scored])
    return table_of([one.labels[way].get(label, Counts()) for one in scored])


def _difference(one: Array, other: Array, draws: NoteDraws) -> dict[str, float | None]:
    value = _f1(one.sum(axis=0)) - _f1(other.sum(axis=0))
    drawn = _f1(draws.sums(one)) - _f1(draws.sums(other))
    several = len(one) > 1
    return {
        **draws.interval(float(value), drawn).to_dict(),
        "share_not_better": round(float((drawn <= 0).mean()), 4) if several else None,
        "p": round(_randomised_p(one, other), 4) if several else None,
    }


def _randomised_p(one: Array, other: Array, *, seed: int = 0) -> float:
    """Two-sided; the observed assignment counts as one of the shuffles, so p is never 0."""
    kept = np.random.default_rng(seed).integers(0, 2, size=(SHUFFLES, len(one))).astype(np.float64)
    left, right = kept @ one + (1 - kept) @ other, kept @ other + (1 - kept) @ one
    seen = abs(_f1(one.sum(axis=0)) - _f1(other.sum(axis=0)))
    # Sums of halves are exact; F1 of equal sums may differ in the last digit.
    as_large = np.abs(_f1(left) - _f1(right)) >= seen - 1e-12
    return float((as_large.sum() + 1) / (SHUFFLES + 1))


def _f1(sums: Array) -> Array:
    return np.nan_to_num(f1_of(sums))


def _verdict(strict: dict[str, float | None]) -> str:
    low, high = strict["low"], strict["high"]
    if low is None or high is None:
        return "undecided"
    return "better" if low > 0 else "worse" if high < 0 else "undecided"
