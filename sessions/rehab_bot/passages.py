"""All that may be quoted to one patient: the plan, its exercises, our rules, the clinic's articles."""

from collections.abc import Iterator, Mapping, Sequence

from sessions.rehab_bot.knowledge import Topic, shipped_topics
from sessions.rehab_bot.types import Passage, PassageKind, Plan, PlanExercise
from sessions.rehab_bot.wording import (
    ON_HOLD,
    dose_sentences,
    note_sentence,
    schedule_sentences,
    today_sentences,
)

ASKED_OF_PART = {
    PassageKind.HOW: ("how do I do the {}", "show me the {}", "steps of the {}"),
    PassageKind.START: ("how do I get into position for the {}", "start position of the {}"),
    PassageKind.TIP: ("tips for the {}", "common mistakes in the {}"),
    PassageKind.SAFETY: ("when do I stop the {}", "what should I be careful about in the {}"),
    PassageKind.ABOUT: ("what is the {} good for", "why do I do the {}"),
    PassageKind.DOSE: ("how many of the {}", "how often do I do the {}", "hold and rest of the {}"),
}
TITLES = {
    PassageKind.HOW: "How to do the {}",
    PassageKind.START: "Start of the {}",
    PassageKind.TIP: "Tips for the {}",
    PassageKind.SAFETY: "Take care with the {}",
    PassageKind.ABOUT: "What the {} is for",
    PassageKind.DOSE: "How much of the {}",
}


def build_passages(
    plan: Plan, articles: Sequence[Passage], *, pages: Mapping[str, str] | None = None
) -> tuple[Passage, ...]:
    """Every passage of one turn, each `ref` once.

    `pages` are addresses by name ("messages", "stop", "pain", "start", "today", "print", "record",
    "movement"). A correction replaces what it corrects: a passage whose ref is "correction:<ref>" takes the
    place of <ref>.
    """
    corrected = {one.ref.removeprefix("correction:") for one in articles}
    own = (*_of_plan(plan), *_of_exercises(plan), *_of_topics(pages or {}))
    kept = [*articles, *(passage for passage in own if passage.ref not in corrected)]
    return tuple({passage.ref: passage for passage in reversed(kept)}.values())[::-1]


def part_ref(code: str, kind: PassageKind) -> str:
    """ "exercise:clamshell:how"."""
    return f"exercise:{code}:{kind.value}"


def _of_plan(plan: Plan) -> Iterator[Passage]:
    asked_today = ("what do I do today", "what is left", "how long does it take", "what comes next")
    asked_plan = ("what is in my plan", "how often do I exercise", "which exercise first")
    yield _schedule("plan:today", "Today", today_sentences(plan), asked_today)
    yield _schedule("plan:schedule", "Your plan", schedule_sentences(plan), asked_plan)
    if plan.on_hold:
        yield _schedule("plan:hold", "No exercise for now", ON_HOLD, ("why can't I exercise",))
    if plan.note_to_patient.strip():
        words = (note_sentence(plan.therapist_name, plan.note_to_patient),)
        yield _schedule("plan:note", "Note from your therapist", words, ("what did my therapist say",))


def _schedule(ref: str, title: str, sentences: Sequence[str], questions: tuple[str, ...]) -> Passage:
    return Passage(ref, PassageKind.SCHEDULE, title, " ".join(sentences), questions=questions)


def _of_exercises(plan: Plan) -> Iterator[Passage]:
    for code in dict.fromkeys(one.code for one in plan.exercises):
        same = [one for one in plan.exercises if one.code == code]
        yield from _of_exercise(same[0])
        doses = " ".join(sentence for one in same for sentence in dose_sentences(one))
        yield _part(same[0], PassageKind.DOSE, doses)
        notes = " ".join(
            note_sentence(plan.therapist_name, one.patient_note) for one in same if one.patient_note
        )
        if notes:
            asked = (f"what did my therapist say about the {same[0].name}",)
            title = f"Your therapist's note on the {same[0].name}"
            yield Passage(
                f"exercise:{code}:note", PassageKind.TIP, title, notes, code, same[0].figure_url, asked
            )


def _of_exercise(exercise: PlanExercise) -> Iterator[Passage]:
    parts = {
        PassageKind.HOW: " ".join(exercise.instructions),
        PassageKind.START: exercise.start_position,
        PassageKind.TIP: " ".join(exercise.tips),
        PassageKind.SAFETY: exercise.safety,
        PassageKind.ABOUT: exercise.summary,
    }
    for kind, text in parts.items():
        if text.strip():
            yield _part(exercise, kind, text)


def _part(exercise: PlanExercise, kind: PassageKind, text: str) -> Passage:
    return Passage(
        ref=part_ref(exercise.code, kind),
        kind=kind,
        title=TITLES[kind].format(exercise.name),
        text=text,
        exercise_code=exercise.code,
        url=exercise.figure_url,
        questions=tuple(question.format(exercise.name) for question in ASKED_OF_PART[kind]),
    )


def _of_topics(pages: Mapping[str, str]) -> Iterator[Passage]:
    for topic in shipped_topics().values():
        yield topic_passage(topic, url=pages.get(topic.page, ""))


def topic_passage(topic: Topic, *, url: str = "") -> Passage:
    """A topic as a passage."""
    text = " ".join(topic.text)
    return Passage(topic.ref, PassageKind.RULE, topic.title, text, url=url, questions=topic.questions)
