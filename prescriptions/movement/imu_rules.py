"""What a movement sensor can tell of an exercise: where it may sit, what it counts there, what it judges.

Read from the `imu` section of an exercise's library file. A sensor knows where down is and how fast it turns;
it knows no joint. So its rules name the lean of the part that it sits on, the turn about the vertical, the
range and the pace of its own movement. Thresholds are Plumbline's own defaults; none lies under the noise of
a strapped sensor's inclination (`LEAST_LEAN_DEG`: under a degree for the filter, the rest for skin, clothes
and straps).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prescriptions.movement.criteria import SENSOR_QUANTITIES, Criterion, InvalidRules
from prescriptions.movement.rules import Segmentation

LEAST_LEAN_DEG = 6.0
PAIRED = ("thigh", "shank", "foot", "wrist")
SINGLE = ("chest", "waist", "lower_back", "pocket")
# What a person at home can do without a strap comes first.
EASIEST_FIRST = ("pocket", "wrist", "waist", "thigh", "chest", "lower_back", "shank", "foot")


class NoSensorRules(InvalidRules):
    """This exercise says nothing about sensors."""

    def __init__(self, code: str) -> None:
        super().__init__(code, "has no imu section")


@dataclass(frozen=True, slots=True)
class PlacementRules:
    """A place on the body: the least swing that counts there, the usual ones, and how to fix the sensor."""

    part: str
    least_amplitude_deg: float
    usual_deg: tuple[float, float]
    words: str


@dataclass(frozen=True, slots=True)
class ImuRules:
    """All that the sensor engine needs to know of an exercise; immutable and shared between streams.

    A criterion's `views` are the parts of the body from which it can be judged.
    """

    code: str
    version: int
    name: str
    segmentation: Segmentation
    placements: Mapping[str, PlacementRules]
    criteria: tuple[Criterion, ...]

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> ImuRules:
        """Read an exercise's file, or a clinic's copy of it. Raises NoSensorRules, InvalidRules."""
        code = str(spec.get("code", "exercise"))
        raw = spec.get("imu")
        if not raw:
            raise NoSensorRules(code)
        try:
            rules = cls(
                code=code,
                version=int(raw["version"]),
                name=str(spec["name"]),
                segmentation=_segmentation({**spec.get("segmentation", {}), **raw.get("segmentation", {})}),
                placements={part: _placement(part, one) for part, one in raw["placements"].items()},
                criteria=tuple(
                    Criterion.from_dict({"least_visibility": 0.0, **one}, where=f"{code}.imu.criteria[{i}]")
                    for i, one in enumerate(raw["criteria"])
                ),
            )
        except KeyError as missing:
            raise InvalidRules(f"{code}.imu", f"{missing.args[0]} is missing") from missing
        except (TypeError, ValueError, AttributeError) as wrong:
            if isinstance(wrong, InvalidRules):
                raise
            raise InvalidRules(f"{code}.imu", str(wrong)) from wrong
        rules._check()
        return rules

    def _check(self) -> None:
        if not self.placements:
            raise InvalidRules(f"{self.code}.imu", "needs at least one placement")
        for criterion in self.criteria:
            where = f"{self.code}.imu.{criterion.code}"
            unknown = set(criterion.views) - set(self.placements)
            if unknown:
                raise InvalidRules(where, f"unknown placement {', '.join(sorted(unknown))}")
            if criterion.quantity in SENSOR_QUANTITIES and criterion.mild < LEAST_LEAN_DEG:
                raise InvalidRules(
                    where, f"under {LEAST_LEAN_DEG:.0f} degrees a sensor tells nothing from noise"
                )

    def part_of(self, placement: str, *, side: str) -> str:
        """The part of the body that these rules know a placement by; "" when it cannot count this exercise.

        `side`: which side moves. A sensor on the other leg or arm feels nothing of it.
        """
        limb, _, part = placement.partition("_")
        if limb in ("left", "right") and part in PAIRED:
            return part if part in self.placements and side in (limb, "both") else ""
        return placement if placement in SINGLE and placement in self.placements else ""

    def placements_for(self, side: str) -> dict[str, PlacementRules]:
        """Where a sensor may sit when this side moves, the easiest first; the right one where both do."""
        limb = side if side in ("left", "right") else "right"
        return {
            f"{limb}_{part}" if part in PAIRED else part: self.placements[part]
            for part in EASIEST_FIRST
            if part in self.placements
        }

    def criteria_for(self, part: str, side: str) -> tuple[Criterion, ...]:
        """Rules that a sensor on this part can judge when this side moves."""
        return tuple(c for c in self.criteria if part in c.views and side in c.sides)


def can_be_sensed(spec: Mapping[str, Any]) -> bool:
    """Whether a sensor can count this exercise."""
    return bool(spec.get("imu"))


def _placement(part: str, raw: Mapping[str, Any]) -> PlacementRules:
    if part not in (*PAIRED, *SINGLE):
        raise InvalidRules(f"imu.placements.{part}", f"is not one of {', '.join((*PAIRED, *SINGLE))}")
    low, high = (float(x) for x in raw["usual_deg"])
    least = float(raw["least_amplitude_deg"])
    if not 0 < least <= low < high:
        raise InvalidRules(f"imu.placements.{part}", "needs 0 < least amplitude <= usual range")
    return PlacementRules(part, least, (low, high), str(raw["words"]))


def _segmentation(raw: Mapping[str, Any]) -> Segmentation:
    cut = Segmentation(
        direction="up",
        counts_at=str(raw.get("counts_at", "return")),
        least_s=float(raw.get("least_s", 0.5)),
        most_s=float(raw.get("most_s", 15.0)),
        least_share=float(raw.get("least_share", 0.35)),
    )
    if cut.counts_at not in ("return", "far") or not 0 < cut.least_s < cut.most_s:
        raise InvalidRules("imu.segmentation", f"bad counting point or durations: {dict(raw)}")
    return cut
