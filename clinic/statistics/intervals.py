"""Confidence intervals for shares and for statistics of grouped data."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TypeVar

import numpy as np

Person = TypeVar("Person", bound=Hashable)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its interval; low and high are None where nothing can be said."""

    value: float | None
    low: float | None
    high: float | None

    def to_dict(self) -> dict[str, float | None]:
        """Plain JSON, four decimals."""
        return {
            "value": None if self.value is None else round(self.value, 4),
            "low": None if self.low is None else round(self.low, 4),
            "high": None if self.high is None else round(self.high, 4),
        }


NOTHING = Interval(None, None, None)


def wilson(hits: int, trials: int, *, level: float = 0.95) -> Interval:
    """Wilson's score interval of a share (Wilson, J Am Stat Assoc 1927). Raises ValueError unless 0 <= hits
    <= trials.
    """
    if not 0 <= hits <= trials or not 0 < level < 1:
        raise ValueError(f"Needs 0 <= hits <= trials and 0 < level < 1, not {hits}, {trials}, {level}.")
    if trials == 0:
        return NOTHING
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share = hits / trials
    scale = 1 + z * z / trials
    middle = (share + z * z / (2 * trials)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return Interval(share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))


def bootstrap_over_people(
    groups: Mapping[Person, Sequence[Item]],
    statistic: Callable[[Sequence[Item]], float],
    *,
    draws: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Percentile interval of a statistic of pooled items, drawing whole people with replacement.

    People, not repetitions, are the independent units. `statistic` may return NaN for a draw it cannot judge.
    With one person there is no interval. With few people the interval is too narrow: read it as a lower bound
    of doubt.
    """
    people = list(groups)
    pooled = [item for person in people for item in groups[person]]
    if not pooled:
        return NOTHING
    value = statistic(pooled)
    if math.isnan(value):
        return NOTHING
    if len(people) < 2:
        return Interval(value, None, None)
    generator = np.random.default_rng(seed)
    drawn = []
    for picks in generator.integers(0, len(people), size=(draws, len(people))):
        result = statistic([item for pick in picks for item in groups[people[pick]]])
        if not math.isnan(result):
            drawn.append(result)
    low, high = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2])
    return Interval(value, float(low), float(high))
