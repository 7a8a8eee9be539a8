"""Strides beside optical motion capture of the same feet: how wrong the stride lengths are.

A folder holds one or more recordings: `imu*.csv` (two header rows: sensor, axis; `left_sensor`/`right_sensor`
with acc in m/s² and gyr in deg/s) beside `mocap*.csv` (two header rows: marker, axis; mm) with the rest of
the name equal, and, where there is one, `stride_events*.csv` (foot, start, end as IMU samples at mid-stance),
the strides that should be found. The clocks must start together, as they do in the example data of gaitmap
(MIT licence).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.feet.strides import analyse_foot
from sessions.motion_trend.feet.types import FootStride
from sessions.motion_trend.types import Placement, SensorSignal

IMU_RATE_HZ = 204.8
MOCAP_RATE_HZ = 100.0
HEELS = {"left": ("L_FCC", "LHEE", "L_HEE"), "right": ("R_FCC", "RHEE", "R_HEE")}


@dataclass(frozen=True, slots=True)
class ComparedStride:
    """One reference stride and what the foot sensor made of it; `measured_m` None: not found."""

    recording: str
    side: str
    start_s: float
    reference_m: float
    measured_m: float | None
    measured_time_s: float | None
    reference_time_s: float
    turn_deg: float | None


def strides_against_mocap(
    folder: str | Path, *, imu_rate_hz: float = IMU_RATE_HZ, mocap_rate_hz: float = MOCAP_RATE_HZ
) -> list[ComparedStride]:
    """Every reference stride in a folder (and its subfolders), with the measured one that covers its middle.

    Reference length: horizontal distance of the heel marker between the stride's rests. Where no list of
    strides is given, the measured strides' own rests are used, and then a stride that was missed goes
    unnoticed. Raises FileNotFoundError when the folder holds no pair of recordings, ValueError for tables of
    another form.
    """
    pairs = list(_pairs(Path(folder)))
    if not pairs:
        raise FileNotFoundError("No imu*.csv beside a mocap*.csv.")
    compared: list[ComparedStride] = []
    for imu, mocap, events in pairs:
        name = str(imu.relative_to(Path(folder)).with_suffix(""))
        heels = _columns(mocap)
        sensors = _columns(imu)
        for side in ("left", "right"):
            strides = analyse_foot(_signal(sensors, side, imu_rate_hz)).strides
            spans = _spans(events, side, imu_rate_hz) or [(s.start_s, s.end_s) for s in strides]
            heel = _heel_m(heels, side)
            compared += [
                stride
                for span in spans
                if (stride := _compare(name, side, span, heel, strides, mocap_rate_hz)) is not None
            ]
    return compared


def _pairs(folder: Path) -> Iterator[tuple[Path, Path, Path]]:
    for imu in sorted(folder.rglob("imu*.csv")):
        rest = imu.name.removeprefix("imu")
        mocap = imu.with_name("mocap" + rest)
        if mocap.exists():
            yield imu, mocap, imu.with_name("stride_events" + rest)


def _columns(path: Path) -> dict[tuple[str, str], NDArray[np.float64]]:
    """A table with two header rows, its first column an index."""
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    if len(rows) < 3 or len(rows[0]) != len(rows[1]):
        raise ValueError(f"{path.name} is not a table with two header rows.")
    names = list(zip(rows[0], rows[1], strict=True))[1:]
    # pandas writes a third header row when the index has a name.
    body = rows[2:] if rows[2][1:2] != [""] else rows[3:]
    table = np.array([[float(x or "nan") for x in row[1:]] for row in body])
    if table.ndim != 2 or table.shape[1] != len(names):
        raise ValueError(f"{path.name} has rows of another length than its header.")
    return {name: table[:, i] for i, name in enumerate(names)}


def _signal(
    sensors: dict[tuple[str, str], NDArray[np.float64]], side: str, imu_rate_hz: float
) -> SensorSignal:
    def three(kind: str) -> NDArray[np.float64]:
        if not {(f"{side}_sensor", f"{kind}_{axis}") for axis in "xyz"} <= set(sensors):
            raise ValueError(f"The {side} foot's sensor has no {kind}_x, {kind}_y and {kind}_z.")
        return np.column_stack([sensors[f"{side}_sensor", f"{kind}_{axis}"] for axis in "xyz"])

    acceleration = three("acc")
    return SensorSignal(
        np.arange(len(acceleration)) / imu_rate_hz,
        acceleration.astype(np.float32),
        np.deg2rad(three("gyr")).astype(np.float32),
        imu_rate_hz,
        Placement(f"{side}_foot"),
    )


def _heel_m(markers: dict[tuple[str, str], NDArray[np.float64]], side: str) -> NDArray[np.float64]:
    for name in HEELS[side]:
        if (name, "x") in markers:
            return np.column_stack([markers[name, axis] for axis in "xy"]) / 1000.0
    raise ValueError(f"No heel marker of the {side} foot: {', '.join(HEELS[side])}.")


def _spans(events: Path, side: str, imu_rate_hz: float) -> list[tuple[float, float]]:
    if not events.exists():
        return []
    with events.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["foot"] == side]
    return [(float(row["start"]) / imu_rate_hz, float(row["end"]) / imu_rate_hz) for row in rows]


def _compare(
    name: str,
    side: str,
    span: tuple[float, float],
    heel_m: NDArray[np.float64],
    strides: Sequence[FootStride],
    mocap_rate_hz: float,
) -> ComparedStride | None:
    t_s = np.arange(len(heel_m)) / mocap_rate_hz
    if span[1] > t_s[-1]:
        return None
    ends = np.column_stack([np.interp(span, t_s, heel_m[:, axis]) for axis in range(2)])
    reference_m = float(np.linalg.norm(ends[1] - ends[0]))
    if not np.isfinite(reference_m):
        return None
    middle_s = sum(span) / 2
    found = next((s for s in strides if s.start_s < middle_s < s.end_s), None)
    return ComparedStride(
        name,
        side,
        span[0],
        reference_m,
        None if found is None else found.length_m,
        None if found is None else found.time_s,
        span[1] - span[0],
        None if found is None else found.turn_deg,
    )
