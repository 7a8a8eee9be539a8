"""Walking time and cadence from a wrist, or from a place without a method of its own. Never lengths.

After the location-independent recognition of Straczkiewicz, Huang & Onnela (npj Digital Medicine 6:29, 2023):
in a second of walking the length of the acceleration swings by 0.3 g or more, its strongest rhythm lies at
1.4 to 2.3 steps a second, and slower and faster rhythms are weaker; at least 3 s in a row. Here with a
short-time spectrum in place of their wavelet. Walking slower than 84 steps a minute, with a pushed trolley or
a held phone is missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.signal import ShortTimeFFT

from sessions.motion_trend.gait import bands, reasons
from sessions.motion_trend.gait.filters import STEP_RATE_HZ, at_step_rate
from sessions.motion_trend.gait.spans import Span
from sessions.motion_trend.gait.trunk_measures import UNITS, given, withheld
from sessions.motion_trend.types import GRAVITY_M_S2, Flag, Measure, Placement, Step, WalkingBout

Array = NDArray[np.float64]

LEAST_SWING_M_S2 = 0.3 * GRAVITY_M_S2
STEP_HZ = (1.4, 2.3)
SLOWER_RATIO = 1 / 0.6
FASTER_RATIO = 2.5
LEAST_SECONDS = 3
WINDOW_S = 4
TRANSFORM = 800
RHYTHM_ONLY = Flag(
    "rhythm_only", "From this place only walking time and cadence; steps are placed by the rhythm."
)


def rhythm_bouts(span: Span, placement: Placement) -> Iterator[WalkingBout]:
    """Runs of seconds with the rhythm of walking."""
    norm = at_step_rate(np.sqrt(np.einsum("ij,ij->i", span.acceleration_m_s2, span.acceleration_m_s2)))
    rates = step_hz_by_second(norm)
    walking = np.isfinite(rates)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], walking.astype(int), [0]])))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last - first >= LEAST_SECONDS:
            yield _bout(span, int(first), rates[first:last], placement)


def step_hz_by_second(norm_40hz: Array) -> Array:
    """Steps a second in each whole second, NaN where nobody walks; norm[M] at 40 Hz."""
    seconds = len(norm_40hz) // STEP_RATE_HZ
    if seconds < LEAST_SECONDS:
        return np.full(seconds, np.nan)
    window = np.hanning(WINDOW_S * STEP_RATE_HZ)
    transform = ShortTimeFFT(window, hop=STEP_RATE_HZ, fs=STEP_RATE_HZ, mfft=TRANSFORM)
    centred = norm_40hz - float(norm_40hz.mean())
    strength = np.abs(transform.stft(centred, k_offset=-STEP_RATE_HZ // 2))
    offset = -transform.p_min
    strength = strength[:, offset : offset + seconds]
    return _walking_rates(strength, transform.f, norm_40hz, seconds)


def _walking_rates(strength: Array, hertz: Array, norm_40hz: Array, seconds: int) -> Array:
    strength = strength[:, :seconds]
    inside = (hertz >= STEP_HZ[0]) & (hertz <= STEP_HZ[1])
    slower = (hertz > 0.3) & (hertz < STEP_HZ[0] - 0.2)
    faster = (hertz > STEP_HZ[1] + 0.2) & (hertz < 8)
    best = strength[inside].max(axis=0)
    swings = np.ptp(norm_40hz[: seconds * STEP_RATE_HZ].reshape(seconds, STEP_RATE_HZ), axis=1)
    walking = (
        (swings[: len(best)] >= LEAST_SWING_M_S2)
        & (strength[slower].max(axis=0) <= SLOWER_RATIO * best)
        & (strength[faster].max(axis=0) <= FASTER_RATIO * best)
    )
    return np.where(walking, hertz[inside][strength[inside].argmax(axis=0)], np.nan)


def _bout(span: Span, first_s: int, rates: Array, placement: Placement) -> WalkingBout:
    start_s = span.start_s + first_s
    turns = np.concatenate([[0.0], np.cumsum(rates)])
    at = np.interp(np.arange(int(turns[-1]) + 1), turns, np.arange(len(turns)))
    steps = tuple(Step(float(start_s + t)) for t in at)
    return WalkingBout(start_s, start_s + len(rates), steps, _measures(rates, placement), (RHYTHM_ONLY,))


def _measures(rates: Array, placement: Placement) -> Mapping[str, Measure]:
    cadence, n = 60 * float(np.median(rates)), int(np.sum(rates))
    share = bands.CADENCE_SHARE * bands.wider(placement, has_gyroscope=True)
    found = {code: withheld(code, reasons.WRIST) for code in UNITS}
    for code in ("step_time_s", "stride_time_s"):
        found[code] = withheld(code, reasons.WRIST_STEPS)
    found["cadence_spm"] = given("cadence_spm", cadence, share * cadence, n)
    return found
