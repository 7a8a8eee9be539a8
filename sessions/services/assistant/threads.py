"""A conversation from its beginning to its end, and what a person says in it."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from clinic.audit import record
from clinic.errors import Forbidden
from clinic.models import Membership, Role
from patients.errors import MessageEmpty, MessageTooLong
from patients.local_time import local_day
from patients.models import Message, Patient
from patients.selectors import check_patient_access, open_hold
from patients.services import send_message
from patients.services.listening import storable
from patients.services.messages import BODY_ALLOWED
from sessions.assistant_errors import ConversationIsHeld, TurnNotFound
from sessions.models import Conversation, Turn
from sessions.rehab_bot.types import Sentence
from sessions.selectors.assistant.conversation import holding_alert, open_conversation
from sessions.selectors.assistant.settings import keep_days
from sessions.services.assistant.turns import add_turn, as_stored

CONVERSATION = "sessions.Conversation"
# Whoever comes back after a day or more begins anew: the thread stays readable for the care team.
IDLE_AFTER = timedelta(hours=24)
OPEN_AGAIN = "Your care team has looked at what you told me. You can ask me again."
STILL_ON_HOLD = "Do not exercise yet. Your therapist will tell you when you can."


def conversation_of(patient: Patient) -> Conversation:
    """The open conversation, or a new one where there is none, or where it has been quiet for a day."""
    conversation = open_conversation(patient)
    if conversation is not None and not _is_stale(conversation):
        return conversation
    if conversation is not None:
        _end(conversation)
    return _begin(patient)


def _is_stale(conversation: Conversation) -> bool:
    is_quiet = timezone.now() - conversation.last_turn_at > IDLE_AFTER
    return is_quiet and conversation.held_by_id is None and conversation.turns.exists()


def _begin(patient: Patient) -> Conversation:
    now = timezone.now()
    try:
        with transaction.atomic():
            begun = Conversation.objects.create(
                patient=patient,
                last_turn_at=now,
                keep_until=local_day(patient, at=now) + timedelta(days=keep_days()),
            )
            record("create", patient=patient.pk, object_type=CONVERSATION, object_ref=begun.ref)
    except IntegrityError:
        # Another tab was first: there is one open conversation of a patient.
        found = open_conversation(patient)
        if found is None:
            raise
        return found
    begun.patient = patient
    return begun


def end_conversation(conversation: Conversation) -> Conversation:
    """The patient begins anew. Ending twice changes nothing. Raises ConversationIsHeld."""
    if conversation.ended_at is not None:
        return conversation
    if holding_alert(conversation) is not None:
        raise ConversationIsHeld
    return _end(conversation)


def _end(conversation: Conversation) -> Conversation:
    with transaction.atomic():
        ended = Conversation.objects.select_for_update().get(pk=conversation.pk)
        if ended.ended_at is None:
            ended.ended_at = timezone.now()
            ended.session, ended.walk, ended.asked = None, {}, {}
            ended.save(update_fields=["ended_at", "session", "walk", "asked", "updated_at"])
            record("change", patient=ended.patient_id, object_type=CONVERSATION, object_ref=ended.ref)
    return ended


def open_again(conversation: Conversation) -> Conversation:
    """Say so in the thread when the alert that held the conversation was closed; else change nothing."""
    if conversation.held_by_id is None:
        return conversation
    with transaction.atomic():
        held = (
            Conversation.objects.select_for_update(of=("self",))
            .select_related("patient__clinic", "held_by", "session")
            .get(pk=conversation.pk)
        )
        if held.held_by_id is None:
            return held
        alert = holding_alert(held)
        if alert is not None and alert.pk == held.held_by_id:
            return held
        held.held_by = alert
        held.save(update_fields=["held_by", "updated_at"])
        if alert is None:
            _say_open(held)
    return held


def _say_open(conversation: Conversation) -> None:
    words = [OPEN_AGAIN] + ([STILL_ON_HOLD] if open_hold(conversation.patient) else [])
    add_turn(
        conversation,
        Turn.Author.ASSISTANT,
        text=" ".join(words),
        sentences=[as_stored(Sentence(each)) for each in words],
        node="open_again",
        answered_by="rules",
    )


def answer_as_person(conversation: Conversation, *, by: Membership, text: str) -> Turn:
    """A person of the care team answers in the thread; the patient is told as of any message.

    Raises Forbidden for the patient, NotOnCareTeam for a colleague, MessageEmpty, MessageTooLong.
    """
    if by.role == Role.PATIENT:
        raise Forbidden
    patient = check_patient_access(by, conversation.patient.ref, purpose="answer in a conversation")
    words = storable(text).strip()
    if not words:
        raise MessageEmpty
    if len(words) > BODY_ALLOWED:
        raise MessageTooLong(len(words), BODY_ALLOWED)
    held_by = conversation.held_by
    with transaction.atomic():
        send_message(
            patient,
            author=by,
            body=words,
            about_kind=Message.AboutKind.ALERT if held_by else "",
            about_ref=held_by.ref if held_by else None,
        )
        turn = add_turn(conversation, Turn.Author.PERSON, text=words, membership=by)
        record("change", patient=patient.pk, object_type=CONVERSATION, object_ref=conversation.ref)
    return turn


def mark_helpful(turn: Turn, yes: bool) -> Turn:
    """The patient says whether an answer helped; the last word counts. Raises TurnNotFound."""
    if turn.author != Turn.Author.ASSISTANT or turn.state != Turn.State.READY:
        raise TurnNotFound
    turn.was_helpful = yes
    turn.save(update_fields=["was_helpful", "updated_at"])
    return turn
