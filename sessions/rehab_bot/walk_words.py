"""What is said at each step of a walk-through. The instructions are quoted from the plan."""

from collections.abc import Sequence
from dataclasses import dataclass

from sessions.effort import EFFORT_CHOICES
from sessions.rehab_bot.types import Plan, PlanExercise, QuickReply, Sentence, WalkState
from sessions.rehab_bot.walking import DONE, EFFORT, PAIN, READY

STOP = QuickReply("Stop", "Stop")
PAINS = tuple(QuickReply(str(value), f"Pain {value}") for value in range(11))
EFFORTS = tuple(QuickReply(choice.words, choice.words) for choice in EFFORT_CHOICES)


@dataclass(frozen=True, slots=True)
class WalkWords:
    """What the patient is told, what they may tap, and where they may go: (label, url)."""

    sentences: tuple[Sentence, ...]
    quick_replies: tuple[QuickReply, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


def walk_words(state: WalkState, plan: Plan) -> WalkWords:
    """The words for where the walk-through stands now."""
    noted = _said(state.noted_words, state.adjusted_words)
    if state.waiting_for == READY:
        return _ready(plan, noted)
    if state.waiting_for == DONE:
        return _do(state, plan.exercise(state.exercise_code), noted)
    if state.waiting_for == EFFORT:
        return WalkWords((*noted, Sentence("How hard was it?")), (*EFFORTS, STOP))
    if state.waiting_for == PAIN:
        return WalkWords((*noted, Sentence("How much pain, from 0 (none) to 10 (worst)?")), (*PAINS, STOP))
    return _over(state, noted)


def _ready(plan: Plan, noted: Sequence[Sentence]) -> WalkWords:
    due = [each for each in plan.exercises if each.is_due and not each.is_done] or list(plan.exercises)
    count = f"{len(due)} exercise{'' if len(due) == 1 else 's'}"
    minutes = f", about {plan.minutes} minutes" if plan.minutes else ""
    sentences = (
        *noted,
        Sentence(f"Today: {count}{minutes}.", ("plan:today",)),
        Sentence("How much pain do you have now, from 0 (none) to 10 (worst)?"),
    )
    return WalkWords(sentences, (QuickReply("Start without saying", "Ready"), *PAINS))


def _do(state: WalkState, exercise: PlanExercise | None, noted: Sequence[Sentence]) -> WalkWords:
    told = [*noted, Sentence(state.set_words, (f"exercise:{state.exercise_code}:dose",))]
    if state.is_first and exercise is not None:
        told += _how(exercise)
    told.append(Sentence("Tell me when you are done."))
    replies = [QuickReply("Done", "Done"), QuickReply("Skip", "Skip"), STOP]
    if state.adjusted_words:
        replies.insert(1, QuickReply("Keep as planned", "Keep it as planned"))
    links = [("See it move", exercise.figure_url)] if exercise is not None and exercise.figure_url else []
    if state.camera_url:
        links.append(("Open the exercise page", state.camera_url))
    return WalkWords(tuple(told), tuple(replies), tuple(links))


def _how(exercise: PlanExercise) -> list[Sentence]:
    """As the exercise's own page says it, then what the therapist wrote."""
    ref = f"exercise:{exercise.code}"
    told = [Sentence(exercise.start_position, (f"{ref}:start",))] if exercise.start_position else []
    told += [Sentence(line, (f"{ref}:how",)) for line in exercise.instructions]
    if exercise.patient_note:
        told.append(Sentence(exercise.patient_note, (f"{ref}:dose",)))
    if exercise.safety:
        told.append(Sentence(exercise.safety, (f"{ref}:safety",)))
    return told


def _over(state: WalkState, noted: Sequence[Sentence]) -> WalkWords:
    last = _said(state.stopped_words) or [Sentence("That was all for today. Well done.")]
    return WalkWords((*noted, *last))


def _said(*texts: str) -> list[Sentence]:
    return [Sentence(text) for text in texts if text]
