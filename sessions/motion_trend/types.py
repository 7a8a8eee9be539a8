"""The shapes that MotionTrend's methods share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

ENGINE_VERSION = "1.0"
GRAVITY_M_S2 = 9.80665


class Placement(StrEnum):
    """Where on the body a sensor is worn."""

    LOWER_BACK = "lower_back"
    WAIST = "waist"
    POCKET = "pocket"
    CHEST = "chest"
    LEFT_THIGH = "left_thigh"
    RIGHT_THIGH = "right_thigh"
    LEFT_SHANK = "left_shank"
    RIGHT_SHANK = "right_shank"
    LEFT_FOOT = "left_foot"
    RIGHT_FOOT = "right_foot"
    LEFT_WRIST = "left_wrist"
    RIGHT_WRIST = "right_wrist"
    UNKNOWN = "unknown"

    @property
    def words(self) -> str:
        """As a person reads it."""
        return PLACEMENT_WORDS[self]


PLACEMENT_WORDS = {
    Placement.LOWER_BACK: "Lower back",
    Placement.WAIST: "Waistband, front or side",
    Placement.POCKET: "Trouser pocket",
    Placement.CHEST: "Chest",
    Placement.LEFT_THIGH: "Left thigh",
    Placement.RIGHT_THIGH: "Right thigh",
    Placement.LEFT_SHANK: "Left shin",
    Placement.RIGHT_SHANK: "Right shin",
    Placement.LEFT_FOOT: "Left foot",
    Placement.RIGHT_FOOT: "Right foot",
    Placement.LEFT_WRIST: "Left wrist",
    Placement.RIGHT_WRIST: "Right wrist",
    Placement.UNKNOWN: "Not known",
}


@dataclass(frozen=True, slots=True)
class Repair:
    """Something that reading a recording put right, or could not: `count` samples or seconds, in `words`."""

    code: str
    words: str
    count: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SensorSignal:
    """One sensor's samples on one repaired clock; a gap is a jump in `t_s`, never NaN.

    t_s[N] (float64, s since `started_at`, strictly increasing); acceleration_m_s2[N,3] (float32, specific
    force: at rest its length is 9.81); angular_velocity_rad_s[N,3] (float32) or None when the sensor has no
    gyroscope. Sensor axes: any right-handed frame. `sampling_rate_hz`: nominal.
    """

    t_s: NDArray[np.float64]
    acceleration_m_s2: NDArray[np.float32]
    angular_velocity_rad_s: NDArray[np.float32] | None
    sampling_rate_hz: float
    placement: Placement = Placement.UNKNOWN
    started_at: datetime | None = None
    source: str = ""
    repairs: tuple[Repair, ...] = ()

    def __len__(self) -> int:
        return len(self.t_s)


@dataclass(frozen=True, slots=True)
class Measure:
    """One measured value with its band, or the reason why it is withheld (then `value` is None).

    `low`, `high`: the band in which the true value is expected to lie, from the method's validation.
    """

    code: str
    value: float | None
    unit: str
    low: float | None = None
    high: float | None = None
    n: int = 0
    withheld: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Flag:
    """A remark on quality or placement, for the machine and in words."""

    code: str
    words: str

    def to_dict(self) -> dict[str, str]:
        """Plain JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Step:
    """An initial contact: seconds since the recording's start; `side` is "left", "right" or ""."""

    t_s: float
    side: str = ""


@dataclass(frozen=True, slots=True)
class WalkingBout:
    """One stretch of walking; times in seconds since the recording's start; measures by code."""

    start_s: float
    end_s: float
    steps: tuple[Step, ...]
    measures: Mapping[str, Measure]
    flags: tuple[Flag, ...] = ()

    @property
    def duration_s(self) -> float:
        """How long it lasted."""
        return self.end_s - self.start_s

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "start_s": self.start_s,
            "end_s": self.end_s,
            "steps": [[round(step.t_s, 3), step.side] for step in self.steps],
            "measures": {code: measure.to_dict() for code, measure in self.measures.items()},
            "flags": [flag.to_dict() for flag in self.flags],
        }


@dataclass(frozen=True, slots=True)
class GaitResult:
    """What one recording says about walking. `quality`: plain numbers such as coverage and rate."""

    bouts: tuple[WalkingBout, ...]
    wear_s: float
    quality: Mapping[str, Any] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "bouts": [bout.to_dict() for bout in self.bouts],
            "wear_s": self.wear_s,
            "quality": dict(self.quality),
            "flags": [flag.to_dict() for flag in self.flags],
            "versions": dict(self.versions),
        }
