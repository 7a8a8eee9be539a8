"""A sensor's signal from the files that hold it: joined, its units checked, cut into pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.reading.clock import find_period_s
from sessions.motion_trend.reading.errors import ReadingError
from sessions.motion_trend.reading.naming import placement_named
from sessions.motion_trend.reading.parts import PartReader, Samples, columns_of
from sessions.motion_trend.reading.plans import Part
from sessions.motion_trend.reading.times import moment
from sessions.motion_trend.reading.types import PIECE_S, ReadingOptions, SignalDescription
from sessions.motion_trend.reading.units import (
    find_acceleration_scale,
    find_angular_scale,
    rest_length,
    stretches,
)
from sessions.motion_trend.types import Placement, Repair, SensorSignal

Vectors = NDArray[np.float64]
SHORTEST_STRETCH_S = 10.0
MOST_PIECE_SAMPLES = 1_000_000
EARLIEST_YEAR = 2005
LATEST_S = 1e11
# Above any sensor's range (100 g, 100 rad/s).
MOST_ACCELERATION_M_S2 = 1000.0
MOST_ANGULAR_VELOCITY_RAD_S = 100.0
NO_ROTATION = ", without rotation"


@dataclass
class Sensor:
    """The parts of one sensor. `main` holds acceleration (or all); the others join it by time."""

    name: str
    main: Part
    options: ReadingOptions
    placement: Placement
    gravity: Part | None = None
    rotation: Part | None = None
    remarks: list[Repair] = field(default_factory=list)
    _readers: list[PartReader] = field(default_factory=list)

    def describe(self) -> SignalDescription:
        """What can be told before its samples are read."""
        reader = self._reader(self.main)
        times = reader.head_times()
        times = times[np.isfinite(times)]
        started_at = self._started_at(reader, float(times[0])) if len(times) else None
        has_rotation = self.rotation is not None or self.main.plan.angular_velocity is not None
        rate_hz = nominal_rate_hz(find_period_s(times)) if len(times) > 1 else 0.0
        return SignalDescription(
            self.name, self.main.format, self.placement, has_rotation, rate_hz, started_at
        )

    def _reader(self, part: Part) -> PartReader:
        return PartReader(part, columns=columns_of(part), zone=self.options.time_zone)

    def _started_at(self, reader: PartReader, first_s: float) -> datetime | None:
        if not reader.is_epoch:
            return None
        try:
            started_at = moment(first_s, zone=reader.naive_zone)
        except (OverflowError, ValueError, OSError):
            return None
        return started_at if EARLIEST_YEAR <= started_at.year < 2100 else None

    def pieces(self) -> Iterator[SensorSignal]:
        """The sensor's samples; what was put right is told by `repairs` afterwards."""
        return self._cut(self._stretches())

    def repairs(self) -> tuple[Repair, ...]:
        """What was put right, complete once the pieces were read."""
        told = {repair.words: repair for repair in self.remarks}
        told.update({repair.words: repair for reader in self._readers for repair in reader.repairs()})
        return tuple(told.values())

    def _stretches(self) -> Iterator[SensorSignal]:
        """Joined, scaled blocks; where rotation is missing for long, without it, under another name."""
        main = self._reader(self.main)
        gravity = _Follower(self._reader(self.gravity)) if self.gravity else None
        rotation = _Follower(self._reader(self.rotation)) if self.rotation else None
        self._readers = [main, *(follower.reader for follower in (gravity, rotation) if follower)]
        scale: _Scale | None = None
        for block in main.samples():
            joined = self._joined(block, gravity, rotation)
            if not len(joined.t_s):
                continue
            if scale is None:
                scale = self._find_scale(joined)
                started_at = self._started_at(main, float(joined.t_s[0]))
                origin_s = float(joined.t_s[0])
                rate_hz = nominal_rate_hz(main.clock.period_s if main.clock else 0.01)
            joined = self._possible(joined, scale)
            if not len(joined.t_s):
                continue
            shape = SensorSignal(
                joined.t_s - origin_s, np.empty((0, 3), np.float32), None, rate_hz, self.placement,
                started_at, self.name,
            )  # fmt: skip
            yield from self._with_and_without(shape, joined, scale)

    def _possible(self, joined: _Joined, scale: _Scale) -> _Joined:
        """Without rows that no sensor on a body feels: one wrong cell must not spoil a recording."""
        force = np.abs(joined.acceleration).max(axis=1) * scale.acceleration
        kept = force <= MOST_ACCELERATION_M_S2
        if joined.turn is None:
            turn = None
        else:
            spin = np.abs(joined.turn).max(axis=1) * scale.angular_velocity
            turn = np.where((spin <= MOST_ANGULAR_VELOCITY_RAD_S)[:, None], joined.turn, np.nan)
        if kept.all():
            return _Joined(joined.t_s, joined.acceleration, turn)
        self._count_impossible(int(np.count_nonzero(~kept)))
        return _Joined(joined.t_s[kept], joined.acceleration[kept], turn[kept] if turn is not None else None)

    def _count_impossible(self, rows: int) -> None:
        before = next((repair for repair in self.remarks if repair.code == "impossible"), None)
        total = rows + (before.count if before else 0.0)
        self.remarks = [repair for repair in self.remarks if repair.code != "impossible"]
        words = f"Rows with a force that no body feels: {total:,.0f}; left out."
        self.remarks.append(Repair("impossible", words, total))

    def _joined(self, block: Samples, gravity: _Follower | None, rotation: _Follower | None) -> _Joined:
        plan = self.main.plan
        values = block.values
        acceleration = values[:, :3] * plan.acceleration_sign
        turn: Vectors | None = None
        if plan.gravity is not None:
            acceleration = acceleration + values[:, 3:6] * plan.acceleration_sign
        if plan.angular_velocity is not None:
            turn = _bridged(block.t_s, values[:, -3:])
        if rotation is not None:
            turn = rotation.at(block.t_s)
        if gravity is not None:
            acceleration = acceleration + gravity.at(block.t_s)
        usable = np.isfinite(acceleration).all(axis=1) & (np.abs(block.t_s) < LATEST_S)
        turn = turn[usable] if turn is not None else None
        return _Joined(block.t_s[usable], acceleration[usable], turn)

    def _find_scale(self, joined: _Joined) -> _Scale:
        plan, name = self.main.plan, self.main.name
        rate_hz = 1 / find_period_s(joined.t_s)
        said = self.options.acceleration_unit or plan.acceleration_unit
        rest = rest_length(joined.acceleration, rate_hz=rate_hz)
        factor, repair = find_acceleration_scale(rest, said=said, file=name)
        self.remarks += [repair] if repair else []
        if joined.turn is None:
            return _Scale(factor, 1.0)
        known = np.isfinite(joined.turn).all(axis=1)
        plan = self.rotation.plan if self.rotation else plan
        said = self.options.angular_velocity_unit or plan.angular_velocity_unit
        if np.count_nonzero(known) < 10:
            return _Scale(factor, 1.0 if said == "rad/s" else float(np.pi / 180))
        turning, repairs = find_angular_scale(
            joined.t_s[known], joined.acceleration[known] * factor, joined.turn[known], said=said
        )
        self.remarks += repairs
        return _Scale(factor, turning)

    def _with_and_without(
        self, shape: SensorSignal, joined: _Joined, scale: _Scale
    ) -> Iterator[SensorSignal]:
        acceleration = (joined.acceleration * scale.acceleration).astype(np.float32)
        if joined.turn is None:
            yield replace(shape, acceleration_m_s2=acceleration)
            return
        turn = (joined.turn * scale.angular_velocity).astype(np.float32)
        known = np.asarray(np.isfinite(turn).all(axis=1))
        for start, end in stretches(known):
            part = slice(start, end)
            cut = replace(shape, t_s=shape.t_s[part], acceleration_m_s2=acceleration[part])
            if known[start]:
                yield replace(cut, angular_velocity_rad_s=turn[part])
            else:
                yield from self._without_rotation(cut)

    def _without_rotation(self, cut: SensorSignal) -> Iterator[SensorSignal]:
        seconds = float(cut.t_s[-1] - cut.t_s[0]) + 1 / cut.sampling_rate_hz
        is_long = seconds >= SHORTEST_STRETCH_S
        done = "kept apart" if is_long else "left out"
        self._count(f"no_rotation_{is_long}", f"Seconds without rotation, {done}", seconds)
        if is_long:
            yield replace(cut, source=self.name + NO_ROTATION)

    def _count(self, code: str, words: str, seconds: float) -> None:
        before = next((repair for repair in self.remarks if repair.code == code), None)
        total = seconds + (before.count if before else 0.0)
        self.remarks = [repair for repair in self.remarks if repair.code != code]
        self.remarks.append(Repair(code, f"{words}: {total:,.1f}.", total))

    def _cut(self, stretched: Iterator[SensorSignal]) -> Iterator[SensorSignal]:
        """Gather blocks, and cut them into pieces of at most ten minutes that each hold one name."""
        gathered: list[SensorSignal] = []
        for block in stretched:
            if gathered and gathered[-1].source != block.source:
                yield _together(gathered)
                gathered = []
            for part in _sliced(block, first_s=float(gathered[0].t_s[0]) if gathered else None):
                full = gathered and part.t_s[0] - gathered[0].t_s[0] >= PIECE_S
                if full or sum(map(len, gathered)) > MOST_PIECE_SAMPLES:
                    yield _together(gathered)
                    gathered = []
                gathered.append(part)
        if gathered:
            yield _together(gathered)


@dataclass(frozen=True, slots=True)
class _Joined:
    t_s: NDArray[np.float64]
    acceleration: Vectors
    turn: Vectors | None


@dataclass(frozen=True, slots=True)
class _Scale:
    acceleration: float
    angular_velocity: float


class _Follower:
    """A second file of a sensor, asked for its values at the first one's times, which only go forward."""

    def __init__(self, reader: PartReader) -> None:
        self.reader = reader
        self._samples = reader.samples()
        self._buffer = Samples(np.empty(0), np.empty((0, 3)))
        self._is_done = False

    def at(self, t_s: NDArray[np.float64]) -> Vectors:
        """Values[N,3] at t_s[N] by straight lines; NaN where the nearest samples lie too far apart."""
        if not len(t_s):
            return np.empty((0, 3))
        while not self._is_done and (not len(self._buffer) or self._buffer.t_s[-1] < t_s[-1]):
            self._take(from_s=float(t_s[0]))
        return interpolate(t_s, self._buffer)

    def _take(self, *, from_s: float) -> None:
        following = next(self._samples, None)
        if following is None:
            self._is_done = True
            return
        kept = max(0, int(np.searchsorted(self._buffer.t_s, from_s)) - 1)
        times = np.concatenate([self._buffer.t_s[kept:], following.t_s])
        values = np.concatenate([self._buffer.values[kept:], following.values[:, :3]])
        self._buffer = Samples(times, values)


def interpolate(t_s: NDArray[np.float64], samples: Samples) -> Vectors:
    """Values[N,3] of samples at other times; NaN beyond their ends and in their gaps."""
    if len(samples) < 2:
        return np.full((len(t_s), 3), np.nan)
    limit = max(5 * find_period_s(samples.t_s), 0.1)
    right = np.clip(np.searchsorted(samples.t_s, t_s), 1, len(samples) - 1)
    before, after = samples.t_s[right - 1], samples.t_s[right]
    share = np.clip((t_s - before) / (after - before), 0, 1)[:, None]
    values = samples.values[right - 1, :3] * (1 - share) + samples.values[right, :3] * share
    off = (t_s < before - limit) | (t_s > after + limit) | ((after - before > limit) & (share[:, 0] % 1 > 0))
    values[off] = np.nan
    return np.asarray(values)


def _bridged(t_s: NDArray[np.float64], turn: Vectors) -> Vectors:
    """Rotation where single rows lack it: short holes are bridged."""
    known = np.isfinite(turn).all(axis=1)
    if known.all() or not known.any():
        return turn
    return interpolate(t_s, Samples(t_s[known], turn[known]))


def _sliced(block: SensorSignal, *, first_s: float | None) -> Iterator[SensorSignal]:
    """A block cut where a piece that began at `first_s` is ten minutes long."""
    start = 0
    first = float(block.t_s[0]) if first_s is None else first_s
    while start < len(block):
        first = first if block.t_s[start] - first < PIECE_S else float(block.t_s[start])
        end = max(int(np.searchsorted(block.t_s, first + PIECE_S)), start + 1)
        yield _part(block, start, end)
        start = end


def _part(block: SensorSignal, start: int, end: int) -> SensorSignal:
    turn = block.angular_velocity_rad_s
    return replace(
        block, t_s=block.t_s[start:end], acceleration_m_s2=block.acceleration_m_s2[start:end],
        angular_velocity_rad_s=None if turn is None else turn[start:end],
    )  # fmt: skip


def _together(pieces: list[SensorSignal]) -> SensorSignal:
    turns = [piece.angular_velocity_rad_s for piece in pieces if piece.angular_velocity_rad_s is not None]
    return replace(
        pieces[0], t_s=np.concatenate([piece.t_s for piece in pieces]),
        acceleration_m_s2=np.concatenate([piece.acceleration_m_s2 for piece in pieces]),
        angular_velocity_rad_s=np.concatenate(turns) if turns else None,
    )  # fmt: skip


def nominal_rate_hz(period_s: float) -> float:
    """The rate of a sensor by its usual period: a whole number where it is within one percent of one."""
    rate_hz = 1 / period_s
    is_whole = abs(rate_hz / max(round(rate_hz), 1) - 1) < 0.01
    return float(round(rate_hz)) if is_whole else max(round(rate_hz, 3), 0.001)


def group_parts(parts: list[Part], *, options: ReadingOptions) -> list[Sensor]:
    """Lay the parts of each sensor together. Raises ReadingError where no acceleration can be made."""
    by_sensor: dict[str, list[Part]] = {}
    for part in parts:
        by_sensor.setdefault(part.sensor, []).append(part)
    if len(by_sensor) == 2 and len(parts) == 2 and {p.role for p in parts} == {"acceleration", "rotation"}:
        by_sensor = {parts[0].sensor: parts}
    sensors: list[Sensor] = []
    unused: list[Part] = []
    for name, group in by_sensor.items():
        made, left = _sensors_of(name, group, options)
        sensors += made
        unused += left
    if not sensors:
        raise _no_acceleration(parts)
    sensors[0].remarks += [
        Repair("unused_file", f"{part.name} holds nothing that is used; it was left out.") for part in unused
    ]
    return _placed(sensors, options)


def _sensors_of(name: str, group: list[Part], options: ReadingOptions) -> tuple[list[Sensor], list[Part]]:
    by_role: dict[str, list[Part]] = {}
    for part in group:
        by_role.setdefault(part.role, []).append(part)
    mains = by_role.get("whole", []) + by_role.get("acceleration", [])
    rotations, gravities = by_role.get("rotation", []), by_role.get("gravity", [])
    linears = by_role.get("linear", [])
    used_gravity: list[Part] = []
    if not mains and linears and gravities:
        mains, used_gravity = linears[:1], gravities[:1]
    sensors = []
    for place, main in enumerate(mains):
        rotation = rotations[place] if place < len(rotations) and main.role != "whole" else None
        gravity = used_gravity[0] if used_gravity else None
        label = name.strip(" _-") or main.name
        title = label if len(mains) == 1 else f"{label} {place + 1}"
        sensors.append(Sensor(title, main, options, Placement.UNKNOWN, gravity=gravity, rotation=rotation))
    used = {id(p) for s in sensors for p in (s.main, s.gravity, s.rotation)}
    return sensors, [part for part in group if id(part) not in used]


def _placed(sensors: list[Sensor], options: ReadingOptions) -> list[Sensor]:
    for sensor in sensors:
        named = placement_named(f"{sensor.name} {sensor.main.name}")
        is_several = len(sensors) > 1 and named is not Placement.UNKNOWN
        chosen = options.placement if options.placement is not Placement.UNKNOWN else named
        sensor.placement = named if is_several else chosen
    return sensors


def _no_acceleration(parts: list[Part]) -> ReadingError:
    part = parts[0]
    if any(p.role == "linear" for p in parts):
        words = "Gravity is missing from the acceleration."
        return ReadingError(
            part.name, 1, words, "Send the raw (or “total”) acceleration, or the gravity file too."
        )
    if any(p.role == "rotation" for p in parts):
        words = "This is the gyroscope's file only."
        return ReadingError(part.name, 1, words, "Send the accelerometer's file together with it.")
    return ReadingError(
        part.name, 1, "There is no acceleration in this file.", "Send the accelerometer's file."
    )
