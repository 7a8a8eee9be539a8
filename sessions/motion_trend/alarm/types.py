"""What the alarm is told and what it says."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sessions.motion_trend.types import Flag


@dataclass(frozen=True, slots=True)
class AlarmSettings:
    """`false_alarms_per_26_weeks`: per patient, over all metrics together; `expected_recovery`: whether a
    day is judged against the recovery so far or against a level that stays. Raises ValueError for a rate out
    of range.
    """

    false_alarms_per_26_weeks: float = 1.0
    expected_recovery: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.false_alarms_per_26_weeks <= 26:
            raise ValueError(f"false alarms per 26 weeks: {self.false_alarms_per_26_weeks}")


@dataclass(frozen=True, slots=True)
class DayValue:
    """One metric's value on one day. `variance`: its noise beside an ordinary day's."""

    value: float
    variance: float = 1.0


@dataclass(frozen=True, slots=True)
class Shift:
    """How one metric moved: `expected` before, `now` since the onset, in its unit; `z` in days' SDs.

    `in_mdc`, `in_mic`: the change in smallest detectable and smallest important changes; None where unknown.
    """

    code: str
    change: float
    unit: str
    days: int
    z: float
    expected: float
    now: float
    in_mdc: float | None
    in_mic: float | None

    @property
    def percent(self) -> float | None:
        """The change in percent of what was expected; None where that is near zero or already a
        percentage.
        """
        if self.unit == "%" or abs(self.expected) < 1e-6:
            return None
        return 100 * self.change / abs(self.expected)


@dataclass(frozen=True, slots=True)
class Alarm:
    """A sudden deterioration with one cause; the leading metric first.

    `values`: measured days it rests on; `artefacts`: what else may explain it; `softened`: one of them does.
    `headline` is short ("walking speed −22 % in 2 days"), `reason` says it in full, in lines.
    """

    code: str
    onset_day: date
    detected_day: date
    shifts: tuple[Shift, ...]
    values: int
    artefacts: tuple[Flag, ...] = ()
    softened: bool = False
    headline: str = ""
    reason: str = ""
    false_alarms_per_26_weeks: float = 1.0
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def days(self) -> int:
        """Days from the estimated onset to the alarm, both included."""
        return (self.detected_day - self.onset_day).days + 1

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            **asdict(self),
            "onset_day": self.onset_day.isoformat(),
            "detected_day": self.detected_day.isoformat(),
        }
