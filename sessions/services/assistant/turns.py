"""Turns of a conversation: stored as they are said, and never changed once shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from patients.local_time import local_day
from sessions import events
from sessions.models import Conversation, Turn
from sessions.rehab_bot.types import QuickReply, Sentence
from sessions.selectors.assistant.settings import keep_days

TEXT_KEPT = 4000
# Nobody says the same thing twice as fast; a page that is sent twice does.
SENT_TWICE_WITHIN = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a patient said and the answer to it. `is_new` is False for words that were sent twice."""

    said: Turn
    reply: Turn
    is_new: bool


def store_words(
    conversation: Conversation, *, text: str, by: Membership, after: int | None = None
) -> Exchange:
    """Keep the patient's words, and the place of their answer, before anything else is done with them.

    `after` is the newest turn that the page showed: the same words again from the same page are one turn.
    """
    with transaction.atomic():
        conversation = Conversation.objects.select_for_update().get(pk=conversation.pk)
        twice = _sent_twice(conversation, text=text, after=after)
        if twice is not None:
            return twice
        said = _next(conversation, Turn.Author.PATIENT, text=text, membership=by)
        reply = _next(conversation, Turn.Author.ASSISTANT, state=Turn.State.WAITING)
        _touch(conversation, said)
        record(
            "change",
            patient=conversation.patient_id,
            object_type="sessions.Conversation",
            object_ref=conversation.ref,
        )
        announce(reply)
    return Exchange(said, reply, is_new=True)


def _sent_twice(conversation: Conversation, *, text: str, after: int | None) -> Exchange | None:
    newest = conversation.turns.filter(author=Turn.Author.PATIENT).order_by("-number").first()
    if newest is None or newest.text != text:
        return None
    is_same_page = after is not None and newest.number > after
    is_too_fast = after is None and timezone.now() - newest.at < SENT_TWICE_WITHIN
    if not (is_same_page or is_too_fast):
        return None
    reply = conversation.turns.filter(number__gt=newest.number, author=Turn.Author.ASSISTANT).first()
    return None if reply is None else Exchange(newest, reply, is_new=False)


def add_turn(conversation: Conversation, author: str, *, text: str, **fields: Any) -> Turn:
    """Add a finished turn of the assistant or of a person. Runs inside a transaction."""
    locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
    turn = _next(locked, author, text=text[:TEXT_KEPT], **fields)
    _touch(locked, turn)
    announce(turn)
    return turn


def _next(conversation: Conversation, author: str, **fields: Any) -> Turn:
    """The next number is free: the caller holds the conversation's row."""
    newest = conversation.turns.aggregate(newest=Max("number"))["newest"] or 0
    return Turn.objects.create(
        conversation=conversation, number=newest + 1, author=author, at=timezone.now(), **fields
    )


def _touch(conversation: Conversation, turn: Turn) -> None:
    conversation.last_turn_at = turn.at
    conversation.keep_until = local_day(conversation.patient, at=turn.at) + timedelta(days=keep_days())
    conversation.save(update_fields=["last_turn_at", "keep_until", "updated_at"])


def finish_turn(reply: Turn, sentences: Sequence[Sentence], **fields: Any) -> Turn:
    """Give a waiting answer its words, once: whoever comes second finds it said.

    Sentences that were shown while it was written stay, in front.
    """
    with transaction.atomic():
        turn = Turn.objects.select_for_update().get(pk=reply.pk)
        if turn.state == Turn.State.READY:
            return turn
        shown = {each["text"] for each in turn.sentences}
        more = [as_stored(sentence) for sentence in sentences if sentence.text not in shown]
        turn.sentences = [*turn.sentences, *more]
        turn.text = " ".join(each["text"] for each in turn.sentences)[:TEXT_KEPT]
        turn.state = Turn.State.READY
        turn.answer_ms = max(0, round((timezone.now() - turn.at).total_seconds() * 1000))
        for name, value in fields.items():
            setattr(turn, name, value)
        turn.save()
        announce(turn)
    return turn


def add_sentence(reply: Turn, sentence: Sentence) -> None:
    """Show one verified sentence of an answer that is still being written."""
    with transaction.atomic():
        turn = Turn.objects.select_for_update().get(pk=reply.pk)
        if turn.state == Turn.State.READY:
            return
        turn.sentences = [*turn.sentences, as_stored(sentence)]
        turn.save(update_fields=["sentences", "updated_at"])
        announce(turn)


def as_stored(sentence: Sentence) -> dict[str, Any]:
    return {"text": sentence.text, "sources": list(sentence.sources)}


def replies_as_stored(replies: Sequence[QuickReply]) -> list[dict[str, str]]:
    return [{"label": reply.label, "text": reply.text} for reply in replies]


def announce(turn: Turn) -> None:
    """Tell the patient's open pages, after the commit, that this turn is new or says more: its ref alone."""
    group = events.patient_group(turn.clinic_id, turn.conversation.patient.ref)
    events.announce(events.ASSISTANT_TURN, group=group, ref=turn.ref)
