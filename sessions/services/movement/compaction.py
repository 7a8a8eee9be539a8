"""From sealed segments to one Parquet file: written, read back, and only then are the segments deleted.

A crash at any moment loses nothing: until the last transaction the segments are the recording, after it the
file is. What a crash leaves behind in the storage is found by the recording's last claim and deleted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from sessions import motion_files
from sessions.codec import unpack_frames
from sessions.errors import RecordingTakenOver
from sessions.models import Recording, RecordingSegment
from sessions.motion_codec import IMU_FRAME, MotionFrames
from sessions.motion_files import StoredFile
from sessions.motion_trend.reading.clock import ClockRepair
from sessions.motion_trend.types import Placement, Repair, SensorSignal
from sessions.services.movement.plain_json import plain

PIECE_SAMPLES = 60_000
# No body-worn sensor is faster; stamps that say so are wrong, and every window would grow with them.
FASTEST_HZ = 1000.0
# More samples than this without turning: the sensor has no gyroscope, or sent none for a while.
MOST_BLANK_SHARE = 0.05
# A phone's clock that is further off than this is not believed; the server's is.
MOST_CLOCK_ERROR = timedelta(minutes=10)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def file_key(recording: Recording, claim: UUID, *, suffix: str = "parquet") -> str:
    """Where a claim writes: the names say nothing, and no two claims share one."""
    return f"{recording.clinic_id}/{recording.ref}/{claim.hex}.{suffix}"


def claim_recording(recording: Recording) -> UUID:
    """Make this piece of work the one that may store results, and sweep what a crashed one left."""
    claim = uuid4()
    with transaction.atomic():
        locked = Recording.objects.select_for_update().get(pk=recording.pk)
        leftover = file_key(locked, locked.connection) if locked.connection else ""
        Recording.objects.filter(pk=recording.pk).update(connection=claim)
    if leftover and leftover != locked.file_key:
        motion_files.delete_file(leftover)
    recording.connection = claim
    return claim


def check_claim(recording: Recording, claim: UUID) -> Recording:
    """The locked recording; raises RecordingTakenOver when other work claimed it since."""
    locked = Recording.objects.select_for_update(of=("self",)).select_related("patient__clinic")
    found: Recording = locked.get(pk=recording.pk)
    if found.connection != claim:
        raise RecordingTakenOver
    return found


def compact(recording: Recording, *, claim: UUID) -> Recording:
    """Turn a closed recording's segments into its file; without segments nothing changes.

    Raises CorruptSegment, MotionFileCorrupt (the segments stay) and RecordingTakenOver.
    """
    if not RecordingSegment.objects.filter(recording=recording).exists():
        return recording
    key = file_key(recording, claim)
    source = SegmentReader(recording)
    stored = motion_files.write_pieces(key, source.pieces(), origin=source.origin)
    try:
        return adopt_file(recording, stored, claim=claim, repairs=source.repairs(), go_s=source.go_s)
    except RecordingTakenOver:
        motion_files.delete_file(key)
        raise


def adopt_file(
    recording: Recording,
    stored: StoredFile,
    *,
    claim: UUID,
    repairs: tuple[Repair, ...] = (),
    go_s: float | None = None,
) -> Recording:
    """Make a verified file the recording, and let its segments and an earlier file go.

    `go_s`: when the person was told to go, in seconds of the file.
    """
    with transaction.atomic():
        locked = check_claim(recording, claim)
        earlier = locked.file_key
        describe_file(locked, stored, repairs=repairs)
        if go_s is not None:
            locked.protocol = {**locked.protocol, "go_s": round(go_s, 3)}
        locked.save()
        RecordingSegment.objects.filter(recording=locked).delete()
    if earlier and earlier != stored.key:
        motion_files.delete_file(earlier)
    return locked


def describe_file(recording: Recording, stored: StoredFile, *, repairs: tuple[Repair, ...] = ()) -> None:
    """Write down what the file holds: when, how many samples at which rate, and what was put right."""
    recording.file_key, recording.file_sha256 = stored.key, stored.sha256
    recording.file_bytes, recording.sample_count = stored.size_bytes, stored.sample_count
    origin = stored.origin or recording.started_at or recording.created_at
    recording.started_at = origin
    recording.ended_at = origin + timedelta(seconds=stored.last_s)
    if stored.tracks:
        recording.sampling_rate_hz = stored.tracks[0].sampling_rate_hz
    if len(stored.tracks) == 1:
        recording.placement = recording.placement or stored.tracks[0].placement
    told = [repair for track in stored.tracks for repair in track.repairs]
    recording.quality = plain(
        {
            **recording.quality,
            "repairs": told + [repair.to_dict() for repair in repairs],
            "sensors": [
                {
                    "name": track.name,
                    "placement": track.placement,
                    "rate_hz": round(track.sampling_rate_hz, 2),
                    "samples": track.sample_count,
                }
                for track in stored.tracks
            ],
        }
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a segment's first sample lies on the recording's clock."""

    pk: int
    first_ms: float
    has_gyroscope: bool


class SegmentReader:
    """A recording's segments as pieces of at most ten minutes on one repaired clock, in constant memory."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self._extra: list[Repair] = []
        self._places = sorted(self._find_places(), key=lambda place: (place.first_ms, place.pk))
        self._start_ms = self._places[0].first_ms
        self._rate_hz = min(recording.sampling_rate_hz or self._measured_rate_hz(), FASTEST_HZ)
        self._clock = ClockRepair(period_s=1.0 / self._rate_hz)
        self._has_gyroscope = all(place.has_gyroscope for place in self._places)
        self.origin = self._origin()
        self.go_s: float | None = None
        """When the person was told to go, on the repaired clock; known once the pieces were read."""

    def pieces(self) -> Iterator[SensorSignal]:
        """Every sample once, in order of time. Raises CorruptSegment."""
        held: list[MotionFrames] = []
        count = 0
        for number, place in enumerate(self._places, start=1):
            held.append(self._usable(self._frames(place.pk)))
            count += len(held[-1])
            if count >= PIECE_SAMPLES or number == len(self._places):
                signal, left = self._piece(np.concatenate(held), is_last=number == len(self._places))
                held, count = ([left] if len(left) else []), len(left)
                yield signal

    def repairs(self) -> tuple[Repair, ...]:
        """What was put right, once the pieces were read."""
        return (*self._extra, *self._clock.repairs())

    def _find_places(self) -> Iterator[_Place]:
        segments = RecordingSegment.objects.filter(recording=self.recording).order_by("index")
        for pk in segments.values_list("pk", flat=True):
            frames = self._frames(pk)
            blank = np.isnan(frames["angular_velocity"]).any(axis=1)
            yield _Place(pk, float(frames["capture_ms"][0]), bool(blank.mean() <= MOST_BLANK_SHARE))

    def _frames(self, pk: int) -> MotionFrames:
        segment = RecordingSegment.objects.get(pk=pk)
        raw = unpack_frames(bytes(segment.payload), sha256=segment.sha256, codec=segment.codec)
        frames = np.frombuffer(raw, dtype=IMU_FRAME).copy()
        frames["capture_ms"] += segment.clock_offset_ms
        return frames

    def _usable(self, frames: MotionFrames) -> MotionFrames:
        """Without the few samples whose turning is missing, where there is a gyroscope."""
        if not self._has_gyroscope:
            return frames
        return frames[~np.isnan(frames["angular_velocity"]).any(axis=1)]

    def _measured_rate_hz(self) -> float:
        steps = np.diff(self._frames(self._places[0].pk)["capture_ms"])
        steps = steps[steps > 0]
        return float(1000.0 / np.median(steps)) if len(steps) else 100.0

    def _origin(self) -> datetime:
        """The wall time of the first sample."""
        recording = self.recording
        epoch_ms, zero_ms = recording.header.get("epoch_ms"), recording.header.get("monotonic_ms", 0.0)
        begun = recording.started_at or recording.created_at
        if epoch_ms is None:
            return begun + timedelta(milliseconds=self._start_ms)
        told = EPOCH + timedelta(milliseconds=epoch_ms + self._start_ms - zero_ms)
        if abs(told - recording.created_at) > MOST_CLOCK_ERROR:
            off_s = (told - recording.created_at).total_seconds()
            words = "The phone's clock was wrong; the times are those of the server."
            self._extra.append(Repair("clock_offset", words, off_s))
            return recording.created_at
        return told

    def _piece(self, frames: MotionFrames, *, is_last: bool) -> tuple[SensorSignal, MotionFrames]:
        raw_s = (frames["capture_ms"] - self._start_ms) / 1000.0
        t_s, keep, held = self._clock.push(raw_s, is_last=is_last)
        self._find_go(raw_s[keep], t_s)
        turn = frames["angular_velocity"][keep] if self._has_gyroscope else None
        placement = self.recording.placement
        signal = SensorSignal(
            t_s=t_s,
            acceleration_m_s2=np.ascontiguousarray(frames["acceleration"][keep]),
            angular_velocity_rad_s=None if turn is None else np.ascontiguousarray(turn),
            sampling_rate_hz=self._rate_hz,
            placement=Placement(placement) if placement else Placement.UNKNOWN,
            started_at=self.origin,
            source=str(self.recording.source),
        )
        return signal, frames[len(frames) - held :]

    def _find_go(self, raw_s: NDArray[np.float64], t_s: NDArray[np.float64]) -> None:
        """Where the word "go" lies among the samples; one that was said outside of them is not known."""
        go_ms = self.recording.protocol.get("go_ms")
        if self.go_s is not None or not isinstance(go_ms, int | float) or not len(t_s):
            return
        told_s = (go_ms - self._start_ms) / 1000.0
        if raw_s[0] <= told_s <= raw_s[-1]:
            self.go_s = float(np.interp(told_s, raw_s, t_s))
