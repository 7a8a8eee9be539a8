"""The sets that are left of an exercise, made easier by bounded rules; where none speaks, by the learner's
estimate of the patient. The plan itself never changes here.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from clinic.audit import record
from prescriptions.adapt_rx.in_session import (
    LEARNED,
    VERSION,
    Adjustment,
    Kind,
    SetAnswer,
    SetDose,
    adjust_next_set,
    is_hard,
)
from prescriptions.adapt_rx.types import Bounds
from prescriptions.selectors import bounds_of, state_that_finds_tender
from sessions.errors import SessionIsOver, SetIsOver
from sessions.models import ExerciseSet, SetAdjustment
from sessions.selectors.adjustments import TAKEN_BACK, adjustments_in_force
from sessions.services.sets import locked_set

TAKEN_BACK_WORDS = "You changed your answer, so the next set is as planned."
SET_TYPE = "sessions.ExerciseSet"
LEAVING_OUT = (Kind.SKIP, Kind.STOP)
RULES_ALONE = {"in_session": VERSION}


@dataclass(frozen=True, slots=True)
class SetPlan:
    """What a set asks for, as a `SetAdjustment` keeps it; 0 s is no hold."""

    repetitions: int
    hold_s: int
    done: bool = True

    @classmethod
    def of(cls, exercise_set: ExerciseSet) -> "SetPlan":
        is_done = exercise_set.state != ExerciseSet.State.SKIPPED
        return cls(exercise_set.target_repetitions or 0, exercise_set.target_hold_s or 0, is_done)

    def to_dict(self) -> dict[str, Any]:
        return {"repetitions": self.repetitions, "hold_s": self.hold_s, "done": self.done}

    def easier(self, adjustment: Adjustment) -> "SetPlan":
        """This set under an adjustment, and never harder than it is, whatever the rules answer."""
        dose = adjustment.set_dose
        return SetPlan(
            repetitions=min(self.repetitions, max(1, dose.repetitions)),
            hold_s=min(self.hold_s, max(1, dose.hold_s)),
            done=adjustment.kind not in LEAVING_OUT,
        )


def adjust_what_is_left(done: ExerciseSet) -> None:
    """Make the sets that are left of an exercise easier where its newest set asks for it.

    Reads the answers and the live form of `done`, which ended. Calling it again after another answer starts
    from the dose before its first call. A patient who kept the sets as planned is not overruled, and a set
    that has begun stays as it is. Runs under the session's lock (`locked_set`).
    """
    prescribed = done.prescribed_exercise
    rows = {row.exercise_set_id: row for row in SetAdjustment.objects.filter(after_set=done)}
    left = _not_begun(done, rows)
    if prescribed is None or not left or any(row.declined_at for row in rows.values()):
        return
    base = _base(left[0], rows.get(left[0].pk))
    dose = SetDose(repetitions=base.repetitions, hold_s=base.hold_s)
    adjustment, versions = _judged(done, dose, bounds_of(prescribed), len(left))
    for exercise_set in left:
        _adjust(exercise_set, adjustment, versions, after=done, row=rows.get(exercise_set.pk))


def _judged(
    done: ExerciseSet, dose: SetDose, bounds: Bounds, sets_left: int
) -> tuple[Adjustment, dict[str, int]]:
    """What the rules say, then the learner, and the versions of what spoke.

    A posterior is long to read under the session's lock: only where it may tip the answer.
    """
    answer = answer_of(done)
    by_rules = adjust_next_set(answer, dose, bounds, sets_left)
    if by_rules.kind != Kind.KEEP or not bounds.within_session or not is_hard(answer):
        return by_rules, RULES_ALONE
    state = state_that_finds_tender(done.session.patient)
    tipped = adjust_next_set(answer, dose, bounds, sets_left, tender=state is not None)
    if state is None or tipped.code != LEARNED:
        return by_rules, RULES_ALONE
    return tipped, {**RULES_ALONE, "learner_state": state.number}


def _not_begun(done: ExerciseSet, rows: dict[int, SetAdjustment]) -> list[ExerciseSet]:
    """The sets of the exercise that are to come; none when a later one has begun: that one is judged then."""
    if not done.session.is_open:
        return []
    later = list(_sets_of_exercise(done).filter(order__gt=done.order))
    waiting = [one for one in later if one.state == ExerciseSet.State.PLANNED or _was_left_out(one, rows)]
    return waiting if len(waiting) == len(later) else []


def _sets_of_exercise(exercise_set: ExerciseSet) -> Any:
    same = ExerciseSet.objects.filter(
        session_id=exercise_set.session_id, prescribed_exercise_id=exercise_set.prescribed_exercise_id
    )
    return same.order_by("order")


def _was_left_out(exercise_set: ExerciseSet, rows: dict[int, SetAdjustment]) -> bool:
    row = rows.get(exercise_set.pk)
    return exercise_set.state == ExerciseSet.State.SKIPPED and row is not None and not row.after["done"]


def _base(exercise_set: ExerciseSet, row: SetAdjustment | None) -> SetPlan:
    return SetPlan.of(exercise_set) if row is None else SetPlan(**row.before)


def answer_of(done: ExerciseSet) -> SetAnswer:
    """What the patient said about a set, and what the live scorer saw; None for what nobody knows."""
    judged = [one.get("classification") for one in live_repetitions(done)]
    scored = [one for one in judged if one in ("correct", "mild", "significant")]
    target = done.target_repetitions
    return SetAnswer(
        effort=done.effort,
        pain=done.pain,
        form_correct=scored.count("correct") / len(scored) if scored else None,
        significant=scored.count("significant") if scored else None,
        completed_share=min(1.0, done.repetition_count / target) if target else None,
    )


def live_repetitions(done: ExerciseSet) -> list[dict[str, Any]]:
    """The repetitions as the patient was shown them; none when live scoring broke down on the way."""
    shown = done.as_shown
    if shown.get("scoring_failed"):
        return []
    repetitions: list[dict[str, Any]] = shown.get("repetitions", [])
    return repetitions


def _adjust(
    exercise_set: ExerciseSet,
    adjustment: Adjustment,
    versions: dict[str, int],
    *,
    after: ExerciseSet,
    row: SetAdjustment | None,
) -> None:
    before = _base(exercise_set, row)
    plan = before if adjustment.kind == Kind.KEEP else before.easier(adjustment)
    if plan == before and row is None:
        return
    if row is None:
        row = SetAdjustment(exercise_set=exercise_set, after_set=after, before=before.to_dict())
    row.after = plan.to_dict()
    row.code, row.words = _code_and_words(adjustment, is_as_before=plan == before)
    row.versions = versions
    row.save()
    _apply(exercise_set, plan)


def _code_and_words(adjustment: Adjustment, *, is_as_before: bool) -> tuple[str, str]:
    if is_as_before:
        return TAKEN_BACK, TAKEN_BACK_WORDS
    return adjustment.code[:40], adjustment.words[:200]


def _apply(exercise_set: ExerciseSet, plan: SetPlan) -> None:
    """Give a set that has not begun what it asks for now. What it never had (a hold) it does not get."""
    if exercise_set.target_repetitions is not None:
        exercise_set.target_repetitions = plan.repetitions
    if exercise_set.target_hold_s is not None:
        exercise_set.target_hold_s = plan.hold_s
    exercise_set.state = ExerciseSet.State.PLANNED if plan.done else ExerciseSet.State.SKIPPED
    exercise_set.save(update_fields=["target_repetitions", "target_hold_s", "state", "updated_at"])


def keep_as_planned(exercise_set: ExerciseSet) -> ExerciseSet:
    """The patient declines: what is left of the exercise is as the plan asks for. Twice changes nothing.

    Raises SessionIsOver, and SetIsOver for a set that has begun.
    """
    with transaction.atomic():
        exercise_set = locked_set(exercise_set)
        if exercise_set.session.is_over:
            raise SessionIsOver
        in_force = adjustments_in_force(_sets_of_exercise(exercise_set))
        if exercise_set.state != ExerciseSet.State.PLANNED and exercise_set.pk not in in_force:
            raise SetIsOver
        for rows in in_force.values():
            _apply(rows[0].exercise_set, SetPlan(**rows[0].before))
        kept = [row.pk for rows in in_force.values() for row in rows]
        SetAdjustment.objects.filter(pk__in=kept).update(declined_at=timezone.now())
        if kept:
            session = exercise_set.session
            record("change", patient=session.patient_id, object_type=SET_TYPE, object_ref=exercise_set.ref)
        exercise_set.refresh_from_db(fields=["target_repetitions", "target_hold_s", "state"])
    return exercise_set
