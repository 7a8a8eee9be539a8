"""Plans made of the shipped library, with a dose of its own for each exercise, to be asked about."""

from collections.abc import Sequence

from prescriptions import library
from sessions.rehab_bot.types import Plan, PlanExercise

THERAPIST = "Nora"
PAIN_LIMIT = 5
MINUTES = 12


def plan_of(codes: Sequence[str]) -> Plan:
    """A plan of these exercises, due today, none done yet. Doses differ, so that one cannot pass for another.

    Raises UnknownExercise.
    """
    exercises = tuple(_exercise(place, code) for place, code in enumerate(codes))
    return Plan(exercises=exercises, minutes=MINUTES, therapist_name=THERAPIST)


def _exercise(place: int, code: str) -> PlanExercise:
    spec = library.load(code)
    is_hold = spec["kind"] == "hold"
    is_one_sided = "both" not in spec["sides"]
    sets, repetitions, rest_s = 2 + place % 3, 8 + 2 * place, 30 + 15 * place
    hold_s = 20 + 5 * place if is_hold else (3 + place if place % 2 else 0)
    days = (3, 5, 7)[place % 3]
    counted = f"hold {hold_s} s" if is_hold else f"of {repetitions}"
    return PlanExercise(
        ref=f"evaluation-{code}",
        code=code,
        name=str(spec["name"]),
        sets=sets,
        repetitions=0 if is_hold else repetitions,
        hold_s=hold_s,
        rest_s=rest_s,
        days_per_week=days,
        side="both",
        resistance="",
        dose_words=f"{sets} sets {counted}, rest {rest_s} s{', each side' if is_one_sided else ''}",
        days_words="every day" if days == 7 else f"{days} days a week",
        is_hold=is_hold,
        is_due=True,
        is_done=False,
        sets_done=0,
        patient_note="",
        summary=str(spec["summary"]),
        start_position=str(spec["start_position"]),
        instructions=tuple(spec["instructions"]),
        tips=tuple(spec["tips"]),
        safety=str(spec["safety"]),
        pain_limit=PAIN_LIMIT,
        figure_url=f"/c/clinic/exercises/{code}/",
    )
