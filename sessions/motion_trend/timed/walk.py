"""The 10-metre walk: distance over time, from standing still to standing still, or between two taps.

With a run-up and run-out (2 m each is usual) the middle is walked at steady speed: the course's length over
the time of walking less what starting and stopping cost. A gait reaches its speed within about two steps, so
the two ends together cost about one step's time; that is our assumption and is in the band. Without them the
speed includes starting and stopping, as the test from a standing start does, and is lower than the norms'.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label

from sessions.motion_trend.timed import reasons
from sessions.motion_trend.timed.body import ACTIVITY_WINDOW_S, RATE_HZ, Body, Unusable, body_of, moving
from sessions.motion_trend.timed.types import (
    NOT_VALIDATED,
    UNITS,
    Phase,
    TestCurve,
    TimedResult,
    withhold,
)
from sessions.motion_trend.types import ENGINE_VERSION, Flag, SensorSignal

METHOD = "walk_10m 1"
# Slow walkers hardly move between two steps.
PAUSE_S = 1.2
STILL_FIRST_S = 0.5
SHORTEST_S = 3.0
LEAST_RHYTHM = 0.3
STEP_S = (0.3, 1.3)
MOST_TURN_DEG = 60.0
SPEED_M_S = (0.1, 3.5)
# Each end: where the body starts to move before the foot leaves, and stops after it has landed.
EDGE_S = 0.3
EDGE_WINDOW_S = ACTIVITY_WINDOW_S / 2
SOFT_EDGE_S = 0.6
TAP_S = 0.4
DISTANCE_SHARE = 0.01

STANDING_START = Flag(
    "standing_start", "Includes starting and stopping, so it is slower than the speed in between."
)
TAPPED = Flag("tapped", "Timed between two taps.")


def ten_metre_walk(
    signal: SensorSignal,
    *,
    distance_m: float = 10.0,
    acceleration_m: float = 0.0,
    taps_s: tuple[float, float] | None = None,
) -> TimedResult:
    """Speed over `distance_m`; `acceleration_m` of walkway lie before and after it (0: from a standing
    start).

    `taps_s`: start and end of the timed distance in the signal's seconds, where somebody tapped. Otherwise
    start and stop are found in the signal. Raises ValueError for distances that make no sense.
    """
    if not 2.0 <= distance_m <= 100.0 or not 0.0 <= acceleration_m <= 10.0:
        raise ValueError("Distance 2 to 100 m, run-up 0 to 10 m.")
    try:
        body = body_of(signal)
    except Unusable as error:
        return withhold("walk_10m", str(error))
    curve = TestCurve.of("movement", "m/s²", body.t_s, body.activity_m_s2)
    try:
        if taps_s is not None:
            return _tapped(body, distance_m, taps_s, curve)
        start_s, end_s = _walking_span(body)
        return _found(body, (start_s, end_s), (distance_m, acceleration_m), curve)
    except Unusable as error:
        return withhold("walk_10m", str(error), curve=curve)


def _tapped(body: Body, distance_m: float, taps_s: tuple[float, float], curve: TestCurve) -> TimedResult:
    start_s, end_s = taps_s
    if not body.t_s[0] - 0.5 <= start_s < end_s <= body.t_s[-1] + 0.5:
        raise Unusable(reasons.TAPS_OUTSIDE)
    step_time_s(body, start_s, end_s)
    _refuse_turning(body, start_s, end_s)
    seconds = end_s - start_s
    phases = (Phase("timed", "timed distance", start_s, end_s),)
    band_s = math.sqrt(2) * TAP_S
    return _result(distance_m, seconds, band_s, phases, (NOT_VALIDATED, TAPPED), curve)


def _found(
    body: Body, span_s: tuple[float, float], metres: tuple[float, float], curve: TestCurve
) -> TimedResult:
    start_s, end_s = span_s
    distance_m, acceleration_m = metres
    step_s = step_time_s(body, start_s, end_s)
    _refuse_turning(body, start_s, end_s)
    seconds = end_s - start_s
    band_s = math.sqrt(2) * EDGE_S
    if not acceleration_m:
        phases: Sequence[Phase] = (Phase("timed", "timed distance", start_s, end_s),)
        return _result(distance_m, seconds, band_s, phases, (NOT_VALIDATED, STANDING_START), curve)
    course_m = distance_m + 2 * acceleration_m
    middle_s = (seconds - step_s) * distance_m / course_m
    edge_s = (seconds - middle_s) / 2
    phases = (
        Phase("run_up", "run-up", start_s, start_s + edge_s),
        Phase("timed", "timed distance", start_s + edge_s, end_s - edge_s),
        Phase("run_out", "run-out", end_s - edge_s, end_s),
    )
    band_s = math.hypot(band_s, step_s) * distance_m / course_m
    return _result(distance_m, middle_s, band_s, phases, (NOT_VALIDATED,), curve)


def _result(
    distance_m: float,
    seconds: float,
    band_s: float,
    phases: Sequence[Phase],
    flags: tuple[Flag, ...],
    curve: TestCurve,
) -> TimedResult:
    speed = distance_m / seconds
    if not SPEED_M_S[0] <= speed <= SPEED_M_S[1]:
        raise Unusable(reasons.WALK_SPEED.format(speed, distance_m))
    half = speed * math.hypot(band_s / seconds, DISTANCE_SHARE)
    return TimedResult(
        "walk_10m",
        round(speed, 3),
        UNITS["walk_10m"],
        low=round(max(0.0, speed - half), 3),
        high=round(speed + half, 3),
        phases=tuple(phases),
        flags=flags,
        curve=curve,
        versions={"engine": ENGINE_VERSION, "method": METHOD},
    )


def _walking_span(body: Body) -> tuple[float, float]:
    """The longest stretch of movement without a pause, standing still before and after it."""
    groups, count = label(moving(body.active(), pause_s=PAUSE_S))
    if not count:
        raise Unusable(reasons.NO_WALKING)
    sizes = np.bincount(groups)[1:]
    index = np.flatnonzero(groups == 1 + int(np.argmax(sizes)))
    first, last = int(index[0]), int(index[-1])
    still = round(STILL_FIRST_S * RATE_HZ)
    if first < still or last >= len(body.t_s) - still:
        raise Unusable(reasons.NOT_STILL)
    if (last - first) / RATE_HZ < SHORTEST_S:
        raise Unusable(reasons.SHORT_WALKING)
    first, last = _widened(body.stirring(), first, last)
    return float(body.t_s[first]) + EDGE_WINDOW_S, float(body.t_s[last]) - EDGE_WINDOW_S


def _widened(stirring: NDArray[np.bool_], first: int, last: int) -> tuple[int, int]:
    """Out to where the body began to stir and came to rest: slow people set off softly."""
    most = round(SOFT_EDGE_S * RATE_HZ)
    while first > 0 and stirring[first - 1] and most > 0:
        first, most = first - 1, most - 1
    most = round(SOFT_EDGE_S * RATE_HZ)
    while last < len(stirring) - 1 and stirring[last + 1] and most > 0:
        last, most = last + 1, most - 1
    return first, last


def step_time_s(body: Body, start_s: float, end_s: float) -> float:
    """The rhythm of the vertical acceleration (autocorrelation); raises Unusable where there is none."""
    part = body.vertical_m_s2[body.at(start_s) : body.at(end_s)]
    part = part - part.mean() if len(part) else part
    first, last = (round(limit * RATE_HZ) for limit in STEP_S)
    if len(part) < 2 * last:
        raise Unusable(reasons.NO_STEPS)
    power = np.correlate(part, part, mode="full")[len(part) - 1 :]
    power = power / max(float(power[0]), 1e-12)
    at = first + int(np.argmax(power[first : last + 1]))
    if power[at] < LEAST_RHYTHM:
        raise Unusable(reasons.NO_RHYTHM)
    return at / RATE_HZ


def _refuse_turning(body: Body, start_s: float, end_s: float) -> None:
    if body.yaw_rad_s is None:
        return
    part = body.yaw_rad_s[body.at(start_s) : body.at(end_s)]
    heading = np.rad2deg(np.cumsum(part) / RATE_HZ)
    width = max(1, round(RATE_HZ))
    smooth = np.convolve(heading, np.ones(width) / width, mode="valid")
    if len(smooth) and float(np.ptp(smooth)) > MOST_TURN_DEG:
        raise Unusable(reasons.WALK_TURNED)
