"""Turns to try: a plan made of the shipped library, and what a patient writes."""

from collections.abc import Sequence
from typing import Any

from patients.red_flags.hearing import Heard, hear
from prescriptions.library import load
from sessions.rehab_bot.types import Passage, PassageKind, Plan, PlanExercise, TurnInput

CALM = Heard(None, (), ())


def make_exercise(code: str, **changes: Any) -> PlanExercise:
    """2 sets of 10 on the left, hold 5 s, rest 30 s, three days a week; everything else as shipped."""
    spec = load(code)
    values: dict[str, Any] = {
        "ref": f"ref-{code}",
        "code": code,
        "name": spec["name"],
        "sets": 2,
        "repetitions": 10,
        "hold_s": 5,
        "rest_s": 30,
        "days_per_week": 3,
        "side": "left",
        "resistance": "",
        "dose_words": "2 sets of 10, hold 5 s, rest 30 s, left side",
        "days_words": "3 days a week",
        "is_hold": False,
        "is_due": True,
        "is_done": False,
        "sets_done": 0,
        "patient_note": "",
        "summary": spec["summary"],
        "start_position": spec["start_position"],
        "instructions": tuple(spec["instructions"]),
        "tips": tuple(spec["tips"]),
        "safety": spec["safety"],
        "pain_limit": 5,
        "figure_url": f"/movement/{code}/",
    }
    return PlanExercise(**(values | changes))


def make_plan(*codes: str, **changes: Any) -> Plan:
    """The plan with those exercises, clamshell and squat without any."""
    exercises = tuple(make_exercise(code) for code in codes or ("clamshell", "squat"))
    values: dict[str, Any] = {"exercises": exercises, "minutes": 12, "therapist_name": "Ana Ferreira"}
    return Plan(**(values | changes))


def make_turn(text: str, plan: Plan | None = None, **changes: Any) -> TurnInput:
    """A turn as the services hand it on: the words were heard already."""
    values: dict[str, Any] = {
        "text": text,
        "plan": plan or make_plan(),
        "heard": hear((text,)),
        "emergency_number": "112",
    }
    return TurnInput(**(values | changes))


def make_article(text: str, **changes: Any) -> Passage:
    values: dict[str, Any] = {"ref": "article:1", "kind": PassageKind.ARTICLE, "title": "Ice", "text": text}
    return Passage(**(values | changes))


def passage(ref: str, passages: Sequence[Passage]) -> Passage:
    return next(each for each in passages if each.ref == ref)
