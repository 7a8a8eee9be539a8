"""Timed Up and Go: stand up, walk three metres, turn, walk back, turn and sit down; the time, and its parts.

Start: the first movement on the chair before the rise. End: when the body stops going down. Turns: rotation
about the vertical over 15 deg/s (El-Gohary et al., Sensors 2014) of at least 90 degrees, two of them; without
both it was no Timed Up and Go, and the time is withheld. A stopwatch starts at "go": the reaction before the
first movement is not in ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sessions.motion_trend.timed import reasons
from sessions.motion_trend.timed.body import (
    Body,
    Move,
    Unusable,
    body_of,
    main_stretch,
    moves_of,
    onset_before,
)
from sessions.motion_trend.timed.chair import FULL_SHARE, THIGH, TRUNK
from sessions.motion_trend.timed.turns import Turn, turns_of
from sessions.motion_trend.timed.types import (
    NOT_VALIDATED,
    UNITS,
    Phase,
    TestCurve,
    TimedResult,
    withhold,
)
from sessions.motion_trend.types import ENGINE_VERSION, Flag, SensorSignal

METHOD = "tug 1"
LEAST_S, MOST_S = 4.0, 90.0
MOST_TURNS = 4
# Who rises slowly seems to rise less: part of a slow rise is taken for drift.
LEAST_RISE_SHARE = 0.65
# Start and end found by threshold: what simulated tests with noise and other rates lie within.
# People who freeze stand still for a while; what follows a longer rest is something else.
PAUSE_S = 2.5
BAND_S = 0.6
BAND_SHARE = 0.05

OTHERS = Flag("other_movement", "Movement before or after the test was left out.")
REACTION = Flag("from_movement", "Timed from the first movement, not from the word go.")


def timed_up_and_go(signal: SensorSignal) -> TimedResult:
    """Find the test in a recording that begins and ends seated and still; phone at waist, lower back or in a
    pocket.

    Value: seconds from the first movement to seated. Band ± 0.6 s or 5 %: an assumption from simulated tests.
    """
    try:
        body = body_of(signal)
    except Unusable as error:
        return withhold("tug", str(error))
    if body.yaw_rad_s is None:
        return withhold("tug", reasons.NO_GYROSCOPE)
    body, others = main_stretch(body, pause_s=PAUSE_S)
    scale = THIGH if body.on_thigh else TRUNK
    curve = _curve(body)
    moves = moves_of(body, least_speed=scale.speed, least_size=LEAST_RISE_SHARE * scale.usual)
    rise = next((move for move in moves if move.size > 0), None)
    fall = next((move for move in reversed(moves) if move.size < 0), None)
    if rise is None or fall is None or fall.start_s <= rise.end_s:
        return withhold("tug", reasons.NO_RISE_AND_FALL, curve=curve)
    if rise.start_s < body.t_s[0] + 0.5:
        return withhold("tug", reasons.BEGAN_BEFORE)
    start_s, end_s = onset_before(body, rise.start_s), fall.end_s
    ups = [move for move in moves if move.size >= FULL_SHARE * rise.size and move.start_s > rise.start_s]
    if any(move.end_s < fall.start_s for move in ups) and not body.on_thigh:
        return withhold("tug", reasons.SAT_TWICE, curve=curve)
    if not LEAST_S <= end_s - start_s <= MOST_S:
        return withhold("tug", reasons.TUG_SECONDS.format(end_s - start_s), curve=curve)
    found = _result(body, (start_s, end_s), (rise, fall), curve)
    return replace(found, flags=(*found.flags, OTHERS)) if others and found.value else found


def _result(
    body: Body, span_s: tuple[float, float], moves: tuple[Move, Move], curve: TestCurve
) -> TimedResult:
    start_s, end_s = span_s
    turns = [t for t in turns_of(body) if t.end_s > moves[0].peak_s and t.start_s < end_s]
    if len(turns) < 2:
        return withhold("tug", reasons.NO_TURNS, curve=curve)
    if len(turns) > MOST_TURNS:
        return withhold("tug", reasons.MANY_TURNS.format(len(turns)), curve=curve)
    value = end_s - start_s
    band_s = max(BAND_S, BAND_SHARE * value)
    return TimedResult(
        "tug",
        round(value, 2),
        UNITS["tug"],
        low=round(value - band_s, 2),
        high=round(value + band_s, 2),
        phases=_phases(span_s, moves[0], turns),
        flags=(NOT_VALIDATED, REACTION),
        curve=curve,
        versions={"engine": ENGINE_VERSION, "method": METHOD},
    )


def _phases(span_s: tuple[float, float], rise: Move, turns: Sequence[Turn]) -> tuple[Phase, ...]:
    first, last = turns[0], turns[-1]
    marks = [span_s[0], rise.end_s, first.start_s, first.end_s, last.start_s, span_s[1]]
    marks = list(np.maximum.accumulate(marks))
    names = (
        ("sit_to_stand", "standing up"),
        ("walk_out", "walking out"),
        ("turn", "turning round"),
        ("walk_back", "walking back"),
        ("turn_to_sit", "turning and sitting down"),
    )
    return tuple(
        Phase(code, name, float(marks[k]), float(marks[k + 1])) for k, (code, name) in enumerate(names)
    )


def _curve(body: Body) -> TestCurve:
    yaw = np.zeros(len(body.t_s)) if body.yaw_rad_s is None else body.yaw_rad_s
    return TestCurve.of("turning", "°/s", body.t_s, np.rad2deg(yaw))
