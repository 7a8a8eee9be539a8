"""Lines between a patient and the care team. What a patient writes is heard before it is stored."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from patients.errors import MessageEmpty, MessageTooLong
from patients.events import send_after_commit
from patients.models import Message, Patient
from patients.services.attention import review_attention
from patients.services.hearing import HeardNow, Origin, hear_patient
from patients.services.listening import storable
from patients.services.timeline import add_timeline_entry

BODY_ALLOWED = 4000
# A danger is often told in pieces: so many lines of so long a time are heard together.
HEARD_TOGETHER = 6
HEARD_WITHIN = timedelta(hours=24)


@dataclass(frozen=True)
class Sent:
    """A stored line, and what was heard in it when a patient wrote it."""

    message: Message
    heard: HeardNow | None = None


def send_message(
    patient: Patient, *, author: Membership, body: str, about_kind: str = "", about_ref: UUID | None = None
) -> Message:
    """Add a line to the patient's thread, as `deliver_message` does. Raises MessageEmpty, MessageTooLong."""
    return deliver_message(
        patient, author=author, body=body, about_kind=about_kind, about_ref=about_ref
    ).message


def deliver_message(
    patient: Patient, *, author: Membership, body: str, about_kind: str = "", about_ref: UUID | None = None
) -> Sent:
    """Hear a patient's words, then add the line to their thread; a line from the team is only added.

    An alert stands before the line is stored, and stays when the line is refused. Raises MessageEmpty and
    MessageTooLong; RuntimeError when a patient's words come inside another transaction.
    """
    from_patient = author.pk == patient.membership_id
    text = storable(body).strip()
    heard = hear_message(patient, text) if from_patient and text else None
    if not text:
        raise MessageEmpty
    if len(text) > BODY_ALLOWED:
        raise MessageTooLong(len(text), BODY_ALLOWED)
    if heard and heard.alert and not about_kind:
        about_kind, about_ref = "alert", heard.alert.ref
    message = _store(
        patient,
        Message(
            patient=patient,
            author=author,
            from_patient=from_patient,
            body=text,
            about_kind=about_kind,
            about_ref=about_ref,
        ),
    )
    return Sent(message, heard)


def hear_message(patient: Patient, text: str) -> HeardNow:
    """Hear a patient's line together with their lines of the last day. Stores nothing but the alert."""
    since = timezone.now() - HEARD_WITHIN
    lines = Message.objects.filter(patient=patient, from_patient=True, created_at__gte=since)
    earlier = list(lines.order_by("-created_at").values_list("body", flat=True)[: HEARD_TOGETHER - 1])
    return hear_patient(patient, [*reversed(earlier), text], origin=Origin("message"))


def _store(patient: Patient, message: Message) -> Message:
    who = "from" if message.from_patient else "to"
    with transaction.atomic():
        message.save(force_insert=True)
        add_timeline_entry(
            patient,
            kind="message",
            title=f"Message {who} the patient",
            summary=message.body,
            at=message.created_at,
            object_kind="message",
            object_ref=message.ref,
            by=message.author,
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
