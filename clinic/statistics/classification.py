"""Two-class accuracy. An answer that was withheld (None) is wrong for whichever class is the truth."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

# (truth, answer); the answer None was withheld.
Judged = tuple[bool, bool | None]


def sensitivity(pairs: Iterable[Judged]) -> float:
    """Share of true cases that were called so; NaN without true cases."""
    return _share([answer is True for truth, answer in pairs if truth])


def specificity(pairs: Iterable[Judged]) -> float:
    """Share of cases that are not so and were not called so; NaN without such cases."""
    return _share([answer is False for truth, answer in pairs if not truth])


def balanced_accuracy(pairs: Sequence[Judged]) -> float:
    """Mean of sensitivity and specificity; NaN when one class is missing."""
    return (sensitivity(pairs) + specificity(pairs)) / 2


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else math.nan
