"""One rule of an exercise: which quantity, in which phase of the repetition, how far from what is a fault."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from prescriptions.movement.quantities import QUANTITIES

Severity = Literal["correct", "mild", "significant"]
PHASES = ("whole", "rise", "return", "loaded", "peak", "start", "end")
SIGNS = ("above", "below", "either")
UNITS = ("deg", "share", "share_of_own", "s")
BASELINES = ("own", "absolute")
STATISTICS = ("level", "range")
LIMBS_JUDGED = ("moving", "other")
# Measured of a whole repetition rather than of a frame.
REPETITION_QUANTITIES = ("range_of_motion", "duration_s", "rise_s", "return_s")
# Measured by a movement sensor on the body, in degrees: see prescriptions.movement.imu_rules.
SENSOR_QUANTITIES = ("lean_forward", "lean_sideways", "turn")


class InvalidRules(ValueError):
    """An exercise file breaks the schema; says where and why."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


@dataclass(frozen=True, slots=True)
class Criterion:
    """A compensation rule in the house's schema.

    `share` of the phase frames must show at least the deviation. `baseline` "own" compares with the person's
    own clean repetitions, "absolute" with `reference`. Beyond `ceiling` a repetition is never clean, whatever
    the baseline. `statistic` "level" is the value that `share` of the phase's frames reach; "range" is how
    far the quantity wanders in the phase (5th to 95th percentile). `limb` "other" looks at the side that does
    not move; `sides` names the sides that the rule is for. A criterion that is not `required` may go unseen
    without leaving the repetition "not scored". A significant fault of an `uncounted` criterion makes a
    movement no repetition at all: it is told and not counted.
    """

    code: str
    quantity: str
    unit: str
    sign: str
    views: tuple[str, ...]
    phase: str
    share: float
    baseline: str
    mild: float
    significant: float
    ceiling: float | None
    least_visibility: float
    words: str
    cue: str
    source: str
    reference: float = 0.0
    required: bool = True
    statistic: str = "level"
    limb: str = "moving"
    sides: tuple[str, ...] = ("left", "right", "both")
    uncounted: bool = False

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any], *, where: str) -> Criterion:
        """Check and build. Raises InvalidRules."""
        try:
            criterion = cls(
                code=str(raw["code"]),
                quantity=str(raw["quantity"]),
                unit=str(raw["unit"]),
                sign=str(raw["sign"]),
                views=tuple(raw["views"]),
                phase=str(raw["phase"]),
                share=float(raw["share"]),
                baseline=str(raw["baseline"]),
                mild=float(raw["mild"]),
                significant=float(raw["significant"]),
                ceiling=None if raw.get("ceiling") is None else float(raw["ceiling"]),
                least_visibility=float(raw["least_visibility"]),
                words=str(raw["words"]),
                cue=str(raw["cue"]),
                source=str(raw["source"]),
                reference=float(raw.get("reference", 0.0)),
                required=bool(raw.get("required", True)),
                statistic=str(raw.get("statistic", "level")),
                limb=str(raw.get("limb", "moving")),
                sides=tuple(raw.get("sides", ("left", "right", "both"))),
                uncounted=bool(raw.get("uncounted", False)),
            )
        except KeyError as missing:
            raise InvalidRules(where, f"{missing.args[0]} is missing") from missing
        except (TypeError, ValueError) as wrong:
            raise InvalidRules(where, str(wrong)) from wrong
        criterion._check(where)
        return criterion

    def _check(self, where: str) -> None:
        for value, allowed in (
            (self.phase, PHASES),
            (self.sign, SIGNS),
            (self.unit, UNITS),
            (self.baseline, BASELINES),
            (self.quantity, (*QUANTITIES, *REPETITION_QUANTITIES, *SENSOR_QUANTITIES)),
            (self.statistic, STATISTICS),
            (self.limb, LIMBS_JUDGED),
        ):
            if value not in allowed:
                raise InvalidRules(where, f"{value!r} is not one of {', '.join(allowed)}")
        if not 0 < self.mild <= self.significant:
            raise InvalidRules(where, "needs 0 < mild <= significant")
        if not 0 < self.share <= 1 or not 0 <= self.least_visibility <= 1:
            raise InvalidRules(where, "share and least_visibility lie between 0 and 1")

    @property
    def of_frames(self) -> bool:
        """Measured on each frame, not once per repetition."""
        return self.quantity in QUANTITIES

    def deviation(self, value: float, own: float | None) -> float:
        """How far `value` is into the fault, in the criterion's unit; NaN without an own baseline."""
        base = self.reference if self.baseline == "absolute" else own
        if base is None:
            return math.nan
        away = value - base
        if self.unit == "share_of_own":
            away = away / abs(base) if base else math.nan
        return away if self.sign == "above" else -away if self.sign == "below" else abs(away)

    def beyond_ceiling(self, value: float) -> float:
        """How far `value` passes the absolute ceiling; negative or -inf below it."""
        if self.ceiling is None:
            return -math.inf
        if self.sign == "below":
            return self.ceiling - value
        return (abs(value) if self.sign == "either" else value) - self.ceiling

    def severity(self, value: float, own: float | None) -> Severity:
        """Class of one repetition's value: the deviation from the baseline, and never clean beyond the
        ceiling.
        """
        deviation, beyond = self.deviation(value, own), self.beyond_ceiling(value)
        if deviation >= self.significant or beyond >= self.significant - self.mild > 0:
            return "significant"
        return "mild" if deviation >= self.mild or beyond > 0 else "correct"
