"""Which columns are what: formats known by their header, and a guess for all others."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import numpy as np

from sessions.motion_trend.reading.errors import ColumnsUnknown
from sessions.motion_trend.reading.naming import axis_named, is_time_named, quantity_named, unit_named
from sessions.motion_trend.reading.table import Layout
from sessions.motion_trend.reading.times import as_number, looks_like_time
from sessions.motion_trend.reading.types import ColumnPlan, ReadingOptions

Triple = tuple[str, str, str]
NO_COLUMNS: Triple = ("", "", "")
METAWEAR_TIME = re.compile(r"^epoch?\s*\(ms\)$", re.IGNORECASE)
SENSORLOG_ACCELERATION = re.compile(r"^accelerometerAcceleration([XYZ])\(G\)$", re.IGNORECASE)
KINDS = re.compile(
    r"[_ -]?(total ?acceleration|linear ?acceleration|accelerometer ?uncalibrated|accelerometer|acceleration"
    r"|gyroscope ?uncalibrated|gyroscope|gyro|gravity|euler ?angles?|quaternions?|magnetometer|orientation"
    r"|pressure|temperature|illuminance|barometer|pedometer|annotation|metadata)(?=[_. -]|\d|$)",
    re.IGNORECASE,
)
ROLES = {
    "linearacceleration": "linear", "totalacceleration": "acceleration", "accelerometer": "acceleration",
    "accelerometeruncalibrated": "acceleration", "acceleration": "acceleration", "gyroscope": "rotation",
    "gyroscopeuncalibrated": "rotation", "gyro": "rotation", "gravity": "gravity",
}  # fmt: skip
MISSING_WORDS = {"time": "the time", "acceleration": "the acceleration", "acceleration_unit": "its unit"}


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a sensor: what it holds (whole, acceleration, rotation, linear, gravity, "") and its plan.

    A part that holds only rotation keeps its columns as the plan's `angular_velocity`.
    """

    layout: Layout
    role: str
    plan: ColumnPlan
    sensor: str
    format: str

    @property
    def name(self) -> str:
        """The file's name, as the sender knows it."""
        return self.layout.source.name


def recognise(layout: Layout, *, options: ReadingOptions) -> Part:
    """What a table holds. Raises ColumnsUnknown where a person must say it."""
    stem = _stem(layout.source.name)
    remembered = options.plans.get(layout.header_key)
    if remembered is not None:
        layout = replace(layout, decimal=remembered.decimal)
        return Part(layout, _role_of(remembered), remembered, stem, "table")
    part = _metawear(layout, stem) or _sensorlog(layout, stem) or _sensor_logger(layout, stem)
    return part or _guessed(layout, stem)


def _role_of(plan: ColumnPlan) -> str:
    if plan.acceleration == NO_COLUMNS:
        return "rotation"
    return "whole" if plan.angular_velocity or plan.gravity else "acceleration"


def _stem(name: str) -> str:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.name.rsplit(".", 1)[0]


def _kind_in_name(stem: str) -> tuple[str, str]:
    """The kind of sensor that a file's name tells, and what stands before it (the sensor's own name)."""
    found = list(KINDS.finditer(stem))
    if not found:
        return "", stem
    return re.sub(r"\s", "", found[-1][1].lower()), stem[: found[-1].start()]


def _metawear(layout: Layout, stem: str) -> Part | None:
    """A MetaMotion file by MetaBase or MetaHub: one quantity, its stamps in Unix milliseconds."""
    if not METAWEAR_TIME.match(layout.columns[0]) or len(layout.columns) < 6:
        return None
    kind, sensor = _kind_in_name(stem)
    axes = [name for name in layout.columns if re.match(r"^[xyz](-axis)?\s*\(", name.lower())]
    unit = unit_named(axes[0]) if axes else ""
    role = ROLES.get(kind, {"g": "acceleration", "deg/s": "rotation"}.get(unit, ""))
    if len(axes) != 3 or len(layout.columns) != 6 or (kind and kind not in ROLES):
        role, axes = "", list(NO_COLUMNS)
    plan = _one_quantity(layout, role, time=layout.columns[0], time_unit="ms", axes=_triple(axes), unit=unit)
    return Part(layout, role, plan, sensor, "MetaMotion")


def _one_quantity(
    layout: Layout, role: str, *, time: str, time_unit: str, axes: Triple, unit: str
) -> ColumnPlan:
    is_rotation = role == "rotation"
    return ColumnPlan(
        time=time, time_unit=time_unit,
        acceleration=NO_COLUMNS if is_rotation else axes,
        acceleration_unit="" if is_rotation else unit,
        angular_velocity=axes if is_rotation else None,
        angular_velocity_unit=unit if is_rotation else "",
        separator=layout.separator, decimal=layout.decimal,
    )  # fmt: skip


def _triple(names: list[str]) -> Triple:
    first, second, third = names[:3]
    return first, second, third


def _sensorlog(layout: Layout, stem: str) -> Part | None:
    """SensorLog of iPhone or Watch: Apple's signs, all in g and rad/s; a counter beside the wall clock."""
    by_lower = {name.lower(): name for name in layout.columns}

    def three(pattern: str) -> Triple | None:
        names = [by_lower.get(pattern.format(axis)) for axis in "xyz"]
        return _triple([name for name in names if name]) if all(names) else None

    raw = three("accelerometeracceleration{}(g)")
    user, gravity = three("motionuseracceleration{}(g)"), three("motiongravity{}(g)")
    motion_rate, raw_rate = three("motionrotationrate{}(rad/s)"), three("gyrorotation{}(rad/s)")
    fused = user is not None and gravity is not None and _has_numbers(layout, user)
    if not fused and (raw is None or not SENSORLOG_ACCELERATION.match(raw[0])):
        return None
    counter = "motiontimestamp_sincereboot(s)" if fused else "accelerometertimestamp_sincereboot(s)"
    wall = by_lower.get("loggingtime(txt)", "")
    time = by_lower.get(counter, wall)
    if not time:
        return None
    rotation = motion_rate if motion_rate and _has_numbers(layout, motion_rate) else raw_rate
    plan = ColumnPlan(
        time=time, time_unit="iso" if time == wall else "s",
        acceleration=(user if fused else raw) or NO_COLUMNS,
        acceleration_unit="g", gravity=gravity if fused else None,
        angular_velocity=rotation if rotation and _has_numbers(layout, rotation) else None,
        angular_velocity_unit="rad/s", anchor=wall if time != wall else "", acceleration_sign=-1,
        separator=layout.separator, decimal=layout.decimal,
    )  # fmt: skip
    return Part(layout, "whole", plan, stem, "SensorLog")


def _has_numbers(layout: Layout, names: Triple) -> bool:
    """Whether the first rows hold values that are not all zero: programs write 0 for a sensor that is off."""
    columns = [layout.column(name) for name in names]
    cells = [as_number(row[column]) for row in layout.rows for column in columns]
    return any(np.isfinite(cell) and cell != 0 for cell in cells)


def _sensor_logger(layout: Layout, stem: str) -> Part | None:
    """Sensor Logger: one quantity a file, Unix nanoseconds, columns z, y, x."""
    names = {name.lower() for name in layout.columns}
    if not {"time", "seconds_elapsed", "x", "y", "z"} <= names:
        return None
    kind, sensor = _kind_in_name(stem)
    role = ROLES.get(kind, "")
    if kind == "accelerometer":
        role = "linear"
    by_lower = {name.lower(): name for name in layout.columns}
    axes = (by_lower["x"], by_lower["y"], by_lower["z"])
    unit = "rad/s" if role == "rotation" else "m/s2"
    plan = _one_quantity(layout, role, time=by_lower["time"], time_unit="ns", axes=axes, unit=unit)
    return Part(layout, role, plan, sensor or "phone", "Sensor Logger")


def _guessed(layout: Layout, stem: str) -> Part:
    plan, missing = guess_plan(layout)
    if missing:
        plan = _suggest(layout, plan)
        told = " and ".join(MISSING_WORDS[name] for name in missing)
        words = f"We could not tell which columns hold {told}."
        raise ColumnsUnknown(layout.head(), guess=plan.to_dict(), missing=missing, words=words)
    kind, sensor = _kind_in_name(stem)
    role = _role_of(plan)
    return Part(
        layout, role, plan, sensor if kind and role in ("rotation", "acceleration") else stem, "table"
    )


# Added to the spread of a triple that holds a column without change.
STIFF = 0.2


def guess_plan(layout: Layout) -> tuple[ColumnPlan, tuple[str, ...]]:
    """The best guess of what a table's columns are (open ones are ""), and what a person must add."""
    triples = {kind: _axes(layout, kind) for kind in ("acceleration", "linear", "gravity", "rotation")}
    total, linear, gravity, rotation = triples.values()
    acceleration = total or linear
    with_gravity = gravity if total is None and linear is not None else None
    time = _time_column(layout)
    unit = unit_named(acceleration[0]) if acceleration else ""
    missing = [] if time else ["time"]
    if acceleration is None and rotation is None:
        missing.append("acceleration")
    plan = ColumnPlan(
        time=time, time_unit="auto", acceleration=acceleration or NO_COLUMNS, acceleration_unit=unit,
        gravity=with_gravity, angular_velocity=rotation,
        angular_velocity_unit=unit_named(rotation[0]) if rotation else "",
        separator=layout.separator, decimal=layout.decimal,
    )  # fmt: skip
    return plan, tuple(missing)


def _suggest(layout: Layout, plan: ColumnPlan) -> ColumnPlan:
    """A plan with what the first rows suggest, for a person to look at; never used without that."""
    growing = [name for name in layout.columns if _grows(layout, name)]
    time = plan.time or next(iter(growing), "")
    rotation = plan.angular_velocity or _axes(layout, "rotation", most=9)
    acceleration = plan.acceleration
    if acceleration == NO_COLUMNS:
        named = _axes(layout, "acceleration", most=9)
        acceleration = named or _steadiest_triple(layout, without={time, *(rotation or ())})
    return replace(plan, time=time, acceleration=acceleration, angular_velocity=rotation)


def _steadiest_triple(layout: Layout, *, without: set[str]) -> Triple:
    """Three columns side by side whose length hardly changes, as gravity's; "" where none are so.

    A column that never changes is hardly an axis: it is taken where nothing else is there.
    """
    best, steadiest = NO_COLUMNS, 0.5
    values = np.array([[as_number(cell) for cell in row] for row in layout.rows])
    for start in range(len(layout.columns) - 2):
        names = _triple(list(layout.columns[start : start + 3]))
        lengths = np.linalg.norm(values[:, start : start + 3], axis=1)
        if without & set(names) or not np.isfinite(lengths).all() or not lengths.mean():
            continue
        is_stiff = bool((np.ptp(values[:, start : start + 3], axis=0) == 0).any())
        spread = float(lengths.std() / lengths.mean()) + STIFF * is_stiff
        if spread < steadiest:
            best, steadiest = names, spread
    return best


def _axes(layout: Layout, quantity: str, *, most: int = 1) -> Triple | None:
    """The first three columns of one quantity; None where there are none, or more than `most` sets."""
    found: dict[str, list[str]] = {"x": [], "y": [], "z": []}
    for name in layout.columns:
        axis = axis_named(name)
        if axis and quantity_named(name) == quantity:
            found[axis].append(name)
    if not all(1 <= len(names) <= most for names in found.values()):
        return None
    return found["x"][0], found["y"][0], found["z"][0]


def _time_column(layout: Layout) -> str:
    """The column that counts time: named so, and growing (or dates); the most exact of several."""
    named = [name for name in layout.columns if is_time_named(name)]
    growing = [name for name in named if _grows(layout, name)]
    dated = [
        name for name in named
        if layout.rows and looks_like_time(layout.rows[0][layout.column(name)])
    ]  # fmt: skip
    epochs = [name for name in growing if as_number(layout.rows[0][layout.column(name)]) > 1e8]
    return next(iter([*epochs, *dated, *growing]), "")


def _grows(layout: Layout, name: str) -> bool:
    column = layout.column(name)
    values = np.array([as_number(row[column]) for row in layout.rows])
    values = values[np.isfinite(values)]
    return len(values) > 1 and values[-1] > values[0] and np.mean(np.diff(values) >= 0) > 0.8
