"""Deleting the words of old conversations. What was heard, and what became of it, stays."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from clinic.audit import record
from patients.local_time import local_day
from patients.models import Alert
from sessions.models import Conversation, Turn

MOST_AT_ONCE = 500


def delete_old_conversations(*, today: date | None = None) -> int:
    """Delete the words of the clinic's conversations that nobody needs any more; answers how many.

    Turns keep when, by whom, and which rules were heard; alerts keep their words as the record. A
    conversation with an alert that is not closed waits.
    """
    due = Conversation.objects.filter(words_deleted_at=None, keep_until__lt=today or timezone.now().date())
    due = due.exclude(turns__alert__state__in=(Alert.State.OPEN, Alert.State.ACKNOWLEDGED))
    deleted = 0
    for conversation in due.select_related("patient__clinic").order_by("pk")[:MOST_AT_ONCE]:
        if today is None and conversation.keep_until >= local_day(conversation.patient):
            continue
        _delete_words(conversation)
        deleted += 1
    return deleted


def _delete_words(conversation: Conversation) -> None:
    with transaction.atomic():
        locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
        for turn in locked.turns.exclude(heard={}):
            turn.heard = without_words(turn.heard)
            turn.save(update_fields=["heard", "updated_at"])
        Turn.objects.filter(conversation=locked).update(
            text="", sentences=[], quick_replies=[], links=[], state=Turn.State.READY
        )
        now = timezone.now()
        locked.asked, locked.walk, locked.session = {}, {}, None
        locked.ended_at, locked.words_deleted_at = locked.ended_at or now, now
        locked.save()
        record(
            "delete", patient=locked.patient_id, object_type="sessions.Conversation", object_ref=locked.ref
        )


def without_words(heard: dict[str, Any]) -> dict[str, Any]:
    """What was heard without the patient's words: flags, rules and their versions."""
    return {
        "severity": heard.get("severity"),
        "flags": [{**flag, "words": []} for flag in heard.get("flags", ())],
        "needs_asking": [{**ask, "words": []} for ask in heard.get("needs_asking", ())],
    }
