"""An open proposal is overtaken: by a newer one, by a change of the plan, by the end of the plan."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from clinic.audit import record
from patients.events import send_after_commit
from patients.models import Patient
from patients.services import clear_attention, set_attention
from prescriptions.models import DoseDecision, ExerciseResponse, PrescribedExercise

State = DoseDecision.State
ATTENTION = "dose_proposal"
EASIER_WEIGHT, WEIGHT = 15, 3
OBJECT = "prescriptions.DoseDecision"

NEWER = "Replaced by a newer proposal."
DOSE_CHANGED = "The dose was changed by hand first."
TAKEN_OUT = "The exercise was taken out of the plan first."
RULED_OUT = "The safety rules do not allow it any more: too much has changed since."
WARNED = "Pain or a red flag was reported after it."
LEARNER_OFF = "The learner was switched off: the fixed protocol decides."
PLAN_OVER = "The plan ended first."
BOUNDS_CHANGED = "The limits of this exercise were changed first."


def supersede(lines: Iterable[PrescribedExercise], *, why: str) -> int:
    """Close the open proposals of these exercises; answers how many there were.

    Runs inside the caller's transaction, which holds the patient's lock.
    """
    return _close(_open().filter(prescribed_exercise__in=list(lines)), state=State.SUPERSEDED, why=why)


def expire(lines: Iterable[PrescribedExercise], *, why: str) -> int:
    """The same for exercises that are in force no more."""
    return _close(_open().filter(prescribed_exercise__in=list(lines)), state=State.EXPIRED, why=why)


def expire_ended(patient: Patient) -> int:
    """The same for every exercise of this patient's ended plans."""
    ended = Q(prescribed_exercise__prescription__status="ended")
    return _close(_open().filter(ended, patient=patient), state=State.EXPIRED, why=PLAN_OVER)


def close_decision(decision: DoseDecision, *, state: str, why: str, at: datetime | None = None) -> None:
    """Overtaken. What was in force stays on record only when somebody exercised with it meanwhile."""
    decision.state, decision.decided_at = state, at or timezone.now()
    decision.decision_reason = why[:300]
    carried_out = state == State.SUPERSEDED and _was_carried_out(decision)
    decision.delivered = decision.current if carried_out else None
    decision.dose_after = decision.dose_before if carried_out else None
    decision.delivered_exercise_id = decision.prescribed_exercise_id if carried_out else None
    decision.save()
    record(
        "change",
        patient=decision.patient_id,
        object_type=OBJECT,
        object_ref=decision.ref,
        detail={"state": state},
    )
    send_after_commit("dose.decided", decision.patient, ref=decision.ref)


def _open() -> QuerySet[DoseDecision]:
    rows = DoseDecision.objects.filter(state=State.PROPOSED).select_for_update(of=("self",))
    return rows.select_related("patient__clinic").order_by("pk")


def _close(decisions: QuerySet[DoseDecision], *, state: str, why: str) -> int:
    closed = list(decisions)
    for decision in closed:
        close_decision(decision, state=state, why=why)
    for patient in {decision.patient for decision in closed}:
        review_proposals(patient)
    return len(closed)


def _was_carried_out(decision: DoseDecision) -> bool:
    since = ExerciseResponse.objects.filter(
        prescribed_exercise_id=decision.prescribed_exercise_id, created_at__gt=decision.created_at
    )
    return since.exclude(session_ref=decision.session_ref).exists()


def review_proposals(patient: Patient) -> None:
    """Say in the caseload that proposals wait: loudly only when one steps back."""
    waiting = list(
        DoseDecision.objects.filter(patient=patient, state=State.PROPOSED)
        .order_by("-id")
        .only("ref", "context")
    )
    if not waiting:
        clear_attention(patient, ATTENTION)
        return
    back = any(one.context.get("trigger", "none") != "none" for one in waiting)
    noun = "dose to look at" if len(waiting) == 1 else "doses to look at"
    words = f"{len(waiting)} {noun}" + (", after pain or a red flag" if back else "")
    weight = EASIER_WEIGHT if back else WEIGHT
    set_attention(patient, ATTENTION, weight=weight, words=words, object_ref=waiting[0].ref)
