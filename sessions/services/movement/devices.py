"""Sensors that send by themselves: a key for each, batches stored once, keys taken back."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from clinic.audit import record
from clinic.models import Membership
from clinic.pace import Pace, count_sent
from patients.models import Patient
from patients.selectors import has_consent
from sessions.device_batches import Batch
from sessions.errors import (
    BatchChanged,
    ClockTooFarOff,
    DeviceNotKnown,
    MotionConsentMissing,
    SetOfAnotherPatient,
    TooManyDevices,
)
from sessions.models import Device, DeviceBatch, ExerciseSet, Recording
from sessions.motion_codec import MotionFrames
from sessions.services.movement.recordings import start_recording, store_motion_segment

TOKEN = re.compile(r"plb_(?P<ref>[0-9a-f]{32})_(?P<secret>[A-Za-z0-9_-]{43})")
MOST_DEVICES = 20
EARLIEST = timedelta(days=60)
LATEST = timedelta(minutes=5)
# A pause this long ends a recording; the next batch begins another.
QUIET_FOR = timedelta(minutes=30)
LONGEST_RECORDING = timedelta(hours=24)
MOST_OPEN_RECORDINGS = 20
# Of one patient's sensors together, so that a stolen or broken one fills no disk and stalls no worker: five
# days of 100 Hz, six sensors that send every ten seconds, a pause every five minutes. The rest comes later.
DAY_S = 24 * 3600
SAMPLES_A_DAY = Pace(most=50_000_000, in_s=DAY_S)
NEW_BATCHES_A_DAY = Pace(most=60_000, in_s=DAY_S)
NEW_RECORDINGS_A_DAY = Pace(most=300, in_s=DAY_S)


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """What became of a batch. `state`: the live state of the set that it belongs to, if any."""

    is_new: bool
    recording_ref: UUID | None
    sample_count: int
    state: dict[str, Any] | None = None


def register_device(
    patient: Patient, *, kind: str, name: str, placement: str, by: Membership
) -> tuple[Device, str]:
    """Add a sensor; answers it with its key, which is stored as a hash only. Raises TooManyDevices."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        in_use = Device.objects.select_for_update().filter(patient=patient, revoked_at=None)
        if len(in_use) >= MOST_DEVICES:
            raise TooManyDevices
        device = Device.objects.create(
            patient=patient,
            kind=Device.Kind(kind),
            name=name,
            placement=placement,
            created_by=by,
            token_hash=_hash(secret),
            token_hint=secret[-4:],
        )
        _note("create", device)
    return device, f"plb_{device.ref.hex}_{secret}"


def revoke_device(device: Device, *, by: Membership) -> Device:
    """Take a sensor's key back. What it has sent stays; doing it twice keeps the first time."""
    with transaction.atomic():
        device = Device.objects.select_for_update().get(pk=device.pk)
        if device.revoked_at is None:
            device.revoked_at, device.revoked_by = timezone.now(), by
            device.save(update_fields=["revoked_at", "revoked_by", "updated_at"])
            _note("change", device)
    return device


def device_of_token(token: str) -> Device:
    """The sensor that a key belongs to, in the clinic in scope. Raises DeviceNotKnown, always alike."""
    found = TOKEN.fullmatch(token)
    if found is None:
        raise DeviceNotKnown
    devices = Device.objects.select_related("patient__clinic")
    device = devices.filter(ref=UUID(found["ref"]), revoked_at=None).first()
    if device is None or not constant_time_compare(device.token_hash, _hash(found["secret"])):
        raise DeviceNotKnown
    return device


def store_batch(device: Device, batch: Batch) -> StoredBatch:
    """Store a batch once, whoever sends it again.

    Raises ClockTooFarOff, MotionConsentMissing, BatchChanged (the key was used for other bytes),
    SetOfAnotherPatient, DeviceNotKnown (the key was taken back meanwhile) and TooOften. Nothing is stored
    then.
    """
    check_clock(batch)
    if not has_consent(device.patient, "motion"):
        raise MotionConsentMissing
    earlier = DeviceBatch.objects.filter(device=device, key=batch.key).select_related("recording").first()
    if earlier is not None:
        return _known(earlier, batch)
    count_sent(device.patient_id, "sensor_batches", NEW_BATCHES_A_DAY)
    count_sent(device.patient_id, "sensor_samples", SAMPLES_A_DAY, amount=len(batch.frames))
    try:
        if batch.set_ref is not None:
            return _store_in_set(device, batch)
        return _store_in_day(device, batch)
    except IntegrityError:
        # The same batch came by two connections at once.
        twin = DeviceBatch.objects.filter(device=device, key=batch.key).select_related("recording").first()
        if twin is None:
            raise
        return _known(twin, batch)


def check_clock(batch: Batch) -> None:
    """Raise ClockTooFarOff for samples from the future or from long ago: the sensor's clock is wrong."""
    now = timezone.now()
    first, last = _moment(batch.first_ms), _moment(batch.last_ms)
    if first is None or last is None or last > now + LATEST or first < now - EARLIEST:
        raise ClockTooFarOff


def _store_in_day(device: Device, batch: Batch) -> StoredBatch:
    with transaction.atomic():
        # One writer a sensor: two batches that come together are stored one after the other.
        locked = _lock(device)
        recording = _recording_for(locked, batch)
        store_motion_segment(recording.pk, _on_clock_of(recording, batch))
        _remember(locked, batch, recording)
    return StoredBatch(is_new=True, recording_ref=recording.ref, sample_count=len(batch.frames))


def _lock(device: Device) -> Device:
    """The sensor, for one writer; raises DeviceNotKnown when its key was taken back a moment ago."""
    devices = Device.objects.select_for_update(of=("self",)).select_related("patient__clinic")
    locked = devices.filter(pk=device.pk, revoked_at=None).first()
    if locked is None:
        raise DeviceNotKnown
    return locked


def _store_in_set(device: Device, batch: Batch) -> StoredBatch:
    from sessions.services.live_batches import score_set_batch

    exercise_set = ExerciseSet.objects.filter(ref=batch.set_ref, session__patient=device.patient).first()
    if exercise_set is None:
        raise SetOfAnotherPatient
    state = score_set_batch(exercise_set.ref, batch.frames, device=device)
    recording = Recording.objects.get(exercise_set=exercise_set, modality="imu")
    with transaction.atomic():
        _remember(device, batch, recording)
    return StoredBatch(is_new=True, recording_ref=recording.ref, sample_count=len(batch.frames), state=state)


def _recording_for(device: Device, batch: Batch) -> Recording:
    """The recording that goes on with this batch, or a new one. Raises TooOften for too many new ones."""
    receiving = Recording.objects.filter(device=device, state=Recording.State.OPEN, exercise_set=None)
    begins = _moment(batch.first_ms)
    for recording in receiving.order_by("-id")[:MOST_OPEN_RECORDINGS]:
        if begins is not None and _goes_on(recording, begins):
            return recording
    count_sent(device.patient_id, "sensor_recordings", NEW_RECORDINGS_A_DAY)
    return start_recording(
        device.patient,
        activity="free_living",
        source="device",
        device=device,
        placement=device.placement,
        started_at=begins,
        by=None,
    )


def _goes_on(recording: Recording, begins: datetime) -> bool:
    started = recording.started_at
    if started is None or not started - QUIET_FOR < begins < started + LONGEST_RECORDING:
        return False
    ends = started + timedelta(milliseconds=recording.last_capture_ms or 0.0)
    return begins - ends < QUIET_FOR


def _on_clock_of(recording: Recording, batch: Batch) -> MotionFrames:
    """The frames with times in ms since the recording's start."""
    frames = batch.frames.copy()
    assert recording.started_at is not None  # noqa: S101 - a device's recording begins with its first sample
    frames["capture_ms"] -= recording.started_at.timestamp() * 1000.0
    frames["sequence"] = np.arange(len(frames), dtype=np.uint32) + recording.next_sequence
    return frames


def _remember(device: Device, batch: Batch, recording: Recording) -> None:
    now = timezone.now()
    DeviceBatch.objects.create(
        device=device,
        key=batch.key,
        sha256=batch.sha256,
        recording=recording,
        first_ms=batch.first_ms,
        last_ms=batch.last_ms,
        sample_count=len(batch.frames),
        received_at=now,
    )
    seen: dict[str, Any] = {"last_seen_at": now}
    if batch.battery is not None:
        seen["last_battery"] = batch.battery
    Device.objects.filter(pk=device.pk).update(**seen)


def _known(earlier: DeviceBatch, batch: Batch) -> StoredBatch:
    if earlier.sha256 != batch.sha256:
        raise BatchChanged
    recording = earlier.recording
    return StoredBatch(
        is_new=False, recording_ref=recording.ref if recording else None, sample_count=earlier.sample_count
    )


def _moment(epoch_ms: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(epoch_ms / 1000.0, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _note(action: str, device: Device) -> None:
    record(action, patient=device.patient_id, object_type="sessions.Device", object_ref=device.ref)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
