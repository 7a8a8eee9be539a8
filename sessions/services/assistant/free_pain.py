"""A pain that is told beside the walk-through: kept, judged, and where needed asked about."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from patients.models import PainReport
from patients.red_flags import RedFlagHit
from prescriptions.models import PrescribedExercise
from sessions.models import Conversation, TherapySession, Turn
from sessions.rehab_bot.pain_said import MOST, number_said, pain_said
from sessions.rehab_bot.replying import read_pain_moment
from sessions.rehab_bot.types import Asked, QuickReply, Sentence, TurnInput
from sessions.selectors.access import open_session_of
from sessions.services.assistant.answering import Asks, keep_asked
from sessions.services.assistant.fixed import say_pain_noted
from sessions.services.assistant.pains import take_pain

log = logging.getLogger(__name__)

MOMENT, PAIN = "pain_moment", "pain"
# Pain that is told so soon after a session is pain after it.
AFTER_WITHIN = timedelta(hours=2)
WHEN = Sentence("When did you feel it?")
MOMENTS = (
    QuickReply("Before exercise", "Before exercise"),
    QuickReply("While exercising", "While exercising"),
    QuickReply("After exercise", "After exercise"),
    QuickReply("This morning", "This morning"),
)


@dataclass(frozen=True, slots=True)
class FreePain:
    """A pain of 0 to 10 in the words, the rule that it breaks, and the question that it leaves open."""

    value: int | None = None
    hit: RedFlagHit | None = None
    asks: Asks | None = None


def take_free_pain(conversation: Conversation, said: Turn, turn: TurnInput) -> FreePain:
    """Keep the pain that the words put a number to. Raises RuntimeError inside a transaction."""
    value = _value(conversation, said)
    if value is None:
        return FreePain()
    moment = read_pain_moment(f"{conversation.asked.get('text', '')} {said.text}") or _moment_of(conversation)
    hit = take_pain(
        conversation.patient, value, moment=moment, prescribed=_exercise_meant(conversation, turn)
    )
    if hit is not None or moment is not None or open_session_of(conversation.patient) is not None:
        return FreePain(value, hit)
    asked = Asked(MOMENT, tuple(PainReport.Moment.values), str(value))
    return FreePain(value, None, Asks(WHEN, MOMENTS, asked))


def _value(conversation: Conversation, said: Turn) -> int | None:
    """A pain that the words tell, or a lone number where the assistant had asked how strong it is."""
    value = pain_said(said.text)
    if value is None and conversation.asked.get("kind") == PAIN and conversation.asked.get("text"):
        number = number_said(said.text)
        return number if number is not None and number <= MOST else None
    return value


def _moment_of(conversation: Conversation) -> str | None:
    since = timezone.now() - AFTER_WITHIN
    done = TherapySession.objects.filter(patient=conversation.patient, ended_at__gte=since)
    return PainReport.Moment.AFTER if done.exists() else None


def _exercise_meant(conversation: Conversation, turn: TurnInput) -> PrescribedExercise | None:
    """The exercise that the words are about, which may have its own limit of pain; None without one."""
    code = _code_meant(turn) or _code_of_last_turn(conversation)
    found = turn.plan.exercise(code) if code else None
    if found is None:
        return None
    lines = PrescribedExercise.objects.select_related("exercise_version")
    return lines.filter(ref=found.ref).first()


def _code_meant(turn: TurnInput) -> str:
    from sessions.rehab_bot.intents import read_intent

    try:
        return read_intent(turn).exercise_code
    except Exception as error:
        # The pain is judged by the rule of every patient then; what failed may quote the words.
        log.error("reading an exercise failed: %s", type(error).__name__)
        return ""


def _code_of_last_turn(conversation: Conversation) -> str:
    newest = conversation.turns.exclude(exercise_code="").order_by("-number").first()
    return newest.exercise_code if newest is not None else ""


def answer_moment(
    conversation: Conversation, said: Turn, reply: Turn, *, asks_more: bool = False
) -> Turn | None:
    """The answer to "when did you feel it?"; None when that was not asked, or something else was said.

    With `asks_more` the pain is kept, and None too: questions about danger are the answer then.
    """
    asked = conversation.asked
    if asked.get("kind") != MOMENT or pain_said(said.text) is not None:
        return None
    moment = read_pain_moment(said.text)
    if moment is None:
        return None
    value = int(asked["text"])
    hit = take_pain(conversation.patient, value, moment=moment)
    if asks_more:
        return None
    keep_asked(conversation, None)
    return say_pain_noted(reply, value, moment, hit)
