"""Whether a probability means what it says: reliability bins, expected calibration error, Brier score.

Only spans that were found are judged: a missed span has no probability, so these figures say nothing about
recall. With few spans a bin the expected calibration error of a perfect model is above 0 (Kumar et al.,
NeurIPS 2019); read it with its interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from clinic.statistics import Interval
from notes.clini_note_extractor.evaluation.resampling import Array, NoteDraws, share

BINS = 10
# A span's probability, 0 to 1, and whether offsets and label are right.
Judgement = tuple[float, bool]


@dataclass(frozen=True, slots=True)
class Bin:
    """Spans of like probability, `low` to `high`; means are None where there is no span."""

    low: float
    high: float
    spans: int
    mean_probability: float | None
    share_right: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """Expected calibration error (Naeini et al., AAAI 2015) and Brier score (1950), both 0 at best."""

    spans: int
    bins: tuple[Bin, ...]
    expected_error: Interval
    brier: Interval

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, four decimals."""
        return {
            "spans": self.spans,
            "ece": self.expected_error.to_dict(),
            "brier": self.brier.to_dict(),
            "bins": [
                {
                    "low": one.low,
                    "high": one.high,
                    "spans": one.spans,
                    "mean_probability": _rounded(one.mean_probability),
                    "share_right": _rounded(one.share_right),
                }
                for one in self.bins
            ],
        }


def calibrate(by_note: Sequence[Sequence[Judgement]]) -> Calibration | None:
    """Calibration of the judgements of each note; None without any.

    Ten bins of equal width, the last with 1.0 in it. Raises ValueError for a probability outside 0 to 1.
    """
    judged = [one for note in by_note for one in note]
    if not judged:
        return None
    if not all(0 <= probability <= 1 for probability, _ in judged):
        raise ValueError("A probability lies between 0 and 1.")
    table = np.array([_binned(note) for note in by_note])
    squares = np.array([[len(note), sum((p - right) ** 2 for p, right in note)] for note in by_note])
    draws = NoteDraws(len(by_note))
    pooled = table.sum(axis=0)
    return Calibration(
        len(judged),
        tuple(_bin(place, *pooled[place]) for place in range(BINS)),
        draws.interval(_error(pooled).item(), _error(draws.sums(table.reshape(len(by_note), -1)))),
        draws.interval(float(squares[:, 1].sum() / squares[:, 0].sum()), _mean(draws.sums(squares))),
    )


def _binned(judgements: Sequence[Judgement]) -> Array:
    """Bins × (spans, sum of probabilities, spans that are right)."""
    table = np.zeros((BINS, 3))
    for probability, right in judgements:
        table[min(int(probability * BINS), BINS - 1)] += (1, probability, right)
    return table


def _error(table: Array) -> Array:
    """Mean distance of probability and share, weighted by spans; NaN without spans."""
    bins = table.reshape(-1, BINS, 3)
    distance = np.abs(bins[..., 1] - bins[..., 2]).sum(axis=-1)
    return share(distance, bins[..., 0].sum(axis=-1))


def _mean(sums: Array) -> Array:
    return share(sums[:, 1], sums[:, 0])


def _bin(place: int, spans: float, probabilities: float, right: float) -> Bin:
    low, high = place / BINS, (place + 1) / BINS
    if not spans:
        return Bin(low, high, 0, None, None)
    return Bin(low, high, int(spans), float(probabilities / spans), float(right / spans))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
