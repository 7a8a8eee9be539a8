"""What to do when it hurts: the clinic's pain rule and the exercise's own limit, nothing else."""

from patients.red_flags.pain import PAIN_MOST, PAIN_RULE
from sessions.rehab_bot import wording
from sessions.rehab_bot.drafting import Draft, figure_links, page_links, said
from sessions.rehab_bot.intents import Intent
from sessions.rehab_bot.pain_words import pain_number
from sessions.rehab_bot.passages import part_ref
from sessions.rehab_bot.patient_words import mended
from sessions.rehab_bot.types import Asked, PassageKind, PlanExercise, QuickReply, Sentence, TurnInput

FINE_AT_MOST = 2
RULE = "rule:pain"
STOPPED = (
    QuickReply("Talk to a person", "I want to talk to my therapist"),
    QuickReply("What is left?", "What is left for today?"),
)
GOING_ON = (
    QuickReply("Walk me through it", "Walk me through my exercises"),
    QuickReply("It got worse", "It hurts more now"),
)


def pain_answer(turn: TurnInput, intent: Intent) -> Draft:
    """Stop over the limit, hold the dose under it, go on when there is none; without a number, ask for it."""
    exercise = turn.plan.exercise(intent.exercise_code)
    pain = intent.pain if intent.pain is not None else _pain_before(turn, intent)
    if turn.pain_hit is not None or (intent.is_strong and pain is None):
        return _draft(turn, intent, exercise, _stop(turn, exercise, pain), STOPPED)
    if pain is None:
        return _ask(turn, intent, exercise)
    if pain > limit_of(turn, exercise):
        return _draft(turn, intent, exercise, _stop(turn, exercise, pain), STOPPED)
    return _draft(turn, intent, exercise, _go_on(turn, exercise, pain), GOING_ON)


def limit_of(turn: TurnInput, exercise: PlanExercise | None) -> int:
    """Most pain allowed: the exercise's own, else the strictest of the plan; never over the clinic's rule."""
    limits = [exercise.pain_limit] if exercise else [one.pain_limit for one in turn.plan.exercises]
    return min([PAIN_RULE.limit, *limits])


def _pain_before(turn: TurnInput, intent: Intent) -> int | None:
    """ "Shall I go on?" leans on the pain that was named last."""
    if intent.code != "go_on":
        return None
    before = (said.text for said in reversed(turn.earlier) if said.author == "patient")
    return next((pain for text in before if (pain := pain_number(mended(text))) is not None), None)


def _stop(turn: TurnInput, exercise: PlanExercise | None, pain: int | None) -> list[Sentence]:
    limit = limit_of(turn, exercise)
    sources = _sources(exercise)
    first = (
        "That is too much pain."
        if pain is None or pain <= limit
        else f"Pain {pain} is over your limit of {limit}."
    )
    sentences = said((first,), *sources)
    sentences += said(("Stop and rest for today.",), RULE)
    return [
        *sentences,
        *_who_knows(turn),
        *said(("If something is wrong right now, tap Something is wrong.",), "rule:therapist"),
    ]


def _who_knows(turn: TurnInput) -> list[Sentence]:
    """The pain rule's own words of telling; without a hit nobody was told, so the patient is asked to."""
    told = [] if turn.pain_hit is None else wording.sentences_of(turn.pain_hit.action)[1:]
    return said(tuple(told)) or said((wording.WRITE,), "rule:therapist")


def _go_on(turn: TurnInput, exercise: PlanExercise | None, pain: int) -> list[Sentence]:
    limit = limit_of(turn, exercise)
    if pain == 0:
        return [*said(("That is good to hear.",)), *said(("You may go on with your plan.",), RULE)]
    if pain <= FINE_AT_MOST:
        first = f"Pain of {pain} is fine, so you may go on with your plan."
    else:
        first = f"With pain of {pain} you may go on, but do not do more than your plan."
    rest = (f"Stop if the pain goes over {limit} of {PAIN_MOST}.", "Pain should settle by the next morning.")
    return [*said((first,), RULE), *said(rest, *_sources(exercise))]


def _sources(exercise: PlanExercise | None) -> tuple[str, ...]:
    return (RULE, part_ref(exercise.code, PassageKind.DOSE)) if exercise else (RULE,)


def _ask(turn: TurnInput, intent: Intent, exercise: PlanExercise | None) -> Draft:
    limit = limit_of(turn, exercise)
    sentences = [
        *said(("I am sorry that it hurts.",) if intent.code == "pain" else ()),
        *said(("How strong is the pain, from 0 to 10?",), "app:saying_pain"),
        *said(
            (
                f"Up to {limit} you may go on, but not more than your plan.",
                f"Over {limit}, stop and rest for today.",
            ),
            *_sources(exercise),
        ),
    ]
    numbers = tuple(QuickReply(str(number), f"Pain {number}") for number in range(PAIN_MOST + 1))
    choices = (exercise.code,) if exercise else ()
    asked = Asked("pain", choices, turn.text)
    return Draft(tuple(sentences), numbers, page_links(turn, "stop"), intent.exercise_code, asked, "pain")


def _draft(
    turn: TurnInput,
    intent: Intent,
    exercise: PlanExercise | None,
    sentences: list[Sentence],
    replies: tuple[QuickReply, ...],
) -> Draft:
    links = (*figure_links(exercise), *page_links(turn, "pain", "stop", "messages"))
    return Draft(tuple(sentences), replies, links, intent.exercise_code, None, "pain")
