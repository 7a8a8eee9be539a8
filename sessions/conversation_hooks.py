"""Where `patients` finds conversations with the assistant: their page, and how a person answers in one."""

from uuid import UUID

from django.urls import reverse

from clinic.models import Membership
from patients import conversations
from patients.models import Patient
from sessions.models import Conversation


def register_conversations() -> None:
    """Called once when the app is ready."""
    conversations.register(address=address_of, answer_in_thread=answer_in_thread)


def address_of(clinic_slug: str, ref: UUID) -> str:
    """The conversation's page for the care team."""
    return reverse("sessions:conversation", args=[clinic_slug, ref])


def answer_in_thread(patient: Patient, ref: UUID, by: Membership, body: str) -> bool:
    """Write a person's answer into the thread, which also sends it; False when it is not this patient's."""
    from sessions.services.assistant import answer_as_person

    conversation = Conversation.objects.filter(patient=patient, ref=ref).first()
    if conversation is None:
        return False
    answer_as_person(conversation, by=by, text=body)
    return True
