"""A movement recording that the patient's phone streams by itself: a walk, a timed test."""

from uuid import UUID

from django.db import transaction

from clinic.audit import record
from clinic.models import Membership
from sessions import selectors
from sessions.errors import RecordingIsOver
from sessions.models import Recording
from sessions.services.streams import RECORDING_TYPE, OpenStream, check_motion_consent, claim, opened_of
from sessions.stream_header import SensorHeader


def open_recording_stream(
    ref: UUID | str, *, membership: Membership, header: SensorHeader, connection: UUID
) -> OpenStream:
    """Make ``connection`` the one that adds to a recording, from where the last one stopped.

    Raises RecordingNotFound for anyone but its own patient, RecordingIsOver, HeaderChanged and
    MotionConsentMissing.
    """
    own = selectors.own_phone_recording(membership, ref)
    with transaction.atomic():
        recording = Recording.objects.select_for_update().get(pk=own.pk)
        patient = own.patient
        if patient is None or not recording.is_open:
            raise RecordingIsOver
        check_motion_consent(patient)
        recording.placement = header.placement
        recording.sampling_rate_hz = header.sampling_rate_hz
        recording.save(update_fields=["placement", "sampling_rate_hz"])
        away_s = claim(recording, header=header, connection=connection)
        record("join", patient=patient.pk, object_type=RECORDING_TYPE, object_ref=recording.ref)
    return opened_of(
        recording,
        header=header,
        away_s=away_s,
        patient_id=patient.pk,
        object_type=RECORDING_TYPE,
        ref=recording.ref,
        control_ref=recording.ref,
    )


def note_go(recording_id: int, capture_ms: float, *, connection: UUID) -> None:
    """Keep when the person was told to go, in ms on the recording's clock; the first word counts."""
    with transaction.atomic():
        recording = Recording.objects.select_for_update().get(pk=recording_id)
        if not recording.is_open or recording.connection != connection or "go_ms" in recording.protocol:
            return
        recording.protocol = {**recording.protocol, "go_ms": capture_ms}
        recording.save(update_fields=["protocol", "updated_at"])


def finish_streamed_recording(recording_id: int) -> None:
    """The socket said "end": close the recording and analyse it."""
    from sessions.services.movement.recordings import finish_recording

    finish_recording(Recording.objects.get(pk=recording_id))
