"""Apple Health exports: walking and steps by day, out of gigabytes of XML in constant memory.

Real exports bring a document type with the file, and since iOS 16 a malformed one, so it is looked through
for entities (refused) and then left out. Steps that phone and watch both counted are counted once an hour.
Percentages are written as shares (0.28). What Apple calls asymmetry is the share of steps in which one foot
moves at another speed: no symmetry index, so it has a code of its own.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Any, BinaryIO
from xml.parsers import expat

import numpy as np

from sessions.motion_trend.reading.errors import ReadingError
from sessions.motion_trend.reading.times import zone_named
from sessions.motion_trend.reading.types import (
    DailyValue,
    ReadingKind,
    ReadingOptions,
    SignalDescription,
    Source,
)
from sessions.motion_trend.types import Repair, SensorSignal

CHUNK_BYTES = 1024 * 1024
LONGEST_DATE = 60
LARGEST_HEAD = 512 * 1024
MOST_SOURCES = 200
# Twenty years of five devices, each hour; three values an hour. More is no person's walking.
MOST_HOURS = 1_000_000
MOST_SERIES = 200_000
MOST_VALUES = 20_000_000
# An element of an export has a few hundred bytes; what is longer would be held whole.
LONGEST_ELEMENT_BYTES = 4 * 1024 * 1024
EPOCH_DAY = date(1970, 1, 1).toordinal()
SPEED = {"km/hr": 1 / 3.6, "km/h": 1 / 3.6, "m/s": 1.0, "mi/hr": 0.44704, "mi/h": 0.44704, "mph": 0.44704,
         "ft/s": 0.3048, "cm/s": 0.01}  # fmt: skip
LENGTH = {"cm": 0.01, "m": 1.0, "in": 0.0254, "ft": 0.3048, "mm": 0.001}
PERCENT = {"%": 100.0}
COUNT = {"count": 1.0}
ENDLESS = "An element of this XML does not end."
TOO_MANY = "There are more values in this file than anybody walks in twenty years."
EXPORT_AGAIN = "On the iPhone: Health, your picture, Export All Health Data; send the file that it makes."


@dataclass(frozen=True, slots=True)
class Quantity:
    """One of Apple's record types: our code and unit, factors by Apple's unit, and what a body can do."""

    code: str
    unit: str
    factors: Mapping[str, float]
    least: float
    most: float


STEPS = "HKQuantityTypeIdentifierStepCount"
QUANTITIES = {
    STEPS: Quantity("step_count", "steps", COUNT, 0, 60_000),
    "HKQuantityTypeIdentifierWalkingSpeed": Quantity("walking_speed_m_s", "m/s", SPEED, 0.05, 4.0),
    "HKQuantityTypeIdentifierWalkingStepLength": Quantity("step_length_m", "m", LENGTH, 0.05, 2.0),
    "HKQuantityTypeIdentifierWalkingAsymmetryPercentage": Quantity(
        "walking_asymmetry_pct", "%", PERCENT, 0, 100
    ),
    "HKQuantityTypeIdentifierWalkingDoubleSupportPercentage": Quantity(
        "double_support_pct", "%", PERCENT, 0, 100
    ),
}
CONTROL = bytes(32 if code < 32 and code not in (9, 10, 13) else code for code in range(256))
DOCTYPE = re.compile(rb"<!DOCTYPE\s[^\[>]*(\[|>)")
DOCTYPE_END = re.compile(rb"\]\s*>")


def is_health_export(head: bytes) -> bool:
    """Whether the first bytes of a file are those of an Apple Health export."""
    plain = head.replace(b"\x00", b"")
    return b"<HealthData" in plain or b"<!DOCTYPE HealthData" in plain


@dataclass
class _Days:
    """What was read so far. `steps` by local hour and source; `values` by code, day and source."""

    steps: dict[tuple[int, int], float] = field(default_factory=lambda: defaultdict(float))
    values: dict[tuple[str, int, int], array[float]] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    taken: int = 0

    def is_overfull(self) -> bool:
        """Whether no person can have walked so much: memory must not grow with what somebody makes up."""
        return len(self.steps) > MOST_HOURS or len(self.values) > MOST_SERIES or self.taken > MOST_VALUES

    def source(self, name: str, device: str) -> int:
        """The place of a source in the list; beyond two hundred they share the last."""
        place = self.sources.get(name)
        if place is None:
            place = min(len(self.labels), MOST_SOURCES)
            self.sources[name if place < MOST_SOURCES else "…"] = place
            if place == len(self.labels):
                self.labels.append(_label(name, device))
        return place


def _label(name: str, device: str) -> str:
    """What a source is called: the kind of device, which carries no name of a person, or the app."""
    told = f"{device} {name}".lower()
    if "watch" in told:
        return "Apple Watch"
    return "iPhone" if "iphone" in told else name[:60]


class HealthReading:
    """One export; days come once it was read to its end."""

    kind: ReadingKind = "health"
    signals: tuple[SignalDescription, ...] = ()

    def __init__(self, source: Source, *, options: ReadingOptions) -> None:
        self.source = source
        self.zone = zone_named(options.time_zone)
        self._repairs: list[Repair] = []

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """What was put right or left out, once the days were read."""
        return tuple(self._repairs)

    def pieces(self) -> Iterator[SensorSignal]:
        """No samples: an export holds what the phone made of them."""
        return iter(())

    def lab_path(self) -> str:
        """Raises ReadingError: this is no laboratory file."""
        raise ReadingError(self.source.name, None, "This is not a laboratory file.", "")

    def daily_values(self) -> Iterator[DailyValue]:
        """The days of each code. Raises ReadingError for another file, or one without any walking."""
        days = _Days()
        self._repairs = []
        self._read(days)
        self._tell(days)
        found = [*self._days_of_steps(days), *_days_of_values(days)]
        if not found:
            words = "There is no walking and there are no steps in this export."
            cure = "Carry the iPhone on walks for some days, then export again."
            raise ReadingError(self.source.name, None, words, cure)
        yield from sorted(found, key=lambda value: (value.code, value.day))

    def _read(self, days: _Days) -> None:
        parser = _parser(_Taker(days, self.zone), file=self.source.name)
        with self.source.open() as file:
            try:
                fed = 0
                for chunk in _cleaned(file, name=self.source.name):
                    parser.Parse(chunk, False)
                    fed += len(chunk)
                    self._check_bounds(days, waiting=fed - max(parser.CurrentByteIndex, 0))
                parser.Parse(b"", True)
            except expat.ExpatError as error:
                self._meet_break(error.lineno, days)
            except ReadingError as error:
                if error.line is not None or not days.labels:
                    raise
                self._meet_break(parser.CurrentLineNumber, days)

    def _check_bounds(self, days: _Days, *, waiting: int) -> None:
        if waiting > LONGEST_ELEMENT_BYTES + CHUNK_BYTES:
            raise ReadingError(self.source.name, None, ENDLESS, EXPORT_AGAIN)
        if days.is_overfull():
            raise ReadingError(self.source.name, 1, TOO_MANY, EXPORT_AGAIN)

    def _meet_break(self, line: int, days: _Days) -> None:
        if not days.labels:
            words = "This is not a whole Apple Health export."
            raise ReadingError(self.source.name, line, words, EXPORT_AGAIN)
        words = f"The export breaks off at line {line:,}; what came before was kept."
        self._repairs.append(Repair("broken_off", words, float(line)))

    def _tell(self, days: _Days) -> None:
        words = {
            "no_date": "Values without a readable date: {:,}; left out.",
            "no_number": "Values that are not numbers: {:,}; left out.",
            "other_unit": "Values in a unit that we do not know: {:,}; left out.",
            "impossible": "Values that nobody walks: {:,}; left out.",
            "repeated": "Values that came twice: {:,}; kept once.",
        }
        self._repairs += [
            Repair(code, words[code].format(count), float(count))
            for code, count in sorted(days.counts.items())
        ]

    def _days_of_steps(self, days: _Days) -> Iterator[DailyValue]:
        best: dict[int, tuple[float, int]] = {}
        shared: set[int] = set()
        left_out = 0.0
        for (hour, source), steps in days.steps.items():
            before = best.get(hour)
            if before is not None:
                shared.add(hour)
                left_out += min(before[0], steps)
            if before is None or steps > before[0]:
                best[hour] = (steps, source)
        if shared:
            in_hours = "In one hour" if len(shared) == 1 else f"In {len(shared):,} hours"
            words = (
                f"{in_hours} more than one device counted the same steps; the one that counted "
                f"more was taken each hour, {left_out:,.0f} steps were left out."
            )
            self._repairs.append(Repair("overlapping_sources", words, float(len(shared))))
        by_day: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for hour, taken in best.items():
            by_day[hour // 24].append(taken)
        for day, hours in by_day.items():
            names = sorted({days.labels[source] for _, source in hours})
            total = sum(steps for steps, _ in hours)
            yield DailyValue(_day(day), "step_count", total, "steps", len(hours), " and ".join(names)[:100])


def _days_of_values(days: _Days) -> Iterator[DailyValue]:
    """The median of each day, of the source that has most values that day."""
    units = {quantity.code: quantity.unit for quantity in QUANTITIES.values()}
    most: dict[tuple[str, int], int] = {}
    for (code, day, source), values in days.values.items():
        chosen = most.get((code, day))
        if chosen is None or len(values) > len(days.values[code, day, chosen]):
            most[code, day] = source
    for (code, day), source in most.items():
        values = days.values[code, day, source]
        middle = float(np.median(np.frombuffer(values, dtype=np.float32)))
        yield DailyValue(_day(day), code, round(middle, 4), units[code], len(values), days.labels[source])


def _day(number: int) -> date:
    return date.fromordinal(EPOCH_DAY + number)


def _parser(taker: _Taker, *, file: str) -> Any:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = taker.start

    def refuse(*_: object) -> int:
        raise _entities(file)

    parser.EntityDeclHandler = refuse
    parser.UnparsedEntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    return parser


def _entities(file: str) -> ReadingError:
    words = "This XML defines entities, which no Apple Health export does. It was not read."
    return ReadingError(file, 1, words, EXPORT_AGAIN)


def _cleaned(file: BinaryIO, *, name: str) -> Iterator[bytes]:
    """The file without its document type and without control characters, line for line the same."""
    head = file.read(LARGEST_HEAD)
    is_bytewise = b"\x00" not in head[:1000]
    if is_bytewise:
        head = _without_doctype(head, name=name).translate(CONTROL)
    yield head
    while chunk := file.read(CHUNK_BYTES):
        yield chunk.translate(CONTROL) if is_bytewise else chunk


def _without_doctype(head: bytes, *, name: str) -> bytes:
    found = DOCTYPE.search(head)
    if found is None:
        return head
    end = found.end()
    if found[1] == b"[":
        closing = DOCTYPE_END.search(head, found.end())
        first_element = head.find(b"<HealthData", found.end())
        if closing is None or (0 <= first_element < closing.start()):
            raise ReadingError(name, 1, "The document type of this XML does not end.", EXPORT_AGAIN)
        end = closing.end()
    if b"<!entity" in head[found.start() : end].lower():
        raise _entities(name)
    lines = head[found.start() : end].count(b"\n")
    return head[: found.start()] + b"\n" * lines + head[end:]


class _Taker:
    """Takes what expat finds: one call an element, so it does little for records of other types."""

    def __init__(self, days: _Days, zone: tzinfo) -> None:
        self.days = days
        self.clock = _LocalHours(zone)
        self._previous: tuple[str, ...] = ()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name != "Record":
            return
        quantity = QUANTITIES.get(attributes.get("type", ""))
        if quantity is None:
            return
        days, get = self.days, attributes.get
        key = (
            quantity.code,
            get("startDate", ""),
            get("endDate", ""),
            get("value", ""),
            get("sourceName", ""),
        )
        source = days.source(key[4], get("device", ""))
        if key == self._previous:
            days.counts["repeated"] += 1
            return
        self._previous = key
        hour = self.clock.hour_of(key[1])
        value = self._value(quantity, key[3], get("unit", ""))
        if hour is None:
            days.counts["no_date"] += 1
        elif value is not None and quantity.code == "step_count":
            days.steps[hour, source] += value
        elif value is not None:
            place = (quantity.code, hour // 24, source)
            kept = days.values.get(place)
            if kept is None:
                kept = days.values[place] = array("f")
            kept.append(value)
            days.taken += 1

    def _value(self, quantity: Quantity, written: str, unit: str) -> float | None:
        factor = quantity.factors.get(unit)
        if factor is None:
            self.days.counts["other_unit"] += 1
            return None
        try:
            value = float(written)
        except ValueError:
            self.days.counts["no_number"] += 1
            return None
        # Some programs write 28 where Apple writes 0.28.
        value = value if factor == 100 and value > 1 else value * factor
        if not quantity.least <= value <= quantity.most:
            self.days.counts["impossible"] += 1
            return None
        return value


class _LocalHours:
    """Apple's dates as hours since 1970 on the clock of one zone; remembers the last hour's offset."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self._days: dict[str, int] = {}
        self._hour = -1
        self._offset_s = 0

    def hour_of(self, written: str) -> int | None:
        """The local hour of "2024-03-05 08:13:22 +0100" (or with AM/PM); None where it cannot be read."""
        if len(written) > LONGEST_DATE:
            # A pattern that allows blanks in two places would walk through a page of them again and again.
            return None
        try:
            seconds = self._unix_s(written)
        except (ValueError, IndexError):
            return None
        hour = seconds // 3600
        if hour != self._hour:
            offset = datetime.fromtimestamp(seconds, tz=UTC).astimezone(self.zone).utcoffset()
            self._hour, self._offset_s = hour, int(offset.total_seconds()) if offset else 0
        return (seconds + self._offset_s) // 3600

    def _unix_s(self, written: str) -> int:
        day = self._days.get(written[:10])
        if day is None:
            day = date(int(written[:4]), int(written[5:7]), int(written[8:10])).toordinal() - EPOCH_DAY
            if not 10_957 <= day <= 47_482:
                raise ValueError(written)
            if len(self._days) > 100_000:
                self._days.clear()
            self._days[written[:10]] = day
        if len(written) == 25 and written[13] == ":":
            clock = int(written[11:13]) * 3600 + int(written[14:16]) * 60 + int(written[17:19])
            zone = written[20:]
        else:
            clock, zone = _loose_clock(written[10:])
        minutes = int(zone[1:3]) * 60 + int(zone[-2:])
        return day * 86_400 + clock - (minutes * 60 if zone[0] == "+" else -minutes * 60)


def _loose_clock(rest: str) -> tuple[int, str]:
    """Seconds of the day and the zone of a time with AM/PM, one-digit hours or odd spaces."""
    found = re.match(r"[\sT]*(\d{1,2}):(\d{2}):(\d{2})\s*([AaPp])?\.?[Mm]?\.?\s*([+-]\d{2}:?\d{2})\s*$", rest)
    if found is None:
        raise ValueError(rest)
    hour = int(found[1])
    if found[4]:
        hour = hour % 12 + (12 if found[4] in "Pp" else 0)
    return hour * 3600 + int(found[2]) * 60 + int(found[3]), found[5]
