"""Storing what a live stream brings: opening a recording, sealing segments, closing it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from clinic.pace import Pace, count_sent
from patients.models import Patient
from patients.selectors import has_consent
from sessions import events, selectors
from sessions.codec import CODEC, FRAME_BYTES, pack_frames
from sessions.errors import HeaderChanged, MotionConsentMissing, RecordingTakenOver, SetIsOver
from sessions.models import ExerciseSet, Recording, RecordingSegment, TherapySession
from sessions.services.queueing import queue_analysis
from sessions.stream_header import (
    SensorHeader,
    StreamHeader,
    clock_offset_ms,
    parse_header,
    parse_sensor_header,
    same_picture,
    same_sensor,
)

SET_TYPE = "sessions.ExerciseSet"
# Fifty hours of 100 Hz.
SAMPLES_A_DAY = Pace(most=18_000_000, in_s=24 * 3600)
RECORDING_TYPE = "sessions.Recording"


@dataclass(frozen=True, slots=True)
class OpenStream:
    """What a connection needs to go on with a recording.

    `object_type` and `ref`: the set or the recording that is streamed. `control_ref`: the session, or the
    recording, whose control group the connection listens to. `header`: the recording's first one.
    """

    clinic_id: int
    patient_id: int
    opened_at: datetime
    object_type: str
    ref: UUID
    control_ref: UUID
    recording_id: int
    connection: UUID
    next_sequence: int
    last_capture_ms: float | None
    clock_offset_ms: float
    away_s: float
    header: dict[str, Any]
    set_id: int | None = None
    spec: dict[str, Any] = field(default_factory=dict)
    view: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True)
class SealedFrames:
    """A run of received frames that is to be stored; times in ms on the recording's own clock."""

    raw: bytes
    first_sequence: int
    last_sequence: int
    frame_count: int
    last_capture_ms: float
    clock_offset_ms: float
    codec: str = CODEC


def open_stream(
    set_ref: UUID | str, *, membership: Membership, header: StreamHeader | SensorHeader, connection: UUID
) -> OpenStream:
    """Make ``connection`` the one that adds to the set's recording, from where the last one stopped.

    Raises SetNotFound for anyone but the session's own patient, SetIsOver, HeaderChanged, and for a movement
    sensor MotionConsentMissing.
    """
    exercise_set = selectors.own_set(membership, set_ref)
    with transaction.atomic():
        session = TherapySession.objects.select_for_update().get(pk=exercise_set.session_id)
        if not (session.is_open and exercise_set.is_open):
            raise SetIsOver
        if isinstance(header, SensorHeader):
            check_motion_consent(session.patient)
        recording, away_s = claim_set_recording(
            exercise_set, patient_id=session.patient_id, header=header, connection=connection
        )
        mark_live(session, exercise_set, by_sensor=isinstance(header, SensorHeader))
        record("join", patient=session.patient_id, object_type=SET_TYPE, object_ref=exercise_set.ref)
    return opened_of(
        recording,
        header=header,
        away_s=away_s,
        patient_id=session.patient_id,
        object_type=SET_TYPE,
        ref=exercise_set.ref,
        control_ref=session.ref,
        set_id=exercise_set.pk,
        spec=exercise_set.spec,
        view=exercise_set.view,
        side=exercise_set.side,
    )


def check_motion_consent(patient: Patient) -> None:
    """Raise MotionConsentMissing unless the patient agrees to have movement recorded."""
    if not has_consent(patient, "motion"):
        raise MotionConsentMissing


def opened_of(
    recording: Recording, *, header: StreamHeader | SensorHeader, away_s: float, **target: Any
) -> OpenStream:
    """What a connection is told about the recording that it owns now."""
    return OpenStream(
        clinic_id=recording.clinic_id,
        opened_at=timezone.now(),
        recording_id=recording.pk,
        connection=recording.connection or UUID(int=0),
        next_sequence=recording.next_sequence,
        last_capture_ms=recording.last_capture_ms,
        clock_offset_ms=clock_offset_ms(read_header(recording.header), header),
        away_s=away_s,
        header=recording.header,
        **target,
    )


def read_header(raw: dict[str, Any]) -> StreamHeader | SensorHeader:
    """A stored header of either kind."""
    return parse_sensor_header(raw) if raw.get("kind") == "imu" else parse_header(raw)


def claim_set_recording(
    exercise_set: ExerciseSet, *, patient_id: int, header: StreamHeader | SensorHeader, connection: UUID
) -> tuple[Recording, float]:
    """The set's recording, now owned by ``connection``, and the seconds since it last grew."""
    recording, created = Recording.objects.select_for_update().get_or_create(
        exercise_set=exercise_set,
        modality=modality_of(header),
        defaults={
            "patient_id": patient_id,
            "activity": Recording.Activity.EXERCISE,
            "header": header.to_dict(),
            "source": header.source,
            "placement": getattr(header, "placement", ""),
            "connection": connection,
        },
    )
    if created:
        return recording, 0.0
    if recording.state == Recording.State.CLOSED:
        raise SetIsOver
    return recording, claim(recording, header=header, connection=connection)


def modality_of(header: StreamHeader | SensorHeader) -> str:
    """What kind of recording a header opens."""
    is_sensor = isinstance(header, SensorHeader)
    return str(Recording.Modality.IMU if is_sensor else Recording.Modality.POSE)


def claim(recording: Recording, *, header: StreamHeader | SensorHeader, connection: UUID) -> float:
    """Give an open recording to ``connection``; answers the seconds since it last grew.

    Raises HeaderChanged.
    """
    if recording.frame_count == 0:
        recording.header = header.to_dict()
    else:
        _check_same(read_header(recording.header), header)
    away_s = (timezone.now() - recording.updated_at).total_seconds()
    recording.connection = connection
    recording.save(update_fields=["connection", "header", "updated_at"])
    return away_s


def _check_same(first: StreamHeader | SensorHeader, now: StreamHeader | SensorHeader) -> None:
    if isinstance(first, StreamHeader) and isinstance(now, StreamHeader):
        if not same_picture(first, now):
            raise HeaderChanged
    elif not (isinstance(first, SensorHeader) and isinstance(now, SensorHeader) and same_sensor(first, now)):
        raise HeaderChanged("The sensor or its place on the body has changed. Finish here and start again.")


def mark_live(session: TherapySession, exercise_set: ExerciseSet, *, by_sensor: bool = False) -> None:
    """Frames come: the set has begun, and its session with it. Saves what changed."""
    now = timezone.now()
    if session.state == TherapySession.State.PLANNED:
        session.state = TherapySession.State.LIVE
        session.started_at = session.started_at or now
        events.announce(
            events.SESSION_STARTED,
            group=events.session_group(session.clinic_id, session.ref),
            ref=session.ref,
        )
    session.last_activity_at = now
    session.save(update_fields=["state", "started_at", "last_activity_at", "updated_at"])
    if exercise_set.state == ExerciseSet.State.PLANNED:
        exercise_set.state = ExerciseSet.State.LIVE
        exercise_set.started_at = now
        if by_sensor:
            exercise_set.counted_by = ExerciseSet.CountedBy.SENSOR
        exercise_set.save(update_fields=["state", "started_at", "counted_by", "updated_at"])
        events.announce(
            events.SET_STARTED,
            group=events.session_group(session.clinic_id, session.ref),
            ref=exercise_set.ref,
        )


def store_segment(recording_id: int, sealed: SealedFrames, *, connection: UUID) -> int:
    """Store a run of frames for good; returns the next sequence number that is not stored yet.

    Raises RecordingTakenOver when a newer connection owns the recording: nothing is stored twice; and for a
    movement sensor MotionConsentMissing from the moment on when the patient takes the consent back, and
    TooOften for more samples than a patient can move in a day.
    """
    packed = pack_frames(sealed.raw, codec=sealed.codec)  # outside of the transaction: it takes a millisecond
    now = timezone.now()
    with transaction.atomic():
        recording = Recording.objects.select_for_update().get(pk=recording_id)
        if recording.exercise_set_id is None and not recording.is_open:
            raise RecordingTakenOver
        if recording.modality == Recording.Modality.IMU and recording.patient is not None:
            check_motion_consent(recording.patient)
            count_sent(recording.patient.pk, "streamed_samples", SAMPLES_A_DAY, amount=sealed.frame_count)
        if recording.connection != connection or sealed.first_sequence < recording.next_sequence:
            raise RecordingTakenOver
        RecordingSegment.objects.create(
            recording=recording,
            index=recording.segment_count,
            first_sequence=sealed.first_sequence,
            last_sequence=sealed.last_sequence,
            frame_count=sealed.frame_count,
            clock_offset_ms=sealed.clock_offset_ms,
            codec=packed.codec,
            payload=packed.payload,
            sha256=packed.sha256,
        )
        recording.segment_count += 1
        recording.frame_count += sealed.frame_count
        recording.sample_count = recording.frame_count
        recording.next_sequence = sealed.last_sequence + 1
        recording.last_capture_ms = sealed.last_capture_ms
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
        if recording.exercise_set is not None:
            TherapySession.objects.filter(sets=recording.exercise_set_id).update(last_activity_at=now)
            if recording.state == Recording.State.CLOSED:
                # The set was ended by a button while frames were on their way: judge it again with them.
                queue_analysis(recording.exercise_set)
    return recording.next_sequence


def packed_segment(recording: Recording, raw: bytes, *, index: int, first_sequence: int) -> RecordingSegment:
    """A segment of frames without gaps, not saved."""
    packed = pack_frames(raw)
    count = len(raw) // FRAME_BYTES
    return RecordingSegment(
        recording=recording,
        index=index,
        first_sequence=first_sequence,
        last_sequence=first_sequence + count - 1,
        frame_count=count,
        codec=packed.codec,
        payload=packed.payload,
        sha256=packed.sha256,
    )


def keep_as_shown(set_id: int, as_shown: dict[str, Any]) -> None:
    """Remember what the patient saw, so far: the connection ended, the set may go on."""
    ExerciseSet.objects.filter(pk=set_id, state=ExerciseSet.State.LIVE).update(as_shown=as_shown)


def note_stream_left(opened: OpenStream, *, frames: int) -> None:
    """One audit line for the whole connection; frames are not logged one by one."""
    record(
        "leave",
        patient=opened.patient_id,
        object_type=opened.object_type,
        object_ref=opened.ref,
        detail={"frames": frames, "seconds": round((timezone.now() - opened.opened_at).total_seconds())},
    )


def close_recording(exercise_set: ExerciseSet) -> None:
    """Seal a set's recording: no connection may add to it any more."""
    Recording.objects.filter(exercise_set=exercise_set).update(state=Recording.State.CLOSED)
