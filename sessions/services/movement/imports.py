"""From a reading (files that were recognised) to a recording: written piece by piece, then analysed."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from clinic.models import Membership
from patients.local_time import zone_of
from patients.models import Patient
from sessions import motion_files
from sessions.models import Job, Recording
from sessions.motion_files import StoredFile
from sessions.motion_trend.reading.errors import ReadingError
from sessions.motion_trend.reading.types import Reading
from sessions.motion_trend.types import Repair, SensorSignal
from sessions.services.movement.analysis import analyse_recording
from sessions.services.movement.compaction import adopt_file, claim_recording, file_key
from sessions.services.movement.health import settle_health_days, write_values
from sessions.services.movement.jobs import tell_job
from sessions.services.movement.recordings import start_recording
from sessions.services.movement.telling import tell_export

NO_SAMPLES = "There is not a single usable sample in this file."
READ_SHARE = 0.92
NOT_YET = "The times in this file lie in the future."
TOO_LONG = "The times in this file lie more than a year apart."
TOO_FAST = "These times say that there were more than 5,000 samples a second."
CHECK_UNIT = "Check the unit of the times: seconds or milliseconds?"
FASTEST_HZ = 5000.0
LONGEST_FILE_S = 400 * 86_400.0
SET_THE_CLOCK = "Set the sensor's clock, record again, and send the new file."
# Sensors that count in another zone's time may be half a day ahead.
AHEAD_AT_MOST = timedelta(days=1)
NO_CLOCK = Repair(
    "no_clock", "The file does not say when it was recorded. It counts as recorded just before it was sent."
)
NO_DAYS = "There are no walking measurements in this export."


def import_reading(
    patient: Patient,
    reading: Reading,
    *,
    source: str = Recording.Source.UPLOAD,
    by: Membership | None = None,
    job: Job | None = None,
    activity: str = Recording.Activity.FREE_LIVING,
    placement: str = "",
    title: str = "",
    note: str = "",
) -> Recording:
    """Store what was read as one recording and analyse it; answers the recording, analysed or failed.

    Raises ReadingError where the file gives nothing at all; the recording is gone then. Runs outside any
    transaction. `job` hears when reading is over; whoever began it ends it.
    """
    recording = start_recording(
        patient,
        activity=Recording.Activity.LAB if reading.kind == "lab" else activity,
        source=source,
        placement=placement,
        modality=reading.kind,
        note=note,
        title=title,
        by=by,
    )
    try:
        stored = _write(recording, reading)
    except Exception:
        # Whatever it was, nothing of the file is stored: an empty recording would only puzzle.
        discard_recording(recording)
        raise
    if reading.kind == "health":
        return _finish_export(stored)
    tell_job(job, READ_SHARE, "Looking for steps")
    return analyse_recording(stored.pk) or stored


def store_signals(recording: Recording, signals: Iterable[SensorSignal]) -> Recording:
    """Make signals the samples of an empty recording that waits for its analysis; times from its start."""
    claim = claim_recording(recording)
    stored = motion_files.write_pieces(_key_of(recording), signals, origin=recording.started_at)
    adopted = adopt_file(recording, stored, claim=claim)
    Recording.objects.filter(pk=adopted.pk).update(state=Recording.State.WAITING)
    return adopted


def discard_recording(recording: Recording) -> None:
    """Take back a recording in which nothing was stored."""
    if recording.connection is not None:
        motion_files.delete_file(file_key(recording, recording.connection))
    Recording.objects.filter(pk=recording.pk, file_key="", segment_count=0).delete()


def _write(recording: Recording, reading: Reading) -> Recording:
    claim = claim_recording(recording)
    if reading.kind == "health":
        return _write_export(recording, reading)
    if reading.kind == "lab":
        stored = _write_lab(recording, reading)
    else:
        stored = _write_pieces(recording, reading)
    undated = reading.kind == "imu" and all(signal.started_at is None for signal in reading.signals)
    repairs = (*reading.repairs, NO_CLOCK) if undated else tuple(reading.repairs)
    adopted = adopt_file(recording, stored, claim=claim, repairs=repairs)
    Recording.objects.filter(pk=adopted.pk).update(state=Recording.State.WAITING)
    return adopted


def _write_pieces(recording: Recording, reading: Reading) -> StoredFile:
    starts = [signal.started_at for signal in reading.signals if signal.started_at is not None]
    try:
        stored = motion_files.write_pieces(
            _key_of(recording), _nameless(reading.pieces()), origin=min(starts, default=None)
        )
    except ValueError as error:
        if str(error) != "no samples":
            raise
        raise ReadingError(
            recording.title, None, NO_SAMPLES, "Check the file, then send it again."
        ) from error
    if any(track.sampling_rate_hz > FASTEST_HZ for track in stored.tracks):
        raise ReadingError(recording.title, None, TOO_FAST, CHECK_UNIT)
    if stored.last_s > LONGEST_FILE_S:
        raise ReadingError(recording.title, None, TOO_LONG, SET_THE_CLOCK)
    if stored.origin is None:
        # No clock: it ended before it was sent, at the latest.
        return replace(stored, origin=timezone.now() - timedelta(seconds=stored.last_s))
    if stored.origin + timedelta(seconds=stored.last_s) > timezone.now() + AHEAD_AT_MOST:
        # A clock that is wrong must not move a trend.
        raise ReadingError(recording.title, None, NOT_YET, SET_THE_CLOCK)
    return stored


def _nameless(pieces: Iterator[SensorSignal]) -> Iterator[SensorSignal]:
    """Pieces whose sensors have numbers: a sensor is named after its file, which may hold a person's name."""
    numbers: dict[str, str] = {}
    for piece in pieces:
        name = numbers.setdefault(piece.source, f"Sensor {len(numbers) + 1}")
        yield replace(piece, source=name)


def _write_lab(recording: Recording, reading: Reading) -> StoredFile:
    path, key = Path(reading.lab_path()), _key_of(recording, suffix="c3d")
    digest, size = motion_files.digest_of(path)
    motion_files.store_file(key, path)
    motion_files.verify(key, sha256=digest)
    return StoredFile(key=key, sha256=digest, size_bytes=size, origin=None, tracks=())


def _write_export(recording: Recording, reading: Reading) -> Recording:
    key = _key_of(recording, suffix="days")
    tomorrow = timezone.now().date() + AHEAD_AT_MOST
    values = (value for value in reading.daily_values() if value.day <= tomorrow)
    stored, first, last = write_values(key, values)
    if first is None or last is None:
        motion_files.delete_file(key)
        raise ReadingError(recording.title, None, NO_DAYS, "Export all health data, then send it again.")
    zone = zone_of(recording.patient) if recording.patient else UTC
    recording.file_key, recording.file_sha256 = stored.key, stored.sha256
    recording.file_bytes, recording.sample_count = stored.size_bytes, stored.sample_count
    recording.started_at = datetime.combine(first, time.min, tzinfo=zone)
    recording.ended_at = datetime.combine(last, time.max, tzinfo=zone)
    recording.quality = {"repairs": [repair.to_dict() for repair in reading.repairs]}
    recording.result = {"kind": "health", "days": (last - first).days + 1, "values": stored.sample_count}
    recording.save()
    return recording


def _finish_export(recording: Recording) -> Recording:
    from sessions.services.movement.trend_review import review_trend

    patient = recording.patient
    if patient is None:
        return recording
    with transaction.atomic():
        recording.state = Recording.State.ANALYSED
        recording.save(update_fields=["state", "updated_at"])
        settle_health_days(patient)
        tell_export(recording)
    review_trend(patient)
    return recording


def _key_of(recording: Recording, *, suffix: str = "parquet") -> str:
    if recording.connection is None:
        raise ValueError("a recording is claimed before it is written")
    return file_key(recording, recording.connection, suffix=suffix)
