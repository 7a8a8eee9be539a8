"""A patient's way in: an invitation by link, tied to the record that it is for."""

from typing import Any

from django.db import transaction

from clinic.audit import record
from clinic.models import Invitation, Membership, Role
from clinic.services import IssuedInvitation, invite
from patients.errors import AlreadyInvited
from patients.models import Patient
from patients.services.timeline import add_timeline_entry


def invite_patient(patient: Patient, *, email: str, by: Membership) -> IssuedInvitation:
    """Make the link with which this patient gets a login. Raises AlreadyInvited when they have one."""
    if patient.membership_id is not None:
        raise AlreadyInvited
    with transaction.atomic():
        issued = invite(
            email, role=Role.PATIENT, display_name=patient.full_name, by=by, patient_ref=patient.ref
        )
        add_timeline_entry(patient, kind="invitation", title="Invited to sign in", by=by)
    return issued


def link_login(*, invitation: Invitation, membership: Membership, **_signal: Any) -> None:
    """Tie the new login to the record that the invitation names; runs inside the clinic's own transaction."""
    if invitation.patient_ref is None or membership.role != Role.PATIENT:
        return
    patient = Patient.objects.select_for_update().filter(ref=invitation.patient_ref).first()
    if patient is None:
        return
    taken = Patient.objects.filter(membership=membership).exclude(pk=patient.pk).exists()
    if taken or patient.membership_id not in (None, membership.pk):
        raise AlreadyInvited
    patient.membership = membership
    patient.save(update_fields=["membership", "updated_at"])
    add_timeline_entry(patient, kind="invitation", title="Can sign in now", by=membership)
    record("change", patient=patient.pk, object_type="patients.Patient", object_ref=patient.ref)
