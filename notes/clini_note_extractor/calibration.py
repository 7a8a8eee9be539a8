"""What a model's probability is worth: how often spans like it were right on the model's validation notes.

The curves stand in the model's manifest; `training/calibrating.py` fits them. Thresholds of the combination
are on the probability as the model gives it; what is told to people and stored is the calibrated one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# Beyond these a logit would run away.
LEAST, MOST = 1e-4, 1 - 1e-4


class Origin(StrEnum):
    """Who found a span: the model where it reads alone; in the combination both, the model or the rules."""

    MODEL = "model"
    AGREED = "agreed"
    MODEL_ONLY = "model_only"
    RULES_ONLY = "rules_only"


@dataclass(frozen=True, slots=True)
class Curve:
    """Platt scaling on the logit (Platt 1999; Guo et al., ICML 2017); slope 1, intercept 0 change nothing."""

    slope: float = 1.0
    intercept: float = 0.0

    def of(self, probability: float) -> float:
        """The calibrated probability, 0 to 1."""
        return 1 / (1 + math.exp(-(self.slope * logit(probability) + self.intercept)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """A curve for each origin; where there is none the model's own probability stands."""

    curves: Mapping[Origin, Curve]

    def of(self, probability: float, origin: Origin) -> float:
        """The calibrated probability of a span that the model gives `probability`, 0 to 1."""
        curve = self.curves.get(origin)
        return probability if curve is None else curve.of(probability)


def logit(probability: float) -> float:
    """Log odds, bounded."""
    inside = min(max(probability, LEAST), MOST)
    return math.log(inside / (1 - inside))


def calibration_in(manifest: Mapping[str, Any]) -> Calibration:
    """The curves that a manifest tells; a curve that is none (not finite, falling) is left out."""
    told = manifest.get("calibration")
    rows = told.get("curves") if isinstance(told, Mapping) else None
    curves = {}
    for origin in Origin:
        row = rows.get(origin.value) if isinstance(rows, Mapping) else None
        if isinstance(row, Mapping) and _is_curve(row):
            curves[origin] = Curve(float(row["slope"]), float(row["intercept"]))
    return Calibration(curves)


def _is_curve(row: Mapping[str, Any]) -> bool:
    numbers = [row.get("slope"), row.get("intercept")]
    if not all(isinstance(one, int | float) and math.isfinite(one) and abs(one) < 50 for one in numbers):
        return False
    return float(row["slope"]) >= 0
