"""The reasons and rules of a decision as they are kept: in the plan's own numbers, and blaming nobody."""

from dataclasses import asdict, replace
from typing import Any

from prescriptions.adapt_rx.ladders import shipped_ladders
from prescriptions.adapt_rx.types import Action, Decision, Reason
from prescriptions.dose import Dose, dose_in_words
from prescriptions.doses_on_ladder import dose_for
from prescriptions.models import PrescribedExercise

THERAPIST_BOUNDS = "therapist_bounds"


def told(
    decision: Decision, *, line: PrescribedExercise, current: Action, is_limited: bool
) -> dict[str, Any]:
    """Columns of the log. Variations that the plan holds in another line are kept out as limits are: where
    the therapist has set none (`is_limited`), none is named.
    """
    hidden = "" if is_limited else THERAPIST_BOUNDS
    reasons = [one for one in decision.reasons if one.code != f"rule:{hidden}"]
    change = _in_numbers_of_plan(
        reasons[0], decision.action, line=line, current=current, ladder=decision.ladder
    )
    return {
        "reasons": [asdict(one) for one in (change, *reasons[1:])],
        "fired": [asdict(one) for one in decision.fired if one.id != hidden],
    }


def _in_numbers_of_plan(
    change: Reason, action: Action, *, line: PrescribedExercise, current: Action, ladder: str
) -> Reason:
    """A dose between the ladder's steps is named as it is, not as the step that stands for it."""
    dose, spec = Dose.of(line), line.exercise_version.spec
    on_ladder = (dose.sets, dose.repetitions, dose.hold_s) == (
        current.sets,
        current.repetitions,
        current.hold_s,
    )
    if on_ladder or action.rest or action.rung != current.rung:
        return change
    asked = dose_for(action, current=current, dose=dose, ladder=shipped_ladders()[ladder], spec=spec)
    before, after = (dose_in_words(replace(one, rest_s=0), spec) for one in (dose, asked))
    name = spec.get("name") or line.exercise.name
    words = f"Keep {name}, {before}." if before == after else f"{name}, {before} → {after}."
    return replace(change, words=words)
