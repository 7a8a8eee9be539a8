"""The running count of a set: turning points in, repetitions out, looked at anew when one may be complete.

Shared by the camera's angles and a sensor's tilt.
"""

from __future__ import annotations

import math
from array import array
from typing import Protocol

from prescriptions.movement.rules import Segmentation
from prescriptions.movement.swings import Pivot, PivotTracker, Swing, cut

# Turning points are kept from this share of the least amplitude on.
FINE_SHARE = 0.5
_SIGNS = {"up": (1.0,), "down": (-1.0,), "either": (1.0, -1.0)}


class AngleFilm(Protocol):
    """Times in seconds and one angle, frame by frame."""

    t_s: array[float]
    angle: array[float]


class SwingCounter:
    """Follows a film's angle; `swings` are the repetitions so far, `sign` the direction they go."""

    def __init__(self, film: AngleFilm, rules: Segmentation, *, least_amplitude: float) -> None:
        self._angles, self._rules, self._least = film, rules, least_amplitude
        self._tracker = PivotTracker(FINE_SHARE * least_amplitude)
        self._signs = _SIGNS[rules.direction]
        self._pending = [-math.inf] * len(self._signs)
        self._known: tuple[dict[tuple[int, int, int, bool], Swing], ...] = tuple({} for _ in self._signs)
        self.sign = self._signs[0]
        self.swings: tuple[Swing, ...] = ()

    def push(self, frame: int, angle: float) -> bool:
        """Take the angle of a frame; True when the repetitions changed."""
        if angle != angle:
            return False
        if self._tracker.push(frame, angle) or self._passed(angle):
            return self._recount(finished=False)
        return False

    def finish(self) -> None:
        """No more frames: a last return that was cut short counts."""
        if self._tracker.last is not None:
            self._recount(finished=True)

    def turning_points(self) -> list[Pivot]:
        """All so far, the last ones provisional."""
        return self._tracker.so_far()

    def _passed(self, angle: float) -> bool:
        """A pending repetition has come back far enough to count."""
        return any(s * angle <= level for s, level in zip(self._signs, self._pending, strict=True))

    def _recount(self, *, finished: bool) -> bool:
        """Of two directions the one with more repetitions, the first when equal."""
        pivots = self._tracker.so_far()
        candidates = []
        for i, sign in enumerate(self._signs):
            found = cut(
                pivots,
                self._angles.angle,
                least=self._least,
                least_share=self._rules.least_share,
                counts_at=self._rules.counts_at,
                sign=sign,
                finished=finished,
                known=self._known[i],
            )
            self._pending[i] = found.pending_level
            candidates.append(self._alike(tuple(swing for swing in found.swings if self._lasts(swing))))
        before, self.swings = self.swings, max(candidates, key=len)
        self.sign = self._signs[candidates.index(self.swings)]
        return self.swings != before

    def _lasts(self, swing: Swing) -> bool:
        t_s = self._angles.t_s
        return self._rules.least_s <= t_s[swing.end] - t_s[swing.start] <= self._rules.most_s

    def _alike(self, swings: tuple[Swing, ...]) -> tuple[Swing, ...]:
        """The swings that are the same movement; all of them unless a subclass can tell."""
        return swings

    def phase(self, angle: float) -> float:
        """How far out the movement is now, 0 at rest to 1 at the usual far point."""
        pivots = self._tracker.pivots
        if not pivots or angle != angle:
            return 0.0
        base = min(self.sign * pivot.value for pivot in pivots[-3:])
        usual = max([swing.rise for swing in self.swings[-3:]], default=self._least * 2)
        return round(min(1.0, max(0.0, (self.sign * angle - base) / usual)), 3)
