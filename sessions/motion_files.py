"""A recording's samples as one Parquet file: written piece by piece, read by the window.

Columns: sensor (place in the metadata), t_s (float64, s since the file's origin), acceleration x, y, z
(float32, m/s²), angular velocity x, y, z (float32, rad/s; empty where the sensor has no gyroscope). Each
piece is a row group of one sensor, so that a window reads the row groups that it touches and no others. zstd;
the bytes of floats are split first, which lets successive samples compress. Every page carries a checksum;
the whole file's sha256 is stored with the recording.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np
from django.core.files import File
from django.core.files.storage import Storage, storages
from numpy.typing import NDArray

from sessions.motion_trend.types import Placement, Repair, SensorSignal

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

ALIAS = "motion"
FORMAT_VERSION = "1"
METADATA_KEY = b"plumbline.motion"
FORCE = ("ax", "ay", "az")
TURN = ("gx", "gy", "gz")
CHUNK_BYTES = 1024 * 1024
MOST_ROWS_A_GROUP = 120_000


class MotionFileCorrupt(ValueError):
    """A stored file that is missing or is not what was written; ``code`` names what is wrong."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Track:
    """One sensor of a file. `first_s`, `last_s`: s since the file's origin."""

    name: str
    placement: str
    sampling_rate_hz: float
    has_gyroscope: bool
    sample_count: int = 0
    first_s: float = 0.0
    last_s: float = 0.0
    repairs: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was written and read back: where it lies, its checksum, and what it holds."""

    key: str
    sha256: str
    size_bytes: int
    origin: datetime | None
    tracks: tuple[Track, ...]

    @property
    def sample_count(self) -> int:
        return sum(track.sample_count for track in self.tracks)

    @property
    def first_s(self) -> float:
        return min((track.first_s for track in self.tracks), default=0.0)

    @property
    def last_s(self) -> float:
        return max((track.last_s for track in self.tracks), default=0.0)


def motion_storage() -> Storage:
    """The storage behind the alias "motion"."""
    return storages[ALIAS]


def write_pieces(key: str, pieces: Iterable[SensorSignal], *, origin: datetime | None = None) -> StoredFile:
    """Write pieces to `key` in constant memory, read the stored file back, and answer what it holds.

    Pieces with one `source` are one sensor. Times count from `origin` (the first piece's start when left
    out). Raises MotionFileCorrupt when the storage does not give back what was written, ValueError for no
    samples at all or a key that is taken.
    """
    with tempfile.TemporaryDirectory(prefix="motion-") as folder:
        path = Path(folder) / "pieces.parquet"
        writer = _PieceWriter(path, origin=origin)
        with writer:
            for piece in pieces:
                writer.add(piece)
        if not writer.tracks:
            raise ValueError("no samples")
        digest, size = digest_of(path)
        store_file(key, path)
    stored = StoredFile(
        key=key, sha256=digest, size_bytes=size, origin=writer.origin, tracks=tuple(writer.tracks.values())
    )
    verify(stored.key, sha256=stored.sha256)
    return stored


def store_file(key: str, path: Path) -> None:
    """Move a file into the storage under exactly this key; raises ValueError when the key is taken."""
    with path.open("rb") as file:
        kept = motion_storage().save(key, File(file, name=path.name))
    if kept != key:
        motion_storage().delete(kept)
        raise ValueError("the key is taken")


def fetch_file(key: str, path: Path) -> None:
    """Copy a stored file to local disk, for libraries that want a path. Raises MotionFileCorrupt."""
    with _opened(key) as stored, path.open("wb") as file:
        shutil.copyfileobj(stored, file, CHUNK_BYTES)


def verify(key: str, *, sha256: str) -> None:
    """Read a stored file through; raises MotionFileCorrupt unless it is what was written."""
    with _opened(key) as file:
        digest = hashlib.sha256()
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    if digest.hexdigest() != sha256:
        raise MotionFileCorrupt("wrong_checksum")


def delete_file(key: str) -> None:
    """Delete a stored file; one that is gone already is fine."""
    if key and motion_storage().exists(key):
        motion_storage().delete(key)


def read_signals(
    key: str, *, start_s: float | None = None, end_s: float | None = None, sha256: str | None = None
) -> list[SensorSignal]:
    """Each sensor's samples between two times (s since the file's origin), sensors without any left out.

    With `sha256` the whole file is checked first; without it the pages that are read. Raises
    MotionFileCorrupt.
    """
    if sha256 is not None:
        verify(key, sha256=sha256)
    parts: dict[str, list[SensorSignal]] = {}
    for piece in iter_pieces(key, start_s=start_s, end_s=end_s):
        parts.setdefault(piece.source, []).append(piece)
    return [_joined(pieces) for pieces in parts.values()]


def read_signal(
    key: str, *, start_s: float | None = None, end_s: float | None = None, sha256: str | None = None
) -> SensorSignal:
    """As `read_signals`, of the file's first sensor. Raises MotionFileCorrupt, also for an empty window."""
    signals = read_signals(key, start_s=start_s, end_s=end_s, sha256=sha256)
    if not signals:
        raise MotionFileCorrupt("nothing_there")
    return signals[0]


def iter_pieces(
    key: str, *, start_s: float | None = None, end_s: float | None = None
) -> Iterator[SensorSignal]:
    """The stored pieces in order, cut to the window: a day is read in constant memory."""
    low = -np.inf if start_s is None else start_s
    high = np.inf if end_s is None else end_s
    with _opened(key) as file, _unreadable_is_corrupt():
        reader = _reader(file)
        origin, tracks = _metadata(reader)
        for group in range(reader.num_row_groups):
            if not _touches(reader, group, low, high):
                continue
            piece = _piece(reader.read_row_group(group), tracks, origin)
            piece = piece if low == -np.inf and high == np.inf else _cut(piece, low, high)
            if len(piece):
                yield piece


def describe(key: str) -> tuple[datetime | None, list[Track]]:
    """A file's origin and sensors, from its foot alone."""
    with _opened(key) as file, _unreadable_is_corrupt():
        return _metadata(_reader(file))


class _PieceWriter:
    """An open Parquet file on local disk; each piece becomes row groups of its own."""

    def __init__(self, path: Path, *, origin: datetime | None) -> None:
        self.path = path
        self.origin = origin
        self.tracks: dict[str, Track] = {}
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> _PieceWriter:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._writer is not None:
            self._writer.add_key_value_metadata({METADATA_KEY: self._metadata()})
            self._writer.close()

    def add(self, piece: SensorSignal) -> None:
        """Append a piece; one without samples leaves its repairs only."""
        if self.origin is None:
            self.origin = piece.started_at
        track = self._track_of(piece)
        track.repairs.extend(repair.to_dict() for repair in piece.repairs)
        if not len(piece):
            return
        t_s = piece.t_s + self._shift_s(piece)
        if not track.sample_count:
            track.first_s = float(t_s[0])
        track.last_s = float(t_s[-1])
        track.sample_count += len(piece)
        if self._writer is None:
            self._writer = _new_writer(self.path)
        table = _table(piece, t_s, sensor=list(self.tracks).index(piece.source))
        self._writer.write_table(table, row_group_size=MOST_ROWS_A_GROUP)

    def _track_of(self, piece: SensorSignal) -> Track:
        return self.tracks.setdefault(
            piece.source,
            Track(
                name=piece.source,
                placement=str(piece.placement),
                sampling_rate_hz=float(piece.sampling_rate_hz),
                has_gyroscope=piece.angular_velocity_rad_s is not None,
            ),
        )

    def _shift_s(self, piece: SensorSignal) -> float:
        if self.origin is None or piece.started_at is None:
            return 0.0
        return (piece.started_at - self.origin).total_seconds()

    def _metadata(self) -> bytes:
        told = {
            "format": FORMAT_VERSION,
            "origin": self.origin.isoformat() if self.origin else None,
            "tracks": [_track_dict(track) for track in self.tracks.values()],
        }
        return json.dumps(told).encode()


def _track_dict(track: Track) -> dict[str, Any]:
    return {name: getattr(track, name) for name in Track.__slots__}


def _schema() -> pa.Schema:
    import pyarrow as pa

    floats = [(name, pa.float32()) for name in (*FORCE, *TURN)]
    return pa.schema([("sensor", pa.int8()), ("t_s", pa.float64()), *floats])


def _new_writer(path: Path) -> pq.ParquetWriter:
    import pyarrow.parquet as pq

    return pq.ParquetWriter(
        path,
        _schema(),
        compression="zstd",
        compression_level=3,
        use_dictionary=["sensor"],
        use_byte_stream_split=["t_s", *FORCE, *TURN],
        write_page_checksum=True,
    )


def _table(piece: SensorSignal, t_s: NDArray[np.float64], *, sensor: int) -> pa.Table:
    import pyarrow as pa

    turn = piece.angular_velocity_rad_s
    columns: list[pa.Array] = [pa.array(np.full(len(t_s), sensor, dtype=np.int8)), pa.array(t_s)]
    columns += [_column(piece.acceleration_m_s2, axis) for axis in range(3)]
    columns += [
        pa.nulls(len(t_s), pa.float32()) if turn is None else _column(turn, axis) for axis in range(3)
    ]
    return pa.Table.from_arrays(columns, schema=_schema())


def _column(values: NDArray[np.float32], axis: int) -> pa.Array:
    import pyarrow as pa

    return pa.array(np.ascontiguousarray(values[:, axis], dtype=np.float32))


def digest_of(path: Path) -> tuple[str, int]:
    """A file's sha256 and its size in bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


@contextmanager
def _opened(key: str) -> Iterator[BinaryIO]:
    try:
        file = motion_storage().open(key)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise MotionFileCorrupt("missing") from error
    with file:
        yield cast(BinaryIO, file)


@contextmanager
def _unreadable_is_corrupt() -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, KeyError, IndexError, json.JSONDecodeError) as error:
        raise MotionFileCorrupt("not_readable") from error


def _reader(file: BinaryIO) -> pq.ParquetFile:
    import pyarrow.parquet as pq

    return pq.ParquetFile(file, page_checksum_verification=True)


def _metadata(reader: pq.ParquetFile) -> tuple[datetime | None, list[Track]]:
    told: Mapping[str, Any] = json.loads((reader.metadata.metadata or {})[METADATA_KEY])
    origin = datetime.fromisoformat(told["origin"]) if told["origin"] else None
    return origin, [Track(**track) for track in told["tracks"]]


def _touches(reader: pq.ParquetFile, group: int, low: float, high: float) -> bool:
    statistics = reader.metadata.row_group(group).column(1).statistics
    return statistics is None or (statistics.max >= low and statistics.min <= high)


def _piece(table: pa.Table, tracks: list[Track], origin: datetime | None) -> SensorSignal:
    track = tracks[int(table.column("sensor")[0].as_py())]
    return SensorSignal(
        t_s=table.column("t_s").to_numpy(),
        acceleration_m_s2=_rows(table, FORCE),
        angular_velocity_rad_s=_rows(table, TURN) if track.has_gyroscope else None,
        sampling_rate_hz=track.sampling_rate_hz,
        placement=Placement(track.placement),
        started_at=origin,
        source=track.name,
        repairs=tuple(Repair(**repair) for repair in track.repairs),
    )


def _rows(table: pa.Table, names: tuple[str, str, str]) -> NDArray[np.float32]:
    rows = np.empty((table.num_rows, 3), dtype=np.float32)
    for axis, name in enumerate(names):
        rows[:, axis] = table.column(name).to_numpy()
    return rows


def _cut(piece: SensorSignal, low: float, high: float) -> SensorSignal:
    first, last = np.searchsorted(piece.t_s, low), np.searchsorted(piece.t_s, high, side="right")
    turn = piece.angular_velocity_rad_s
    return replace(
        piece,
        t_s=piece.t_s[first:last],
        acceleration_m_s2=piece.acceleration_m_s2[first:last],
        angular_velocity_rad_s=None if turn is None else turn[first:last],
    )


def _joined(pieces: list[SensorSignal]) -> SensorSignal:
    if len(pieces) == 1:
        return pieces[0]
    turns = [piece.angular_velocity_rad_s for piece in pieces]
    return replace(
        pieces[0],
        t_s=np.concatenate([piece.t_s for piece in pieces]),
        acceleration_m_s2=np.concatenate([piece.acceleration_m_s2 for piece in pieces]),
        angular_velocity_rad_s=np.concatenate([turn for turn in turns if turn is not None])
        if all(turn is not None for turn in turns)
        else None,
    )
