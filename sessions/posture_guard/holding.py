"""How long a far point is held: from where the movement comes to rest there to where it sets off again.

Time near the far point alone would count the slow ends of the way there and back: up to a second too much.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

# Held from this share of the way out on, while moving no faster than 6 % of the fastest on the way or 3
# degrees a second. A wobble in between does not end a hold; only leaving the far point does.
HELD_SHARE = 0.85
LEFT_SHARE = 0.5
SLOW_SHARE = 0.06
SLOW_DEG_S = 3.0
SPEED_OVER_S = 0.25
OUT_OF_SIGHT_S = 0.5


class HoldTimer:
    """Follows an angle that grows on the way out; `now_s` and `longest_s` are seconds held."""

    __slots__ = (
        "_base", "_fastest", "_least", "_past", "_peak", "_since", "_slow_s", "longest_s"
    )  # fmt: skip

    def __init__(self, least_amplitude: float) -> None:
        self._least = least_amplitude
        self._past: deque[tuple[float, float]] = deque()
        self._base = float("inf")
        self._peak = float("-inf")
        self._fastest = 0.0
        self._since: float | None = None
        self._slow_s = 0.0
        self.longest_s = 0.0

    @property
    def now_s(self) -> float:
        """Seconds held so far, 0 when not holding."""
        return 0.0 if self._since is None else self._slow_s - self._since

    def push(self, t_s: float, angle: float) -> None:
        """Take one angle; NaN is skipped, and too long a gap ends the hold."""
        if angle != angle:
            if self._past and t_s - self._past[-1][0] > OUT_OF_SIGHT_S:
                self._since = None
            return
        speed = self._speed(t_s, angle)
        self._base = min(self._base, angle)
        if angle < self._base + LEFT_SHARE * (self._peak - self._base):
            self._peak, self._fastest = angle, 0.0
        self._peak, self._fastest = max(self._peak, angle), max(self._fastest, speed)
        out = self._peak - self._base
        if out < self._least or angle < self._base + HELD_SHARE * out:
            self._since = None
        elif speed <= max(SLOW_SHARE * self._fastest, SLOW_DEG_S):
            self._since = t_s if self._since is None else self._since
            self._slow_s = t_s
            self.longest_s = max(self.longest_s, self.now_s)

    def _speed(self, t_s: float, angle: float) -> float:
        past = self._past
        past.append((t_s, angle))
        while len(past) > 2 and past[1][0] <= t_s - SPEED_OVER_S:
            past.popleft()
        begin_s, begin = past[0]
        return abs(angle - begin) / (t_s - begin_s) if t_s > begin_s else 0.0


def longest_hold_s(times: Iterable[float], angles: Iterable[float], *, least_amplitude: float) -> float:
    """The longest hold of a whole course."""
    timer = HoldTimer(least_amplitude)
    for t_s, angle in zip(times, angles, strict=True):
        timer.push(t_s, angle)
    return timer.longest_s
