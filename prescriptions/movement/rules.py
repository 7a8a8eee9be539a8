"""An exercise's rules: views, primary angle, segmentation and criteria, read once from its library file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from prescriptions.movement.criteria import Criterion, InvalidRules
from prescriptions.movement.landmarks import Side
from prescriptions.movement.quantities import ALL_VIEWS, QUANTITIES

KINDS = ("repetitions", "hold")
DIRECTIONS = ("up", "down", "either")


@dataclass(frozen=True, slots=True)
class ViewRules:
    """What one camera view can tell: the angle that counts there, its target range and the least movement
    that counts.
    """

    name: str
    primary: str
    target_deg: tuple[float, float]
    least_amplitude_deg: float
    default: bool = False
    camera: str = ""
    judges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Segmentation:
    """How repetitions are cut: direction of the primary angle away from rest, and durations in seconds.

    `counts_at` "return": out and back is one; "far": the way out is one (standing up from a chair). A swing
    whose far pose is over `odd_pose` trunk lengths away from the others' is another movement, not a bad
    repetition. `by_limb`: left and right may take turns, each time is one.
    """

    direction: str = "up"
    counts_at: str = "return"
    least_s: float = 0.5
    most_s: float = 15.0
    odd_pose: float = 0.7
    least_share: float = 0.35
    by_limb: bool = False


@dataclass(frozen=True, slots=True)
class ExerciseRules:
    """All that scoring needs to know of an exercise; immutable and shared between streams."""

    code: str
    version: int
    name: str
    kind: str
    sides: tuple[Side, ...]
    views: Mapping[str, ViewRules]
    segmentation: Segmentation
    criteria: tuple[Criterion, ...]
    position: str = "standing"
    experimental: bool = False
    target_hold_s: float | None = None
    validation: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, spec: Mapping[str, Any]) -> ExerciseRules:
        """Read a library file (or a clinic's copy). Unknown keys are ignored. Raises InvalidRules."""
        try:
            code = str(spec["code"])
            rules = cls(
                code=code,
                version=int(spec["version"]),
                name=str(spec["name"]),
                kind=str(spec["kind"]),
                sides=tuple(Side(side) for side in spec["sides"]),
                views={name: _view(name, raw, code) for name, raw in spec["views"].items()},
                segmentation=_segmentation(spec.get("segmentation", {})),
                criteria=tuple(
                    Criterion.from_dict(raw, where=f"{code}.criteria[{i}]")
                    for i, raw in enumerate(spec["criteria"])
                ),
                position=str(spec.get("position", "standing")),
                experimental=bool(spec.get("experimental", False)),
                target_hold_s=spec.get("target_hold_s"),
                validation=spec.get("validation", {}),
            )
        except KeyError as missing:
            raise InvalidRules(
                str(spec.get("code", "exercise")), f"{missing.args[0]} is missing"
            ) from missing
        except (TypeError, ValueError, AttributeError) as wrong:
            if isinstance(wrong, InvalidRules):
                raise
            raise InvalidRules(str(spec.get("code", "exercise")), str(wrong)) from wrong
        rules._check()
        return rules

    def _check(self) -> None:
        if self.kind not in KINDS:
            raise InvalidRules(self.code, f"kind {self.kind!r} is not one of {', '.join(KINDS)}")
        if not self.views or not self.sides:
            raise InvalidRules(self.code, "needs at least one view and one side")
        for criterion in self.criteria:
            unknown = set(criterion.views) - set(self.views)
            twin = next(
                (
                    c
                    for c in self.criteria
                    if c is not criterion and c.code == criterion.code and _meet(c, criterion)
                ),
                None,
            )
            if twin is not None:
                raise InvalidRules(f"{self.code}.{criterion.code}", "stands twice for the same view and side")
            if unknown:
                raise InvalidRules(
                    f"{self.code}.{criterion.code}", f"unknown view {', '.join(sorted(unknown))}"
                )

    @property
    def default_view(self) -> str:
        """The view to ask for first."""
        return next((name for name, view in self.views.items() if view.default), next(iter(self.views)))

    @property
    def caution(self) -> str:
        """What must stand beside the exercise where it is offered; "" when it was shown to tell good form."""
        return "" if self.validation.get("shown_to_separate") else str(self.validation.get("words", ""))

    def criteria_for(self, view: str, side: str) -> tuple[Criterion, ...]:
        """Rules that this view can judge when this side moves."""
        return tuple(c for c in self.criteria if view in c.views and side in c.sides)


def _meet(a: Criterion, b: Criterion) -> bool:
    return bool(set(a.views) & set(b.views) and set(a.sides) & set(b.sides))


def _view(name: str, raw: Mapping[str, Any], code: str) -> ViewRules:
    where = f"{code}.views.{name}"
    if name not in ALL_VIEWS:
        raise InvalidRules(where, f"is not one of {', '.join(ALL_VIEWS)}")
    primary = raw["primary"]
    if primary["quantity"] not in QUANTITIES:
        raise InvalidRules(where, f"unknown quantity {primary['quantity']!r}")
    low, high = (float(x) for x in primary["target_deg"])
    least = float(primary["least_amplitude_deg"])
    if not low < high or least <= 0:
        raise InvalidRules(where, "needs a target range from low to high and a positive least amplitude")
    return ViewRules(
        name,
        primary["quantity"],
        (low, high),
        least,
        bool(raw.get("default", False)),
        str(raw.get("camera", "")),
        tuple(raw.get("judges", ())),
    )


def _segmentation(raw: Mapping[str, Any]) -> Segmentation:
    cut = Segmentation(
        str(raw.get("direction", "up")),
        str(raw.get("counts_at", "return")),
        float(raw.get("least_s", 0.5)),
        float(raw.get("most_s", 15.0)),
        float(raw.get("odd_pose", 0.7)),
        float(raw.get("least_share", 0.35)),
        bool(raw.get("by_limb", False)),
    )
    if (
        cut.direction not in DIRECTIONS
        or cut.counts_at not in ("return", "far")
        or not 0 < cut.least_s < cut.most_s
    ):
        raise InvalidRules("segmentation", f"bad direction, counting point or durations: {dict(raw)}")
    return cut
