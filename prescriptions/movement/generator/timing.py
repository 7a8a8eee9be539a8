"""When a person moves: repetitions one after another with pauses, uneven as people are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from prescriptions.movement.body import Array
from prescriptions.movement.generator.effort import ease


@dataclass(frozen=True)
class Tempo:
    """Seconds of one repetition (up, hold and down), of the hold at the peak, of the rest between two
    repetitions, and of standing still before the first and after the last. `unevenness` is the relative
    spread of durations."""

    repetition_s: float = 3.5
    hold_s: float = 0.15
    rest_s: float = 0.6
    lead_s: float = 1.0
    up_share: float = 0.45
    unevenness: float = 0.06


@dataclass(frozen=True)
class Stroke:
    """One repetition: start of the way up, the middle of the peak, end of the way down (seconds)."""

    start_s: float
    up_end_s: float
    down_start_s: float
    end_s: float

    @property
    def peak_s(self) -> float:
        return (self.up_end_s + self.down_start_s) / 2


def plan_strokes(repetitions: int, tempo: Tempo, rng: np.random.Generator) -> list[Stroke]:
    """Start, peak and end of each repetition."""
    strokes = []
    at = tempo.lead_s
    for _ in range(repetitions):
        stretch = float(np.clip(rng.normal(1.0, tempo.unevenness), 0.8, 1.2))
        moving = max(tempo.repetition_s - tempo.hold_s, 0.3) * stretch
        up_end = at + moving * tempo.up_share
        down_start = up_end + tempo.hold_s
        end = down_start + moving * (1.0 - tempo.up_share)
        strokes.append(Stroke(at, up_end, down_start, end))
        at = end + tempo.rest_s * stretch
    return strokes


def total_seconds(strokes: Sequence[Stroke], tempo: Tempo) -> float:
    return (strokes[-1].end_s if strokes else tempo.lead_s) + tempo.lead_s


def phase_course(t_s: Array, strokes: Sequence[Stroke]) -> Array:
    """Phase [N] in 0–1 at each time: minimum-jerk up, hold, minimum-jerk down."""
    phase = np.zeros(len(t_s))
    for stroke in strokes:
        up = ease((t_s - stroke.start_s) / (stroke.up_end_s - stroke.start_s))
        down = ease((t_s - stroke.down_start_s) / (stroke.end_s - stroke.down_start_s))
        phase += up - down
    return phase


def spread_over_strokes(t_s: Array, strokes: Sequence[Stroke], values: Sequence[float]) -> Array:
    """Each frame takes the value of its repetition; between two repetitions the change is at the middle of
    the rest.
    """
    if not strokes:
        return np.zeros(len(t_s))
    turns = [(a.end_s + b.start_s) / 2 for a, b in pairwise(strokes)]
    return np.asarray(values, dtype=float)[np.searchsorted(turns, t_s)]
