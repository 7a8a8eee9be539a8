"""Pieces of an answer: sentences with sources, taps that say the next thing, links."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sessions.rehab_bot import wording
from sessions.rehab_bot.intents import REFUSED, Intent
from sessions.rehab_bot.passages import part_ref
from sessions.rehab_bot.types import (
    Asked,
    Found,
    Passage,
    PassageKind,
    PlanExercise,
    QuickReply,
    Sentence,
    TurnInput,
)

ARTICLE_FROM = 0.62
PAGE_LABELS = {
    "messages": "Write to your care team",
    "stop": "Something is wrong",
    "pain": "Tell us about your pain",
    "start": "Start today's session",
    "today": "Today",
    "print": "Print my plan",
    "record": "My record",
    "movement": "My movement",
}
TODAY = QuickReply("What do I do today?", "What do I do today?")
WALK = QuickReply("Walk me through it", "Walk me through my exercises")
HURTS = QuickReply("It hurts", "It hurts")
HELP = QuickReply("What can you do?", "What can you do?")
PERSON = QuickReply("Talk to a person", "I want to talk to my therapist")
LEFT = QuickReply("What is left?", "What is left for today?")
HOW = QuickReply("How do I do them?", "How do I do my exercises?")

TO_A_PERSON = frozenset(
    {"therapist", "my_therapist", "appointment", "account", "upset", "costs", "seen", "other_language"}
)


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before it is verified. `intent` is a code of `intents`; `asked` is what it leaves open."""

    sentences: tuple[Sentence, ...]
    quick_replies: tuple[QuickReply, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    exercise_code: str = ""
    asked: Asked | None = None
    intent: str = ""


def said(texts: Iterable[str], *sources: str) -> list[Sentence]:
    """Each text as a sentence with these sources."""
    return [Sentence(text, tuple(sources)) for text in texts if text.strip()]


def part_sentences(exercise: PlanExercise, kind: PassageKind) -> list[Sentence]:
    """The exercise's own words of one kind, sentence by sentence."""
    whole = {
        PassageKind.START: exercise.start_position,
        PassageKind.TIP: " ".join(exercise.tips),
        PassageKind.SAFETY: exercise.safety,
        PassageKind.ABOUT: exercise.summary,
        PassageKind.HOW: " ".join(exercise.instructions),
    }[kind]
    return said(wording.sentences_of(whole), part_ref(exercise.code, kind))


def quoted(passage: Passage, *, most: int) -> list[Sentence]:
    """The first sentences of a passage."""
    return said(wording.sentences_of(passage.text)[:most], passage.ref)


def corrected(found: Sequence[Found], intent: Intent) -> Found | None:
    """What the clinic wrote for this question, a correction before an article; None where nothing fits."""
    if intent.code in REFUSED:
        return None
    fitting = [one for one in found if one.score >= ARTICLE_FROM]
    for kind in (PassageKind.CORRECTION, PassageKind.ARTICLE):
        for one in fitting:
            if one.passage.kind == kind and one.passage.exercise_code in ("", intent.exercise_code):
                return one
    return None


def asking_which(turn: TurnInput, intent: Intent) -> Draft:
    """ "Which exercise do you mean?", with one tap for each that it may be."""
    choices = [one for one in turn.plan.exercises if one.code in intent.candidates]
    names = wording.listed([one.name for one in choices]).replace(" and ", " or ")
    return Draft(
        sentences=(
            Sentence("Which exercise do you mean?", ()),
            Sentence(f"I can tell you about these: {names}.", ("plan:schedule",)),
        ),
        quick_replies=tuple(QuickReply(one.name, one.name) for one in choices),
        asked=Asked("exercise", tuple(one.code for one in choices), turn.text),
        intent=intent.code,
    )


def figure_links(exercise: PlanExercise | None) -> tuple[tuple[str, str], ...]:
    if exercise is None or not exercise.figure_url:
        return ()
    return ((f"See how the {exercise.name} moves", exercise.figure_url),)


def page_links(turn: TurnInput, *pages: str) -> tuple[tuple[str, str], ...]:
    """Links to pages by name; a page whose address was not handed in has none."""
    known = dict(turn.pages)
    return tuple((PAGE_LABELS[page], known[page]) for page in pages if page in known and page in PAGE_LABELS)


def replies_for(code: str, exercise: PlanExercise | None) -> tuple[QuickReply, ...]:
    """What a patient is likely to say next."""
    if code == "blocked":
        return (PERSON, HELP)
    if code == "again" and exercise is None:
        return (TODAY, HOW, WALK, HURTS, PERSON)
    if code in ("fall", "discouraged"):
        return (PERSON, HURTS)
    if exercise is not None:
        name = exercise.name
        about = {
            "how": QuickReply("How do I do it?", f"How do I do the {name}?"),
            "dose": QuickReply("How many?", f"How many of the {name}?"),
            "start": QuickReply("How do I start?", f"How do I get into position for the {name}?"),
            "tips": QuickReply("Tips", f"Any tips for the {name}?"),
        }
        return (*(reply for key, reply in about.items() if key != code), PERSON if code == "again" else HURTS)
    if code in REFUSED or code in TO_A_PERSON:
        return (PERSON, TODAY)
    if code in ("today", "schedule", "first", "next", "left", "minutes", "missed", "no_time"):
        return (WALK, *((LEFT,) if code not in ("left", "today") else ()), HURTS)
    return (TODAY, WALK, HURTS, HELP)
