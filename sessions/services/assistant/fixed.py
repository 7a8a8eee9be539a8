"""Answers in fixed words, for which nothing is loaded: danger, a held conversation, too much at once."""

from patients.models import Alert
from patients.red_flags import RedFlagHit, StopAnswer
from patients.services import send_message
from sessions.models import Conversation, Turn
from sessions.rehab_bot.types import Plan, Sentence, WalkState
from sessions.rehab_bot.walk_words import walk_words
from sessions.services.assistant.pains import hit_in_words
from sessions.services.assistant.spine import Spine, number_for
from sessions.services.assistant.turns import finish_turn, replies_as_stored

PASSED_ON = "I passed this on to your care team. A person will answer you here."
CANNOT = "I cannot answer this now. Write to your care team."
TOO_OFTEN = (
    "You have written a lot in a short time.",
    "I read every line for danger.",
    "Please wait a few minutes before you ask again.",
)
MOMENT_WORDS = {
    "before": "before exercise",
    "after": "after exercise",
    "next_morning": "the morning after",
    "stop": "while you exercised",
}
BY_RULES = "rules"


def say_stop(reply: Turn, answer: StopAnswer, alert: Alert | None) -> Turn:
    """The fixed words of the spine, as the Stop page has them."""
    words = [Sentence(text) for text in (answer.heading, *answer.sentences)]
    return finish_turn(reply, words, node="escalate", intent="danger", answered_by=BY_RULES, alert=alert)


def say_stop_again(reply: Turn, alert: Alert) -> Turn:
    """The same words, as the alert keeps them."""
    shown = alert.answers["shown"]
    words = [Sentence(text) for text in (shown["heading"], *shown["sentences"])]
    return finish_turn(reply, words, node="escalate", intent="danger", answered_by=BY_RULES, alert=alert)


def say_held(conversation: Conversation, said: Turn, reply: Turn, spine: Spine) -> Turn:
    """While a person has not closed the alert, what is said goes to the care team as a message.

    Danger that is said again is told as an alert already.
    """
    if spine.alert is None and said.membership is not None:
        about = conversation.held_by
        send_message(
            conversation.patient,
            author=said.membership,
            body=said.text,
            about_kind="alert" if about else "",
            about_ref=about.ref if about else None,
        )
    words = [
        Sentence("Do not exercise until your care team says so."),
        Sentence(PASSED_ON),
        Sentence(f"If it gets worse, call {number_for(conversation)}."),
    ]
    return finish_turn(
        reply, words, node="held", intent="held", answered_by=BY_RULES, alert=conversation.held_by
    )


def say_held_meanwhile(reply: Turn) -> Turn:
    """A model was still answering an earlier question when danger was heard."""
    words = [Sentence("Do not exercise until your care team says so.")]
    return finish_turn(reply, words, node="held", intent="held", answered_by=BY_RULES)


def say_too_often(reply: Turn) -> Turn:
    return finish_turn(
        reply, [Sentence(text) for text in TOO_OFTEN], node="pace", intent="pace", answered_by=BY_RULES
    )


def say_pain_noted(reply: Turn, value: int, moment: str, hit: RedFlagHit | None) -> Turn:
    """The patient said when they had felt a pain."""
    words = [Sentence(f"Thank you. I noted pain {value} {MOMENT_WORDS[moment]}.")]
    if hit is not None:
        words.append(Sentence(hit_in_words(hit)))
    return finish_turn(reply, words, node="pain", intent="pain", answered_by=BY_RULES)


def say_walk(reply: Turn, state: WalkState, plan: Plan, **fields: object) -> Turn:
    """Where the walk-through stands."""
    told = walk_words(state, plan)
    return finish_turn(
        reply,
        told.sentences,
        node="walk_through",
        intent="walk",
        answered_by=BY_RULES,
        exercise_code=state.exercise_code,
        quick_replies=replies_as_stored(told.quick_replies),
        links=[list(link) for link in told.links],
        **fields,
    )


def say_cannot(reply: Turn, hit: RedFlagHit | None) -> Turn:
    """The answer could not be made. What the spine said is said all the same."""
    words = [Sentence(hit_in_words(hit))] if hit is not None else []
    return finish_turn(
        reply, [*words, Sentence(CANNOT)], node="failed", answered_by=BY_RULES, fell_back="failed"
    )
