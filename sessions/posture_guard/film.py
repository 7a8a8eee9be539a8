"""What is remembered of a set's frames: one entry per frame in each array, a few bytes each."""

from __future__ import annotations

import math
from array import array

from sessions.posture_guard.alike import POSE

_NO_POSE = (math.nan,) * (2 * len(POSE))


class Film:
    """Times in seconds, the smoothed primary angle, the judged quantities, the large joints."""

    __slots__ = ("_poses", "angle", "t_s", "values")

    def __init__(self, channels: int) -> None:
        self.t_s: array[float] = array("d")
        self.angle: array[float] = array("d")
        self.values: tuple[array[float], ...] = tuple(array("f") for _ in range(channels))
        self._poses: array[float] = array("f")

    def keep_pose(self, points: list[complex]) -> None:
        """Remember the large joints of this frame."""
        remember = self._poses.append
        for mark in POSE:
            point = points[mark]
            remember(point.real)
            remember(point.imag)

    def keep_nothing(self) -> None:
        """A frame in which nobody was found."""
        self._poses.extend(_NO_POSE)
        for values in self.values:
            values.append(math.nan)

    def pose(self, frame: int) -> list[complex]:
        """The large joints of a frame."""
        numbers = self._poses[frame * 2 * len(POSE) : (frame + 1) * 2 * len(POSE)]
        return [complex(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]

    def seen_share(self) -> float:
        """Share of frames in which the primary angle was seen."""
        return sum(a == a for a in self.angle) / len(self.angle) if self.angle else 0.0
