"""The running count of a set from the camera: swings that are the same movement as the others."""

from __future__ import annotations

from prescriptions.movement.counting import FINE_SHARE, SwingCounter
from prescriptions.movement.rules import Segmentation
from prescriptions.movement.swings import Swing
from sessions.posture_guard.alike import odd_swings
from sessions.posture_guard.film import Film

__all__ = ["FINE_SHARE", "RepetitionCounter"]


class RepetitionCounter(SwingCounter):
    """Follows a film's primary angle; a swing whose far pose is another movement's does not count."""

    def __init__(self, film: Film, rules: Segmentation, *, least_amplitude: float) -> None:
        super().__init__(film, rules, least_amplitude=least_amplitude)
        self.film = film
        self._poses: dict[int, list[complex]] = {}
        self._odd: dict[tuple[int, ...], frozenset[int]] = {}

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
