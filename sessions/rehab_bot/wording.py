"""The plan in short sentences. Numbers are written as the plan holds them, and nowhere else."""

import re
from collections.abc import Iterable, Sequence

from sessions.rehab_bot.types import Plan, PlanExercise

SENTENCE = re.compile(r"(?<=[.!?])\s+")
WRITE = "Write to your care team under Messages."


def listed(words: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else list(words))


def count_words(exercise: PlanExercise) -> str:
    """ "2 sets of 10"; for a hold "2 sets of 30 seconds"."""
    sets = _counted(exercise.sets, "set")
    if exercise.is_hold:
        return f"{sets} of {_counted(exercise.hold_s, 'second')}"
    return f"{sets} of {exercise.repetitions}"


def dose_sentence(exercise: PlanExercise) -> str:
    return f"{exercise.name}: do {count_words(exercise)}{', on each side' if is_each_side(exercise) else ''}."


def is_each_side(exercise: PlanExercise) -> bool:
    """Whether a one-sided exercise is done on one side after the other."""
    return "each side" in exercise.dose_words


def side_sentence(exercise: PlanExercise) -> str:
    if exercise.side in ("left", "right"):
        return f"Do the {exercise.name} on your {exercise.side} side only."
    if is_each_side(exercise):
        return f"Do the {exercise.name} on both sides, one side after the other."
    return f"Both sides work together in the {exercise.name}."


def hold_sentence(exercise: PlanExercise) -> str:
    if not exercise.hold_s:
        return f"Your plan names no hold time for the {exercise.name}."
    return f"Hold each one for {_counted(exercise.hold_s, 'second')}."


def rest_sentence(exercise: PlanExercise) -> str:
    if exercise.sets < 2 or not exercise.rest_s:
        return f"Your plan names no rest time for the {exercise.name}."
    return f"Rest {_counted(exercise.rest_s, 'second')} between sets."


def days_sentence(exercise: PlanExercise) -> str:
    return f"Do the {exercise.name} {exercise.days_words}."


def load_sentence(exercise: PlanExercise) -> str:
    if exercise.resistance:
        return f"For the {exercise.name}, use this: {exercise.resistance}."
    return f"Your plan names no band or weight for the {exercise.name}."


def limit_sentence(exercise: PlanExercise) -> str:
    return f"Stop if the pain goes over {exercise.pain_limit} of 10."


def dose_sentences(exercise: PlanExercise) -> tuple[str, ...]:
    """All that the plan says of how much, the count first."""
    return (
        dose_sentence(exercise),
        hold_sentence(exercise),
        rest_sentence(exercise),
        days_sentence(exercise),
        side_sentence(exercise),
        load_sentence(exercise),
        limit_sentence(exercise),
    )


def dose_in_short(exercise: PlanExercise) -> tuple[str, ...]:
    """What there is to do: the count, and hold, rest and days where the plan names them."""
    hold = (hold_sentence(exercise),) if exercise.hold_s and not exercise.is_hold else ()
    rest = (rest_sentence(exercise),) if exercise.sets > 1 and exercise.rest_s else ()
    return (dose_sentence(exercise), *hold, *rest, days_sentence(exercise))


def asked_sentence(exercise: PlanExercise, code: str) -> str:
    """The one sentence of the dose that an intent asks for, with the exercise's name in it."""
    sentence = {
        "dose": dose_sentence,
        "frequency": days_sentence,
        "rest": rest_sentence,
        "hold": hold_sentence,
        "side": side_sentence,
        "load": load_sentence,
    }[code](exercise)
    if exercise.name in sentence:
        return sentence
    return f"{exercise.name}: {sentence[0].lower()}{sentence[1:]}"


def sentences_of(text: str) -> tuple[str, ...]:
    """A text cut after each full stop, question mark or exclamation mark."""
    return tuple(part.strip() for part in SENTENCE.split(text.strip()) if part.strip())


def after_sentence(plan: Plan, place: int) -> str:
    """What comes after the exercise at this place of the plan."""
    name = plan.exercises[place].name
    if place + 1 < len(plan.exercises):
        return f"After the {name} comes the {plan.exercises[place + 1].name}."
    return f"The {name} is the last one of your plan."


def today_sentences(plan: Plan) -> tuple[str, ...]:
    """Today in short: what is to do, how long, what is done and what comes next."""
    if not plan.exercises:
        return NO_PLAN
    if plan.on_hold:
        return ON_HOLD
    if plan.is_done:
        return ("You have done all of today's exercises.", "Well done, rest now.")
    if plan.is_rest_day:
        return REST_DAY
    left = left_today(plan)
    done = [one.name for one in plan.exercises if one.is_due and one.is_done]
    sentences = [f"Today you have {_counted(len(left), 'exercise')} to do: {_names(left)}."]
    sentences += [f"That takes about {_counted(plan.minutes, 'minute')}."] if plan.minutes else []
    sentences += [f"Done today: {listed(done)}."] if done else []
    return (*sentences, next_sentence(left[0])) if left else tuple(sentences)


def next_sentence(exercise: PlanExercise) -> str:
    if exercise.sets_done:
        return f"Next is the {exercise.name}, where you have done {_counted(exercise.sets_done, 'set')}."
    return f"Next is the {exercise.name}."


def schedule_sentences(plan: Plan) -> tuple[str, ...]:
    """The whole plan: its exercises in order, and how often each is done."""
    if not plan.exercises:
        return NO_PLAN
    whole = f"Your plan has {_counted(len(plan.exercises), 'exercise')}: {_names(plan.exercises)}."
    return (whole, *days_of_all(plan), *order_sentences(plan), NO_FIXED_DAYS)


def days_of_all(plan: Plan) -> tuple[str, ...]:
    """How often each exercise is done; one sentence where all are done equally often."""
    days = {one.days_words for one in plan.exercises}
    if len(days) == 1:
        each = "all of them" if len(plan.exercises) > 1 else f"the {plan.exercises[0].name}"
        return (f"Do {each} {plan.exercises[0].days_words}.",)
    return tuple(days_sentence(one) for one in plan.exercises)


def order_sentences(plan: Plan) -> tuple[str, ...]:
    names = [one.name for one in plan.exercises]
    if len(names) < 2:
        return ()
    after = "".join(f", then the {name}" for name in names[1:])
    return (f"Start with the {names[0]}{after}.",)


def left_today(plan: Plan) -> tuple[PlanExercise, ...]:
    """Exercises that are due today and not done, in order."""
    return tuple(one for one in plan.exercises if one.is_due and not one.is_done)


def note_sentence(author: str, words: str) -> str:
    """What the therapist wrote, word for word."""
    return f"{author or 'Your therapist'} says: {words.strip()}"


def _names(exercises: Iterable[PlanExercise]) -> str:
    return listed([one.name for one in exercises])


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


NO_FIXED_DAYS = "Your plan says how often, not on which days."
NO_PLAN = ("You have no plan yet.", "Your exercises show up here when your therapist has written your plan.")
ON_HOLD = (
    "Please do not exercise for now.",
    "Your therapist wants to talk to you first.",
    "You can exercise again when your therapist says so.",
)
REST_DAY = ("Today is a rest day.", "You have done your days for this week.", "You may rest now.")
