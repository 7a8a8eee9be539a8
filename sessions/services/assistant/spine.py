"""What comes before any answer: danger is heard and told, pain is judged, each in its own transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from patients.models import Alert
from patients.red_flags import RedFlagHit, StopAnswer, emergency_number, shipped_rules
from patients.red_flags.heard_hits import heard_hits
from patients.red_flags.hearing import Heard, hear
from patients.services import HeardNow, Origin, answer_screening, hear_patient
from sessions.models import Conversation, Turn
from sessions.rehab_bot.replying import read_screening_reply
from sessions.selectors.access import open_session_of
from sessions.selectors.assistant.conversation import heard_together, holding_alert

SOURCE = "assistant"
SCREEN = "screen"
SETTLED_FOR = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Spine:
    """What the words set off. `answer` are the fixed words of danger. `denied` are the open questions that
    the patient said no to: then `about` are the words that these were asked about.
    """

    heard: Heard
    alert: Alert | None = None
    answer: StopAnswer | None = None
    screening: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    about: str = ""


def hear_turn(conversation: Conversation, said: Turn) -> Spine:
    """Hear a turn, and tell a person of danger before anything is answered. Twice changes nothing.

    Raises RuntimeError inside another transaction.
    """
    texts = heard_together(said)
    told = hear_patient(conversation.patient, texts, origin=_origin(conversation, said))
    screened = _screened(conversation, said)
    worst = _worse(told, screened)
    is_denied = screened is not None and screened.alert is None
    spine = Spine(
        heard=told.heard,
        alert=worst.alert or told.alert,
        answer=worst.answer,
        screening=_to_ask(told.heard, texts, settled=_settled(conversation)),
        denied=open_questions(conversation) if is_denied else (),
        about=str(conversation.asked.get("text", "")),
    )
    _keep(conversation, said, spine)
    return spine


def _settled(conversation: Conversation) -> set[str]:
    """Questions that the patient has said no to of late: what is new tomorrow is asked again."""
    since = (timezone.now() - SETTLED_FOR).isoformat()
    return {question for question, at in conversation.asked.get("settled", {}).items() if at >= since}


def _to_ask(heard: Heard, texts: Sequence[str], *, settled: Collection[str]) -> tuple[str, ...]:
    """What the newest turn leaves open by itself, or with those before it.

    Not what was asked about an earlier one, was answered with no, or belongs to a flag that is told.
    """
    newest = len(texts) - 1
    asks = [ask for ask in heard.needs_asking if any(quote.turn == newest for quote in ask.words)]
    told = {flag.flag for flag in heard.flags}
    asks += [ask for ask in hear(texts[-1:]).needs_asking if ask.flag not in told]
    ids = dict.fromkeys(question for ask in asks for question in ask.question_ids)
    return tuple(question for question in ids if question not in settled)


def _origin(conversation: Conversation, said: Turn) -> Origin:
    return Origin(
        SOURCE,
        session_ref=_session_ref(conversation),
        conversation_ref=conversation.ref,
        turn_ref=said.ref,
    )


def _session_ref(conversation: Conversation) -> UUID | None:
    session = open_session_of(conversation.patient)
    return session.ref if session is not None else None


def _screened(conversation: Conversation, said: Turn) -> HeardNow | None:
    """The answer to questions of the Stop page that were left open; None when the words are no answer."""
    choices = open_questions(conversation)
    ticked = read_screening_reply(said.text, choices) if choices else None
    if ticked is None:
        return None
    origin = _origin(conversation, said)
    return answer_screening(conversation.patient, ticked=ticked, words=said.text, origin=origin)


def open_questions(conversation: Conversation) -> tuple[str, ...]:
    """The Stop questions that the assistant has asked and that nobody has answered."""
    if conversation.asked.get("kind") != SCREEN:
        return ()
    known = {question.id for question in shipped_rules().questions}
    return tuple(choice for choice in conversation.asked.get("choices", ()) if choice in known)


def _worse(told: HeardNow, screened: HeardNow | None) -> HeardNow:
    if screened is None or screened.answer is None:
        return told
    if told.answer is None or screened.answer.severity.rank > told.answer.severity.rank:
        return screened
    return told


def _keep(conversation: Conversation, said: Turn, spine: Spine) -> None:
    """What was heard stands beside the words; danger holds the conversation."""
    with transaction.atomic():
        said.heard, said.alert = spine.heard.to_dict(), spine.alert
        said.save(update_fields=["heard", "alert", "updated_at"])
        if spine.answer is not None:
            locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
            locked.held_by = holding_alert(locked)
            locked.save(update_fields=["held_by", "updated_at"])
            conversation.held_by = locked.held_by


def pain_heard(spine: Spine) -> RedFlagHit | None:
    """The pain rule that the words break without a number that could be read, such as "agony"."""
    flags = [flag for flag in spine.heard.flags if flag.flag == "pain_over_limit"]
    is_told = spine.alert is not None and spine.alert.rule_id == "pain_over_limit"
    return next(iter(heard_hits(flags)), None) if is_told else None


def number_for(conversation: Conversation) -> str:
    """The emergency number of the clinic."""
    clinic = conversation.patient.clinic
    return emergency_number(clinic.country, clinic_number=clinic.emergency_number)
