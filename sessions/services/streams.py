"""Storing what a live stream brings: opening a recording, sealing segments, closing it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from sessions import events, selectors
from sessions.codec import FRAME_BYTES, pack_frames
from sessions.errors import HeaderChanged, RecordingTakenOver, SetIsOver
from sessions.models import ExerciseSet, Recording, RecordingSegment, TherapySession
from sessions.services.queueing import queue_analysis
from sessions.stream_header import StreamHeader, clock_offset_ms, parse_header, same_picture


@dataclass(frozen=True, slots=True)
class OpenStream:
    """What a connection needs to go on with a set's recording."""

    clinic_id: int
    patient_id: int
    opened_at: datetime
    session_ref: UUID
    set_id: int
    set_ref: UUID
    recording_id: int
    connection: UUID
    next_sequence: int
    last_capture_ms: float | None
    clock_offset_ms: float
    away_s: float
    spec: dict[str, Any]
    view: str
    side: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class SealedFrames:
    """A run of received frames that is to be stored; times in ms on the recording's own clock."""

    raw: bytes
    first_sequence: int
    last_sequence: int
    frame_count: int
    last_capture_ms: float
    clock_offset_ms: float


def open_stream(
    set_ref: UUID | str, *, membership: Membership, header: StreamHeader, connection: UUID
) -> OpenStream:
    """Make ``connection`` the one that adds to the set's recording, from where the last one stopped.

    Raises SetNotFound for anyone but the session's own patient, SetIsOver, HeaderChanged.
    """
    exercise_set = selectors.own_set(membership, set_ref)
    with transaction.atomic():
        session = TherapySession.objects.select_for_update().get(pk=exercise_set.session_id)
        if not (session.is_open and exercise_set.is_open):
            raise SetIsOver
        recording, away_s = _claim_recording(exercise_set, header=header, connection=connection)
        _mark_live(session, exercise_set)
        record(
            "join",
            patient=session.patient_id,
            object_type="sessions.ExerciseSet",
            object_ref=exercise_set.ref,
        )
    first = parse_header(recording.header)
    return OpenStream(
        clinic_id=recording.clinic_id,
        patient_id=session.patient_id,
        opened_at=timezone.now(),
        session_ref=session.ref,
        set_id=exercise_set.pk,
        set_ref=exercise_set.ref,
        recording_id=recording.pk,
        connection=connection,
        next_sequence=recording.next_sequence,
        last_capture_ms=recording.last_capture_ms,
        clock_offset_ms=clock_offset_ms(first, header),
        away_s=away_s,
        spec=exercise_set.spec,
        view=exercise_set.view,
        side=exercise_set.side,
        width=first.width,
        height=first.height,
    )


def _claim_recording(
    exercise_set: ExerciseSet, *, header: StreamHeader, connection: UUID
) -> tuple[Recording, float]:
    """The set's recording, now owned by ``connection``, and the seconds since it last grew."""
    recording, created = Recording.objects.select_for_update().get_or_create(
        exercise_set=exercise_set,
        modality=Recording.Modality.POSE,
        defaults={"header": header.to_dict(), "connection": connection},
    )
    if created:
        return recording, 0.0
    if recording.state == Recording.State.CLOSED:
        raise SetIsOver
    if recording.frame_count == 0:
        recording.header = header.to_dict()
    elif not same_picture(parse_header(recording.header), header):
        raise HeaderChanged
    away_s = (timezone.now() - recording.updated_at).total_seconds()
    recording.connection = connection
    recording.save(update_fields=["connection", "header", "updated_at"])
    return recording, away_s


def _mark_live(session: TherapySession, exercise_set: ExerciseSet) -> None:
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
        exercise_set.save(update_fields=["state", "started_at", "updated_at"])
        events.announce(
            events.SET_STARTED,
            group=events.session_group(session.clinic_id, session.ref),
            ref=exercise_set.ref,
        )


def store_segment(recording_id: int, sealed: SealedFrames, *, connection: UUID) -> int:
    """Store a run of frames for good; returns the next sequence number that is not stored yet.

    Raises RecordingTakenOver when a newer connection owns the recording: nothing is stored twice.
    """
    packed = pack_frames(sealed.raw)  # outside of the transaction: it takes a millisecond
    now = timezone.now()
    with transaction.atomic():
        recording = Recording.objects.select_for_update().get(pk=recording_id)
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
        recording.next_sequence = sealed.last_sequence + 1
        recording.last_capture_ms = sealed.last_capture_ms
        recording.save(
            update_fields=["segment_count", "frame_count", "next_sequence", "last_capture_ms", "updated_at"]
        )
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
        object_type="sessions.ExerciseSet",
        object_ref=opened.set_ref,
        detail={"frames": frames, "seconds": round((timezone.now() - opened.opened_at).total_seconds())},
    )


def close_recording(exercise_set: ExerciseSet) -> None:
    """Seal a set's recording: no connection may add to it any more."""
    Recording.objects.filter(exercise_set=exercise_set).update(state=Recording.State.CLOSED)
