"""Repetitions out of one angle over time, while it streams.

Two steps. `PivotTracker` is causal and keeps the turning points of the angle at a fine scale. `cut` looks at the turning
points so far, finds the size of a typical swing, and takes the swings of about that size that come back to where they
began. It runs anew at each turning point, so a small set-up movement that counted at first stops counting once real
repetitions show how small it was. Live and batch call the same `cut` on the same turning points.

Weak where: two repetitions melt into one without coming half way back; the person moves one limb up while the other
comes down and only their mean is counted.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

# A swing of this share of the typical one counts; below it is a wobble or a set-up movement.
LEAST_SHARE = 0.45
# A repetition counts as soon as it has come this share of the way back.
RETURN_SHARE = 0.6
# At the end of a recording the last return may be cut short.
CUT_SHORT_SHARE = 0.4
# Typical swing = median of swings, each weighted by its size to this power: one big set-up movement does not
# outweigh five real repetitions, nor do many small wobbles.
SIZE_WEIGHT = 1.5
EDGE_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class Pivot:
    """A turning point: frame index and value."""

    index: int
    value: float
    high: bool


@dataclass(frozen=True, slots=True)
class Swing:
    """Base → far point → base, as frame indices; `rise` and `fall` in the angle's unit. `open`: not fully back yet."""

    start: int
    peak: int
    end: int
    rise: float
    fall: float
    open: bool


class PivotTracker:
    """Turning points of a signal: a reversal of at least `fine` confirms one. NaN values must not be pushed."""

    __slots__ = ("_high", "_high_index", "_low", "_low_index", "_rising", "fine", "last", "last_index", "pivots")

    def __init__(self, fine: float) -> None:
        self.fine = fine
        self.pivots: list[Pivot] = []
        self._rising: bool | None = None
        self._high, self._low = -math.inf, math.inf
        self._high_index = self._low_index = self.last_index = -1
        self.last = math.nan

    def push(self, index: int, value: float) -> bool:
        """Take one value; True when a turning point was confirmed."""
        self.last, self.last_index = value, index
        if value > self._high:
            self._high, self._high_index = value, index
        if value < self._low:
            self._low, self._low_index = value, index
        if self._rising is not False and self._high - value >= self.fine:
            return self._turn(high=True, index=index, value=value)
        if self._rising is not True and value - self._low >= self.fine:
            return self._turn(high=False, index=index, value=value)
        return False

    def _turn(self, *, high: bool, index: int, value: float) -> bool:
        if high:
            self.pivots.append(Pivot(self._high_index, self._high, True))
        else:
            self.pivots.append(Pivot(self._low_index, self._low, False))
        self._rising = not high
        self._high = self._low = value
        self._high_index = self._low_index = index
        return True

    def so_far(self) -> list[Pivot]:
        """Turning points with the running extreme and the present value as provisional last ones."""
        tail = list(self.pivots)
        if self._rising is not None and self.last_index >= 0:
            high = self._rising
            extreme = (
                Pivot(self._high_index, self._high, True) if high else Pivot(self._low_index, self._low, False)
            )
            tail.append(extreme)
            if extreme.index != self.last_index:
                tail.append(Pivot(self.last_index, self.last, not high))
        return tail


def simplify(pivots: Sequence[Pivot], scale: float) -> list[Pivot]:
    """Drop turning points until every swing is at least `scale`; extremes of what was dropped survive."""
    kept: list[Pivot] = []
    for pivot in pivots:
        if kept and kept[-1].high == pivot.high:
            if (pivot.value > kept[-1].value) == pivot.high:
                kept[-1] = pivot
            continue
        kept.append(pivot)
        while len(kept) >= 2 and abs(kept[-1].value - kept[-2].value) < scale:
            small = kept.pop()
            if len(kept) < 2:
                kept = [_further(kept[0], small)] if not kept[:-1] else kept
                break
            before = kept.pop()
            if kept and _beyond(small, kept[-1]):
                kept[-1] = small
            del before
    return kept


def _further(first: Pivot, second: Pivot) -> Pivot:
    return second if second.index > first.index else first


def _beyond(new: Pivot, old: Pivot) -> bool:
    return new.high == old.high and ((new.value > old.value) if old.high else (new.value < old.value))
