"""A movement recording from its start to its end: begun, filled segment by segment, closed and queued."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from patients.models import Patient
from patients.selectors import has_consent
from sessions import events
from sessions.errors import MotionConsentMissing, RecordingIsOver, RecordingTakenOver
from sessions.models import Device, Job, Recording, RecordingSegment
from sessions.motion_codec import MotionFrames, pack_motion
from sessions.motion_trend.types import Placement
from sessions.services.queueing import queue_motion

RECORDING = "sessions.Recording"
# A patient agrees to these before they begin; a file that somebody sends is sent on purpose.
NEEDS_CONSENT = (Recording.Source.PHONE, Recording.Source.DEVICE, Recording.Source.MQTT)
FORGOTTEN_AFTER = timedelta(minutes=45)
READ_WITHIN = timedelta(hours=24)
NOTHING_RECEIVED = "Nothing arrived from the sensor. Start again, and keep the page open while you move."


def start_recording(
    patient: Patient,
    *,
    activity: str,
    source: str,
    placement: str = "",
    device: Device | None = None,
    started_at: datetime | None = None,
    note: str = "",
    title: str = "",
    modality: str = Recording.Modality.IMU,
    sampling_rate_hz: float | None = None,
    header: Mapping[str, Any] | None = None,
    protocol: Mapping[str, Any] | None = None,
    by: Membership | None,
) -> Recording:
    """Begin an empty recording of a patient; `protocol` says how a test is done, such as `run_up_m`.

    Raises MotionConsentMissing for a sensor nobody agreed to.
    """
    if source in NEEDS_CONSENT and not has_consent(patient, "motion"):
        raise MotionConsentMissing
    with transaction.atomic():
        recording = Recording.objects.create(
            patient=patient,
            modality=Recording.Modality(modality),
            activity=Recording.Activity(activity) if activity else "",
            source=Recording.Source(source),
            placement=Placement(placement) if placement else "",
            device=device,
            started_at=started_at,
            note=note[:200],
            title=title[:200],
            sampling_rate_hz=sampling_rate_hz,
            header=dict(header or {}),
            protocol=dict(protocol or {}),
            simulated=patient.simulated or source == Recording.Source.SIMULATED,
            uploaded_by=by,
        )
        record("create", patient=patient.pk, object_type=RECORDING, object_ref=recording.ref)
    return recording


def store_motion_segment(
    recording_id: int,
    frames: MotionFrames,
    *,
    clock_offset_ms: float = 0.0,
    connection: UUID | None = None,
) -> int:
    """Store a run of frames for good; returns the next sequence number that is not stored yet.

    Capture times count in ms on the recording's own clock: since `started_at`, or on the header's clock where
    it names one. Raises RecordingIsOver, and RecordingTakenOver for frames that are stored already or come
    from a connection that no longer owns the recording.
    """
    packed = pack_motion(frames.tobytes())
    first, last = int(frames["sequence"][0]), int(frames["sequence"][-1])
    with transaction.atomic():
        recording = Recording.objects.select_for_update().get(pk=recording_id)
        if not recording.is_open:
            raise RecordingIsOver
        if first < recording.next_sequence or (connection and recording.connection != connection):
            raise RecordingTakenOver
        RecordingSegment.objects.create(
            recording=recording,
            index=recording.segment_count,
            first_sequence=first,
            last_sequence=last,
            frame_count=len(frames),
            clock_offset_ms=clock_offset_ms,
            codec=packed.codec,
            payload=packed.payload,
            sha256=packed.sha256,
        )
        _grow(recording, frames, clock_offset_ms=clock_offset_ms)
    return recording.next_sequence


def _grow(recording: Recording, frames: MotionFrames, *, clock_offset_ms: float) -> None:
    recording.segment_count += 1
    recording.frame_count += len(frames)
    recording.sample_count = recording.frame_count
    recording.next_sequence = int(frames["sequence"][-1]) + 1
    # A sensor's batches may come late: the end stays where it was.
    ends_ms = float(frames["capture_ms"][-1]) + clock_offset_ms
    earlier_ms = recording.last_capture_ms
    recording.last_capture_ms = ends_ms if earlier_ms is None else max(ends_ms, earlier_ms)
    recording.save(
        update_fields=[
            "segment_count",
            "frame_count",
            "sample_count",
            "next_sequence",
            "last_capture_ms",
            "updated_at",
        ]
    )


def finish_recording(recording: Recording) -> Recording:
    """Close a recording and have it analysed. A second call changes nothing; an empty one says so.

    A set's recording is only closed: it is judged with its set.
    """
    with transaction.atomic():
        recording = (
            Recording.objects.select_for_update(of=("self",)).select_related("patient").get(pk=recording.pk)
        )
        if not recording.is_open:
            return recording
        if recording.exercise_set_id is not None:
            recording.state = Recording.State.CLOSED
        elif not recording.segment_count and not recording.has_file:
            recording.state, recording.failure = Recording.State.FAILED, NOTHING_RECEIVED
        else:
            queue_motion_analysis(recording)
        recording.save(update_fields=["state", "failure", "updated_at"])
        events.tell_streams_to_close(recording.ref)
    return recording


def queue_motion_analysis(recording: Recording) -> Job:
    """Have a closed recording analysed soon; the same job again while one is waiting. Saves the state."""
    with transaction.atomic():
        recording.state, recording.failure = Recording.State.WAITING, ""
        recording.save(update_fields=["state", "failure", "updated_at"])
        job = open_job_of(recording)
        if job is None:
            job = Job.objects.create(
                kind=Job.Kind.MOTION,
                patient=recording.patient,
                object_ref=recording.ref,
                message="Waiting for a free worker",
            )
        queue_motion(recording)
    return job


def open_job_of(recording: Recording) -> Job | None:
    """The job that waits for, or runs, this recording's analysis."""
    jobs = Job.objects.filter(kind=Job.Kind.MOTION, object_ref=recording.ref)
    return jobs.exclude(state__in=(Job.State.DONE, Job.State.FAILED)).first()


def close_forgotten_recordings(*, now: datetime | None = None) -> int:
    """Finish recordings to which nothing was added for a while; answers how many. What came is analysed."""
    before = (now or timezone.now()) - FORGOTTEN_AFTER
    left = Recording.objects.filter(
        state=Recording.State.OPEN, exercise_set=None, patient__isnull=False, updated_at__lt=before
    )
    # A file is read by a worker, which may take longer than a person's patience; a day is enough for any.
    unread = models.Q(source=Recording.Source.UPLOAD, updated_at__gte=before - READ_WITHIN)
    forgotten = list(left.exclude(unread)[:200])
    for recording in forgotten:
        finish_recording(recording)
    return len(forgotten)
