"""The running count of a set: turning points in, repetitions out, looked at anew whenever one may be
complete.
"""

from __future__ import annotations

import math

from prescriptions.movement.rules import Segmentation
from sessions.posture_guard.alike import odd_swings
from sessions.posture_guard.film import Film
from sessions.posture_guard.segmentation import Pivot, PivotTracker, Swing, cut

# Turning points are kept from this share of the least amplitude on.
FINE_SHARE = 0.5
_SIGNS = {"up": (1.0,), "down": (-1.0,), "either": (1.0, -1.0)}


class RepetitionCounter:
    """Follows a film's primary angle; `swings` are the repetitions so far, `sign` the direction they go."""

    def __init__(self, film: Film, rules: Segmentation, *, least_amplitude: float) -> None:
        self.film, self._rules, self._least = film, rules, least_amplitude
        self._tracker = PivotTracker(FINE_SHARE * least_amplitude)
        self._signs = _SIGNS[rules.direction]
        self._pending = [-math.inf] * len(self._signs)
        self._known: tuple[dict[tuple[int, int, int, bool], Swing], ...] = tuple({} for _ in self._signs)
        self._poses: dict[int, list[complex]] = {}
        self._odd: dict[tuple[int, ...], frozenset[int]] = {}
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
                self.film.angle,
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
        t_s = self.film.t_s
        return self._rules.least_s <= t_s[swing.end] - t_s[swing.start] <= self._rules.most_s

    def _alike(self, swings: tuple[Swing, ...]) -> tuple[Swing, ...]:
        peaks = tuple(swing.peak for swing in swings)
        if peaks not in self._odd:
            poses = [self._pose(peak) for peak in peaks]
            self._odd = {peaks: odd_swings(poses, limit=self._rules.odd_pose)}
        odd = self._odd[peaks]
        return tuple(swing for i, swing in enumerate(swings) if i not in odd) if odd else swings

    def _pose(self, frame: int) -> list[complex]:
        if frame not in self._poses:
            self._poses[frame] = self.film.pose(frame)
        return self._poses[frame]

    def phase(self, angle: float) -> float:
        """How far out the movement is now, 0 at rest to 1 at the usual far point."""
        pivots = self._tracker.pivots
        if not pivots or angle != angle:
            return 0.0
        base = min(self.sign * pivot.value for pivot in pivots[-3:])
        usual = max([swing.rise for swing in self.swings[-3:]], default=self._least * 2)
        return round(min(1.0, max(0.0, (self.sign * angle - base) / usual)), 3)
