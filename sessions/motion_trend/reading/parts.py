"""One file's samples on a repaired clock, block by block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.reading.clock import ClockRepair, drift_between, find_period_s
from sessions.motion_trend.reading.errors import ReadingError
from sessions.motion_trend.reading.plans import NO_COLUMNS, Part
from sessions.motion_trend.reading.table import Block, find_unreadable_line, read_blocks, read_last_row
from sessions.motion_trend.reading.times import (
    SCALES,
    TimeKind,
    as_number,
    find_time_kind,
    seconds_of_text,
    zone_named,
)
from sessions.motion_trend.types import Repair

Vectors = NDArray[np.float64]
# A body sensor samples between these rates; outside, the time unit is wrong.
SLOWEST_HZ, FASTEST_HZ = 4.0, 5000.0


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples in time order: t_s[N] (Unix time where the file tells it), values[N, k] as they stand."""

    t_s: NDArray[np.float64]
    values: Vectors

    def __len__(self) -> int:
        return len(self.t_s)


class PartReader:
    """Reads one part's columns; `repairs` tells afterwards what was put right or left out."""

    def __init__(self, part: Part, *, columns: Sequence[str], zone: str) -> None:
        self.part = part
        self.columns = list(columns)
        self.zone = zone_named(zone)
        self.kind = self._time_kind()
        self.is_epoch = self.kind.is_epoch or bool(part.plan.anchor)
        self.clock: ClockRepair | None = None
        self._counter = _Counter(part, self.zone) if part.plan.anchor else None
        self._unreadable = 0
        self._broken_off = ""
        self._rows = 0
        self._counted_rows = 0
        self._has_begun = False

    def _time_kind(self) -> TimeKind:
        plan, layout = self.part.plan, self.part.layout
        if not plan.time:
            return TimeKind("s", is_epoch=False)
        column = layout.column(plan.time)
        unit = "" if plan.time_unit == "auto" else plan.time_unit
        return find_time_kind([row[column] for row in layout.rows], name=plan.time, unit=unit)

    @property
    def naive_zone(self) -> tzinfo | None:
        """The zone of clock times that came without one; None where times are Unix times or only count."""
        is_text = self.kind.unit == "iso" or self.part.plan.anchor
        return self.zone if is_text and self.is_epoch and not self._has_zone() else None

    def _has_zone(self) -> bool:
        return self._counter.has_zone if self._counter is not None else self.kind.has_zone

    def head_times(self) -> NDArray[np.float64]:
        """The times of the first rows, s, before any repair."""
        layout, plan = self.part.layout, self.part.plan
        if not plan.time:
            return np.arange(len(layout.rows)) / (plan.rate_hz or 100.0)
        column = layout.column(plan.time)
        cells = [row[column] for row in layout.rows]
        seconds = seconds_of_text(cells) if self.kind.unit == "iso" else self._scaled(cells)
        return self._counter.wall_times(seconds) if self._counter is not None else seconds

    def _scaled(self, cells: Sequence[str]) -> NDArray[np.float64]:
        return np.array([as_number(cell) for cell in cells]) * SCALES[self.kind.unit]

    def samples(self) -> Iterator[Samples]:
        """The part's samples. Raises ReadingError when nothing at all can be read."""
        held: Samples | None = None
        blocks = self._blocks()
        following = next(blocks, None)
        while following is not None:
            current, following = following, next(blocks, None)
            current = current if held is None else _joined(held, current)
            repaired, held = self._repaired(current, is_last=following is None)
            if len(repaired):
                self._rows += len(repaired)
                yield repaired
        if not self._rows:
            raise self._nothing_readable()

    def _blocks(self) -> Iterator[Samples]:
        """Blocks with readable values; a file that breaks off after some of them ends there."""
        try:
            for block in self._raw_blocks():
                samples = self._timed(block)
                if len(samples):
                    self._has_begun = True
                    yield samples
        except ReadingError as error:
            if not self._has_begun:
                raise
            self._broken_off = (
                f"From line {error.line} on the file cannot be read; what came before was kept."
            )

    def _raw_blocks(self) -> Iterator[Block]:
        plan = self.part.plan
        is_text = self.kind.unit == "iso"
        times = [plan.time] if plan.time else []
        numbers = self.columns if is_text else [*self.columns, *times]
        texts = times if is_text else []
        return read_blocks(self.part.layout, numbers=numbers, texts=texts)

    def _timed(self, block: Block) -> Samples:
        width = len(self.columns)
        values = block.numbers[:, :width]
        if self.kind.unit == "iso":
            seconds = seconds_of_text(block.texts[self.part.plan.time])
        elif self.part.plan.time:
            seconds = block.numbers[:, width] * SCALES[self.kind.unit]
        else:
            seconds = (self._seen_rows(len(values)) + np.arange(len(values))) / (
                self.part.plan.rate_hz or 100.0
            )
        if self._counter is not None:
            seconds = self._counter.wall_times(seconds)
        usable = np.isfinite(values[:, :3]).all(axis=1) & np.isfinite(seconds)
        self._unreadable += block.unreadable + int(np.count_nonzero(~usable))
        return Samples(seconds[usable], values[usable])

    def _seen_rows(self, count: int) -> int:
        seen = self._counted_rows
        self._counted_rows += count
        return seen

    def _repaired(self, samples: Samples, *, is_last: bool) -> tuple[Samples, Samples | None]:
        if self.clock is None:
            self.clock = self._new_clock(samples)
        times, keep, held = self.clock.push(samples.t_s, is_last=is_last)
        rest = Samples(samples.t_s[-held:], samples.values[-held:]) if held else None
        return Samples(times, samples.values[keep]), rest

    def _new_clock(self, samples: Samples) -> ClockRepair:
        period_s = find_period_s(samples.t_s)
        if len(samples) > 3 and not SLOWEST_HZ <= 1 / period_s <= FASTEST_HZ:
            words = f"By its times this file has {1 / period_s:,.3g} samples a second."
            cure = "Check which column is the time, and its unit (s, ms, µs, ns)."
            raise ReadingError(self.part.name, self.part.layout.header_lines + 1, words, cure)
        zone = self.naive_zone
        return ClockRepair(period_s=period_s, zone=zone, is_epoch=self.is_epoch)

    def _nothing_readable(self) -> ReadingError:
        times = [self.part.plan.time] if self.part.plan.time and self.kind.unit != "iso" else []
        line, column = find_unreadable_line(self.part.layout, [*self.columns[:3], *times])
        what = f"The column “{column}” holds no number here." if column else "This row has too few columns."
        words = f"No row of this file can be read. {what}"
        return ReadingError(self.part.name, line, words, "Export the file again without changing it.")

    def repairs(self) -> tuple[Repair, ...]:
        """What was put right or left out, complete once the samples were read."""
        found = list(self.clock.repairs()) if self.clock is not None else []
        if self._unreadable:
            words = f"Rows of {self.part.name} that cannot be read: {self._unreadable:,}; left out."
            found.append(Repair("unreadable_rows", words, float(self._unreadable)))
        if self._broken_off:
            found.append(Repair("broken_off", self._broken_off))
        if self._counter is not None and self._counter.drift_ppm:
            drift = self._counter.drift_ppm
            words = (
                f"The sensor's clock ran {abs(drift):.0f} parts per million {'slow' if drift > 0 else 'fast'}"
            )
            found.append(Repair("drift", f"{words} against the wall clock; put right.", drift))
        return tuple(found)


class _Counter:
    """A counter since switching on, laid onto the wall clock of the first row; their drift is put right."""

    def __init__(self, part: Part, zone: tzinfo) -> None:
        layout, plan = part.layout, part.plan
        counter, wall = layout.column(plan.time), layout.column(plan.anchor)
        rows = [row for row in layout.rows if np.isfinite(as_number(row[counter]))]
        if not rows:
            raise ReadingError(
                part.name, layout.header_lines + 1, "No time can be read.", "Export the file again."
            )
        scale = SCALES.get(plan.time_unit, 1.0)
        self.first = as_number(rows[0][counter]) * scale
        self.wall = float(seconds_of_text([rows[0][wall]])[0])
        self.has_zone = find_time_kind([rows[0][wall]], name=plan.anchor, unit="iso").has_zone
        last = read_last_row(layout, [plan.time, plan.anchor])
        self.drift_ppm = 0.0
        if last:
            walls = (self.wall, float(seconds_of_text([last[plan.anchor]])[0]))
            self.drift_ppm = drift_between(walls, (self.first, as_number(last[plan.time]) * scale))

    def wall_times(self, counted: NDArray[np.float64]) -> NDArray[np.float64]:
        """Wall-clock seconds of counter times."""
        return self.wall + (counted - self.first) * (1 + self.drift_ppm * 1e-6)


def _joined(first: Samples, second: Samples) -> Samples:
    return Samples(np.concatenate([first.t_s, second.t_s]), np.concatenate([first.values, second.values]))


def columns_of(part: Part) -> list[str]:
    """The columns of a part that hold values: acceleration, gravity, rotation, as far as it has them."""
    plan = part.plan
    triples = [plan.acceleration, plan.gravity, plan.angular_velocity]
    return [name for triple in triples if triple and triple != NO_COLUMNS for name in triple]
