"""From a stored turn to its answer: by the graph at once, or by a model on a worker."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from patients.red_flags import RedFlagHit
from patients.red_flags.hearing import hear
from sessions.models import Conversation, Turn
from sessions.rehab_bot.types import Answer, Asked, Passage, QuickReply, Sentence, TurnInput, WalkPort
from sessions.selectors.assistant.conversation import heard_together, holding_alert
from sessions.selectors.assistant.turn_input import turn_input
from sessions.services.assistant.active import ActiveModel, active_model
from sessions.services.assistant.fixed import say_cannot, say_held_meanwhile
from sessions.services.assistant.turns import add_sentence, finish_turn, replies_as_stored
from sessions.services.assistant.walking import Walk

if TYPE_CHECKING:
    from sessions.rehab_bot.retrieval import Library

log = logging.getLogger(__name__)

WAITED_LONG = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Asks:
    """A question of ours that follows the graph's answer."""

    sentence: Sentence
    replies: tuple[QuickReply, ...]
    asked: Asked


def answer_with_graph(
    reply: Turn,
    turn: TurnInput,
    *,
    walk: WalkPort | None = None,
    active: ActiveModel | None = None,
    asks: Asks | None = None,
    pain_hit: RedFlagHit | None = None,
    instead: Callable[[], Turn] | None = None,
    **fields: Any,
) -> tuple[Turn, Answer | None]:
    """Run the graph over a turn and store what it says; when it breaks down, `instead` or fixed words."""
    try:
        answer = _run(reply, turn, walk=walk, active=active)
    except Exception as error:
        # The patient is answered whatever breaks here; the error may quote the turn: only its class is told.
        log.error("the assistant's graph failed: %s", type(error).__name__)
        return (instead() if instead else say_cannot(reply, pain_hit)), None
    if asks is not None and answer.asked is None:
        answer = replace(answer, sentences=(*answer.sentences, asks.sentence), quick_replies=asks.replies)
    return _store(reply, answer, active=active, **fields), answer


def _run(reply: Turn, turn: TurnInput, *, walk: WalkPort | None, active: ActiveModel | None) -> Answer:
    # Loaded with the first turn: the addresses of the site, and its other pages, need no graph.
    from sessions.rehab_bot.graph import Ports, answer_turn

    if active is None:
        return answer_turn(turn, Ports(library=library_of, walk=walk))
    ports = Ports(
        library=library_of,
        walk=walk,
        on_sentence=_listener(reply),
        model=active.model,
        timeout_s=active.timeout_s,
    )
    return answer_turn(turn, ports)


def library_of(passages: Sequence[Passage]) -> "Library":
    """The passages of a turn, searched by words and by meaning."""
    from sessions.rehab_bot.encoder import encoder_or_none
    from sessions.rehab_bot.retrieval import Library

    return Library(passages, encoder_or_none())


def _listener(reply: Turn) -> Callable[[Sentence], None]:
    def show(sentence: Sentence) -> None:
        # Danger may be heard while a model still writes: nothing of it is shown beside that.
        if holding_alert(reply.conversation) is None:
            add_sentence(reply, sentence)

    return show


def _store(reply: Turn, answer: Answer, *, active: ActiveModel | None, **fields: Any) -> Turn:
    if active is not None and holding_alert(reply.conversation) is not None:
        return say_held_meanwhile(reply)
    by_model = {}
    if active is not None:
        by_model = {
            "provider": active.provider,
            "cost": active.cost(tokens_in=answer.tokens_in, tokens_out=answer.tokens_out),
            "model_ms": answer.model_ms,
            "tokens_in": answer.tokens_in,
            "tokens_out": answer.tokens_out,
        }
    stored: dict[str, Any] = {
        "node": answer.node[:20],
        "intent": answer.intent[:40],
        "answered_by": answer.answered_by[:10],
        "exercise_code": answer.exercise_code[:64],
        "quick_replies": replies_as_stored(answer.quick_replies),
        "links": [list(link) for link in answer.links],
        "dropped": {one.reason: one.count for one in answer.dropped},
        "fell_back": answer.fell_back[:40],
    }
    return finish_turn(reply, answer.sentences, **(stored | by_model | fields))


def keep_asked(
    conversation: Conversation,
    asked: Asked | None,
    *,
    settled: Sequence[str] = (),
    answered: Turn | None = None,
) -> None:
    """Remember the question that is open now, and those that the patient has answered with no.

    With `answered`, nothing is kept once something newer was said: a late answer's question is not open.
    """
    with transaction.atomic():
        locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
        if answered is not None and locked.turns.filter(number__gt=answered.number).exists():
            return
        now = timezone.now().isoformat()
        done = locked.asked.get("settled", {}) | dict.fromkeys(settled, now)
        locked.asked = {"settled": done} if done else {}
        if asked is not None:
            locked.asked |= {"kind": asked.kind, "choices": list(asked.choices), "text": asked.text}
        locked.save(update_fields=["asked", "updated_at"])
        conversation.asked = locked.asked


def answer_waiting(turn_id: int) -> None:
    """The worker's part: ask the clinic's model for an answer that waits. Twice changes nothing."""
    reply = _waiting().filter(pk=turn_id).first()
    if reply is not None:
        answer_calmly(reply, active=active_model(reply.conversation.patient.clinic))


def late_answers(conversation: Conversation) -> list[Turn]:
    """Answers that have waited for too long: the worker or its model is gone."""
    late = _waiting().filter(conversation=conversation, at__lt=timezone.now() - WAITED_LONG)
    return list(late.order_by("number"))


def _waiting() -> QuerySet[Turn]:
    turns = Turn.objects.filter(state=Turn.State.WAITING, author=Turn.Author.ASSISTANT)
    return turns.select_related(
        "conversation__patient__clinic", "conversation__session", "conversation__held_by"
    )


def answer_calmly(reply: Turn, *, active: ActiveModel | None, **fields: Any) -> Turn:
    """Answer a turn that has passed the spine and set off nothing. Without a model, the embedded one."""
    conversation = reply.conversation
    said = said_before(reply)
    turn = turn_input(conversation, said, heard=hear(heard_together(said)))
    port = Walk(conversation, reply)
    stored, answer = answer_with_graph(reply, turn, walk=port, active=active, **fields)
    if answer is not None:
        keep_asked(conversation, answer.asked, answered=reply)
    return stored


def said_before(reply: Turn) -> Turn:
    """The patient's turn that an answer is to."""
    turns = Turn.objects.filter(
        conversation=reply.conversation_id, number__lt=reply.number, author=Turn.Author.PATIENT
    )
    people = turns.select_related("conversation__patient__clinic", "membership", "alert")
    return people.order_by("-number")[0]
