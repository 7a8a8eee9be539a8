"""Who may open which movement recording. The care team decides for staff; patients see their own."""

from uuid import UUID

from django.db.models import QuerySet

from clinic.audit import record
from clinic.models import Membership
from patients.errors import PatientNotFound
from patients.models import Patient
from patients.selectors.access import check_patient_access
from sessions.errors import RecordingNotFound
from sessions.models import Device, Recording
from sessions.selectors.access import as_uuid

MOTION = (Recording.Modality.IMU, Recording.Modality.HEALTH, Recording.Modality.LAB)


def access_recording(membership: Membership, ref: UUID | str, *, purpose: str) -> Recording:
    """Open a movement recording for a look, which is written to the audit trail.

    Raises RecordingNotFound for a stranger, NotOnCareTeam for a colleague without the right.
    """
    recording = check_recording_access(membership, ref, purpose=purpose)
    record(
        "view",
        patient=recording.patient_id,
        object_type="sessions.Recording",
        object_ref=recording.ref,
        purpose=purpose,
    )
    return recording


def check_recording_access(membership: Membership, ref: UUID | str, *, purpose: str) -> Recording:
    """As `access_recording`, for an act that records itself: only a refusal is written to the audit trail."""
    recordings = Recording.objects.filter(modality__in=MOTION, exercise_set=None)
    found = (
        recordings.select_related("patient__clinic", "device", "uploaded_by")
        .filter(ref=as_uuid(ref, RecordingNotFound))
        .first()
    )
    if found is None or found.patient is None:
        raise RecordingNotFound
    try:
        check_patient_access(membership, found.patient.ref, purpose=purpose)
    except PatientNotFound as error:
        raise RecordingNotFound from error
    return found


def recordings_for(patient: Patient) -> QuerySet[Recording]:
    """A patient's movement recordings, newest first; not those of an exercise set."""
    mine = Recording.objects.filter(patient=patient, modality__in=MOTION, exercise_set=None)
    return mine.select_related("device").order_by("-started_at", "-id")


def devices_of(patient: Patient) -> QuerySet[Device]:
    """A patient's sensors, newest first, those whose key was taken back included."""
    return Device.objects.filter(patient=patient).select_related("created_by", "revoked_by")
