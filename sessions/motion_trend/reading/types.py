"""The shapes of reading: what goes in, and what comes out piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO, Literal, Protocol

from sessions.motion_trend.types import Placement, Repair, SensorSignal

PIECE_S = 600.0
ReadingKind = Literal["imu", "health", "lab"]


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its name as the sender knows it, how to open it (seekable, binary), its bytes."""

    name: str
    open: Callable[[], BinaryIO]
    size: int


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """Which columns of a table are what, by name, and in which units.

    `time`: column, or "" where rows come at `rate_hz`; `time_unit`: s, ms, us, ns, iso; `acceleration`:
    three columns that include gravity, or without gravity when `gravity` names three columns to add;
    `acceleration_unit`: m/s2, g, mg; `angular_velocity`: three columns or none; its unit: deg/s, rad/s.
    `anchor`: a column of wall-clock times where `time` only counts. `acceleration_sign`: -1 for Apple's own
    axes, which count against the specific force.
    """

    time: str
    time_unit: str
    acceleration: tuple[str, str, str]
    acceleration_unit: str
    gravity: tuple[str, str, str] | None = None
    angular_velocity: tuple[str, str, str] | None = None
    angular_velocity_unit: str = "deg/s"
    rate_hz: float | None = None
    anchor: str = ""
    acceleration_sign: int = 1
    separator: str = ","
    decimal: str = "."

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, as a clinic remembers it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> ColumnPlan:
        """The plan that `to_dict` wrote; raises TypeError or ValueError for anything else."""
        known = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored}
        for name in ("acceleration", "gravity", "angular_velocity"):
            if known.get(name) is not None:
                known[name] = _three(known[name])
        return cls(**known)


def _three(names: Any) -> tuple[str, str, str]:
    first, second, third = (str(name) for name in names)
    return first, second, third


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What the sender knows: where the sensor was worn, the zone of clock times, columns by header.

    `placement` holds for a single sensor; of several, each file's name decides first. `plans`: by header key.
    `acceleration_unit`, `angular_velocity_unit`: override what the file says ("" leaves it).
    """

    placement: Placement = Placement.UNKNOWN
    time_zone: str = "UTC"
    plans: Mapping[str, ColumnPlan] = field(default_factory=dict)
    acceleration_unit: str = ""
    angular_velocity_unit: str = ""


@dataclass(frozen=True, slots=True)
class DailyValue:
    """One day's value of one metric; `day` in the patient's zone, of `n` values by `source`."""

    day: date
    code: str
    value: float
    unit: str
    n: int
    source: str


@dataclass(frozen=True, slots=True)
class SignalDescription:
    """One sensor of a reading, known before its samples are read. `name` is also each piece's `source`."""

    name: str
    format: str
    placement: Placement
    has_gyroscope: bool
    sampling_rate_hz: float
    started_at: datetime | None


class Reading(Protocol):
    """Files that were recognised. `repairs` is complete once the pieces or days were read to their end."""

    @property
    def kind(self) -> ReadingKind: ...

    @property
    def signals(self) -> tuple[SignalDescription, ...]: ...

    @property
    def repairs(self) -> tuple[Repair, ...]: ...

    def pieces(self) -> Iterator[SensorSignal]:
        """Every sensor's samples, sensor after sensor, in pieces of at most ten minutes.

        Pieces carry no repairs: `repairs` tells them all. Pieces of one sensor share `started_at`
        and `source`; `t_s` goes on from piece to piece. Raises ReadingError where nothing can be read; a file
        that breaks off later keeps what was read and says so in `repairs`.
        """
        ...

    def daily_values(self) -> Iterator[DailyValue]:
        """A health export's days, in order of code and day; none for other kinds."""
        ...

    def lab_path(self) -> str:
        """Where the laboratory file lies on disk, as long as this reading lives; raises ReadingError else."""
        ...
