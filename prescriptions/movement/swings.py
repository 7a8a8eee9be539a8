"""Repetitions out of one angle over time, while it streams.

Two steps. `PivotTracker` is causal and keeps the turning points of the angle at a fine scale. `cut` looks at
the turning points so far, finds the size of a typical swing, and takes the swings of about that size that
come back to where they began. It runs anew at each turning point, so a small set-up movement that counted at
first stops counting once real repetitions show how small it was. Live and batch call the same `cut` on the
same turning points.

Weak where: two repetitions melt into one without coming half way back; the person moves one limb up while the
other comes down and only their mean is counted.
"""

from __future__ import annotations

import itertools
import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

# A swing of this share of the typical one counts; below it is a wobble or a set-up movement.
LEAST_SHARE = 0.45
# A repetition counts as soon as it has come this share of the way back.
RETURN_SHARE = 0.6
# At the end of a recording the last return may be cut short.
CUT_SHORT_SHARE = 0.4
# A movement that counts at its far point (standing up) has arrived when it begins to come back, if only by
# this much.
ARRIVED_SHARE = 0.05
# Typical swing = median of swings, each weighted by its size to this power: one big set-up movement does not
# outweigh five real repetitions, nor do many small wobbles.
SIZE_WEIGHT = 1.5
EDGE_SHARE = 0.12
# The largest few swings may be a glitch of the detector or a set-up movement; they do not say what is
# typical.
GLITCHES = 2


@dataclass(frozen=True, slots=True)
class Pivot:
    """A turning point: frame index and value."""

    index: int
    value: float


@dataclass(frozen=True, slots=True)
class Swing:
    """Base, far point, base as frame indices; `rise` and `fall` in the angle's unit. `open`: not fully back
    yet.
    """

    start: int
    peak: int
    end: int
    rise: float
    fall: float
    open: bool


class PivotTracker:
    """Turning points of a signal: a reversal of `fine` confirms one. Push no NaN."""

    __slots__ = ("_high", "_low", "_rising", "fine", "last", "pivots")

    def __init__(self, fine: float) -> None:
        self.fine = fine
        self.pivots: list[Pivot] = []
        self._rising: bool | None = None
        self._high: Pivot | None = None
        self._low: Pivot | None = None
        self.last: Pivot | None = None

    def push(self, index: int, value: float) -> bool:
        """Take one value; True when a turning point was confirmed."""
        self.last = now = Pivot(index, value)
        if self._high is None or self._low is None:
            self._high = self._low = now
            return False
        if value > self._high.value:
            self._high = now
        if value < self._low.value:
            self._low = now
        if self._rising is not False and self._high.value - value >= self.fine:
            self._confirm(self._high, before=self._low, now=now)
            self._rising = False
            return True
        if self._rising is not True and value - self._low.value >= self.fine:
            self._confirm(self._low, before=self._high, now=now)
            self._rising = True
            return True
        return False

    def _confirm(self, pivot: Pivot, *, before: Pivot, now: Pivot) -> None:
        if self._rising is None and before.index < pivot.index and before.value != pivot.value:
            self.pivots.append(before)
        self.pivots.append(pivot)
        self._high = self._low = now

    def so_far(self) -> list[Pivot]:
        """Turning points, then the running extreme and the present value as provisional ones."""
        extreme = self._high if self._rising else self._low
        if self._rising is None or extreme is None or self.last is None:
            return []
        tail = [extreme] if extreme.index == self.last.index else [extreme, self.last]
        return [*self.pivots, *tail]


def typical_swing(pivots: Sequence[Pivot]) -> float:
    """Size of the swings that make up most of the movement; 0 without any.

    Ranges come from rainflow counting (ASTM E1049), so a wobble on the way does not split the swing it sits
    on.
    """
    ranges = sorted(_rainflow([pivot.value for pivot in pivots]))
    ranges = ranges[: len(ranges) - min(GLITCHES, len(ranges) // 5)]
    total = sum(size**SIZE_WEIGHT * weight for size, weight in ranges)
    running = 0.0
    for size, weight in ranges:
        running += size**SIZE_WEIGHT * weight
        if running >= total / 2:
            return size
    return 0.0


def _rainflow(values: Sequence[float]) -> list[tuple[float, float]]:
    ranges: list[tuple[float, float]] = []
    stack: list[float] = []
    for value in values:
        stack.append(value)
        while len(stack) >= 3 and abs(stack[-2] - stack[-3]) <= abs(stack[-1] - stack[-2]):
            size = abs(stack[-2] - stack[-3])
            if len(stack) == 3:
                ranges.append((size, 0.5))
                del stack[0]
            else:
                ranges.append((size, 1.0))
                del stack[-3:-1]
    ranges.extend((abs(b - a), 0.5) for a, b in itertools.pairwise(stack))
    return ranges


@dataclass(frozen=True, slots=True)
class Cut:
    """Repetitions so far, and the level below which the pending one will count (-inf: nothing is pending)."""

    swings: tuple[Swing, ...]
    pending_level: float


def cut(
    pivots: Sequence[Pivot],
    values: array[float],
    *,
    least: float,
    least_share: float = LEAST_SHARE,
    counts_at: str = "return",
    sign: float = 1.0,
    finished: bool = False,
    known: dict[tuple[int, int, int, bool], Swing] | None = None,
) -> Cut:
    """Repetitions among the turning points `pivots` of `values`; `least` is the smallest swing that counts.

    `counts_at` "return" wants the way back, "far" only the way out (standing up). `sign` -1 looks for
    downward swings. `finished`: no more frames will come, so a last return that was cut short still counts.
    `known` remembers swings between calls on the same growing signal.
    """
    remembered = {} if known is None else known
    upright = pivots if sign > 0 else [Pivot(p.index, -p.value) for p in pivots]
    scale = max(least, least_share * typical_swing(upright))
    tracker = PivotTracker(scale)
    for pivot in upright:
        tracker.push(pivot.index, pivot.value)
    turns, confirmed = tracker.so_far(), len(tracker.pivots)
    swings: list[Swing] = []
    pending = -math.inf
    for i in range(1, len(turns)):
        base, peak = turns[i - 1], turns[i]
        rise = peak.value - base.value
        if rise < scale:
            continue
        back = turns[i + 1] if i + 1 < len(turns) else peak
        open_ = i + 1 >= confirmed
        wanted = _wanted(rise, open_=open_, counts_at=counts_at, finished=finished)
        if peak.value - back.value >= wanted:
            key = (base.index, peak.index, back.index, open_)
            if key not in remembered:
                remembered[key] = _swing(values, base, peak, back, sign=sign, open_=open_)
            swings.append(remembered[key])
        else:
            pending = peak.value - wanted
    return Cut(tuple(swings), pending)


def _wanted(rise: float, *, open_: bool, counts_at: str, finished: bool) -> float:
    if not open_ or (counts_at == "far" and finished):
        return 0.0
    if counts_at == "far":
        return ARRIVED_SHARE * rise
    return (CUT_SHORT_SHARE if finished else RETURN_SHARE) * rise


def _swing(values: array[float], base: Pivot, peak: Pivot, back: Pivot, *, sign: float, open_: bool) -> Swing:
    rise, fall = peak.value - base.value, peak.value - back.value
    start, end = peak.index, peak.index
    while start > base.index and not sign * values[start] <= base.value + EDGE_SHARE * rise:
        start -= 1
    while end < back.index and not sign * values[end] <= back.value + EDGE_SHARE * fall:
        end += 1
    return Swing(start, peak.index, end, rise, fall, open_)
