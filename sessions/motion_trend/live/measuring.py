"""One repetition of a sensor measured: how far it leaned forward and sideways, turned, and how quickly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prescriptions.movement.criteria import Criterion
from prescriptions.movement.judging import phase_frames, phase_value
from prescriptions.movement.swings import Swing
from sessions.motion_trend.live.film import SensorFilm
from sessions.motion_trend.live.inclination import rotation_to_vertical

Array = NDArray[np.float64]

# A phone that lies flat on the body looks straight ahead or back, so its own third axis says where forward
# is, as long as it is upright and the person's movement does not go another way altogether.
FLAT_FROM = 0.7
FLAT_WITHIN_DEG = 35.0
HELD_FROM = 0.85


@dataclass(frozen=True, slots=True)
class BodyFrame:
    """Which way is forward, seen from above in the levelled axes of the start.

    `is_absolute`: known from how the phone lies on the body; else learnt from the first repetitions, and then
    a lean that the person always has cannot be seen.
    """

    levelling: Array
    forward: Array
    is_absolute: bool

    def leans_deg(self, up: Array) -> tuple[Array, Array]:
        """Forward and sideways lean of `up` (N, 3)."""
        level = up @ self.levelling.T
        ahead = level[:, :2] @ self.forward
        aside = level[:, :2] @ np.array([-self.forward[1], self.forward[0]])
        forward = np.degrees(np.arctan2(ahead, level[:, 2]))
        sideways = np.degrees(np.arcsin(np.clip(aside, -1.0, 1.0)))
        return forward, sideways


def body_frame(reference_up: tuple[float, float, float], peaks_up: Array) -> BodyFrame:
    """Forward from where the first repetitions (ups at their far points, (k, 3)) went."""
    levelling = rotation_to_vertical(np.asarray(reference_up, dtype=np.float64))
    moved = (peaks_up @ levelling.T)[:, :2]
    went = _unit(moved.sum(axis=0))
    flat = levelling[:2, 2]
    if np.linalg.norm(flat) >= FLAT_FROM:
        flat = _unit(flat)
        along = float(flat @ went)
        if abs(along) >= math.cos(math.radians(FLAT_WITHIN_DEG)):
            return BodyFrame(levelling, flat * math.copysign(1.0, along), is_absolute=True)
    return BodyFrame(levelling, went, is_absolute=False)


def criteria_in(frame: BodyFrame, criteria: Sequence[Criterion]) -> tuple[Criterion, ...]:
    """The criteria as this frame can judge them: without a ceiling where the zero is the person's own."""
    if frame.is_absolute:
        return tuple(criteria)
    return tuple(replace(c, ceiling=None) if c.quantity == "lean_sideways" else c for c in criteria)


def measure_swing(
    swing: Swing, film: SensorFilm, frame: BodyFrame, criteria: Sequence[Criterion], *, has_turn: bool
) -> tuple[tuple[float, ...], ...]:
    """A value per criterion: leans and turn over the criterion's phase, range and pace of the whole swing."""
    window = slice(swing.start, swing.end + 1)
    times = np.asarray(film.t_s[window], dtype=np.float64)
    angle = np.asarray(film.angle[window], dtype=np.float64)
    peak = swing.peak - swing.start
    raised = (angle - (angle[peak] - swing.rise)) / max(swing.rise, 1e-9)
    forward, sideways = frame.leans_deg(film.up(window))
    turn = np.asarray(film.turn_deg[window], dtype=np.float64)
    series = {
        "lean_forward": forward,
        "lean_sideways": sideways,
        "turn": turn - turn[0] if has_turn else np.full(len(turn), math.nan),
    }
    whole = {
        "range_of_motion": swing.rise,
        "duration_s": float(times[-1] - times[0]),
        "rise_s": float(times[peak] - times[0]),
        "return_s": float(times[-1] - times[peak]) if swing.fall >= 0.5 * swing.rise else math.nan,
    }
    return tuple(
        (
            whole[c.quantity]
            if c.quantity in whole
            else phase_value(series[c.quantity], phase_frames(c.phase, raised, peak), c),
        )
        for c in criteria
    )


def held_s(swing: Swing, film: SensorFilm) -> float:
    """Seconds spent near the far point."""
    window = slice(swing.start, swing.end + 1)
    angle = np.asarray(film.angle[window], dtype=np.float64)
    times = np.asarray(film.t_s[window], dtype=np.float64)
    near = angle >= angle[swing.peak - swing.start] - (1.0 - HELD_FROM) * swing.rise
    return float(np.diff(times)[near[1:]].sum())


def _unit(vector: Array) -> Array:
    length = float(np.linalg.norm(vector))
    return vector / length if length > 1e-9 else np.array([1.0, 0.0])
