"""AdaptRx in the demo: proposals, what the therapist did with them, what was learned, and one comparison.

Everything happens through the services, at its own moment. The therapist of the demo is careful: a change of
variation or of sets waits, a step up is now and then made smaller, and the rest is accepted the next morning.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
from django.utils import timezone

from clinic.models import Membership, Role
from patients.models import Patient
from prescriptions.adapt_rx.simulation import compare
from prescriptions.adapt_rx.types import Action, Bounds
from prescriptions.dose import Dose
from prescriptions.models import ComparisonRun, DoseDecision, PrescribedExercise
from prescriptions.selectors import active_prescription, exercises_of, proposal_card
from prescriptions.services import (
    accept_proposal,
    edit_proposal,
    learn,
    reject_proposal,
    review_plan,
    reward_decisions,
    set_bounds,
)

# Doses that the made-up motion of the demo knows: another variation would have none.
DECIDED_FOR = ("Maya", "Thomas", "Ewa")
DECIDED_DAYS = 21
MORNING_AFTER = timedelta(hours=14, minutes=40)
SWAP_WAITS = "The form is not there yet. Let us stay with this one."
MORE_SETS = "One more set is too much beside work. Repetitions first."
FEWER_SETS = "We keep the sets and look again after the next session."
SMALLER = "A smaller step."
LIMITED = Bounds(within_session=True)


def is_decided_day(given_name: str, days_ago: int) -> bool:
    """Whether the therapist looked at the dose the morning after this session; never after the newest."""
    return given_name in DECIDED_FOR and 1 < days_ago <= DECIDED_DAYS


def look_at_doses(patient: Patient, *, by: Membership, seed: int) -> int:
    """Let the dose be decided about now, and do with each proposal what this therapist does."""
    review_plan(patient)
    rng = np.random.default_rng([seed, timezone.now().toordinal()])
    waiting = DoseDecision.objects.filter(patient=patient, state=DoseDecision.State.PROPOSED)
    for decision in waiting.select_related(
        "patient__clinic",
        "prescribed_exercise__prescription__patient__clinic",
        "prescribed_exercise__exercise_version__exercise",
    ):
        _answer(decision, by=by, is_smaller=rng.random() < 0.25)
    return len(waiting)


def _answer(decision: DoseDecision, *, by: Membership, is_smaller: bool) -> None:
    proposed, current = Action.of(decision.proposed), Action.of(decision.current)
    card = proposal_card(decision)
    if proposed.rest or proposed.rung != current.rung:
        reject_proposal(decision, by=by, reason=SWAP_WAITS)
    elif proposed.sets != current.sets:
        reason = MORE_SETS if proposed.sets > current.sets else FEWER_SETS
        reject_proposal(decision, by=by, reason=reason)
    elif is_smaller and card.direction == "harder" and proposed.repetitions > current.repetitions + 1:
        now = Dose.of(decision.dose_before)
        smaller = replace(now, repetitions=current.repetitions + 1)
        edit_proposal(decision, smaller, by=by, reason=SMALLER, beyond_mask=True)
    else:
        accept_proposal(decision, by=by)


def limit_doses(patient: Patient, *, by: Membership) -> None:
    """One exercise in which small changes may happen by themselves."""
    plan = active_prescription(patient)
    first: PrescribedExercise | None = exercises_of(plan).first() if plan else None
    if first is not None:
        set_bounds(first, LIMITED, by=by)


def propose_for_all() -> int:
    """What waits for the therapists this morning."""
    active = Patient.objects.filter(therapy_sessions__isnull=False).distinct().select_related("clinic")
    return sum(review_plan(patient) for patient in active)


def learn_from_history() -> None:
    """Rewards of the weeks that are over, and what the clinic learned of them."""
    reward_decisions()
    learn()


def compared(*, patients: int, weeks: int) -> dict[str, Any]:
    """A small comparison on simulated patients: the protocol and AdaptRx only."""
    return compare(patients=patients, weeks=weeks, seed=1, policies=("protocol", "adaptrx")).to_dict()


def write_comparison(result: dict[str, Any]) -> ComparisonRun:
    """The same comparison as a finished run that the clinic's admin asked for."""
    now = timezone.now()
    return ComparisonRun.objects.create(
        kind=ComparisonRun.Kind.SIMULATED,
        state=ComparisonRun.State.DONE,
        patients=result["patients"],
        weeks=result["weeks"],
        seed=result["seed"],
        progress=1.0,
        result=result,
        asked_by=Membership.objects.filter(role=Role.CLINIC_ADMIN).earliest("pk"),
        started_at=now - timedelta(minutes=1),
        finished_at=now,
    )
