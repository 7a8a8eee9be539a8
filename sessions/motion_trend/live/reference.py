"""The start: a moment of stillness that says where up is for this person, this sensor and this strap."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

STILL_FOR_S = 0.7
# Standing people sway: under 0.02 rad/s at the trunk; a hand-held phone shakes by ten times that.
STILL_TURN_RAD_S = 0.35
STILL_FORCE_M_S2 = 0.7
# A person who has not stood still by now is moving: what was seen so far has to do.
WAIT_AT_MOST_S = 6.0
GRAVITY_M_S2 = (8.3, 11.3)


@dataclass(frozen=True, slots=True)
class Reference:
    """Up at the start in the sensor's axes. `still`: taken at rest. `gravity`: length of the force there."""

    up: tuple[float, float, float]
    gravity: float
    still: bool

    @property
    def unit_fits(self) -> bool:
        """Whether the force is measured in m/s²."""
        return GRAVITY_M_S2[0] <= self.gravity <= GRAVITY_M_S2[1]


class ReferenceFinder:
    """Takes samples until the sensor has been still for a moment."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, float, float, float, float]] = deque()
        self._began_s: float | None = None

    def push(
        self, t_s: float, force: tuple[float, float, float], turn: tuple[float, float, float] | None
    ) -> Reference | None:
        """Take a sample; the reference once there is one."""
        if self._began_s is None:
            self._began_s = t_s
        speed = 0.0 if turn is None or turn[0] != turn[0] else math.sqrt(sum(w * w for w in turn))
        if self._recent and t_s - self._recent[-1][0] > STILL_FOR_S:
            self._recent.clear()
        self._recent.append((t_s, *force, speed))
        while t_s - self._recent[0][0] > STILL_FOR_S:
            self._recent.popleft()
        is_full = t_s - self._recent[0][0] > 0.85 * STILL_FOR_S and len(self._recent) >= 8
        if is_full and self._is_still():
            return self._take()
        return None

    def waited_long(self, t_s: float) -> bool:
        """Whether nobody will stand still any more."""
        return self._began_s is not None and t_s - self._began_s > WAIT_AT_MOST_S

    def _is_still(self) -> bool:
        if max(sample[4] for sample in self._recent) > STILL_TURN_RAD_S:
            return False
        allowed = STILL_FORCE_M_S2 * self._length() / 9.81
        for axis in (1, 2, 3):
            values = [sample[axis] for sample in self._recent]
            if max(values) - min(values) > 2 * allowed:
                return False
        return True

    def _mean(self) -> tuple[float, float, float]:
        count = len(self._recent)
        x, y, z = (sum(sample[axis] for sample in self._recent) / count for axis in (1, 2, 3))
        return x, y, z

    def _length(self) -> float:
        return math.sqrt(sum(value * value for value in self._mean())) or 1e-9

    def _take(self) -> Reference:
        x, y, z = self._mean()
        length = self._length()
        return Reference((x / length, y / length, z / length), length, still=True)
