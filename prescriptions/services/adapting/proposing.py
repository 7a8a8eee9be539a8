"""Proposals: made after a session, after pain that breaks the rule, and when a therapist asks."""

import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from clinic.audit import record
from patients.events import send_after_commit
from patients.local_time import local_day
from patients.models import PainReport, Patient
from patients.red_flags import RedFlagHit
from prescriptions.adapt_rx.ladders import load_of
from prescriptions.adapt_rx.learner import decide
from prescriptions.adapt_rx.mask import allowed_actions
from prescriptions.adapt_rx.types import Action, Bounds, Context, Decision, Trigger
from prescriptions.dose import Dose
from prescriptions.errors import PlanEnded
from prescriptions.models import DoseDecision, ExerciseResponse, PrescribedExercise, Prescription
from prescriptions.selectors.adapting.bounds import bounds_of
from prescriptions.selectors.adapting.context import context_of
from prescriptions.selectors.adapting.evidence import patient_evidence
from prescriptions.selectors.adapting.states import (
    DoseState,
    LearnerInForce,
    bounds_within_plan,
    dose_state_of,
    is_learner_on,
    learner_in_force,
    protocol_in_force,
    why_no_proposals,
)
from prescriptions.selectors.plan import active_prescription, exercises_of
from prescriptions.services.adapting import open_proposals
from prescriptions.services.adapting.open_proposals import OBJECT, close_decision, review_proposals
from prescriptions.services.adapting.telling import told
from prescriptions.services.locking import lock_exercise

logger = logging.getLogger(__name__)
State = DoseDecision.State
# A seed that fits the database's bigint.
SEED_BITS = 62
WAITS_FOR_PAIN = timedelta(minutes=20)
LOOKS_BACK = timedelta(days=2)
# Answers that are changed to and fro after a session must not fill the log; a new warning is always heard.
MOST_A_SESSION = 6
# A therapist who rejects a step up is not asked for one again after the next session.
REJECTION_HOLDS = timedelta(days=7)


@dataclass(frozen=True)
class Situation:
    """What a decision is made on. `bounds` also keep variations out that the plan holds in another line;
    `is_limited`: whether the therapist has set any limit.
    """

    line: PrescribedExercise
    state: DoseState
    context: Context
    bounds: Bounds
    is_limited: bool

    @property
    def allowed(self) -> tuple[Action, ...]:
        """What the safety rules leave now."""
        mask = allowed_actions(self.state.ladder, self.state.current, self.context, self.bounds)
        return mask.allowed


def propose_dose(
    prescribed: PrescribedExercise, *, session_ref: UUID | None = None, at: datetime | None = None
) -> DoseDecision | None:
    """Decide about the next dose of one exercise now, and log it.

    Answers the newest decision when nothing has changed since; None where AdaptRx says nothing: no ladder,
    pinned, switched off, taken out, plan ended. A decision that keeps the dose waits for nobody.
    """
    return _decide(prescribed, session_ref=session_ref, at=at, only_if_new=False)


def review_dose(
    prescribed: PrescribedExercise, *, session_ref: UUID | None = None, at: datetime | None = None
) -> DoseDecision | None:
    """The same, unless a person has decided already and nobody has exercised or felt worse since."""
    return _decide(prescribed, session_ref=session_ref, at=at, only_if_new=True)


def propose_after_session(
    prescribed: Iterable[PrescribedExercise], *, session_ref: UUID, at: datetime | None = None
) -> None:
    """Decide about each exercise of a session once its transaction is stored. May be called again.

    A patient is asked for pain right after a session, and a decision without that answer would soon be
    replaced: so it waits for the answer, or for `propose_what_was_left`, which makes good a failure here too.
    """
    for line in prescribed:
        transaction.on_commit(partial(_after_session, line, session_ref, at))


def _after_session(line: PrescribedExercise, session_ref: UUID, at: datetime | None) -> None:
    """What breaks here must not reach the patient, nor quote the record; the beat makes it good."""
    try:
        _decide_after_session(line, session_ref, at)
    except Exception as error:
        logger.error("no decision about %s after a session: %s", line.ref, type(error).__name__)


def _decide_after_session(line: PrescribedExercise, session_ref: UUID, at: datetime | None) -> None:
    newest = ExerciseResponse.objects.filter(prescribed_exercise=line).order_by("-created_at", "-pk").first()
    # An old session that is analysed again says nothing new about the next dose.
    if newest is None or newest.session_ref != session_ref:
        return
    moment = at or timezone.now()
    if _pain_was_asked(newest) or newest.created_at < moment - WAITS_FOR_PAIN:
        review_dose(line, session_ref=session_ref, at=at)


def _pain_was_asked(response: ExerciseResponse) -> bool:
    said = PainReport.objects.filter(patient_id=response.patient_id, session_ref=response.session_ref)
    return said.exclude(moment=PainReport.Moment.BEFORE).exists()


def propose_what_was_left(*, at: datetime | None = None) -> int:
    """Decide after the sessions of the last days that no decision followed; answers how many there were.

    Nobody answered how the pain was, or a worker was lost.
    """
    moment = at or timezone.now()
    decided = DoseDecision.objects.filter(
        prescribed_exercise=OuterRef("prescribed_exercise"), created_at__gte=OuterRef("created_at")
    )
    later = ExerciseResponse.objects.filter(
        prescribed_exercise=OuterRef("prescribed_exercise"), created_at__gt=OuterRef("created_at")
    )
    left = ExerciseResponse.objects.filter(
        ~Exists(decided),
        ~Exists(later),
        sets_done__gt=0,
        prescribed_exercise__removed_at=None,
        prescribed_exercise__prescription__status=Prescription.Status.ACTIVE,
        created_at__gt=moment - LOOKS_BACK,
        created_at__lte=moment - WAITS_FOR_PAIN,
    )
    made = [
        review_dose(one.prescribed_exercise, session_ref=one.session_ref, at=at)
        for one in left.select_related("prescribed_exercise__prescription").order_by("pk")
    ]
    return sum(one is not None for one in made) + _review_lifted(moment) + _review_switched_off(moment)


def _review_lifted(at: datetime) -> int:
    """Proposals to rest whose red flag a therapist has answered meanwhile: they say nothing true any more."""
    resting = DoseDecision.objects.filter(state=State.PROPOSED, context__trigger=Trigger.RED_FLAG.value)
    lifted = [
        one
        for one in resting.select_related("patient__clinic", "prescribed_exercise__prescription")
        if not patient_evidence(one.patient, at=at).red_flag
    ]
    return sum(review_dose(one.prescribed_exercise, at=at) is not None for one in lifted)


def _review_switched_off(at: datetime) -> int:
    """What the learner proposed before the clinic switched it off is decided about by the protocol."""
    if is_learner_on():
        return 0
    learned = DoseDecision.objects.filter(state=State.PROPOSED, by_protocol=False)
    lines = [one.prescribed_exercise for one in learned.select_related("prescribed_exercise__prescription")]
    return sum(propose_dose(line, at=at) is not None for line in lines)


def propose_after_pain(patient: Patient, report: PainReport, hit: RedFlagHit | None) -> None:
    """Hear a pain answer: one that breaks the rule concerns the whole plan, another its own session."""
    if hit is not None:
        review_plan(patient, session_ref=report.session_ref, at=max(timezone.now(), report.at))
    elif report.session_ref is not None and report.moment == PainReport.Moment.AFTER:
        done = ExerciseResponse.objects.filter(patient=patient, session_ref=report.session_ref)
        for response in done.select_related("prescribed_exercise__prescription"):
            _after_session(response.prescribed_exercise, report.session_ref, None)


def propose_after_stop(patient: Patient, session_ref: UUID | None, reason: str) -> None:
    """Stop was pressed: what is held or hurts must not wait for a session."""
    review_plan(patient, session_ref=session_ref)


def review_plan(patient: Patient, *, session_ref: UUID | None = None, at: datetime | None = None) -> int:
    """Review each exercise of the plan in force; answers how many decisions stand now.

    `session_ref`: the session that led to it, also for exercises that were no part of it.
    """
    plan = active_prescription(patient)
    lines = exercises_of(plan).select_related("prescription") if plan else []
    return sum(review_dose(line, session_ref=session_ref, at=at) is not None for line in lines)


def _decide(
    prescribed: PrescribedExercise, *, session_ref: UUID | None, at: datetime | None, only_if_new: bool
) -> DoseDecision | None:
    moment = at or timezone.now()
    with transaction.atomic():
        try:
            line = lock_exercise(prescribed)
        except PlanEnded:
            return None
        situation = situation_of(line, at=moment)
        if situation is None:
            return None
        if only_if_new and _step_up_was_rejected(situation, at=moment):
            situation = replace(
                situation, bounds=replace(situation.bounds, forbid_progression=True), is_limited=True
            )
        latest = _latest(line)
        if latest is not None and (
            _is_same(latest, situation)
            or (only_if_new and _is_settled(latest, situation))
            or (only_if_new and _is_flooded(latest, situation, session_ref))
        ):
            return latest
        if latest is not None:
            _overtake(latest, line)
        decision = _store(situation, session_ref=session_ref, at=moment)
        review_proposals(decision.patient)
    return decision


def situation_of(line: PrescribedExercise, *, at: datetime) -> Situation | None:
    """None where AdaptRx says nothing about this line, which the caller has locked."""
    bounds = bounds_of(line)
    state = dose_state_of(line)
    if state is None or line.removed_at is not None or why_no_proposals(line, bounds):
        return None
    return Situation(
        line=line,
        state=state,
        context=context_of(line, at=at),
        bounds=bounds_within_plan(bounds, line, state),
        is_limited=replace(bounds, adaptive=True, within_session=False) != Bounds(),
    )


def _latest(line: PrescribedExercise) -> DoseDecision | None:
    rows = DoseDecision.objects.select_for_update(of=("self",)).filter(prescribed_exercise=line)
    return rows.select_related("patient__clinic").order_by("-pk").first()


def _is_same(latest: DoseDecision, now: Situation) -> bool:
    """Whether an undecided proposal would be made on exactly the same grounds."""
    return (
        latest.state in (State.PROPOSED, State.KEPT)
        and (latest.by_protocol or is_learner_on())
        and latest.context == now.context.to_dict()
        and latest.current == now.state.current.to_dict()
        and latest.bounds == now.bounds.to_dict()
        and latest.dose_before == Dose.of(now.line).to_dict()
    )


def _is_settled(latest: DoseDecision, now: Situation) -> bool:
    """Whether nobody exercised since and the warning is the same: a person has decided then, or the proposal
    to step back stands. Without a warning, what a patient says later still makes a better decision.
    """
    trigger, before = now.context.trigger, Trigger(latest.context["trigger"])
    if latest.state == State.PROPOSED:
        stands = trigger == before != Trigger.NONE
    else:
        decided = latest.state not in (State.KEPT, State.SUPERSEDED)
        stands = decided and trigger in (Trigger.NONE, before)
    return stands and not _exercised_since(latest)


def _step_up_was_rejected(now: Situation, *, at: datetime) -> bool:
    ladder = now.state.ladder
    rejected = DoseDecision.objects.filter(
        prescribed_exercise=now.line,
        state=State.REJECTED,
        ladder=ladder.code,
        decided_at__gt=at - REJECTION_HOLDS,
    )
    steps = [(Action.of(one.current), Action.of(one.proposed)) for one in rejected]
    known = [(before, after) for before, after in steps if min(map(ladder.find, (before, after))) >= 0]
    return any(load_of(ladder, after) > load_of(ladder, before) for before, after in known)


def _is_flooded(latest: DoseDecision, now: Situation, session_ref: UUID | None) -> bool:
    """Whether one session led to more decisions than anybody needs. Accepting looks at the rules again."""
    if session_ref is None or now.context.trigger not in (Trigger.NONE, Trigger(latest.context["trigger"])):
        return False
    same = DoseDecision.objects.filter(prescribed_exercise=now.line, session_ref=session_ref)
    return same.count() >= MOST_A_SESSION


def _exercised_since(decision: DoseDecision) -> bool:
    since = ExerciseResponse.objects.filter(
        prescribed_exercise_id=decision.prescribed_exercise_id, created_at__gt=decision.created_at
    )
    return since.exclude(session_ref=decision.session_ref).exists()


def _overtake(latest: DoseDecision, line: PrescribedExercise) -> None:
    """A newer decision takes an undecided one's place; one to keep the dose stays if it was carried out."""
    if latest.state == State.PROPOSED:
        open_proposals.supersede([line], why=open_proposals.NEWER)
    elif latest.state == State.KEPT and latest.reward is None and not _exercised_since(latest):
        close_decision(latest, state=State.SUPERSEDED, why=open_proposals.NEWER)


def _store(now: Situation, *, session_ref: UUID | None, at: datetime) -> DoseDecision:
    learner, protocol = learner_in_force(), protocol_in_force()
    patient = now.line.prescription.patient
    decision = decide(
        learner.posterior,
        now.state.ladder,
        now.state.current,
        now.context,
        now.bounds,
        protocol.protocol,
        seed=secrets.randbits(SEED_BITS),
        patient=str(patient.ref),
        learner_on=learner.is_on,
    )
    stored = DoseDecision.objects.create(
        patient=patient,
        prescribed_exercise=now.line,
        day=local_day(patient, at=at),
        session_ref=session_ref,
        bounds=now.bounds.to_dict(),
        context=now.context.to_dict(),
        current=now.state.current.to_dict(),
        dose_before=Dose.of(now.line).to_dict(),
        **_decided(decision, learner),
        **told(decision, line=now.line, current=now.state.current, is_limited=now.is_limited),
        **_kept(decision, now),
    )
    record(
        "create",
        patient=patient.pk,
        object_type=OBJECT,
        object_ref=stored.ref,
        detail={"state": stored.state},
    )
    send_after_commit("dose.proposed", patient, ref=stored.ref)
    return stored


def _decided(decision: Decision, learner: LearnerInForce) -> dict[str, Any]:
    return {
        "ladder": decision.ladder,
        "allowed": [one.to_dict() for one in decision.allowed],
        "probabilities": list(decision.probabilities),
        "proposed": decision.action.to_dict(),
        "protocol_action": decision.protocol_action.to_dict(),
        "propensity": decision.propensity,
        "seed": decision.seed,
        "expected": decision.expected.to_dict(),
        "versions": decision.versions,
        "learner": learner.row,
        "by_protocol": not learner.is_on,
    }


def _kept(decision: Decision, now: Situation) -> dict[str, Any]:
    """A decision to keep the dose is in force as soon as it is made."""
    if decision.action != now.state.current:
        return {"state": State.PROPOSED}
    return {
        "state": State.KEPT,
        "delivered": decision.action.to_dict(),
        "delivered_exercise": now.line,
        "dose_after": Dose.of(now.line).to_dict(),
    }
