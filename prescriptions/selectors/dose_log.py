"""What AdaptRx ever decided about for a patient, and what of it can still be taken back."""

from uuid import UUID

from patients.models import Patient
from prescriptions.models import DoseDecision
from prescriptions.selectors.adapting.cards import dosing_lines
from prescriptions.selectors.plan import active_prescription

State = DoseDecision.State


def exercises_decided(patient: Patient) -> list[tuple[str, str]]:
    """Code and name of each, by name."""
    exercise = "prescribed_exercise__exercise_version__exercise"
    found = DoseDecision.objects.filter(patient=patient).order_by()
    pairs = found.values_list(f"{exercise}__code", f"{exercise}__name").distinct()
    return sorted(pairs, key=lambda pair: pair[1])


def undoable_decisions(patient: Patient) -> dict[UUID, DoseDecision]:
    """By ref: the last change of each exercise in force, and the exercises that rest because of one."""
    plan = active_prescription(patient)
    if plan is None:
        return {}
    changed = [line.undoable for line in dosing_lines(plan).values() if line.undoable]
    resting = DoseDecision.objects.filter(
        prescribed_exercise__prescription=plan,
        prescribed_exercise__removed_at__isnull=False,
        delivered__rest=True,
        state__in=(State.ACCEPTED, State.EDITED),
    )
    newest = resting.order_by("prescribed_exercise_id", "-pk").distinct("prescribed_exercise_id")
    return {one.ref: one for one in (*changed, *newest.select_related("decided_by"))}
