"""One exchange: what is done about the patient's words before the graph, and what the graph is asked."""

import logging
from dataclasses import replace

from clinic.errors import TooOften
from clinic.pace import Pace, count_sent
from patients.red_flags import RedFlagHit
from sessions.models import Conversation, Turn
from sessions.rehab_bot.again import asks_again
from sessions.rehab_bot.counting import count_said
from sessions.rehab_bot.pain_said import number_said
from sessions.rehab_bot.types import Asked, TurnInput, WalkAct
from sessions.rehab_bot.walking import OVER, READY, WalkSaid, read_walk
from sessions.selectors.assistant.conversation import holding_alert
from sessions.selectors.assistant.plan import plan_of
from sessions.selectors.assistant.providers import active_provider
from sessions.selectors.assistant.turn_input import turn_input
from sessions.selectors.assistant.walk import ENDED, over, walk_of
from sessions.services.answers import OVER_LIMIT
from sessions.services.assistant.active import why_silent
from sessions.services.assistant.answering import (
    answer_calmly,
    answer_with_graph,
    keep_asked,
    said_before,
)
from sessions.services.assistant.fixed import (
    say_cannot,
    say_held,
    say_stop,
    say_stop_again,
    say_too_often,
    say_walk,
)
from sessions.services.assistant.free_pain import FreePain, answer_moment, take_free_pain
from sessions.services.assistant.pains import hit_in_words
from sessions.services.assistant.spine import SCREEN, Spine, hear_turn, open_questions, pain_heard
from sessions.services.assistant.walking import Walk, keep_walk, stored_state
from sessions.services.lifecycle import stop_open_sessions
from sessions.services.queueing import queue_answer

log = logging.getLogger(__name__)

# What is answered from the plan or by a model; the walk-through and danger have no pace.
ANSWER_PACE = Pace(most=40, in_s=600)
FELL_BACK_LATE = "too_late"
# What is done at once, also while a question about danger is open: pain must not be lost, and stop is stop.
DONE_AT_ONCE = (WalkAct.PAIN, WalkAct.END)


def answer_exchange(said: Turn, reply: Turn) -> Turn:
    """Danger first, then a hold, then the walk-through and pain; what is left is a question."""
    conversation = reply.conversation
    spine = hear_turn(conversation, said)
    if spine.answer is not None:
        _let_go(conversation)
        return say_stop(reply, spine.answer, spine.alert)
    if holding_alert(conversation) is not None:
        return say_held(conversation, said, reply, spine)
    try:
        return _answer_calm(conversation, said, reply, spine)
    except Exception as error:
        # Danger is told; whatever breaks after that, the patient is answered. Only its class is told.
        log.error("answering a turn failed: %s", type(error).__name__)
        return say_cannot(reply, None)


def _answer_calm(conversation: Conversation, said: Turn, reply: Turn, spine: Spine) -> Turn:
    spine = _asked_still(conversation, said, spine)
    return (
        answer_moment(conversation, said, reply, asks_more=bool(spine.screening))
        or _answer_walk(conversation, said, reply, spine)
        or _answer_question(conversation, said, reply, spine)
    )


def _let_go(conversation: Conversation) -> None:
    """Danger ends the walk-through and every open question."""
    if conversation.walk:
        keep_walk(conversation, over())
    keep_asked(conversation, None)


def _answer_walk(conversation: Conversation, said: Turn, reply: Turn, spine: Spine) -> Turn | None:
    """The words are an answer within the walk-through; None when they are not."""
    before, now = stored_state(conversation), walk_of(conversation)
    if before is not None and before.waiting_for != OVER and (now is None or now.waiting_for == OVER):
        keep_walk(conversation, over())
        if not (spine.denied or spine.screening) and read_walk(said.text, before) is not None:
            return say_walk(reply, now or ENDED, plan_of(conversation.patient))
    read = None if spine.denied else read_walk(said.text, now)
    if read is None or _is_strong_pain(said, spine, read):
        return None
    if not spine.screening:
        return _walk_on(conversation, said, reply, spine, read)
    _walk_no_further(conversation, reply, read)
    return None


def _is_strong_pain(said: Turn, spine: Spine, read: WalkSaid) -> bool:
    """Unbearable pain in words ends the walk-through, whatever else the words could mean in it."""
    is_number = read.act in (WalkAct.PAIN, WalkAct.DONE) or number_said(said.text) is not None
    return pain_heard(spine) is not None and (read.value is None or not is_number)


def _walk_no_further(conversation: Conversation, reply: Turn, read: WalkSaid) -> None:
    """Questions about danger come first: the walk-through waits, but stop and pain are heard."""
    if read.act in DONE_AT_ONCE:
        Walk(conversation, reply)(read.act, read.value)
        conversation.refresh_from_db(fields=["walk", "session"])


def _walk_on(conversation: Conversation, said: Turn, reply: Turn, spine: Spine, read: WalkSaid) -> Turn:
    """Done first, then worded: the graph's own call of the port changes nothing any more."""
    turn = turn_input(conversation, said, heard=spine.heard)
    port = Walk(conversation, reply)
    state = port(read.act, read.value)
    reply.conversation = port.conversation
    keep_asked(port.conversation, Asked("pain", ()) if state.waiting_for == READY else None)
    stored, _ = answer_with_graph(
        reply, turn, walk=port, instead=lambda: say_walk(reply, state, turn.plan, fell_back="failed")
    )
    return stored


def _answer_question(conversation: Conversation, said: Turn, reply: Turn, spine: Spine) -> Turn:
    turn = turn_input(
        conversation,
        said,
        heard=spine.heard,
        text=spine.about if spine.denied else "",
        screening=spine.screening,
    )
    pain = take_free_pain(conversation, said, turn)
    hit = pain.hit or _pain_without_number(conversation, said, spine)
    # A rule of pain that is broken, and questions about danger, wait for nobody.
    if _is_too_often(said) and not (hit or spine.screening):
        return say_too_often(reply)
    if not (hit or pain.value is not None or spine.screening or spine.denied) and _has_model(conversation):
        queue_answer(reply)
        return reply
    return _answer_here(conversation, reply, turn, spine, pain=pain, hit=hit)


def _asked_still(conversation: Conversation, said: Turn, spine: Spine) -> Spine:
    """A question about danger that was not understood, or passed over to exercise or stop, is still open."""
    if spine.denied:
        return spine
    if spine.screening:
        return replace(spine, about=said.text)
    still = open_questions(conversation)
    is_passed = still and (asks_again(said.text) or read_walk(said.text, walk_of(conversation)) is not None)
    return replace(spine, screening=still) if is_passed else spine


def _pain_without_number(conversation: Conversation, said: Turn, spine: Spine) -> RedFlagHit | None:
    """Unbearable pain in words ends what is running, as a number over the limit does; a count does not."""
    hit = None if count_said(said.text) is not None else pain_heard(spine)
    if hit is not None:
        stop_open_sessions(conversation.patient, None, OVER_LIMIT)
    return hit


def _is_too_often(said: Turn) -> bool:
    if said.membership is None:
        return False
    try:
        count_sent(said.membership.user_id, "assistant", ANSWER_PACE)
    except TooOften:
        return True
    return False


def _has_model(conversation: Conversation) -> bool:
    provider = active_provider()
    return provider is not None and not why_silent(provider, clinic=conversation.patient.clinic)


def _answer_here(
    conversation: Conversation,
    reply: Turn,
    turn: TurnInput,
    spine: Spine,
    *,
    pain: FreePain,
    hit: RedFlagHit | None,
) -> Turn:
    if hit is not None and conversation.walk:
        keep_walk(conversation, over(hit_in_words(hit)))
    asks = pain.asks if hit is None and not spine.screening else None
    # What pain has ended is not walked on by the same words.
    port = Walk(conversation, reply) if hit is None else None
    stored, answer = answer_with_graph(reply, replace(turn, pain_hit=hit), walk=port, asks=asks, pain_hit=hit)
    asked = answer.asked if answer is not None else None
    if spine.screening:
        asked = Asked(SCREEN, spine.screening, spine.about)
    elif asks is not None:
        asked = asks.asked
    keep_asked(conversation, asked, settled=spine.denied)
    return stored


def answer_late(reply: Turn) -> Turn:
    """An answer that never came: from the beginning where nobody heard the words, else without the model.

    Danger that was told already is answered in the words of its alert, whatever became of that.
    """
    said = said_before(reply)
    if not said.heard:
        return answer_exchange(said, reply)
    if said.alert is not None and said.alert.answers.get("shown"):
        return say_stop_again(reply, said.alert)
    return answer_calmly(reply, active=None, fell_back=FELL_BACK_LATE)
