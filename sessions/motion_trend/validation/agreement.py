"""Bias, errors and limits of agreement of a list of pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sessions.motion_trend.validation.matching import Pair


@dataclass(frozen=True, slots=True)
class Agreement:
    """n pairs: bias and mae in the metric's unit, mape in %, 95 % limits of agreement from three on."""

    n: int
    bias: float | None
    mae: float | None
    mape: float | None
    loa_low: float | None
    loa_high: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)


def agreement(measured: Sequence[float], reference: Sequence[float]) -> Agreement:
    """Bland and Altman's, over single bouts, as if they were independent."""
    if not measured:
        return Agreement(0, None, None, None, None, None)
    truth = np.asarray(reference, dtype=float)
    errors = np.asarray(measured, dtype=float) - truth
    bias = float(errors.mean())
    spread = 1.96 * float(errors.std(ddof=1)) if len(errors) > 2 else None
    return Agreement(
        len(errors),
        bias,
        float(np.abs(errors).mean()),
        float(100 * np.mean(np.abs(errors) / np.abs(truth))),
        None if spread is None else bias - spread,
        None if spread is None else bias + spread,
    )


def over_bouts(pairs: Sequence[Pair]) -> Agreement:
    """Every bout counts once."""
    given = [(pair.measured, pair.reference) for pair in pairs if pair.measured is not None]
    return agreement([measured for measured, _ in given], [truth for _, truth in given])


def over_people(pairs: Sequence[Pair]) -> Agreement:
    """Every person counts once: the mean of their bouts against the mean of the same bouts' reference."""
    by_person: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for pair in pairs:
        if pair.measured is not None:
            by_person[pair.person].append((pair.measured, pair.reference))
    means = [np.mean(values, axis=0) for values in by_person.values()]
    return agreement([float(mean[0]) for mean in means], [float(mean[1]) for mean in means])


def in_band(pairs: Sequence[Pair]) -> tuple[int, int]:
    """How many references lie in the band that was given, of how many."""
    given = [p for p in pairs if p.low is not None and p.high is not None]
    return sum(
        p.low <= p.reference <= p.high for p in given if p.low is not None and p.high is not None
    ), len(given)
