"""What somebody notes about a recording: the shoe, the walking aid, likely reasons of a sudden change."""

from django.db import transaction

from clinic.audit import record
from clinic.errors import Invalid
from clinic.models import Membership
from sessions.models import MovementMeasure, Recording
from sessions.services.movement.days import days_of, settle_movement_days
from sessions.services.movement.recordings import RECORDING

LONGEST_NOTE = 200


def note_recording(recording: Recording, *, note: str, by: Membership) -> Recording:
    """Keep a note, an empty one too, and tell it to the days that the recording is part of.

    Raises Invalid for a note that is too long.
    """
    words = " ".join(note.split())
    if len(words) > LONGEST_NOTE or "\x00" in words:
        raise Invalid(f"A note has at most {LONGEST_NOTE} letters.")
    with transaction.atomic():
        locked = (
            Recording.objects.select_for_update(of=("self",))
            .select_related("patient__clinic")
            .get(pk=recording.pk)
        )
        locked.note = words
        locked.save(update_fields=["note", "updated_at"])
        _tell_days(locked)
        record(
            "change", patient=locked.patient_id, object_type=RECORDING, object_ref=locked.ref, purpose="note"
        )
    return locked


def _tell_days(recording: Recording) -> None:
    for measure in MovementMeasure.objects.filter(recording=recording):
        measure.circumstances = {**measure.circumstances, "notes": [recording.note] if recording.note else []}
        measure.save(update_fields=["circumstances", "updated_at"])
    is_analysed = recording.state == Recording.State.ANALYSED and recording.modality == Recording.Modality.IMU
    if is_analysed and recording.patient and recording.started_at and recording.ended_at:
        settle_movement_days(
            recording.patient, days_of(recording.patient, recording.started_at, recording.ended_at)
        )
