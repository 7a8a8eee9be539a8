"""Who may open which note. The care team decides; a note is never opened by clinic alone."""

from uuid import UUID

from django.db.models import QuerySet

from clinic.audit import record
from clinic.models import Membership, Role
from notes.errors import NoteLocked, NoteNotFound, NotYourDraft
from notes.models import VisitNote
from patients.errors import PatientNotFound
from patients.models import Patient
from patients.selectors import check_patient_access, patients_for

OPENED_WITH = (
    "patient__clinic",
    "author",
    "editor",
    "signed_by",
    "cosigner",
    "template",
    "ended_by",
    "addendum_to",
)


def access_note(membership: Membership, ref: UUID | str, *, purpose: str) -> VisitNote:
    """Open a note for a look, which is written to the audit trail.

    Raises NoteNotFound for a stranger, NotOnCareTeam for a colleague without the right.
    """
    note = check_note_access(membership, ref, purpose=purpose)
    record(
        "view", patient=note.patient_id, object_type="notes.VisitNote", object_ref=note.ref, purpose=purpose
    )
    return note


def check_note_access(membership: Membership, ref: UUID | str, *, purpose: str) -> VisitNote:
    """As `access_note`, for an act that records itself: only a refusal is written to the audit trail."""
    note = VisitNote.objects.select_related(*OPENED_WITH).filter(ref=_as_uuid(ref)).first()
    if note is None or membership.role == Role.PATIENT:
        raise NoteNotFound
    try:
        check_patient_access(membership, note.patient.ref, purpose=purpose)
    except PatientNotFound as error:
        raise NoteNotFound from error
    return note


def check_draft_access(membership: Membership, ref: UUID | str, *, purpose: str) -> VisitNote:
    """A draft that this person may write in. Raises NoteLocked, and NotYourDraft for another's assistant."""
    note = check_note_access(membership, ref, purpose=purpose)
    if note.is_locked:
        raise NoteLocked(note.status)
    if not may_write(membership, note):
        raise NotYourDraft
    return note


def may_write(membership: Membership, note: VisitNote) -> bool:
    """Whether this member of the care team may change the draft: its author, or any therapist."""
    if note.is_locked:
        return False
    return membership.role == Role.THERAPIST or (
        membership.role == Role.ASSISTANT and note.author_id == membership.pk
    )


def notes_of(patient: Patient) -> QuerySet[VisitNote]:
    """A patient's notes, newest first; discarded drafts are left out. Addenda stand with their notes."""
    notes = VisitNote.objects.filter(patient=patient).exclude(status=VisitNote.Status.DISCARDED)
    return notes.select_related("author", "signed_by")


def notes_for(membership: Membership) -> QuerySet[VisitNote]:
    """Every note that this person may open, newest first; none for a patient."""
    notes = VisitNote.objects.select_related("patient", "author")
    if membership.role == Role.PATIENT:
        return notes.none()
    return notes.filter(patient__in=patients_for(membership))


def _as_uuid(ref: UUID | str) -> UUID:
    if isinstance(ref, UUID):
        return ref
    try:
        return UUID(str(ref))
    except ValueError as error:
        raise NoteNotFound from error
