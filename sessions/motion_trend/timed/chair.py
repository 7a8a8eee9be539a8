"""The 30-second chair stand: how often somebody stands up fully from a chair within 30 seconds.

The rise is read at the waist as height (integrated vertical acceleration) and in a pocket as the angle of the
thigh. A stand counts when it reaches 70 % of the person's usual rise; what the usual rise leaves open cannot
be seen: somebody who never stands up fully is counted as if they did. Whether the arms helped cannot be seen
either (by the rules of the test the count is then 0). CDC STEADI: a stand that is more than half done when
time is up counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sessions.motion_trend.timed import reasons
from sessions.motion_trend.timed.body import (
    RATE_HZ,
    Body,
    Move,
    Unusable,
    body_of,
    main_stretch,
    moves_of,
    onset_before,
    thigh_angle_deg,
    velocity_curve,
)
from sessions.motion_trend.timed.turns import turns_of
from sessions.motion_trend.timed.types import (
    NOT_VALIDATED,
    UNITS,
    Phase,
    TestCurve,
    TimedResult,
    withhold,
)
from sessions.motion_trend.types import ENGINE_VERSION, Flag, SensorSignal

METHOD = "chair_stand 1"
FULL_SHARE = 0.7
# Slow people rest on the chair between two stands.
PAUSE_S = 3.0
# Rises this near to what counts could have been read wrongly.
BORDER_SHARE = 0.12

ARMS = Flag("arms_not_seen", "Whether the arms helped cannot be seen. If they did, the test counts 0 stands.")
UNUSUAL_RISE = Flag(
    "usual_rise", "Stands are compared with each other: full height is taken from the person's own."
)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Least speed and size of a move, and of the usual rise of somebody who stands up at all."""

    speed: float
    size: float
    usual: float


TRUNK = _Scale(0.12, 0.08, 0.18)
THIGH = _Scale(20.0, 15.0, 40.0)


def chair_stands(
    signal: SensorSignal, *, start_s: float | None = None, duration_s: float = 30.0
) -> TimedResult:
    """Count the full stands in `duration_s` from `start_s` (None: from the first movement off the chair).

    The person must sit at first. Band: stands whose height is near to what counts, one at least where the
    start was found in the signal. Withheld when the recording ends early or no stand is found.
    """
    try:
        body = body_of(signal)
    except Unusable as error:
        return withhold("chair_stand_30s", str(error))
    if body.on_thigh and body.yaw_rad_s is None:
        return withhold("chair_stand_30s", reasons.POCKET_GYROSCOPE)
    end_s = float(body.t_s[-1])
    if start_s is None:
        body, _ = main_stretch(body, pause_s=PAUSE_S)
    else:
        body = body.between(start_s - 1.0, end_s)
    scale = THIGH if body.on_thigh else TRUNK
    curve = _curve(body)
    rises = [m for m in moves_of(body, least_speed=scale.speed, least_size=scale.size) if m.size > 0]
    usual = _usual(rises)
    if usual < scale.usual:
        return withhold("chair_stand_30s", reasons.NO_STANDING_UP, curve=curve)
    began_s = onset_before(body, rises[0].start_s) if start_s is None else start_s
    if end_s < began_s + duration_s - 1.0:
        why = reasons.ENDS_EARLY.format(end_s - began_s, duration_s)
        return withhold("chair_stand_30s", why, curve=curve)
    if any(turn.end_s > began_s and turn.start_s < began_s + duration_s for turn in turns_of(body)):
        return withhold("chair_stand_30s", reasons.STANDS_TURNED, curve=curve)
    timely = [m for m in rises if began_s - 0.2 <= m.start_s and m.peak_s <= began_s + duration_s]
    return _result(timely, usual, (began_s, began_s + duration_s), found_start=start_s is None, curve=curve)


def _usual(rises: Sequence[Move]) -> float:
    """The median of the better half: incomplete stands do not lower it."""
    sizes = sorted((move.size for move in rises), reverse=True)
    return float(np.median(sizes[: (len(sizes) + 1) // 2])) if sizes else 0.0


def _result(
    rises: Sequence[Move],
    usual: float,
    span_s: tuple[float, float],
    *,
    found_start: bool,
    curve: TestCurve,
) -> TimedResult:
    needed = FULL_SHARE * usual
    full = [move for move in rises if move.size >= needed]
    partial = [move for move in rises if needed / 2 <= move.size < needed]
    over = sum(move.size < needed + BORDER_SHARE * usual for move in full)
    under = sum(move.size >= needed - BORDER_SHARE * usual for move in partial)
    margin = 1 if found_start else 0
    flags = [NOT_VALIDATED, ARMS, UNUSUAL_RISE]
    if partial:
        words = f"{len(partial)} {'stand was' if len(partial) == 1 else 'stands were'} not completed."
        flags.append(Flag("incomplete", words))
    count = len(full)
    return TimedResult(
        "chair_stand_30s",
        float(count),
        UNITS["chair_stand_30s"],
        low=float(max(0, count - max(over, margin))),
        high=float(count + max(under, margin)),
        phases=(*_phases(full), Phase("test", "the test", *span_s)),
        flags=tuple(flags),
        curve=curve,
        versions={"engine": ENGINE_VERSION, "method": METHOD},
    )


def _phases(full: Sequence[Move]) -> list[Phase]:
    return [Phase("stand", f"stand {k}", move.start_s, move.end_s) for k, move in enumerate(full, start=1)]


def _curve(body: Body) -> TestCurve:
    if body.on_thigh:
        return TestCurve.of("angle of the thigh", "°", body.t_s, thigh_angle_deg(body))
    height = np.cumsum(velocity_curve(body)) / RATE_HZ
    return TestCurve.of("height of the hips", "m", body.t_s, height - np.median(height))
