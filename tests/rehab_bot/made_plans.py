"""Plans made of the shipped exercises, for questions about them."""

import json
from pathlib import Path
from typing import Any

from patients.red_flags.hearing import Heard
from prescriptions.dose import Dose, days_in_words, dose_in_words, sets_to_do
from sessions.rehab_bot.types import Plan, PlanExercise, Said, TurnInput

LIBRARY = Path(__file__).parents[2] / "prescriptions" / "library"
NOTHING_HEARD = Heard(severity=None, flags=(), needs_asking=())
COUNTS = ("sets", "repetitions", "hold_s", "rest_s", "days_per_week")
DOSES = (
    Dose(sets=2, repetitions=10, hold_s=5, rest_s=30, days_per_week=3),
    Dose(sets=3, repetitions=12, rest_s=45, days_per_week=5, resistance="red band"),
    Dose(sets=1, repetitions=8, rest_s=0, days_per_week=7, patient_note="Go slowly on the way down."),
    Dose(sets=2, repetitions=15, hold_s=3, rest_s=60, days_per_week=4),
)


def spec_of(code: str) -> dict[str, Any]:
    return dict(json.loads((LIBRARY / f"{code}.json").read_text(encoding="utf-8")))


def make_exercise(code: str, *, dose: Dose | None = None, **changes: Any) -> PlanExercise:
    """A prescribed exercise of the library."""
    spec, dose = spec_of(code), dose or DOSES[0]
    values: dict[str, Any] = {
        "ref": f"ref-{code}",
        "code": code,
        "name": spec["name"],
        **{name: getattr(dose, name) for name in COUNTS},
        "side": dose.side,
        "resistance": dose.resistance,
        "dose_words": dose_in_words(dose, spec),
        "days_words": days_in_words(dose.days_per_week),
        "is_hold": spec["kind"] == "hold",
        "is_due": True,
        "is_done": False,
        "sets_done": 0,
        "patient_note": dose.patient_note,
        "summary": spec["summary"],
        "start_position": spec["start_position"],
        "instructions": tuple(spec["instructions"]),
        "tips": tuple(spec["tips"]),
        "safety": spec["safety"],
        "pain_limit": 5,
        "figure_url": f"/c/north/exercises/{code}/",
    }
    assert sets_to_do(dose, spec) >= dose.sets
    return PlanExercise(**(values | changes))


def make_plan(*codes: str, **changes: Any) -> Plan:
    """A plan of these exercises, each with another dose."""
    exercises = tuple(make_exercise(code, dose=DOSES[place % 4]) for place, code in enumerate(codes))
    values: dict[str, Any] = {"exercises": exercises, "minutes": 12, "therapist_name": "Ana Ferreira"}
    return Plan(**(values | changes))


def make_turn(text: str, plan: Plan, *, earlier: tuple[str | Said, ...] = (), **changes: Any) -> TurnInput:
    """A turn; `earlier` are earlier turns, the patient's where only words are given, the oldest first."""
    said = tuple(one if isinstance(one, Said) else Said("patient", one) for one in earlier)
    return TurnInput(text=text, plan=plan, heard=NOTHING_HEARD, **({"earlier": said} | changes))
