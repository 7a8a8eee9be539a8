"""What was made easier within a session, for its patient, who may decline, and for the therapist."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sessions.models import ExerciseSet, SetAdjustment, TherapySession

TAKEN_BACK = "taken_back"


def adjustments_in_force(sets: Iterable[ExerciseSet]) -> dict[int, list[SetAdjustment]]:
    """Adjustments of sets that have not begun, by set id, the first of each set first.

    A set that the patient left out by hand is over; one that an adjustment left out may come back.
    """
    rows = SetAdjustment.objects.filter(exercise_set__in=sets, declined_at=None).exclude(code=TAKEN_BACK)
    by_set: dict[int, list[SetAdjustment]] = defaultdict(list)
    for row in rows.select_related("exercise_set").order_by("id"):
        by_set[row.exercise_set_id].append(row)
    return {set_id: of_set for set_id, of_set in by_set.items() if _has_not_begun(of_set[-1])}


def _has_not_begun(newest: SetAdjustment) -> bool:
    state = newest.exercise_set.state
    if state == ExerciseSet.State.SKIPPED:
        return not newest.after["done"]
    return state == ExerciseSet.State.PLANNED


def adjustment_to_show(session: TherapySession) -> SetAdjustment | None:
    """The change that the patient must hear of before the next set, and may decline; None without one.

    Either it came after the newest set, or it is of the set that comes next.
    """
    if session.is_over:
        return None
    sets = list(session.sets.order_by("order"))
    in_force = adjustments_in_force(sets)
    over = [one.pk for one in sets if not one.is_open and one.pk not in in_force]
    coming = next((one.pk for one in sets if one.state == ExerciseSet.State.PLANNED), None)
    shown = [
        rows[-1]
        for set_id, rows in in_force.items()
        if set_id == coming or (over and rows[-1].after_set_id == over[-1])
    ]
    return min(shown, key=lambda row: (-row.after_set_id, row.exercise_set_id), default=None)


def adjustments_by_set(sets: Iterable[ExerciseSet]) -> dict[int, list[SetAdjustment]]:
    """Every adjustment, declined ones too, by the id of the set that was changed, oldest first."""
    by_set: dict[int, list[SetAdjustment]] = defaultdict(list)
    rows = SetAdjustment.objects.filter(exercise_set__in=list(sets)).select_related("after_set")
    for row in rows.order_by("id"):
        by_set[row.exercise_set_id].append(row)
    return by_set


def change_in_words(row: SetAdjustment) -> str:
    """A change for the therapist: "10 repetitions became 8. Shown: … The patient kept it as planned."."""
    before, after = row.before, row.after
    if row.code == TAKEN_BACK:
        return "Was made easier, then the patient changed the answer: as planned."
    parts = [
        f"{before[name]} {unit} became {after[name]}"
        for name, unit in (("repetitions", "repetitions"), ("hold_s", "seconds of hold"))
        if before[name] != after[name]
    ]
    what = ", ".join(parts) if after["done"] else "left out"
    kept = " The patient kept it as planned." if row.declined_at else ""
    return f"{what[:1].upper()}{what[1:]}. The patient was told: “{row.words}”{kept}"


def live_changes(session: TherapySession) -> dict[str, Any]:
    """What a running page must know after an answer: the sets as they are now, and what to say about it."""
    session.refresh_from_db(fields=["state"])
    return {
        "adjustment": adjustment_for_page(adjustment_to_show(session)),
        "sets": [
            {
                "ref": str(one.ref),
                "state": one.state,
                "target_repetitions": one.target_repetitions,
                "target_hold_s": one.target_hold_s,
            }
            for one in session.sets.order_by("order")
        ],
    }


def adjustment_for_page(row: SetAdjustment | None) -> dict[str, str] | None:
    """The set whose `keep_set` address declines it, and the sentence."""
    return None if row is None else {"set": str(row.exercise_set.ref), "words": row.words}
