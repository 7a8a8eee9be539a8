"""What a laboratory file holds, and what is said about it. Names of people are not taken over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.types import Flag

Array = NDArray[np.float64]
MOST_POINTS = 2000


@dataclass(frozen=True, slots=True)
class ForcePlate:
    """One force plate: force_n[N,3], center_of_pressure_m[N,3] (laboratory axes), corners_m[4,3], at
    `rate_hz`.
    """

    force_n: Array
    center_of_pressure_m: Array
    corners_m: Array
    rate_hz: float
    type: int = 0


@dataclass(frozen=True, slots=True)
class AnalogChannel:
    """One analog channel by its label, in its file's unit."""

    label: str
    values: Array
    unit: str
    rate_hz: float


@dataclass(frozen=True, slots=True)
class LabFile:
    """A laboratory recording. markers_m: label → [frames, 3] in metres, NaN where a marker was not seen.

    Labels have lost everything before a colon, where some programs put the subject's name; no other metadata
    is kept.
    """

    markers_m: Mapping[str, Array]
    marker_rate_hz: float
    plates: tuple[ForcePlate, ...]
    channels: tuple[AnalogChannel, ...]
    seconds: float
    flags: tuple[Flag, ...] = ()

    def channels_between(self, start_s: float, end_s: float) -> LabFile:
        """The analog channels alone, from `start_s` to `end_s`: a reference contraction within a file."""
        cut = tuple(
            replace(one, values=one.values[round(start_s * one.rate_hz) : round(end_s * one.rate_hz)])
            for one in self.channels
        )
        return LabFile({}, self.marker_rate_hz, (), cut, end_s - start_s, self.flags)


@dataclass(frozen=True, slots=True)
class Finding:
    """One summary number: what (`name`), of what (`place`: a plate, a muscle, a pair), value with unit, a
    remark.
    """

    code: str
    name: str
    place: str
    value: float
    unit: str
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; the value with four significant digits."""
        return {
            "code": self.code,
            "name": self.name,
            "place": self.place,
            "value": float(f"{self.value:.4g}"),
            "unit": self.unit,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Ellipse:
    """Around the origin of two lines drawn against each other: half axes in their unit, longer first;
    the longer one turned by `angle_deg` from the first line's axis.
    """

    half_axes: tuple[float, float]
    angle_deg: float

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "half_axes": [float(f"{axis:.4g}") for axis in self.half_axes],
            "angle_deg": round(self.angle_deg, 1),
        }


@dataclass(frozen=True, slots=True)
class LabCurve:
    """Lines over a common axis for a page, at most MOST_POINTS each; NaN becomes null.

    `ellipse`: of a centre of pressure, whose two lines are also drawn against each other.
    """

    label: str
    unit: str
    x_label: str
    x: Array
    lines: Mapping[str, Array]
    ellipse: Ellipse | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: label, unit, x_label, x, lines with name and values; the ellipse where there is one."""
        step = max(1, -(-len(self.x) // MOST_POINTS))
        lines = [{"name": name, "values": _plain(values[::step])} for name, values in self.lines.items()]
        return {
            "label": self.label,
            "unit": self.unit,
            "x_label": self.x_label,
            "x": _plain(self.x[::step]),
            "lines": lines,
            **({"ellipse": self.ellipse.to_dict()} if self.ellipse else {}),
        }


def _plain(values: Array) -> list[float | None]:
    return [float(f"{value:.5g}") if np.isfinite(value) else None for value in values]


@dataclass(frozen=True, slots=True)
class LabResult:
    """What a laboratory recording says: summary numbers, curves, remarks, and what was in the file."""

    summary: tuple[Finding, ...]
    curves: tuple[LabCurve, ...]
    flags: tuple[Flag, ...]
    contents: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "summary": [finding.to_dict() for finding in self.summary],
            "curves": [curve.to_dict() for curve in self.curves],
            "flags": [flag.to_dict() for flag in self.flags],
            "contents": dict(self.contents),
            "versions": dict(self.versions),
        }
