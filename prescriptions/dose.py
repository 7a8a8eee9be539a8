"""A dose: how often, how long, on which side; checked, and said in words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from prescriptions.errors import DoseOutOfRange, SideNotPossible, TextTooLong

RANGES = {
    "sets": (1, 10),
    "repetitions": (1, 60),
    "hold_s": (0, 120),
    "rest_s": (0, 600),
    "days_per_week": (1, 7),
}
TEXT_LENGTHS = {"resistance": 60, "patient_note": 300}
SIDE_WORDS = {"left": "left side", "right": "right side"}
BOTH = "both"

# A slow home repetition and the time to get into place: defaults of ours for the minutes shown, nothing else.
SECONDS_PER_REPETITION = 4
SECONDS_TO_GET_READY = 30


@dataclass(frozen=True)
class Dose:
    """What one prescribed exercise asks for. Seconds for hold and rest; 0 hold means none."""

    sets: int = 2
    repetitions: int = 10
    hold_s: int = 0
    rest_s: int = 30
    days_per_week: int = 3
    side: str = BOTH
    resistance: str = ""
    patient_note: str = ""

    def check(self, spec: Mapping[str, Any]) -> None:
        """Raise DoseOutOfRange, SideNotPossible or TextTooLong when this cannot be prescribed for `spec`."""
        for name, (least, most) in RANGES.items():
            asked = getattr(self, name)
            if isinstance(asked, bool) or not isinstance(asked, int) or not least <= asked <= most:
                raise DoseOutOfRange(name, asked, least, most)
        for name, most in TEXT_LENGTHS.items():
            if len(getattr(self, name)) > most:
                raise TextTooLong(name, len(getattr(self, name)), most)
        if self.side not in sides_of(spec):
            raise SideNotPossible(self.side, sides_of(spec))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, source: Any) -> "Dose":
        """Read the dose off anything that has its fields: a prescribed exercise, a form's data."""
        if isinstance(source, Mapping):
            return cls(**{field.name: source[field.name] for field in fields(cls) if field.name in source})
        return cls(**{field.name: getattr(source, field.name) for field in fields(cls)})


def sides_of(spec: Mapping[str, Any]) -> tuple[str, ...]:
    """Sides that can be prescribed; a one-sided exercise also for both, one after the other."""
    sides = tuple(spec.get("sides") or (BOTH,))
    return sides if BOTH in sides else (*sides, BOTH)


def dose_in_words(dose: Dose, spec: Mapping[str, Any]) -> str:
    """ "2 sets of 10, hold 5 s, rest 30 s, left side"."""
    sets = f"{dose.sets} set{'s' if dose.sets > 1 else ''}"
    if spec.get("kind") == "hold":
        parts = [f"{sets}, hold {dose.hold_s} s"]
    else:
        parts = [f"{sets} of {dose.repetitions}"]
        if dose.hold_s:
            parts.append(f"hold {dose.hold_s} s")
    if dose.sets > 1 and dose.rest_s:
        parts.append(f"rest {dose.rest_s} s")
    if dose.side in SIDE_WORDS:
        parts.append(SIDE_WORDS[dose.side])
    elif _is_each_side(dose, spec):
        parts.append("each side")
    if dose.resistance:
        parts.append(dose.resistance)
    return ", ".join(parts)


def seconds_of(dose: Dose, spec: Mapping[str, Any]) -> int:
    """About how long one exercise takes, getting ready included."""
    per_repetition = SECONDS_PER_REPETITION + dose.hold_s
    one_set = dose.hold_s if spec.get("kind") == "hold" else dose.repetitions * per_repetition
    sets = sets_to_do(dose, spec)
    return SECONDS_TO_GET_READY + sets * one_set + (sets - 1) * dose.rest_s


def sets_to_do(dose: Dose, spec: Mapping[str, Any]) -> int:
    """Sets in one session; a one-sided exercise for both sides is done once on each."""
    return dose.sets * (2 if _is_each_side(dose, spec) else 1)


def _is_each_side(dose: Dose, spec: Mapping[str, Any]) -> bool:
    return dose.side == BOTH and BOTH not in (spec.get("sides") or (BOTH,))


def days_in_words(days_per_week: int) -> str:
    return (
        "every day" if days_per_week == 7 else f"{days_per_week} day{'s' if days_per_week > 1 else ''} a week"
    )
