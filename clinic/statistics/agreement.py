"""Agreement between two raters or two methods."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Chance-corrected agreement of two raters (Cohen 1960); NaN when chance alone agrees fully. Raises
    ValueError.
    """
    if len(first) != len(second) or not first:
        raise ValueError("Both raters must rate the same cases, at least one.")
    n = len(first)
    seen = sum(a == b for a, b in zip(first, second, strict=True)) / n
    left, right = Counter(first), Counter(second)
    chance = sum(left[label] * right[label] for label in left) / (n * n)
    return (seen - chance) / (1 - chance) if chance < 1 else math.nan


@dataclass(frozen=True, slots=True)
class BlandAltman:
    """Mean difference and the limits that hold 95 % of the differences, in the unit measured."""

    bias: float
    low: float
    high: float


def bland_altman(method: ArrayLike, reference: ArrayLike) -> BlandAltman:
    """Bias and 95 % limits of agreement of single, independent measurements (Bland & Altman, Lancet 1986).

    Too narrow when the same person is measured several times. Raises ValueError under two pairs.
    """
    difference = np.asarray(method, dtype=np.float64) - np.asarray(reference, dtype=np.float64)
    if difference.ndim != 1 or len(difference) < 2:
        raise ValueError("Needs two one-dimensional series of at least two values.")
    bias, spread = float(difference.mean()), float(difference.std(ddof=1))
    return BlandAltman(bias, bias - 1.96 * spread, bias + 1.96 * spread)
