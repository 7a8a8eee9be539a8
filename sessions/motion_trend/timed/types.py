"""What a test against the clock gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.types import Flag

TestKind = Literal["walk_10m", "chair_stand_30s", "tug"]
CODES: dict[TestKind, str] = {
    "walk_10m": "walk_10m_speed_m_s",
    "chair_stand_30s": "chair_stand_count",
    "tug": "tug_s",
}
UNITS: dict[TestKind, str] = {"walk_10m": "m/s", "chair_stand_30s": "stands", "tug": "s"}
MOST_POINTS = 1000

NOT_VALIDATED = Flag(
    "checked_on_simulated_movement",
    "This timing was checked on simulated movement only, not yet beside a stopwatch on real people.",
)


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the test; seconds since the recording's start. `code` for the machine, `name` in words."""

    code: str
    name: str
    start_s: float
    end_s: float

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, with the duration."""
        return {
            "code": self.code,
            "name": self.name,
            "start_s": round(self.start_s, 2),
            "end_s": round(self.end_s, 2),
            "seconds": round(self.end_s - self.start_s, 2),
        }


@dataclass(frozen=True, slots=True)
class TestCurve:
    """What the count or the timing was read from, thinned for a page; `t_s` and `values` of equal length."""

    name: str
    unit: str
    t_s: tuple[float, ...]
    values: tuple[float, ...]

    @classmethod
    def of(cls, name: str, unit: str, t_s: NDArray[np.float64], values: NDArray[np.float64]) -> TestCurve:
        """Every k-th sample, so that at most MOST_POINTS remain."""
        step = max(1, -(-len(t_s) // MOST_POINTS))
        return cls(
            name,
            unit,
            tuple(np.round(t_s[::step], 3).tolist()),
            tuple(np.round(values[::step], 4).tolist()),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"name": self.name, "unit": self.unit, "t_s": list(self.t_s), "values": list(self.values)}


@dataclass(frozen=True, slots=True)
class TimedResult:
    """One test: its value with a band, or the reason why it is withheld (then `value` is None)."""

    kind: TestKind
    value: float | None
    unit: str
    low: float | None = None
    high: float | None = None
    phases: tuple[Phase, ...] = ()
    withheld: str = ""
    flags: tuple[Flag, ...] = ()
    curve: TestCurve | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The metric that this test gives."""
        return CODES[self.kind]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "kind": self.kind,
            "code": self.code,
            "value": self.value,
            "unit": self.unit,
            "low": self.low,
            "high": self.high,
            "phases": [phase.to_dict() for phase in self.phases],
            "withheld": self.withheld,
            "flags": [flag.to_dict() for flag in self.flags],
            "curve": None if self.curve is None else self.curve.to_dict(),
            "versions": dict(self.versions),
        }


def withhold(kind: TestKind, why: str, *flags: Flag, curve: TestCurve | None = None) -> TimedResult:
    """A result without a value, and why."""
    return TimedResult(kind, None, UNITS[kind], withheld=why, flags=flags, curve=curve)
