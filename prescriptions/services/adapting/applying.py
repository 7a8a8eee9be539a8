"""Putting a decided dose into the plan, and taking it out again."""

from clinic.models import Membership
from prescriptions.adapt_rx.types import Action
from prescriptions.dose import Dose
from prescriptions.errors import ExerciseAlreadyInPlan, UndoImpossible
from prescriptions.models import DoseDecision, ExerciseVersion, PrescribedExercise
from prescriptions.selectors.plan import FEW_EXERCISES, exercises_of
from prescriptions.services.plan import (
    PlanLine,
    change_dose,
    remove_exercise,
    restore_exercise,
    swap_back,
    swap_exercise,
)

State = DoseDecision.State
CHANGED_SINCE = "The plan was changed after this. Change the dose in the plan instead."
NOT_ACCEPTED = "Only a proposal that was accepted can be taken back."
FULL = "The plan is full again. Take another exercise out first, or put this one back with the tick."


def apply(
    line: PrescribedExercise, version: ExerciseVersion | None, dose: Dose, *, by: Membership, reason: str
) -> PrescribedExercise:
    """The line that is in force afterwards; without a version the exercise rests, out of the plan."""
    if version is None:
        return remove_exercise(line, by=by)
    if version.exercise_id == line.exercise_version.exercise_id:
        return change_dose(line, dose, by=by, reason=reason)
    return swap_exercise(line, PlanLine(version=version, dose=dose), by=by, reason=reason)


def take_back(decision: DoseDecision, line: PrescribedExercise, *, by: Membership) -> None:
    """Undo `apply`, exactly. `line` is the decision's own, locked. Raises UndoImpossible."""
    if decision.state not in (State.ACCEPTED, State.EDITED):
        raise UndoImpossible(decision.ref, NOT_ACCEPTED)
    before = Dose.of(decision.dose_before)
    if Action.of(decision.delivered or decision.current).rest:
        _put_back(decision, line, by=by)
        return
    delivered = PrescribedExercise.objects.select_related(
        "prescription__patient__clinic", "exercise_version__exercise"
    ).get(pk=decision.delivered_exercise_id)
    if delivered.removed_at is not None or Dose.of(delivered) != Dose.of(decision.dose_after):
        raise UndoImpossible(decision.ref, CHANGED_SINCE)
    if delivered.pk == line.pk:
        change_dose(line, before, by=by, reason="Taken back")
        return
    if line.removed_at is None:
        raise UndoImpossible(decision.ref, CHANGED_SINCE)
    try:
        swap_back(delivered, line, by=by)
    except ExerciseAlreadyInPlan as error:
        raise UndoImpossible(decision.ref, error.words) from error


def _put_back(decision: DoseDecision, line: PrescribedExercise, *, by: Membership) -> None:
    if line.removed_at is None:
        raise UndoImpossible(decision.ref, CHANGED_SINCE)
    plan = line.prescription
    if exercises_of(plan).count() >= FEW_EXERCISES and not plan.more_than_four_confirmed:
        raise UndoImpossible(decision.ref, FULL)
    try:
        restore_exercise(line, by=by)
    except ExerciseAlreadyInPlan as error:
        raise UndoImpossible(decision.ref, error.words) from error
