"""Who may open which session. The care team decides for staff; patients see their own."""

from uuid import UUID

from django.db.models import QuerySet

from clinic.audit import record
from clinic.models import Membership, Role
from patients.errors import PatientNotFound
from patients.models import CareTeamMember, Patient
from patients.selectors.access import check_patient_access, patients_for
from patients.selectors.record import has_consent
from sessions.errors import JobNotFound, NotWatchable, SessionNotFound, SetNotFound
from sessions.models import ExerciseSet, Job, TherapySession


def as_uuid(ref: UUID | str, error: type[Exception]) -> UUID:
    """``ref`` as a UUID; raises ``error`` for anything else."""
    if isinstance(ref, UUID):
        return ref
    try:
        return UUID(str(ref))
    except ValueError as wrong:
        raise error from wrong


def access_session(membership: Membership, ref: UUID | str, *, purpose: str) -> TherapySession:
    """Open a session for a look, which is written to the audit trail.

    Raises SessionNotFound for a stranger, NotOnCareTeam for a colleague without the right.
    """
    session = check_session_access(membership, ref, purpose=purpose)
    record(
        "view",
        patient=session.patient_id,
        object_type="sessions.TherapySession",
        object_ref=session.ref,
        purpose=purpose,
    )
    return session


def check_session_access(membership: Membership, ref: UUID | str, *, purpose: str) -> TherapySession:
    """As ``access_session``, for an act that records itself: only a refusal is written to the audit trail."""
    sessions = TherapySession.objects.select_related("patient__clinic", "prescription")
    session = sessions.filter(ref=as_uuid(ref, SessionNotFound)).first()
    if session is None:
        raise SessionNotFound
    try:
        check_patient_access(membership, session.patient.ref, purpose=purpose)
    except PatientNotFound as error:
        raise SessionNotFound from error
    return session


def own_session(membership: Membership, ref: UUID | str) -> TherapySession:
    """The signed-in patient's own session; raises SessionNotFound for anybody else, staff included."""
    if membership.role != Role.PATIENT:
        raise SessionNotFound
    mine = TherapySession.objects.select_related("patient__clinic").filter(patient__membership=membership)
    session = mine.filter(ref=as_uuid(ref, SessionNotFound)).first()
    if session is None:
        raise SessionNotFound
    return session


def own_set(membership: Membership, ref: UUID | str) -> ExerciseSet:
    """A set of the signed-in patient's own sessions; raises SetNotFound for anybody else."""
    if membership.role != Role.PATIENT:
        raise SetNotFound
    mine = ExerciseSet.objects.select_related("session__patient", "exercise_version__exercise")
    found = mine.filter(session__patient__membership=membership, ref=as_uuid(ref, SetNotFound)).first()
    if found is None:
        raise SetNotFound
    return found


def access_set(membership: Membership, ref: UUID | str, *, purpose: str) -> ExerciseSet:
    """Open one set (its landmarks, its curve) for a look, which is written to the audit trail."""
    sets = ExerciseSet.objects.select_related("session__patient", "exercise_version__exercise")
    found = sets.filter(ref=as_uuid(ref, SetNotFound)).first()
    if found is None:
        raise SetNotFound
    try:
        check_patient_access(membership, found.session.patient.ref, purpose=purpose)
    except PatientNotFound as error:
        raise SetNotFound from error
    record(
        "view",
        patient=found.session.patient_id,
        object_type="sessions.ExerciseSet",
        object_ref=found.ref,
        purpose=purpose,
    )
    return found


def access_watch(membership: Membership, ref: UUID | str) -> TherapySession:
    """A session that this therapist may watch live: on the care team, and the patient agrees to it now.

    Raises SessionNotFound, NotOnCareTeam, NotWatchable.
    """
    session = check_session_access(membership, ref, purpose="watch live")
    if membership.role == Role.PATIENT:
        raise SessionNotFound
    if not has_consent(session.patient, "live_view"):
        raise NotWatchable
    return session


def watcher_name(membership_ref: UUID | str, *, session_ref: UUID) -> str | None:
    """The name of a watcher as the patient reads it; None for someone who may not watch this session."""
    session = TherapySession.objects.select_related("patient").get(ref=session_ref)
    place = CareTeamMember.objects.filter(patient=session.patient, membership__ref=membership_ref)
    member = place.select_related("membership").first()
    if member is None or not member.membership.is_active or not has_consent(session.patient, "live_view"):
        return None
    return member.membership.display_name


def sessions_for(membership: Membership) -> QuerySet[TherapySession]:
    """Every session that this person may open, newest first."""
    return TherapySession.objects.select_related("patient").filter(patient__in=patients_for(membership))


def access_job(membership: Membership, ref: UUID | str) -> Job:
    """A job about a patient whom this person may open. Not audited.

    It shows progress, nothing of the patient.
    """
    job = Job.objects.filter(ref=as_uuid(ref, JobNotFound), patient__in=patients_for(membership)).first()
    if job is None:
        raise JobNotFound
    return job


def sessions_of(patient: Patient) -> QuerySet[TherapySession]:
    """A patient's sessions that were carried out, newest first."""
    done = (TherapySession.State.LIVE, TherapySession.State.ENDED, TherapySession.State.ANALYSED)
    return TherapySession.objects.filter(patient=patient, state__in=done)


def open_session_of(patient: Patient) -> TherapySession | None:
    """The session that the patient has begun and not ended."""
    begun = TherapySession.objects.exclude(mode=TherapySession.Mode.VIDEO)
    return begun.filter(
        patient=patient, state__in=(TherapySession.State.PLANNED, TherapySession.State.LIVE)
    ).first()
