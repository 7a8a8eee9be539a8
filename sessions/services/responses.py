"""What a session tells the plan of each exercise: asked and done, how hard, how sore, how far."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import median
from typing import Any

from prescriptions.models import PrescribedExercise
from sessions.models import ExerciseSet, Repetition, SetAdjustment


def sets_by_exercise(sets: Sequence[ExerciseSet]) -> dict[PrescribedExercise, list[ExerciseSet]]:
    """A session's sets grouped by the line of the plan that asked for them."""
    grouped: dict[PrescribedExercise, list[ExerciseSet]] = defaultdict(list)
    for exercise_set in sets:
        if exercise_set.prescribed_exercise is not None:
            grouped[exercise_set.prescribed_exercise].append(exercise_set)
    return grouped


def planned_repetitions(sets: Sequence[ExerciseSet]) -> dict[int, int]:
    """What the plan asked of each set, by set id, before anything was made easier."""
    planned = {one.pk: one.target_repetitions or 0 for one in sets}
    changes = SetAdjustment.objects.filter(exercise_set__in=sets).order_by("-id")
    for set_id, before in changes.values_list("exercise_set_id", "before"):
        planned[set_id] = before["repetitions"]
    return planned


def range_shares(sets: Sequence[ExerciseSet]) -> dict[int, list[float]]:
    """Peak over the target's lower end for each scored repetition, by set id.

    Only where the camera judged the quantity that the target is of, and the lower end is a real bend: a
    share of zero or of a stretch (knee straight at -25 to 10 degrees) says nothing.
    """
    least = {one.pk: _least_deg(one) for one in sets}
    wanted = [set_id for set_id, degrees in least.items() if degrees]
    scored = Repetition.objects.filter(exercise_set__in=wanted, peak_deg__isnull=False)
    scored = scored.exclude(classification=Repetition.Classification.NOT_SCORED)
    shares: dict[int, list[float]] = defaultdict(list)
    for set_id, peak_deg in scored.values_list("exercise_set_id", "peak_deg"):
        shares[set_id].append(peak_deg / least[set_id])
    return shares


def _least_deg(one: ExerciseSet) -> float:
    """The lower end of the target in the set's view; 0 where a peak is no share of it."""
    primary = one.spec.get("views", {}).get(one.view, {}).get("primary", {})
    target = primary.get("target_deg")
    if not target or one.result.get("curve", {}).get("quantity") != primary.get("quantity"):
        return 0.0
    return max(0.0, float(target[0]))


def answers_of(
    of_exercise: Sequence[ExerciseSet], *, planned: dict[int, int], shares: dict[int, list[float]]
) -> dict[str, Any]:
    """The fields of `record_response` beside what was done: the hardest set, the worst pain, the range."""
    of_all = [share for one in of_exercise for share in shares.get(one.pk, [])]
    return {
        "sets_asked": len(of_exercise),
        "repetitions_asked": sum(planned[one.pk] for one in of_exercise),
        "effort": max((one.effort for one in of_exercise if one.effort is not None), default=None),
        "pain_during": max((one.pain for one in of_exercise if one.pain is not None), default=None),
        "range_share": round(median(of_all), 4) if of_all else None,
    }
