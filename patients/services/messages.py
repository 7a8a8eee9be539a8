"""Lines between a patient and the care team."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from patients.errors import MessageEmpty, MessageTooLong
from patients.events import send_after_commit
from patients.models import Message, Patient
from patients.services.attention import review_attention
from patients.services.timeline import add_timeline_entry

BODY_ALLOWED = 4000


def send_message(
    patient: Patient, *, author: Membership, body: str, about_kind: str = "", about_ref: UUID | None = None
) -> Message:
    """Add a line to the patient's thread. Raises MessageEmpty, MessageTooLong."""
    text = body.strip()
    if not text:
        raise MessageEmpty
    if len(text) > BODY_ALLOWED:
        raise MessageTooLong(len(text), BODY_ALLOWED)
    from_patient = author.pk == patient.membership_id
    with transaction.atomic():
        message = Message.objects.create(
            patient=patient,
            author=author,
            from_patient=from_patient,
            body=text,
            about_kind=about_kind,
            about_ref=about_ref,
        )
        add_timeline_entry(
            patient,
            kind="message",
            title=f"Message {'from' if from_patient else 'to'} the patient",
            summary=text,
            at=message.created_at,
            object_kind="message",
            object_ref=message.ref,
            by=author,
        )
        review_attention(patient)
        record("create", patient=patient.pk, object_type="patients.Message", object_ref=message.ref)
        send_after_commit("message.sent", patient, ref=message.ref)
    return message


def mark_read(patient: Patient, *, by: Membership) -> int:
    """The reader has seen what the other side wrote; answers how many lines that were."""
    from_patient = by.pk != patient.membership_id
    unread = Message.objects.filter(patient=patient, from_patient=from_patient, read_at=None)
    with transaction.atomic():
        seen = unread.update(read_at=timezone.now())
        if seen and from_patient:
            review_attention(patient)
    return seen
