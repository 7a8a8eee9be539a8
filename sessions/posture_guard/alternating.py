"""Counts limbs that take turns: where one goes up while the other comes down, their mean stands still.

The larger of the two angles rises once for each side's repetition, however much the sides overlap.
"""

from __future__ import annotations

from array import array
from dataclasses import replace

from prescriptions.movement.rules import Segmentation
from prescriptions.movement.smoothing import AngleSmoother
from sessions.posture_guard.counting import FINE_SHARE, RepetitionCounter
from sessions.posture_guard.film import Film
from sessions.posture_guard.segmentation import PivotTracker, typical_swing

# The difference of the sides swings twice as far as their mean when one limb moves alone, and four times when
# they take turns without overlap: then the mean counts both. Further apart the mean stands still.
TURNS_FROM = 6.0


class _LimbFilm(Film):
    """The times and poses of a film, with an angle of its own."""

    __slots__ = ("_whole",)

    def __init__(self, whole: Film) -> None:
        super().__init__(0)
        self._whole = whole
        self.t_s = whole.t_s
        self.angle = array("d")

    def pose(self, frame: int) -> list[complex]:
        """The large joints of a frame."""
        return self._whole.pose(frame)


class AlternatingCounter:
    """Follows both sides' angles beside the counter of their mean."""

    def __init__(self, film: Film, rules: Segmentation, *, least_amplitude: float) -> None:
        directions = ("up", "down") if rules.direction == "either" else (rules.direction,)
        self._outer = {"up": max, "down": min}
        self._counters = {
            way: RepetitionCounter(
                _LimbFilm(film), replace(rules, direction=way), least_amplitude=least_amplitude
            )
            for way in directions
        }
        self._smoothers = (AngleSmoother(), AngleSmoother())
        self._difference = PivotTracker(FINE_SHARE * least_amplitude)

    def push(self, frame: int, t_s: float, sides: tuple[float, float]) -> bool:
        """Take both sides' angles, NaN where one is not seen well; True when the repetitions changed."""
        left, right = (s.push(t_s, angle) for s, angle in zip(self._smoothers, sides, strict=True))
        if left - right == left - right:
            self._difference.push(frame, left - right)
        changed = False
        for way, counter in self._counters.items():
            angle = self._outer[way](left, right) if left - right == left - right else left - right
            counter.film.angle.append(angle)
            changed = counter.push(frame, angle) or changed
        return changed

    def finish(self) -> None:
        """No more frames."""
        for counter in self._counters.values():
            counter.finish()

    def instead_of(self, mean: RepetitionCounter) -> RepetitionCounter:
        """The counter to believe: of the limbs when they take turns, else of their mean."""
        apart = typical_swing(self._difference.so_far())
        together = typical_swing(mean.turning_points())
        if apart <= max(self._difference.fine, TURNS_FROM * together):
            return mean
        return max(self._counters.values(), key=lambda counter: len(counter.swings))
