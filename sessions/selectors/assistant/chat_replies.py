"""What a patient may tap instead of typing."""

from collections.abc import Sequence
from dataclasses import dataclass

from prescriptions.selectors import PlannedExercise
from sessions.models import Turn

MOST_REPLIES = 6
MOST_SUGGESTIONS = 5
LONGEST_LABEL = 80
WALK_ME_THROUGH = "Walk me through my exercises"


@dataclass(frozen=True, slots=True)
class Reply:
    """A button that says `text` for the patient."""

    label: str
    text: str


Suggested = Reply


def replies_to(turn: Turn) -> tuple[Reply, ...]:
    """The quick replies that the newest turn offers; only an answer that is complete offers any."""
    if turn.author != Turn.Author.ASSISTANT or turn.state != Turn.State.READY:
        return ()
    offered = (Reply(label=one["label"][:LONGEST_LABEL], text=one["text"]) for one in turn.quick_replies)
    return tuple(offered)[:MOST_REPLIES]


def suggestions(
    exercises: Sequence[PlannedExercise], *, left: Sequence[PlannedExercise], about: PlannedExercise | None
) -> tuple[Reply, ...]:
    """First questions: about one exercise, or about today's plan; without a plan about how this works."""
    if about is not None:
        return _as_replies(
            f"How do I do the {_within(about)}?",
            f"How many times do I do the {_within(about)}?",
            f"What should I watch out for in the {_within(about)}?",
            f"The {_within(about)} hurts. What now?",
        )
    if not exercises:
        return _as_replies("When do I get my exercises?", "How does the camera work?")
    first = (left or exercises)[0]
    return _as_replies(
        WALK_ME_THROUGH,
        f"How do I do the {_within(first)}?",
        "What do I do today?",
        "It hurts. Should I go on?",
        "I missed some days",
    )


def _within(exercise: PlannedExercise) -> str:
    """The name as it stands within a sentence."""
    return exercise.name[:1].lower() + exercise.name[1:]


def _as_replies(*texts: str) -> tuple[Reply, ...]:
    return tuple(Reply(label=text, text=text) for text in texts)[:MOST_SUGGESTIONS]
