"""Who may open which movement recording. The care team decides for staff; patients see their own."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from patients.errors import PatientNotFound
from patients.models import Patient
from patients.selectors.access import check_patient_access
from sessions.errors import RecordingNotFound
from sessions.models import Device, ExerciseSet, Recording, TherapySession
from sessions.selectors.access import as_uuid

LONGEST_SET = timedelta(hours=1)
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


def set_for_sensor(device: Device) -> ExerciseSet | None:
    """The set that the wearer is doing now and has said that a worn sensor counts.

    None while nothing is done, for a set that a phone counts, and for one that was left behind hours ago.
    """
    running = ExerciseSet.objects.filter(
        session__patient_id=device.patient_id,
        session__mode=TherapySession.Mode.SENSOR,
        session__state=TherapySession.State.LIVE,
        state=ExerciseSet.State.LIVE,
        # One that was begun by tapping goes on by tapping.
        repetition_count=0,
        started_at__gte=timezone.now() - LONGEST_SET,
    )
    counted = Recording.objects.filter(exercise_set=OuterRef("pk"), frame_count__gt=0)
    return running.exclude(Exists(counted.exclude(device=device))).order_by("-started_at").first()
