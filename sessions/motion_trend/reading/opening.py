"""Recognising what was sent."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path

from sessions.motion_trend.reading.archive import MOST_UNPACKED_BYTES, UNPACK, is_zip, members_of
from sessions.motion_trend.reading.errors import ColumnsUnknown, ReadingError
from sessions.motion_trend.reading.health import EXPORT_AGAIN, HealthReading, is_health_export
from sessions.motion_trend.reading.plans import Part, recognise
from sessions.motion_trend.reading.sensors import Sensor, group_parts
from sessions.motion_trend.reading.table import find_layout
from sessions.motion_trend.reading.text import read_head
from sessions.motion_trend.reading.types import (
    DailyValue,
    Reading,
    ReadingKind,
    ReadingOptions,
    SignalDescription,
    Source,
)
from sessions.motion_trend.types import Repair, SensorSignal

MOST_FILES = 200
APART = "Send sensor files, Apple Health exports and laboratory files each on their own."
C3D_MARK = 0x50


def open_reading(sources: Sequence[Source], *, options: ReadingOptions | None = None) -> Reading:
    """Recognise files sent together. Raises ReadingError, or ColumnsUnknown for a table to explain."""
    options = options or ReadingOptions()
    if not sources:
        raise ReadingError("", None, "Nothing was sent.", "Choose at least one file.")
    found = [(kind, source) for kind, source in _unpacked(sources) if kind != "other"]
    if not found:
        words = "This XML file is not an Apple Health export."
        raise ReadingError(sources[0].name, 1, words, EXPORT_AGAIN)
    kinds = {kind for kind, _ in found}
    if len(kinds) > 1:
        raise ReadingError(sources[0].name, None, "These files are of different kinds.", APART)
    kept = [source for _, source in found]
    if kinds == {"health"}:
        return HealthReading(_only(kept), options=options)
    if kinds == {"lab"}:
        return LabReading(_only(kept))
    return _imu_reading(kept, options)


def _only(sources: list[Source]) -> Source:
    if len(sources) > 1:
        words = "There is more than one such file."
        raise ReadingError(sources[1].name, None, words, "Send one at a time.")
    return sources[0]


def _unpacked(sources: Sequence[Source]) -> Iterator[tuple[str, Source]]:
    """Every file with its kind; of a zip, its members."""
    count, unpacked = 0, 0
    for source in sources:
        members = members_of(source) if is_zip(read_head(source)) else [source]
        unpacked += sum(member.size for member in members)
        if unpacked > MOST_UNPACKED_BYTES:
            words = f"These files would unpack to more than {MOST_UNPACKED_BYTES / 1e9:,.0f} GB."
            raise ReadingError(source.name, None, words, UNPACK)
        is_packed = members != [source]
        heads = {member.name: _kind(member) for member in members if member.size or not is_packed}
        is_health = is_packed and "health" in heads.values()
        for member in members:
            kind = heads.get(member.name, "other")
            if is_packed and is_health and kind != "health":
                continue
            count += 1
            if count > MOST_FILES:
                words = f"These are more than {MOST_FILES} files."
                raise ReadingError(source.name, None, words, "Send fewer at once.")
            if kind != "zip" or not is_packed:
                yield kind, member


def _kind(source: Source) -> str:
    head = read_head(source)
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    if is_zip(head):
        return "zip"
    if head.startswith(b"\x1f\x8b"):
        raise ReadingError(
            source.name, None, "This file is compressed (gzip).", "Unpack it and send it again."
        )
    if source.name.lower().endswith(".c3d"):
        if len(head) < 512 or head[1] != C3D_MARK:
            words = "This is not a C3D file, or only a part of one."
            raise ReadingError(source.name, None, words, "Export it again from the laboratory's program.")
        return "lab"
    if is_health_export(head):
        return "health"
    if text[:5].replace(b"\x00", b"").startswith((b"<?x", b"<!D", b"<Hea", b"<Cl")):
        return "other"
    return "imu"


def _imu_reading(sources: list[Source], options: ReadingOptions) -> ImuReading:
    """Recognise each table; where some are known for certain, tables nobody can explain are put aside."""
    parts: list[Part] = []
    refusals: list[ReadingError] = []
    for source in sources:
        try:
            parts.append(recognise(find_layout(source), options=options))
        except ReadingError as error:
            refusals.append(error)
    is_certain = any(part.format != "table" for part in parts)
    unknown = [error for error in refusals if isinstance(error, ColumnsUnknown)]
    if refusals and not is_certain:
        raise (unknown or refusals)[0]
    sensors = group_parts(parts, options=options)
    sensors[0].remarks += [_left_out(error) for error in refusals]
    return ImuReading(sensors)


def _left_out(error: ReadingError) -> Repair:
    return Repair("unread_file", f"{error.file} was left out: {error.words}")


class ImuReading:
    """Samples of one or more sensors."""

    kind: ReadingKind = "imu"

    def __init__(self, sensors: list[Sensor]) -> None:
        self._sensors = sensors
        self.signals: tuple[SignalDescription, ...] = tuple(sensor.describe() for sensor in sensors)

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """What was put right or left out, once the pieces were read."""
        return tuple(repair for sensor in self._sensors for repair in sensor.repairs())

    def pieces(self) -> Iterator[SensorSignal]:
        """Sensor after sensor. One that cannot be read does not spoil the others."""
        refused: list[tuple[Sensor, ReadingError]] = []
        has_any = False
        for sensor in self._sensors:
            try:
                for piece in sensor.pieces():
                    has_any = True
                    yield piece
            except ReadingError as error:
                refused.append((sensor, error))
        if refused and not has_any:
            raise refused[0][1]
        for sensor, problem in refused:
            sensor.remarks.append(_left_out(problem))

    def daily_values(self) -> Iterator[DailyValue]:
        """None: days are made from the analysed walking."""
        return iter(())

    def lab_path(self) -> str:
        """Raises ReadingError: this is no laboratory file."""
        raise ReadingError(self._sensors[0].main.name, None, "This is not a laboratory file.", "")


class LabReading:
    """A C3D file, laid on disk for as long as this reading lives."""

    kind: ReadingKind = "lab"
    signals: tuple[SignalDescription, ...] = ()
    repairs: tuple[Repair, ...] = ()

    def __init__(self, source: Source) -> None:
        self.source = source
        self._path: Path | None = None

    def pieces(self) -> Iterator[SensorSignal]:
        """None: a laboratory file has no body-worn samples."""
        return iter(())

    def daily_values(self) -> Iterator[DailyValue]:
        """None."""
        return iter(())

    def lab_path(self) -> str:
        """The path of a temporary copy, once it was read through. Raises ReadingError for a broken file."""
        if self._path is None:
            from sessions.motion_trend.lab import read_c3d
            from sessions.motion_trend.lab.c3d_header import MOST_BYTES

            if self.source.size > MOST_BYTES:
                words = f"A C3D file of more than {MOST_BYTES / 1e6:.0f} MB cannot be read."
                cure = "Export a shorter part of the measurement."
                raise ReadingError(self.source.name, None, words, cure)
            folder = Path(tempfile.mkdtemp(prefix="lab-"))
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            path = folder / "file.c3d"
            with self.source.open() as file, path.open("wb") as copy:
                shutil.copyfileobj(file, copy, 1024 * 1024)
            read_c3d(path, name=self.source.name)
            self._path = path
        return str(self._path)
