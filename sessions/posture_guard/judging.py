"""From the frames of one repetition to a value per criterion."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from prescriptions.movement.judging import (
    BASELINE_REPETITIONS,
    Measured,
    calibrates,
    classify,
    own_baseline,
    phase_frames,
    phase_value,
)
from sessions.posture_guard.film import Film
from sessions.posture_guard.holding import longest_hold_s
from sessions.posture_guard.observing import Plan
from sessions.posture_guard.segmentation import Swing

__all__ = [
    "BASELINE_REPETITIONS",
    "Measured",
    "calibrates",
    "classify",
    "measure",
    "own_baseline",
    "unseen",
]


def measure(
    swing: Swing, plan: Plan, film: Film, *, far_side: int | None, sign: float, doubtful: frozenset[int]
) -> tuple[tuple[tuple[float, ...], ...], float]:
    """Values per criterion and channel over their phases, and the seconds held near the far point.

    The side that is turned away (`far_side`) is not judged where the other one is, nor is what needs a
    `doubtful` landmark.
    """
    window = slice(swing.start, swing.end + 1)
    angle = sign * np.asarray(film.angle[window], dtype=np.float64)
    times = np.asarray(film.t_s[window], dtype=np.float64)
    peak = swing.peak - swing.start
    base = angle[peak] - max(swing.rise, 1e-9)
    with np.errstate(invalid="ignore"):
        raised = (angle - base) / max(swing.rise, 1e-9)
    phases = {name: phase_frames(name, raised, peak) for name in {c.phase for c in plan.criteria}}
    whole = {
        "range_of_motion": swing.rise,
        "duration_s": float(times[-1] - times[0]),
        "rise_s": float(times[peak] - times[0]),
        "return_s": float(times[-1] - times[peak]),
    }
    unjudged = {i for i, channel in enumerate(plan.channels) if not doubtful.isdisjoint(channel.needs)}
    behind = {
        i for c, on in zip(plan.criteria, plan.judged_on, strict=True) if plan.may_go_behind(c) for i in on
    }
    values = tuple(
        tuple(
            math.nan
            if i in unjudged - behind or (len(on) > 1 and plan.channels[i].side == far_side)
            else phase_value(np.asarray(film.values[i][window], dtype=np.float64), phases[c.phase], c)
            for i in on
        )
        if on
        else (whole[c.quantity],)
        for c, on in zip(plan.criteria, plan.judged_on, strict=True)
    )
    held_s = longest_hold_s(times.tolist(), angle.tolist(), least_amplitude=swing.rise / 2)
    return values, held_s


def unseen(plan: Plan, values: Sequence[Sequence[float]]) -> tuple[int, ...]:
    """Landmarks of the required criteria that went unseen: from the side on every channel, else on any."""
    enough = all if plan.view == "side" else any
    marks: set[int] = set()
    for criterion, on, seen in zip(plan.criteria, plan.judged_on, values, strict=True):
        if criterion.required and on and enough(math.isnan(value) for value in seen):
            marks.update(
                i
                for channel, value in zip(on, seen, strict=True)
                if math.isnan(value)
                for i in plan.channels[channel].needs
            )
    return tuple(sorted(marks))
