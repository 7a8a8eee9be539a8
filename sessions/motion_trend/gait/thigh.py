"""Gait from a phone in a trouser pocket or a sensor on the thigh: rhythm yes, lengths and symmetry no.

The thigh swings once a stride about one axis, whichever way the phone lies: the main axis of the angular
velocity. Its forward swings are the strides of that leg; the other leg's steps are put half-way and said to
be. No public recording with a reference was found: the rhythm was checked on simulated walking only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, find_peaks, sosfiltfilt

from sessions.motion_trend.gait import bands, reasons
from sessions.motion_trend.gait.filters import ANALYSIS_RATE_HZ
from sessions.motion_trend.gait.settings import GaitSettings
from sessions.motion_trend.gait.spans import Span
from sessions.motion_trend.gait.steadiness import regularity
from sessions.motion_trend.gait.trunk_measures import given, withheld
from sessions.motion_trend.types import Flag, Measure, Placement, Step, WalkingBout

Array = NDArray[np.float64]

LEAST_SWING_RAD_S = 0.7
SHORTEST_STRIDE_S = 0.7
LONGEST_STRIDE_S = 2.4
LEAST_STRIDES = 4
EVENNESS = 0.4
INFERRED = Flag("every_second_step_inferred", "The other leg's steps are put half-way between this leg's.")
_LEG = {Placement.LEFT_THIGH: ("left", "right"), Placement.RIGHT_THIGH: ("right", "left")}


def thigh_bouts(span: Span, placement: Placement, *, settings: GaitSettings) -> Iterator[WalkingBout]:
    """The walking bouts of one span with a gyroscope; empty without one."""
    if span.angular_velocity_rad_s is None or len(span) < 4 * ANALYSIS_RATE_HZ:
        return
    swing = swing_rad_s(span.angular_velocity_rad_s)
    for run in stride_runs(swing):
        yield _bout(span, swing, run, placement, settings=settings)


def swing_rad_s(angular_velocity_rad_s: NDArray[np.float32]) -> Array:
    """Angular velocity about the axis that the thigh swings about, 0.3 to 3 Hz; [N,3] at 100 Hz → [N]."""
    sections = butter(2, (0.3, 3.0), "bandpass", fs=ANALYSIS_RATE_HZ, output="sos")
    banded = sosfiltfilt(sections, angular_velocity_rad_s.astype(np.float64), axis=0)
    main = np.linalg.eigh(banded.T @ banded)[1][:, -1]
    swing = banded @ main
    return np.asarray(swing if np.mean(swing**3) >= 0 else -swing)


def stride_runs(swing: Array) -> list[Array]:
    """Times (s) of the forward swings, in runs of even strides: at least four."""
    distance = round(SHORTEST_STRIDE_S * ANALYSIS_RATE_HZ)
    peaks = find_peaks(swing, height=LEAST_SWING_RAD_S, distance=distance)[0] / ANALYSIS_RATE_HZ
    strides = np.diff(peaks)
    if not len(strides):
        return []
    uneven = np.abs(np.diff(strides)) > EVENNESS * np.minimum(strides[1:], strides[:-1])
    breaks = set(np.flatnonzero(strides > LONGEST_STRIDE_S) + 1) | set(np.flatnonzero(uneven) + 2)
    runs = np.split(peaks, sorted(breaks))
    return [run for run in runs if len(run) > LEAST_STRIDES]


def _bout(
    span: Span, swing: Array, run: Array, placement: Placement, *, settings: GaitSettings
) -> WalkingBout:
    own, other = _LEG.get(placement, ("", ""))
    events = [(float(t), own) for t in run] + [(float(t), other) for t in (run[1:] + run[:-1]) / 2]
    steps = tuple(Step(t + span.start_s, side) for t, side in sorted(events))
    gappy = span.bridged > settings.largest_dropped_share
    first, last = (round(float(t) * ANALYSIS_RATE_HZ) for t in (run[0], run[-1]))
    found = _measures(np.diff(run), swing[first:last], placement, gappy=gappy, settings=settings)
    flags = (reasons.PLACE, INFERRED, *((reasons.GAPPY_BOUT,) if gappy else ()))
    return WalkingBout(steps[0].t_s, steps[-1].t_s, steps, found, flags)


def _measures(
    strides: Array, swing: Array, placement: Placement, *, gappy: bool, settings: GaitSettings
) -> Mapping[str, Measure]:
    stride_s, n = float(np.median(strides)), len(strides)
    share = bands.CADENCE_SHARE * bands.wider(placement, has_gyroscope=True)
    found = [
        given("cadence_spm", 120 / stride_s, share * 120 / stride_s, 2 * n),
        given("step_time_s", stride_s / 2, share * stride_s / 2, 2 * n),
        given("stride_time_s", stride_s, share * stride_s, n),
        *(
            withheld(code, reasons.THIGH_LENGTH)
            for code in ("step_length_m", "stride_length_m", "walking_speed_m_s")
        ),
        *(
            withheld(code, reasons.THIGH_SIDES)
            for code in ("step_time_asymmetry_pct", "step_length_asymmetry_pct", "step_regularity")
        ),
        withheld("double_support_pct", reasons.THIGH_SIDES),
        _variability(strides, gappy=gappy, settings=settings),
        _stride_regularity(swing, stride_s, n),
    ]
    return {measure.code: measure for measure in found}


def _variability(strides: Array, *, gappy: bool, settings: GaitSettings) -> Measure:
    code, n, middle = "stride_time_variability_pct", len(strides), float(np.median(strides))
    if gappy or n < settings.least_steps_for_variability:
        return withheld(code, reasons.GAPPY if gappy else reasons.FEW_STRIDES, n)
    spread = 1.4826 * float(np.median(np.abs(strides - middle)))
    return given(code, 100 * spread / middle, bands.variability_band_pct(middle), n)


def _stride_regularity(swing: Array, stride_s: float, n: int) -> Measure:
    """The autocorrelation a stride later: a swing repeats once a stride, so it is found at the first lag."""
    found = regularity(swing, step_s=stride_s)
    if found is None:
        return withheld("stride_regularity", reasons.FEW_STRIDES, n)
    return given("stride_regularity", found.step, bands.regularity_band(found.step, n), n, least=-1.0)
