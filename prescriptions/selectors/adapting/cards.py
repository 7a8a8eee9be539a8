"""Proposals as pages show them, beside the plan and on the patient's page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from clinic.models import Membership, Role
from patients.models import Patient
from patients.selectors import check_patient_access
from prescriptions.adapt_rx.ladders import ladder_of
from prescriptions.adapt_rx.types import Bounds, FiredRule
from prescriptions.dose import Dose
from prescriptions.errors import DecisionNotFound
from prescriptions.models import DoseDecision, PrescribedExercise, Prescription
from prescriptions.selectors.adapting.bounds import bounds_by_line
from prescriptions.selectors.adapting.decision_words import (
    LadderVersions,
    expected_words,
    fired_of,
    patient_reason_of,
    reasons_of,
    sure_words,
    words_of,
)
from prescriptions.selectors.adapting.states import why_no_proposals
from prescriptions.selectors.plan import exercises_of

State = DoseDecision.State
TAKEN = (State.ACCEPTED, State.EDITED)


@dataclass(frozen=True)
class ProposalCard:
    """One open proposal. `direction`: easier, harder, other or rest; `protocol_words` is empty when the fixed
    protocol would do the same. `edit_dose` and `edit_code` fill the form that changes it.
    """

    decision: DoseDecision
    name: str
    now_words: str
    next_name: str
    next_words: str
    direction: str
    is_swap: bool
    reasons: tuple[str, ...]
    patient_reason: str
    fired: tuple[FiredRule, ...]
    expected_words: str
    sure_words: str
    protocol_words: str
    by_protocol: bool
    edit_dose: Dose
    edit_code: str


@dataclass(frozen=True)
class RungChoice:
    """A variation that the form may offer."""

    code: str
    name: str


@dataclass(frozen=True)
class DosingLine:
    """One exercise of the plan as AdaptRx sees it; `why_none` says why it makes no proposals, if that is so.

    `undoable` is the newest change that may still be taken back.
    """

    prescribed: PrescribedExercise
    bounds: Bounds
    proposal: ProposalCard | None
    undoable: DoseDecision | None
    why_none: str
    rungs: tuple[RungChoice, ...]


def access_decision(membership: Membership, ref: UUID | str, *, purpose: str) -> DoseDecision:
    """A decision about a patient whom this member of staff may open.

    Raises DecisionNotFound for a stranger and for patients, NotOnCareTeam for a colleague not on the team.
    """
    decision = _with_line(DoseDecision.objects.filter(ref=_as_uuid(ref))).first()
    if decision is None or membership.role == Role.PATIENT:
        raise DecisionNotFound(ref)
    check_patient_access(membership, decision.patient.ref, purpose=purpose)
    return decision


def _as_uuid(ref: UUID | str) -> UUID:
    try:
        return UUID(str(ref))
    except ValueError as wrong:
        raise DecisionNotFound(ref) from wrong


def _with_line(decisions: QuerySet[DoseDecision]) -> QuerySet[DoseDecision]:
    return decisions.select_related(
        "patient__clinic",
        "prescribed_exercise__prescription__patient__clinic",
        "prescribed_exercise__exercise_version__exercise",
        "decided_by",
        "undone_by",
    )


def open_proposals_of(patient: Patient) -> list[ProposalCard]:
    """What waits for a therapist, in the plan's order."""
    waiting = _with_line(DoseDecision.objects.filter(patient=patient, state=State.PROPOSED))
    versions = LadderVersions()
    ordered = waiting.order_by("prescribed_exercise__order", "prescribed_exercise_id")
    return [proposal_card(decision, versions) for decision in ordered]


def proposal_card(decision: DoseDecision, versions: LadderVersions | None = None) -> ProposalCard:
    words = words_of(decision, versions or LadderVersions())
    return ProposalCard(
        decision=decision,
        name=words.name,
        now_words=words.now,
        next_name=words.next_name,
        next_words=words.next,
        direction=words.direction,
        is_swap=words.is_swap,
        reasons=reasons_of(decision),
        patient_reason=patient_reason_of(decision),
        fired=fired_of(decision),
        expected_words=expected_words(decision),
        sure_words=sure_words(decision),
        protocol_words=words.protocol,
        by_protocol=decision.by_protocol,
        edit_dose=words.next_dose,
        edit_code=words.next_code,
    )


def dosing_lines(prescription: Prescription) -> dict[int, DosingLine]:
    """Each exercise in force by its id; the number of queries does not grow with the plan."""
    lines = list(exercises_of(prescription))
    bounds = bounds_by_line(line.pk for line in lines)
    newest = _newest_of(lines)
    versions = LadderVersions()
    return {
        line.pk: DosingLine(
            prescribed=line,
            bounds=bounds[line.pk],
            proposal=next(
                (proposal_card(one, versions) for one in newest[line.pk] if one.state == State.PROPOSED), None
            ),
            undoable=next((one for one in newest[line.pk] if _may_be_undone(one, line)), None),
            why_none=why_no_proposals(line, bounds[line.pk]),
            rungs=rung_choices(line, others=lines),
        )
        for line in lines
    }


def _newest_of(lines: list[PrescribedExercise]) -> dict[int, list[DoseDecision]]:
    """Of each line what waits, and what was last taken over into it."""
    waiting = DoseDecision.objects.filter(prescribed_exercise__in=lines, state=State.PROPOSED)
    taken = DoseDecision.objects.filter(delivered_exercise__in=lines, state__in=TAKEN)
    last_taken = taken.order_by("delivered_exercise_id", "-decided_at", "-pk").distinct(
        "delivered_exercise_id"
    )
    found: dict[int, list[DoseDecision]] = defaultdict(list)
    for one in _with_line(waiting):
        found[one.prescribed_exercise_id].append(one)
    for one in _with_line(DoseDecision.objects.filter(pk__in=last_taken.values("pk"))):
        if one.delivered_exercise_id is not None:
            found[one.delivered_exercise_id].append(one)
    return found


def _may_be_undone(decision: DoseDecision, line: PrescribedExercise) -> bool:
    return decision.state in TAKEN and decision.dose_after == Dose.of(line).to_dict()


def rung_choices(line: PrescribedExercise, *, others: Iterable[PrescribedExercise]) -> tuple[RungChoice, ...]:
    """The variations of the line's ladder that no other line of the plan holds."""
    found = ladder_of(line.exercise.code)
    if found is None:
        return ()
    taken = {other.exercise.code for other in others if other.pk != line.pk}
    rungs = found[0].rungs
    return tuple(RungChoice(one.exercise_code, one.name) for one in rungs if one.exercise_code not in taken)
