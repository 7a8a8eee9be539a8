"""Drawing whole notes again and again: intervals of F1, of differences, of calibration.

The same draws as `clinic.statistics.bootstrap_over_people`, but thousands of draws of hundreds of counts at
once. Notes are the independent units, not spans. With few notes the intervals are too narrow.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clinic.statistics import Interval
from notes.clini_note_extractor.evaluation.scoring import Counts

Array = NDArray[np.float64]
DRAWS = 2000
LEVEL = 0.95


class NoteDraws:
    """How often each of `notes` notes stands in each draw with replacement; deterministic by seed."""

    def __init__(self, notes: int, *, draws: int = DRAWS, seed: int = 0) -> None:
        self.notes = notes
        picks = np.random.default_rng(seed).integers(0, max(notes, 1), size=(draws, notes))
        rows = np.arange(draws)[:, None] * notes
        self._times = np.bincount((picks + rows).ravel(), minlength=draws * notes).reshape(draws, notes)

    def sums(self, by_note: Array) -> Array:
        """notes × columns in, draws × columns out: each column summed over the notes of a draw."""
        return np.asarray(self._times @ by_note, dtype=np.float64)

    def interval(self, value: float, drawn: Array) -> Interval:
        """Percentile interval of a statistic that was computed for each draw.

        Draws that are NaN are left out; one note, or no value, has no interval.
        """
        if np.isnan(value):
            return Interval(None, None, None)
        usable = drawn[~np.isnan(drawn)]
        if self.notes < 2 or not len(usable):
            return Interval(value, None, None)
        low, high = np.quantile(usable, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
        return Interval(value, float(low), float(high))


def table_of(counts: Sequence[Counts]) -> Array:
    """Notes × (annotated, found, credit)."""
    return np.array([(one.gold, one.found, one.credit) for one in counts], dtype=np.float64).reshape(-1, 3)


def f1_of(sums: Array) -> Array:
    """F1 of each row of (annotated, found, credit); NaN where there is no span at all."""
    return share(2 * sums[..., 2], sums[..., 0] + sums[..., 1])


def share(part: Array, whole: Array) -> Array:
    """part / whole, NaN where whole is 0."""
    empty = np.full(np.shape(whole), np.nan)
    return np.asarray(np.divide(part, whole, out=empty, where=np.asarray(whole) != 0), dtype=np.float64)


def mean_of_known(values: Array) -> Array:
    """Mean of each row without its NaN; NaN where nothing is known."""
    with warnings.catch_warnings():
        # numpy warns of rows that hold NaN only; NaN is the right answer there.
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.nanmean(values, axis=-1), dtype=np.float64)
