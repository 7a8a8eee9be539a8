"""Cadence and step length second by second, with outliers and missed steps smoothed over.

mobgap 1.2.0's `robust_step_para_to_sec`: a Hampel filter over the steps, the mean of each second,
interpolation over at most 3 s, a second Hampel filter. So one missed contact does not halve the cadence.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

HALF_WINDOW = 2
SIGMAS = 3.0
LONGEST_INTERPOLATED_S = 3


@dataclass(frozen=True, slots=True)
class Pace:
    """Second by second: step_s[S], length_m[S] or None."""

    step_s: Array
    length_m: Array | None

    @property
    def cadence_spm(self) -> float:
        """Mean over the seconds, in steps/min; NaN when there is none."""
        return _mean(60.0 / self.step_s)

    @property
    def stride_length_m(self) -> float:
        """Mean over the seconds; NaN without lengths."""
        return 2 * _mean(self.length_m) if self.length_m is not None else float("nan")

    @property
    def speed_m_s(self) -> float:
        """Mean over the seconds of length by time."""
        return _mean(self.length_m / self.step_s) if self.length_m is not None else float("nan")


def pace_of(contacts_s: Array, lengths_m: Array | None) -> Pace:
    """From contacts_s[K] and the lengths of the K−1 steps between them."""
    since = contacts_s - contacts_s[0]
    times = np.diff(since)
    lengths = None if lengths_m is None else per_second(since, np.append(lengths_m, lengths_m[-1]))
    return Pace(per_second(since, np.append(times, times[-1])), lengths)


def per_second(contacts_s: Array, values: Array) -> Array:
    """values[K] at contacts_s[K] (from 0) → one value for each second begun."""
    smooth = hampel(values)
    seconds = np.arange(0.0, contacts_s[-1] + 1e-9)
    first = np.searchsorted(contacts_s, seconds, side="left")
    last = np.searchsorted(contacts_s, seconds + 1.0, side="right")
    sums = np.concatenate([[0.0], np.cumsum(smooth)])
    counts = last - first
    means = np.where(counts > 0, (sums[last] - sums[first]) / np.maximum(counts, 1), np.nan)
    return _bridged(hampel(means))


def hampel(values: Array) -> Array:
    """Values further than 3 robust deviations from the median of their five neighbours become that median."""
    padded = np.pad(values, HALF_WINDOW, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * HALF_WINDOW + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        middle = np.nanmedian(windows, axis=1)
        spread = 1.4826 * np.nanmedian(np.abs(windows - middle[:, None]), axis=1)
    return np.where(np.abs(values - middle) > SIGMAS * spread, middle, values)


def _bridged(values: Array) -> Array:
    """Seconds without a contact between two with one, if at most three in a row."""
    known = np.flatnonzero(np.isfinite(values))
    if len(known) < 2:
        return values
    filled = np.interp(np.arange(len(values)), known, values[known], left=np.nan, right=np.nan)
    for before, after in pairwise(known):
        if after - before - 1 > LONGEST_INTERPOLATED_S:
            filled[before + 1 : after] = np.nan
    return filled


def _mean(values: Array) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else float("nan")
