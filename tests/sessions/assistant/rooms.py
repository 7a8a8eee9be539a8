"""Conversations for tests of the pages: plain functions; each opens the clinic's scope itself."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from clinic.tenancy.scope import clinic_scope
from patients.models import Alert, Patient
from patients.red_flags import Severity
from patients.services import AlertRule, raise_alert
from sessions.models import AssistantSettings, Conversation, Turn
from tests.factories.patients import Ward

SHOWN = {
    "heading": "Stop. Call 999 now.",
    "sentences": ["Do not exercise.", "Sit or lie down. Do not stay alone."],
    "emergency_number": "999",
}


def make_conversation(patient: Patient, **fields: Any) -> Conversation:
    """An open conversation in which nothing is said yet."""
    with clinic_scope(patient.clinic_id):
        now = timezone.now()
        return Conversation.objects.create(
            patient=patient, last_turn_at=now, keep_until=now.date() + timedelta(days=365), **fields
        )


def make_turn(conversation: Conversation, author: str, text: str = "", **fields: Any) -> Turn:
    """The next turn; an assistant's text is one sentence without sources unless `sentences` says more."""
    with clinic_scope(conversation.clinic_id):
        if author == Turn.Author.ASSISTANT and text and "sentences" not in fields:
            fields["sentences"] = [{"text": text, "sources": []}]
        return Turn.objects.create(
            conversation=conversation,
            number=conversation.turns.count() + 1,
            author=author,
            text=text,
            at=timezone.now(),
            **fields,
        )


def make_stop_alert(patient: Patient, *, severity: Severity = Severity.EMERGENCY) -> Alert:
    """An alert as the spine raises it from a patient's words, with what the patient was shown."""
    rule = AlertRule(id="dvt_pe", version=1, headline="Swollen calf", severity=severity)
    with clinic_scope(patient.clinic_id):
        return raise_alert(
            patient, rule, text_shown="Stop. Call 999 now.", answers={"shown": SHOWN, "source": "assistant"}
        )


def hold(conversation: Conversation, alert: Alert) -> Turn:
    """The conversation is held by the alert, as its newest answer says."""
    with clinic_scope(conversation.clinic_id):
        conversation.held_by = alert
        conversation.save(update_fields=["held_by"])
    make_turn(conversation, Turn.Author.PATIENT, "my calf is swollen and hot", alert=alert)
    return make_turn(conversation, Turn.Author.ASSISTANT, SHOWN["heading"], alert=alert, node="escalate")


def clinic_chose(ward: Ward, **fields: Any) -> None:
    """Settings of the assistant in the ward's clinic."""
    with clinic_scope(ward.paul.clinic_id):
        AssistantSettings.objects.create(**fields)
