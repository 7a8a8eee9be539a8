"""Causal smoothing of an angle, cheap and with a known delay."""

from __future__ import annotations

import math

TIME_CONSTANT_S = 0.035
# A median of three takes out single-frame glitches for one frame of delay, affordable at 20 Hz and faster
# only.
SLOWEST_MEDIAN_STEP_S = 0.0405


class AngleSmoother:
    """Median of three frames, then a first-order low-pass; together under 80 ms behind a ramp at 10-60 Hz.

    A missing value (NaN) is passed on and forgotten; after a gap the filter starts anew.
    """

    __slots__ = ("_before", "_last", "_last_t", "_value")

    def __init__(self) -> None:
        self._before = self._last = self._value = math.nan
        self._last_t = -math.inf

    def push(self, t_s: float, value: float) -> float:
        """The smoothed value at t_s; NaN for NaN. Times must not go back."""
        step = t_s - self._last_t
        self._last_t = t_s
        if value != value:
            self._before = self._last = self._value = math.nan
            return value
        steady = value
        if step <= SLOWEST_MEDIAN_STEP_S and self._before == self._before:
            steady = _middle(self._before, self._last, value)
        self._before, self._last = self._last, value
        if self._value != self._value:
            self._value = steady
        else:
            self._value += (steady - self._value) * (1.0 - math.exp(-step / TIME_CONSTANT_S))
        return self._value


def _middle(a: float, b: float, c: float) -> float:
    if a > b:
        a, b = b, a
    return a if c < a else b if c > b else c
