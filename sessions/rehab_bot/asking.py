"""Fixed words for the turns that no model sees: danger, a held conversation, questions back."""

from collections.abc import Sequence

from patients.red_flags import NONE_OF_THESE, Question, StopAnswer, shipped_rules
from sessions.rehab_bot.types import Answer, Asked, QuickReply, Sentence, TurnInput

SCREEN = "screen"
YES, NO = "Yes", "No"


def escalation_answer(stop: StopAnswer) -> Answer:
    """The spine's fixed answer, word for word."""
    sentences = tuple(Sentence(text) for text in (stop.heading, *stop.sentences))
    return Answer(sentences, node="escalate", intent="danger", answered_by="rules")


def held_answer(turn: TurnInput) -> Answer:
    """While a person has not closed the alert, nothing else is talked about."""
    told = [
        "Your care team has been told what you wrote.",
        "Please do no exercises until they have answered you.",
    ]
    if turn.emergency_number:
        told.append(f"If it gets worse, call {turn.emergency_number}.")
    sentences = tuple(Sentence(text) for text in told)
    return Answer(sentences, node="escalate", intent="held", answered_by="rules")


def screening_answer(turn: TurnInput) -> Answer:
    """The Stop questions that the words left open, to be answered before anything else."""
    questions = _questions(turn.screening)
    lead = "First I need to know this." if len(questions) == 1 else "First I need to know these."
    ask = "Is this so?" if len(questions) == 1 else "Is one of these so?"
    sentences = (Sentence(lead), *(Sentence(_as_sentence(each)) for each in questions), Sentence(ask))
    replies = (QuickReply(YES, YES), QuickReply("No, none of these" if len(questions) > 1 else NO, NO))
    asked = Asked(SCREEN, turn.screening, turn.text)
    return Answer(
        sentences, node="clarify", intent=SCREEN, answered_by="rules", quick_replies=replies, asked=asked
    )


def _questions(ids: Sequence[str]) -> list[Question]:
    by_id = {question.id: question for question in shipped_rules().questions}
    return [by_id[each] for each in ids if each in by_id and each != NONE_OF_THESE]


def _as_sentence(question: Question) -> str:
    return question.text if question.text.endswith((".", "?", "!")) else f"{question.text}."
