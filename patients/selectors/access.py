"""Who may open which patient. Row-level security separates clinics; the care team separates patients."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from clinic.audit import record
from clinic.models import Membership, Role
from patients.errors import AlertNotFound, NotOnCareTeam, PatientNotFound
from patients.models import Alert, CareTeamMember, Patient


def patients_for(membership: Membership) -> QuerySet[Patient]:
    """The patients whom this person may open: their own record, or those on whose care team they are."""
    patients = Patient.objects.select_related("clinic")
    if membership.role == Role.PATIENT:
        return patients.filter(membership=membership)
    place = CareTeamMember.objects.filter(patient=OuterRef("pk"), membership=membership)
    return patients.filter(Exists(place))


def access_patient(membership: Membership, ref: UUID | str, *, purpose: str) -> Patient:
    """Open a patient for a look, which is written to the audit trail.

    Raises PatientNotFound for a stranger or an unknown ref, NotOnCareTeam for a colleague not on the team.
    """
    patient = check_patient_access(membership, ref, purpose=purpose)
    record(
        "view", patient=patient.pk, object_type="patients.Patient", object_ref=patient.ref, purpose=purpose
    )
    return patient


def check_patient_access(membership: Membership, ref: UUID | str, *, purpose: str) -> Patient:
    """As `access_patient`, for a write that records itself: only a refusal is written to the audit trail."""
    patient = patients_for(membership).filter(ref=_as_uuid(ref)).first()
    if patient is not None:
        return patient
    if membership.role == Role.PATIENT:
        raise PatientNotFound(ref)
    closed = Patient.objects.filter(ref=_as_uuid(ref)).only("pk", "ref", "clinic_id").first()
    if closed is None:
        raise PatientNotFound(ref)
    record(
        "denied", patient=closed.pk, object_type="patients.Patient", object_ref=closed.ref, purpose=purpose
    )
    raise NotOnCareTeam(closed.ref)


def patient_of(membership: Membership) -> Patient:
    """The signed-in patient's own record; raises PatientNotFound for anybody else."""
    patient = Patient.objects.select_related("clinic").filter(membership=membership).first()
    if patient is None or membership.role != Role.PATIENT:
        raise PatientNotFound
    return patient


def access_alert(membership: Membership, ref: UUID | str, *, purpose: str) -> Alert:
    """Open an alert of a patient whom this therapist may open. A patient gets AlertNotFound."""
    alert = Alert.objects.select_related("patient__clinic").filter(ref=_as_uuid(ref)).first()
    if alert is None or membership.role == Role.PATIENT:
        raise AlertNotFound(ref)
    check_patient_access(membership, alert.patient.ref, purpose=purpose)
    return alert


def _as_uuid(ref: UUID | str) -> UUID:
    if isinstance(ref, UUID):
        return ref
    try:
        return UUID(str(ref))
    except ValueError as error:
        raise PatientNotFound(ref) from error
