"""What a therapist does with a proposal: accept, change, reject, and take an accepted one back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from clinic.audit import record
from clinic.errors import Forbidden
from clinic.models import Membership, Role
from patients.events import send_after_commit
from patients.local_time import zone_named
from patients.services import add_timeline_entry
from prescriptions.adapt_rx.ladders import Ladder, ladder_of, shipped_ladders
from prescriptions.adapt_rx.types import Action, Trigger
from prescriptions.dose import Dose
from prescriptions.doses_on_ladder import covering_action, dose_for
from prescriptions.errors import ExerciseNotFound, OutsideBounds, ProposalGone, ReasonMissing
from prescriptions.models import DoseDecision, ExerciseVersion, PrescribedExercise
from prescriptions.selectors.adapting.decision_words import TRIGGER_WORDS
from prescriptions.selectors.adapting.loads import action_of
from prescriptions.selectors.adapting.states import is_learner_on, versions_on
from prescriptions.services.adapting import applying, open_proposals
from prescriptions.services.adapting.open_proposals import OBJECT, close_decision, review_proposals
from prescriptions.services.adapting.proposing import Situation, review_dose, situation_of
from prescriptions.services.locking import lock_exercise

State = DoseDecision.State
REASON_LENGTH = 300
DID = {
    State.ACCEPTED: "accepted this proposal",
    State.EDITED: "changed and accepted this proposal",
    State.REJECTED: "rejected this proposal",
    State.UNDONE: "accepted this proposal, and it was taken back",
}


@dataclass(frozen=True)
class Locked:
    """A proposal and its line of the plan, as they are now and while the transaction lasts.

    `now` is what a decision would be made on at this moment; None where none would be.
    """

    decision: DoseDecision
    line: PrescribedExercise
    now: Situation | None

    @property
    def ladder(self) -> Ladder:
        return shipped_ladders()[self.decision.ladder]

    @property
    def current(self) -> Action:
        return Action.of(self.decision.current)

    @property
    def allowed(self) -> tuple[Action, ...]:
        """What the safety rules leave now, whatever they left when this was proposed."""
        return self.now.allowed if self.now else ()


def accept_proposal(decision: DoseDecision, *, by: Membership) -> DoseDecision:
    """Let the proposed dose be in force. Raises ProposalGone, also where the safety rules allow it no more,
    and PlanEnded.
    """
    _check_may_decide(by)
    with transaction.atomic():
        locked = _lock(decision)
        gone = _overtaken(locked) or _ruled_out(locked)
        if gone is None:
            return _accept(locked, by=by)
    raise _after_proposing_anew(decision, gone)


def edit_proposal(
    decision: DoseDecision,
    dose: Dose,
    *,
    by: Membership,
    reason: str,
    exercise_code: str = "",
    beyond_mask: bool = False,
) -> DoseDecision:
    """Let another dose be in force, with a reason; of another variation on the ladder where a code is given.

    Raises ProposalGone, PlanEnded, ReasonMissing, OutsideBounds without the tick, ExerciseNotFound,
    ExerciseAlreadyInPlan, DoseOutOfRange, SideNotPossible, TextTooLong.
    """
    _check_may_decide(by)
    reason = _checked(reason)
    with transaction.atomic():
        locked = _lock(decision)
        gone = _overtaken(locked)
        if gone is None:
            return _edit(locked, dose, exercise_code, by=by, reason=reason, beyond_mask=beyond_mask)
    raise _after_proposing_anew(decision, gone)


def reject_proposal(decision: DoseDecision, *, by: Membership, reason: str) -> DoseDecision:
    """Leave the dose as it is, with a reason. Raises ProposalGone, PlanEnded, ReasonMissing."""
    _check_may_decide(by)
    reason = _checked(reason)
    with transaction.atomic():
        locked = _lock(decision)
        gone = _overtaken(locked)
        if gone is None:
            stored = _decided(
                locked, State.REJECTED, locked.current, Dose.of(locked.line), by=by, reason=reason
            )
            _tell(stored, by=by, title=f"Proposal rejected: {locked.line.exercise.name}", summary=reason)
            return _done(stored)
    raise _after_proposing_anew(decision, gone)


def undo_decision(decision: DoseDecision, *, by: Membership) -> DoseDecision:
    """Take an accepted proposal back: exercise, dose and bounds as they were.

    Raises UndoImpossible when the plan was changed since, PlanEnded.
    """
    _check_may_decide(by)
    with transaction.atomic():
        line = lock_exercise(decision.prescribed_exercise)
        stored = _lock_decision(decision)
        applying.take_back(stored, line, by=by)
        stored.state, stored.undone_by, stored.undone_at = State.UNDONE, by, timezone.now()
        stored.save(update_fields=["state", "undone_by", "undone_at", "updated_at"])
        _tell(stored, by=by, title=f"Change taken back: {line.exercise.name}")
        return _done(stored)


def _accept(locked: Locked, *, by: Membership) -> DoseDecision:
    decision, action = locked.decision, Action.of(locked.decision.proposed)
    dose = Dose.of(locked.line)
    version = None
    if not action.rest:
        version = _version_at(locked, locked.ladder.rungs[action.rung].exercise_code)
        dose = dose_for(action, current=locked.current, dose=dose, ladder=locked.ladder, spec=version.spec)
    stored = _decided(locked, State.ACCEPTED, action, dose, by=by)
    reason = short_reason(decision)
    stored.delivered_exercise = applying.apply(locked.line, version, dose, by=by, reason=reason)
    stored.save(update_fields=["delivered_exercise", "updated_at"])
    return _done(stored)


def _edit(
    locked: Locked, dose: Dose, exercise_code: str, *, by: Membership, reason: str, beyond_mask: bool
) -> DoseDecision:
    code = exercise_code or locked.line.exercise.code
    version = _version_at(locked, code)
    dose.check(version.spec)
    rung = _rung_of(locked.ladder, code)
    before = Dose.of(locked.line)
    covering = covering_action(dose, before=before, rung=rung, current=locked.current, ladder=locked.ladder)
    beyond = not _is_allowed(locked, covering, dose, before)
    if beyond and not beyond_mask:
        raise OutsideBounds
    delivered = covering or action_of(locked.ladder, rung, dose)
    stored = _decided(locked, State.EDITED, delivered, dose, by=by, reason=reason)
    stored.beyond_rules = beyond
    stored.delivered_exercise = applying.apply(locked.line, version, dose, by=by, reason=reason)
    stored.save(update_fields=["delivered_exercise", "beyond_rules", "updated_at"])
    return _done(stored)


def _is_allowed(locked: Locked, covering: Action | None, dose: Dose, before: Dose) -> bool:
    """Whether the safety rules leave this dose; more days a week count as more, so that it must be free."""
    allowed = locked.allowed
    if covering is None or (covering != locked.current and covering not in allowed):
        return False
    loads = locked.ladder.loads
    now = loads[locked.ladder.index(locked.current)]
    more_is_free = any(loads[locked.ladder.index(one)] > now for one in allowed)
    return dose.days_per_week <= before.days_per_week or more_is_free


def _rung_of(ladder: Ladder, code: str) -> int:
    found = ladder_of(code)
    if found is None or found[0].code != ladder.code:
        raise ExerciseNotFound(code)
    return found[1]


def _version_at(locked: Locked, code: str) -> ExerciseVersion:
    """The line's own version for its own exercise, else the clinic's newest. Raises ExerciseNotFound."""
    if code == locked.line.exercise.code:
        return locked.line.exercise_version
    version = versions_on(locked.ladder).get(code)
    if version is None:
        raise ExerciseNotFound(code)
    return version


def _lock(decision: DoseDecision) -> Locked:
    """Patient, line, proposal. Raises PlanEnded, and ProposalGone for one that waits no more."""
    line = lock_exercise(decision.prescribed_exercise)
    stored = _lock_decision(decision)
    if stored.state != State.PROPOSED:
        raise ProposalGone(stored.ref, _gone_words(stored))
    return Locked(decision=stored, line=line, now=situation_of(line, at=timezone.now()))


def _lock_decision(decision: DoseDecision) -> DoseDecision:
    rows = DoseDecision.objects.select_for_update(of=("self",))
    stored: DoseDecision = rows.select_related("patient__clinic", "decided_by").get(pk=decision.pk)
    return stored


def _overtaken(locked: Locked) -> ProposalGone | None:
    """Close a proposal that was made on a dose or a version that is no longer in force, and say so.

    Changes of the plan close it at once; this is for what comes past them.
    """
    stored, line, now = locked.decision, locked.line, locked.now
    if line.removed_at is not None:
        return _close(stored, why=open_proposals.TAKEN_OUT, state=State.EXPIRED)
    if Dose.of(line).to_dict() != stored.dose_before:
        return _close(stored, why=open_proposals.DOSE_CHANGED)
    if now is None or (now.state.ladder.code, now.state.current) != (stored.ladder, locked.current):
        return _close(stored, why=open_proposals.BOUNDS_CHANGED)
    if now.context.trigger not in (Trigger.NONE, Trigger(stored.context["trigger"])):
        return _close(stored, why=open_proposals.WARNED)
    if not stored.by_protocol and not is_learner_on():
        return _close(stored, why=open_proposals.LEARNER_OFF)
    return None


def _ruled_out(locked: Locked) -> ProposalGone | None:
    """Close a proposal that the safety rules allow no more: days went by, or the record says other things."""
    if Action.of(locked.decision.proposed) in locked.allowed:
        return None
    return _close(locked.decision, why=open_proposals.RULED_OUT)


def _close(decision: DoseDecision, *, why: str, state: str = State.SUPERSEDED) -> ProposalGone:
    close_decision(decision, state=state, why=why)
    review_proposals(decision.patient)
    return ProposalGone(decision.ref, _gone_words(decision))


def _after_proposing_anew(decision: DoseDecision, gone: ProposalGone) -> ProposalGone:
    """The old one is closed and that is stored; what took its place is decided about before it is told."""
    review_dose(decision.prescribed_exercise, session_ref=decision.session_ref)
    return gone


def _gone_words(decision: DoseDecision) -> str:
    when = _when(decision.decided_at, decision)
    if decision.state == State.KEPT:
        return "This decision kept the dose as it is: there is nothing to decide."
    if decision.decided_by is None:
        why = decision.decision_reason or "There is a newer one."
        return f"This proposal was closed{when}. {why}"
    did = DID.get(State(decision.state), "decided about this proposal")
    return f"{decision.decided_by.display_name} {did}{when}."


def _when(at: datetime | None, decision: DoseDecision) -> str:
    if at is None:
        return ""
    local = at.astimezone(zone_named(decision.patient.clinic.time_zone or "UTC"))
    return f" on {local.day} {local:%B at %H:%M}"


def _decided(
    locked: Locked, state: str, delivered: Action, dose: Dose, *, by: Membership, reason: str = ""
) -> DoseDecision:
    stored = locked.decision
    stored.state, stored.decided_by, stored.decided_at = state, by, timezone.now()
    stored.decision_reason = reason
    stored.delivered, stored.dose_after = delivered.to_dict(), dose.to_dict()
    stored.delivered_exercise = locked.line
    stored.save()
    return stored


def short_reason(decision: DoseDecision) -> str:
    """One clause for the record: the warning, else what was seen first."""
    warning = TRIGGER_WORDS.get(Trigger(decision.context["trigger"]))
    if warning:
        return warning
    seen = next((str(one["words"]) for one in decision.reasons if one["code"] == "seen"), "")
    clause = ", ".join(seen.rstrip(".").split("; ")[:2])
    return clause[:1].upper() + clause[1:]


def _tell(decision: DoseDecision, *, by: Membership, title: str, summary: str = "") -> None:
    add_timeline_entry(
        decision.patient,
        kind="dose_decision",
        title=title,
        summary=summary,
        object_kind="dose_decision",
        object_ref=decision.ref,
        by=by,
    )


def _done(decision: DoseDecision) -> DoseDecision:
    review_proposals(decision.patient)
    record(
        "change",
        patient=decision.patient_id,
        object_type=OBJECT,
        object_ref=decision.ref,
        purpose=decision.state,
        detail={"state": decision.state, "beyond_rules": decision.beyond_rules},
    )
    send_after_commit("dose.decided", decision.patient, ref=decision.ref)
    return decision


def _checked(reason: str) -> str:
    text = " ".join(reason.split())[:REASON_LENGTH]
    if not text:
        raise ReasonMissing
    return text


def _check_may_decide(by: Membership) -> None:
    if by.role != Role.THERAPIST:
        raise Forbidden
