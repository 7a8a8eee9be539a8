"""From one frame of landmarks to the numbers that a view of an exercise needs, and no others.

Plain floats on purpose: a frame costs a few dozen complex multiplications, which numpy's call overhead would
multiply.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prescriptions.movement.criteria import Criterion
from prescriptions.movement.landmarks import LANDMARK_COUNT, LEAST_TO_SCORE, LIMBS, Side
from prescriptions.movement.quantities import FAR_OUTSIDE, Quantity, quantity
from prescriptions.movement.rules import ExerciseRules

LEAST_TO_COUNT = 0.3
# From this visibility on a side counts in full.
SURE_TO_COUNT = 0.6
_HIDDEN = complex(math.nan, math.nan)
_LEAST = np.array(LEAST_TO_SCORE)
_BITS = 1 << np.arange(LANDMARK_COUNT, dtype=np.int64)
SIDES = {Side.LEFT: (0,), Side.RIGHT: (1,), Side.BOTH: (0, 1)}


@dataclass(frozen=True, slots=True)
class Channel:
    """A quantity of one side of the body. `gates`: the visibility that each landmark must have."""

    quantity: str
    side: int
    needs: tuple[int, ...]
    gates: tuple[tuple[int, float], ...]
    formula: Callable[[Any, int, float], Any]

    @classmethod
    def to_score(cls, name: str, side: int, least_visibility: float) -> Channel:
        """A rule may ask for more visibility than the house does, not for less. Raises UnknownQuantity."""
        found: Quantity = quantity(name)
        needs = found.needs(side)
        gates = tuple((i, max(least_visibility, LEAST_TO_SCORE[i])) for i in needs)
        return cls(name, side, needs, gates, found.formula)

    @classmethod
    def to_count(cls, name: str, side: int) -> Channel:
        """Counted by whatever there is: how far it may be trusted is weighed. Raises UnknownQuantity."""
        found: Quantity = quantity(name)
        needs = found.needs_to_count(side)
        return cls(name, side, needs, (), found.formula)

    def measure(self, points: Sequence[complex], visibility: Sequence[float], facing: float) -> float:
        """The value, or NaN where a landmark it needs is hidden."""
        for i, least in self.gates:
            if visibility[i] < least:
                return math.nan
        try:
            return float(self.formula(points, self.side, facing))
        except OverflowError:
            return math.nan


class Plan:
    """Which channels a (rules, view, side) needs: primary ones to count, and per criterion one or two to
    judge.
    """

    def __init__(self, rules: ExerciseRules, *, view: str, side: Side) -> None:
        self.view = view
        sides = SIDES[side]
        primary = rules.views[view].primary
        self.primary = tuple(Channel.to_count(primary, s) for s in _sides_of(primary, sides))
        self.criteria = rules.criteria_for(view, side)
        self.channels: list[Channel] = []
        self.judged_on: list[tuple[int, ...]] = []
        for criterion in self.criteria:
            judged = tuple(1 - s for s in sides) if criterion.limb == "other" else sides
            on = _sides_of(criterion.quantity, judged) if criterion.of_frames else ()
            self.judged_on.append(
                tuple(self._channel(criterion.quantity, s, criterion.least_visibility) for s in on)
            )
        self.by_side = tuple(self._needed(rules, view, s) for s in sides)

    def may_go_behind(self, criterion: Criterion) -> bool:
        """The resting limb passes behind the moving one seen from the side: it is judged where it shows."""
        return self.view == "side" and criterion.limb == "other" and not criterion.required

    def missing(self, hidden: int, *, counted_only: bool = False) -> tuple[int, ...]:
        """Landmarks whose bit is set among those that a score, or only the counted angle, needs; from the
        side, the better seen side is enough.
        """
        by_side = [channel.needs for channel in self.primary] if counted_only else self.by_side
        missing = [tuple(i for i in needed if hidden >> i & 1) for needed in by_side]
        if self.view == "side" and len({len(each) for each in missing}) > 1:
            return min(missing, key=len)
        return tuple(sorted({i for each in missing for i in each}))

    def _channel(self, name: str, side: int, least: float) -> int:
        channel = Channel.to_score(name, side, least)
        if channel not in self.channels:
            self.channels.append(channel)
        return self.channels.index(channel)

    def _needed(self, rules: ExerciseRules, view: str, side: int) -> tuple[int, ...]:
        names = [rules.views[view].primary]
        names += [c.quantity for c in self.criteria if c.required and c.of_frames]
        return tuple(sorted({i for name in names for i in quantity(name).needs(side)}))


def _sides_of(name: str, sides: tuple[int, ...]) -> tuple[int, ...]:
    return sides if quantity(name).one_sided else (sides[0],)


@dataclass(frozen=True, slots=True)
class Frames:
    """k frames made ready: pixel points (y up), visibilities, and bit i set where landmark i is hidden."""

    points: list[list[complex]]
    visibility: list[list[float]]
    hidden_bits: list[int]


def read_frames(image: NDArray[np.floating], *, width: float, height: float) -> Frames:
    """Image (k, 33, 4) of x, y, z, visibility in picture shares → Frames; NaN and far-off landmarks are
    hidden.
    """
    frames = np.asarray(image, dtype=np.float64)
    seen = frames[..., 3]
    with np.errstate(invalid="ignore", over="ignore"):
        points = frames[..., 0] * width - 1j * (frames[..., 1] * height)
        near = np.abs(frames[..., :2]).max() < FAR_OUTSIDE
        # One NaN makes a comparison false: only then is it worth looking for the landmarks that are at fault.
        if not (near and seen.min() > -math.inf):
            wrong = ~(np.abs(frames[..., :2]) < FAR_OUTSIDE).all(axis=-1)
            points[wrong] = _HIDDEN
            seen = np.where(wrong | np.isnan(seen), 0.0, seen)
    bits = (seen < _LEAST) @ _BITS
    return Frames(points.tolist(), seen.tolist(), bits.tolist())


def limbs_seen(visibility: Sequence[float] | None) -> dict[str, str]:
    """ "seen" or "hidden" for each arm, each leg and the trunk."""
    if visibility is None:
        return dict.fromkeys(LIMBS, "hidden")
    return {
        limb: "seen" if all(visibility[i] >= LEAST_TO_SCORE[i] for i in marks) else "hidden"
        for limb, marks in LIMBS.items()
    }
