"""Named reads of a patient's conversation with the assistant."""

from datetime import timedelta

from django.db.models import QuerySet

from patients.models import Alert, Patient
from sessions.models import Conversation, Turn
from sessions.rehab_bot.types import Said

# Danger is often told in pieces: so many of a patient's turns, of so long a time, are heard together.
HEARD_TURNS = 6
HEARD_WITHIN = timedelta(hours=24)
EARLIER_TURNS = 10
STOPPING = (Alert.Severity.EMERGENCY, Alert.Severity.SAME_DAY)


def open_conversation(patient: Patient) -> Conversation | None:
    """The one that is not ended, with the alert that holds it and the session it walks through."""
    open_ones = Conversation.objects.filter(patient=patient, ended_at=None)
    return open_ones.select_related("patient__clinic", "held_by", "session").first()


def thread_of(conversation: Conversation) -> QuerySet[Turn]:
    """Everything that was said, in order."""
    turns = Turn.objects.filter(conversation=conversation)
    return turns.select_related("membership", "alert").order_by("number")


def holding_alert(conversation: Conversation) -> Alert | None:
    """The alert that holds the conversation: raised by one of its turns, danger, and not closed.

    The worst, of which the newest; None when the assistant may answer.
    """
    alerts = (
        Alert.objects.filter(turns__conversation=conversation, severity__in=STOPPING)
        .exclude(state=Alert.State.CLOSED)
        .distinct()
    )
    return max(alerts, key=lambda alert: (alert.severity == "emergency", alert.raised_at), default=None)


def heard_together(said: Turn) -> list[str]:
    """The patient's turns that are heard with this one, which is the last; of other conversations too."""
    turns = Turn.objects.filter(
        conversation__patient=said.conversation.patient_id,
        author=Turn.Author.PATIENT,
        at__gte=said.at - HEARD_WITHIN,
        pk__lt=said.pk,
    ).order_by("-pk")
    earlier = list(turns.values_list("text", flat=True)[: HEARD_TURNS - 1])
    return [text for text in reversed(earlier) if text] + [said.text]


def earlier_turns(said: Turn) -> tuple[Said, ...]:
    """What was said before this turn in its conversation, the oldest first."""
    turns = Turn.objects.filter(
        conversation=said.conversation_id, number__lt=said.number, state=Turn.State.READY
    ).order_by("-number")
    return tuple(Said(turn.author, turn.text) for turn in reversed(turns[:EARLIER_TURNS]) if turn.text)
