"""Programmes that each clinic starts with: at most four exercises, all from the shipped library.

Doses are ordinary starting points of ours, to be changed by the therapist; none is a published protocol.
"""

from dataclasses import dataclass
from typing import Any

from prescriptions.dose import Dose


@dataclass(frozen=True)
class ShippedTemplate:
    name: str
    description: str
    lines: tuple[tuple[str, Dose], ...]

    @property
    def items(self) -> list[dict[str, Any]]:
        return [{"code": code, **dose.to_dict()} for code, dose in self.lines]


SHIPPED_TEMPLATES = (
    ShippedTemplate(
        name="Knee: first strength",
        description="Sit-to-stand, leg raise and bridge for a stiff or weak knee.",
        lines=(
            ("sit_to_stand", Dose(sets=2, repetitions=8, rest_s=45, days_per_week=5)),
            ("straight_leg_raise", Dose(sets=2, repetitions=10, days_per_week=5)),
            ("bridge", Dose(sets=2, repetitions=10, hold_s=2, days_per_week=5)),
        ),
    ),
    ShippedTemplate(
        name="Knee: later strength",
        description="Squat, lunge and calf raise when standing is easy.",
        lines=(
            ("squat", Dose(sets=3, repetitions=10, rest_s=60, days_per_week=3)),
            ("lunge", Dose(sets=2, repetitions=8, rest_s=60, days_per_week=3)),
            ("calf_raise", Dose(sets=2, repetitions=12, days_per_week=3)),
        ),
    ),
    ShippedTemplate(
        name="Hip: standing control",
        description="Standing leg work and a bridge.",
        lines=(
            ("standing_hip_abduction", Dose(sets=2, repetitions=10, days_per_week=4)),
            ("standing_straight_leg_raise", Dose(sets=2, repetitions=10, days_per_week=4)),
            ("bridge", Dose(sets=2, repetitions=10, hold_s=2, days_per_week=4)),
        ),
    ),
    ShippedTemplate(
        name="Shoulder: raise the arm",
        description="Wall slide and shoulder abduction.",
        lines=(
            ("wall_slide", Dose(sets=2, repetitions=10, days_per_week=5)),
            ("shoulder_abduction", Dose(sets=2, repetitions=10, days_per_week=5)),
        ),
    ),
)
