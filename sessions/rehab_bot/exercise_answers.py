"""What is answered about one exercise: how it goes, its parts, what it is for, where it is felt."""

from collections.abc import Callable

from sessions.rehab_bot import wording
from sessions.rehab_bot.drafting import part_sentences, said
from sessions.rehab_bot.intents import OVERVIEW
from sessions.rehab_bot.knowledge import shipped_topics
from sessions.rehab_bot.passages import part_ref
from sessions.rehab_bot.types import PassageKind, PlanExercise, Sentence

PARTS = {
    "start": PassageKind.START,
    "tips": PassageKind.TIP,
    "safety": PassageKind.SAFETY,
    "about": PassageKind.ABOUT,
}


def _of_exercise_how(exercise: PlanExercise) -> list[Sentence]:
    start, how = part_ref(exercise.code, PassageKind.START), part_ref(exercise.code, PassageKind.HOW)
    first = wording.sentences_of(exercise.start_position)[:1]
    steps = [step for step in exercise.instructions if step.strip()]
    opening = " ".join((*first, *steps[:1]))
    return [
        Sentence(wording.dose_sentence(exercise), (part_ref(exercise.code, PassageKind.DOSE),)),
        Sentence(opening, (start, how) if first else (how,)),
        *said(steps[1:], how),
    ]


def _of_exercise_part(code: str) -> Callable[[PlanExercise], list[Sentence]]:
    def answer(exercise: PlanExercise) -> list[Sentence]:
        sentences = part_sentences(exercise, PARTS[code])
        if code == "safety":
            limit = said((wording.limit_sentence(exercise),), part_ref(exercise.code, PassageKind.DOSE))
            return [*sentences, *limit, *said(shipped_topics()["stop_when"].text[1:], "rule:stop")]
        if code == "tips":
            return [*sentences, *part_sentences(exercise, PassageKind.SAFETY)]
        if code == "about":
            return [
                *sentences,
                *said((wording.dose_sentence(exercise),), part_ref(exercise.code, PassageKind.DOSE)),
            ]
        return sentences or part_sentences(exercise, PassageKind.HOW)

    return answer


def _of_exercise_overview(exercise: PlanExercise) -> list[Sentence]:
    doses = (wording.dose_sentence(exercise), wording.days_sentence(exercise))
    return [
        *part_sentences(exercise, PassageKind.ABOUT),
        *said(doses, part_ref(exercise.code, PassageKind.DOSE)),
    ]


def _of_exercise_feeling(exercise: PlanExercise) -> list[Sentence]:
    topic = shipped_topics()["feel_where"]
    return [*part_sentences(exercise, PassageKind.ABOUT), *said(topic.text, topic.ref)]


def _of_exercise_form(exercise: PlanExercise) -> list[Sentence]:
    topic = shipped_topics()["form"]
    return [*said(topic.text[:2], topic.ref), *part_sentences(exercise, PassageKind.TIP)]


OF_EXERCISE: dict[str, Callable[[PlanExercise], list[Sentence]]] = {
    "how": _of_exercise_how,
    OVERVIEW: _of_exercise_overview,
    "feel_where": _of_exercise_feeling,
    "form": _of_exercise_form,
    **{code: _of_exercise_part(code) for code in PARTS},
}
