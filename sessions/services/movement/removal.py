"""Taking a recording away: a wrong person's file, or a patient's wish. What was drawn from it is redrawn."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from patients.local_time import local_day
from patients.models import Patient, TimelineEntry
from patients.services.timeline import add_timeline_entry
from sessions import motion_files
from sessions.errors import ReasonMissing, RecordingNotReady
from sessions.models import DeviceBatch, Job, Recording, RecordingSegment
from sessions.services.movement.analysis import forget_findings
from sessions.services.movement.compaction import file_key
from sessions.services.movement.days import days_of, settle_movement_days
from sessions.services.movement.health import settle_health_days
from sessions.services.movement.recordings import RECORDING
from sessions.services.movement.references import drop_reference

UNDER_WAY = (Recording.State.OPEN, Recording.State.WAITING, Recording.State.ANALYSING)
# A recording that says it is under way for so long is not: its worker died.
UNDER_WAY_AT_MOST = timedelta(hours=2)


def delete_recording(recording: Recording, *, by: Membership, reason: str) -> None:
    """Delete a patient's recording for good, samples and findings; its days and trend are worked out anew.

    Raises ReasonMissing, and RecordingNotReady while it is being received or analysed. The reason stays in
    the patient's record.
    """
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = (
            Recording.objects.select_for_update(of=("self",))
            .select_related("patient__clinic")
            .get(pk=recording.pk)
        )
        patient = locked.patient
        recent = locked.updated_at > timezone.now() - UNDER_WAY_AT_MOST
        if patient is None or locked.exercise_set_id or (locked.state in UNDER_WAY and recent):
            raise RecordingNotReady
        keys = [locked.file_key]
        if locked.connection is not None:
            keys.append(file_key(locked, locked.connection))
        _delete_rows(locked, patient)
        _tell_deleted(locked, patient, by=by, reason=reason.strip())
        # Files go last, after the commit: a crash leaves an orphan, never a recording without its samples.
        transaction.on_commit(lambda: _delete_files(keys), robust=True)


def _delete_files(keys: list[str]) -> None:
    for key in keys:
        motion_files.delete_file(key)


def _delete_rows(recording: Recording, patient: Patient) -> None:
    started, ended = recording.started_at, recording.ended_at
    is_export = recording.modality == Recording.Modality.HEALTH
    forget_findings(recording)
    RecordingSegment.objects.filter(recording=recording).delete()
    DeviceBatch.objects.filter(recording=recording).update(recording=None)
    Job.objects.filter(kind=Job.Kind.MOTION, object_ref=recording.ref).delete()
    TimelineEntry.objects.filter(object_kind="recording", object_ref=recording.ref).delete()
    drop_reference(recording)
    Recording.objects.filter(pk=recording.pk).delete()
    if is_export:
        settle_health_days(patient)
    elif started is not None and ended is not None:
        settle_movement_days(patient, days_of(patient, started, ended))


def _tell_deleted(recording: Recording, patient: Patient, *, by: Membership, reason: str) -> None:
    when = recording.started_at or recording.created_at
    add_timeline_entry(
        patient,
        kind="movement",
        title=f"Recording of {local_day(patient, at=when):%d %B %Y} deleted",
        summary=reason,
        by=by,
    )
    record(
        "delete",
        patient=patient.pk,
        object_type=RECORDING,
        object_ref=recording.ref,
        detail={"modality": recording.modality, "source": recording.source},
    )
