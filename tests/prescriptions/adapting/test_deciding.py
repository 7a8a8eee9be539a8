"""Accept, change, reject, take back: by whom, with what effect, and what is refused."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from clinic.errors import Forbidden, NotFound
from clinic.models import AuditEvent, Membership
from clinic.tenancy.scope import clinic_scope
from patients.errors import NotOnCareTeam
from patients.models import AttentionReason, TimelineEntry
from patients.red_flags import Severity
from patients.services import AlertRule, add_to_care_team, raise_alert
from prescriptions.adapt_rx.types import Action, Bounds
from prescriptions.dose import Dose
from prescriptions.errors import (
    DecisionNotFound,
    ExerciseAlreadyInPlan,
    ExerciseNotFound,
    OutsideBounds,
    PlanEnded,
    ProposalGone,
    ReasonMissing,
    UndoImpossible,
)
from prescriptions.models import DoseBounds, DoseChange, DoseDecision, PrescribedExercise
from prescriptions.selectors import access_decision, bounds_of, decision_rows, dose_news, exercises_of
from prescriptions.services import (
    PlanLine,
    accept_proposal,
    add_exercise,
    change_dose,
    edit_proposal,
    end_prescription,
    propose_dose,
    reject_proposal,
    remove_exercise,
    set_bounds,
    undo_decision,
)
from tests.factories.dosing import days_ago, line_of, make_old_plan, make_session_of, make_steps_back
from tests.factories.patients import Ward
from tests.factories.prescriptions import make_library

State = DoseDecision.State


@pytest.fixture
def nora(at_north: Ward) -> Membership:
    return at_north.people.nora


@pytest.fixture
def line(at_north: Ward, nora: Membership) -> PrescribedExercise:
    return line_of(make_old_plan(at_north.paul, by=nora, sets=2, repetitions=8))


@pytest.fixture
def decision(line: PrescribedExercise) -> DoseDecision:
    return make_steps_back(line)


@pytest.fixture
def swapping(line: PrescribedExercise, nora: Membership) -> DoseDecision:
    """An open proposal to go back to another variation, made to say so."""
    decision = make_steps_back(line)
    easier = Action(rung=decision.current["rung"] - 1, sets=2, repetitions=8)
    decision.proposed = easier.to_dict()
    decision.save(update_fields=["proposed"])
    return decision


def in_force(line: PrescribedExercise) -> list[tuple[str, int, int]]:
    plan = exercises_of(line.prescription)
    return [(one.exercise.code, one.sets, one.repetitions) for one in plan]


def test_accepting_puts_the_dose_into_the_plan(
    line: PrescribedExercise, decision: DoseDecision, nora: Membership
) -> None:
    before = Dose.of(line)
    accepted = accept_proposal(decision, by=nora)
    delivered = accepted.delivered_exercise
    assert delivered is not None
    assert (accepted.state, accepted.decided_by, accepted.delivered) == (
        State.ACCEPTED,
        nora,
        decision.proposed,
    )
    assert Dose.of(accepted.dose_before) == before
    assert Dose.of(exercises_of(line.prescription).get()) == Dose.of(accepted.dose_after) != before
    assert not AttentionReason.objects.filter(code="dose_proposal", resolved_at=None).exists()
    [event] = AuditEvent.objects.filter(object_type="prescriptions.DoseDecision", action="change")
    assert (event.object_ref, event.purpose) == (decision.ref, "accepted")


def test_accepting_twice_says_who_was_first(decision: DoseDecision, nora: Membership) -> None:
    accept_proposal(decision, by=nora)
    with pytest.raises(ProposalGone) as gone:
        accept_proposal(decision, by=nora)
    assert gone.value.words.startswith("Nora accepted this proposal on ")
    assert DoseChange.objects.count() == 1


def test_a_dose_changed_past_the_services_is_noticed(
    line: PrescribedExercise, decision: DoseDecision, nora: Membership
) -> None:
    PrescribedExercise.objects.filter(pk=line.pk).update(repetitions=11)
    with pytest.raises(ProposalGone, match="changed by hand"):
        accept_proposal(decision, by=nora)
    decision.refresh_from_db()
    assert decision.state == State.SUPERSEDED
    line.refresh_from_db()
    assert line.repetitions == 11


def test_a_warning_after_the_proposal_stops_it(line: PrescribedExercise, nora: Membership) -> None:
    make_session_of(line, ago=0.02, after=7)
    decision = propose_dose(line)
    assert decision is not None
    # Danger that was heard by another way than Stop: a note, a message.
    rule = AlertRule("from_a_note", 1, "Calf swollen", Severity.SAME_DAY)
    raise_alert(line.prescription.patient, rule, text_shown="", holds_exercise=True)
    with pytest.raises(ProposalGone, match="red flag"):
        accept_proposal(decision, by=nora)
    decision.refresh_from_db()
    newest = DoseDecision.objects.order_by("-pk").first()
    assert newest is not None
    assert (decision.state, newest.state) == (State.SUPERSEDED, State.PROPOSED)
    assert newest.proposed["rest"]


@pytest.mark.parametrize("ended", [True, False])
def test_a_plan_closed_meanwhile_is_said(
    line: PrescribedExercise, decision: DoseDecision, nora: Membership, ended: bool
) -> None:
    if ended:
        end_prescription(line.prescription, by=nora)
    else:
        remove_exercise(line, by=nora)
    with pytest.raises(PlanEnded if ended else ProposalGone):
        accept_proposal(decision, by=nora)


def test_rejecting_leaves_the_dose_and_needs_a_reason(
    line: PrescribedExercise, decision: DoseDecision, nora: Membership
) -> None:
    with pytest.raises(ReasonMissing):
        reject_proposal(decision, by=nora, reason="  ")
    rejected = reject_proposal(decision, by=nora, reason="It was the stairs,\n not this")
    assert (rejected.state, rejected.delivered) == (State.REJECTED, decision.current)
    assert rejected.decision_reason == "It was the stairs, not this"
    assert in_force(line) == [("squat", 2, 8)]
    assert TimelineEntry.objects.filter(kind="dose_decision", object_ref=decision.ref).count() == 1


def test_an_edit_within_the_rules_needs_no_tick(
    line: PrescribedExercise, decision: DoseDecision, nora: Membership
) -> None:
    edited = edit_proposal(decision, Dose(sets=1, repetitions=6), by=nora, reason="Gentler still")
    assert (edited.state, edited.beyond_rules) == (State.EDITED, False)
    assert edited.delivered == Action(decision.current["rung"], 1, 6).to_dict()
    assert in_force(line) == [("squat", 1, 6)]


@pytest.mark.parametrize(
    "dose",
    [
        Dose(sets=3, repetitions=8),
        Dose(sets=9, repetitions=8),
        Dose(resistance="an anvil", repetitions=8),
        Dose(sets=2, repetitions=8, days_per_week=7),
    ],
)
def test_an_edit_beyond_the_rules_needs_the_tick_and_is_logged(
    line: PrescribedExercise, decision: DoseDecision, nora: Membership, dose: Dose
) -> None:
    with pytest.raises(OutsideBounds) as refused:
        edit_proposal(decision, dose, by=nora, reason="I know this knee")
    assert "beyond_mask" in refused.value.fields
    assert in_force(line) == [("squat", 2, 8)]
    edited = edit_proposal(decision, dose, by=nora, reason="I know this knee", beyond_mask=True)
    assert edited.beyond_rules
    assert Dose.of(exercises_of(line.prescription).get()) == dose
    [row] = decision_rows([edited])
    assert row.beyond_mask


def test_an_edit_needs_a_reason(decision: DoseDecision, nora: Membership) -> None:
    with pytest.raises(ReasonMissing):
        edit_proposal(decision, Dose(sets=1, repetitions=5), by=nora, reason="")


@pytest.mark.parametrize("code", ["bridge", "no_such_thing"])
def test_an_edit_stays_on_the_ladder(decision: DoseDecision, nora: Membership, code: str) -> None:
    with pytest.raises(ExerciseNotFound):
        edit_proposal(decision, Dose(), by=nora, reason="Try", exercise_code=code, beyond_mask=True)


def test_an_edit_to_a_variation_that_is_in_the_plan_is_refused_whole(
    line: PrescribedExercise, decision: DoseDecision, nora: Membership, at_north: Ward
) -> None:
    library = make_library(at_north.people.north)
    add_exercise(at_north.paul, PlanLine(library["sit_to_stand"], Dose()), by=nora)
    with pytest.raises(ExerciseAlreadyInPlan):
        edit_proposal(
            decision,
            Dose(repetitions=5),
            by=nora,
            reason="Try",
            exercise_code="sit_to_stand",
            beyond_mask=True,
        )
    decision.refresh_from_db()
    assert decision.state == State.PROPOSED


def test_another_variation_takes_the_place_with_its_bounds(
    line: PrescribedExercise, swapping: DoseDecision, nora: Membership, at_north: Ward
) -> None:
    DoseBounds.objects.create(prescribed_exercise=line, within_session=True, changed_by=nora)
    accepted = accept_proposal(swapping, by=nora)
    assert in_force(line) == [("sit_to_stand", 2, 8)]
    new = accepted.delivered_exercise
    assert new is not None
    assert new.order == line.order
    assert bounds_of(new).within_session
    assert not bounds_of(line).within_session
    [news] = dose_news(at_north.paul)
    assert (news.exercise_name, news.by_name) == ("Sit to stand", "Nora")


def test_undo_restores_exactly(line: PrescribedExercise, decision: DoseDecision, nora: Membership) -> None:
    before = Dose.of(line)
    accepted = accept_proposal(decision, by=nora)
    undone = undo_decision(accepted, by=nora)
    assert (undone.state, undone.undone_by) == (State.UNDONE, nora)
    assert Dose.of(exercises_of(line.prescription).get()) == before
    with pytest.raises(UndoImpossible):
        undo_decision(accepted, by=nora)


def test_undo_of_another_variation_brings_back_the_very_line(
    line: PrescribedExercise, swapping: DoseDecision, nora: Membership
) -> None:
    set_note = "Hold the chair"
    PrescribedExercise.objects.filter(pk=line.pk).update(patient_note=set_note)
    DoseDecision.objects.filter(pk=swapping.pk).update(
        dose_before={**swapping.dose_before, "patient_note": set_note}
    )
    DoseBounds.objects.create(prescribed_exercise=line, within_session=True, changed_by=nora)
    undo_decision(accept_proposal(swapping, by=nora), by=nora)
    [back] = exercises_of(line.prescription)
    assert (back.pk, back.patient_note) == (line.pk, set_note)
    assert bounds_of(back).within_session


def test_undo_is_refused_when_the_plan_was_changed_since(
    line: PrescribedExercise, decision: DoseDecision, nora: Membership
) -> None:
    accepted = accept_proposal(decision, by=nora)
    change_dose(line, Dose(sets=3, repetitions=12), by=nora)
    with pytest.raises(UndoImpossible, match="changed after this"):
        undo_decision(accepted, by=nora)
    assert in_force(line) == [("squat", 3, 12)]


def test_undo_is_refused_when_the_variation_came_back_by_hand(
    line: PrescribedExercise, swapping: DoseDecision, nora: Membership, at_north: Ward
) -> None:
    accepted = accept_proposal(swapping, by=nora)
    library = make_library(at_north.people.north)
    add_exercise(at_north.paul, PlanLine(library["squat"], Dose()), by=nora)
    with pytest.raises(UndoImpossible):
        undo_decision(accepted, by=nora)
    assert [code for code, _, _ in in_force(line)] == ["sit_to_stand", "squat"]


def test_rest_takes_the_exercise_out_and_undo_puts_it_back(
    line: PrescribedExercise, decision: DoseDecision, nora: Membership
) -> None:
    decision.proposed = Action(0, 0, 0, rest=True).to_dict()
    decision.save(update_fields=["proposed"])
    accepted = accept_proposal(decision, by=nora)
    assert in_force(line) == []
    undo_decision(accepted, by=nora)
    assert in_force(line) == [("squat", 2, 8)]


def test_rest_is_not_taken_back_into_a_full_plan(
    line: PrescribedExercise, decision: DoseDecision, nora: Membership, at_north: Ward
) -> None:
    decision.proposed = Action(0, 0, 0, rest=True).to_dict()
    decision.save(update_fields=["proposed"])
    accepted = accept_proposal(decision, by=nora)
    library = make_library(at_north.people.north)
    for code in ("bridge", "calf_raise", "wall_slide", "clamshell"):
        add_exercise(at_north.paul, PlanLine(library[code], Dose()), by=nora)
    with pytest.raises(UndoImpossible, match="full"):
        undo_decision(accepted, by=nora)


def test_only_therapists_decide(decision: DoseDecision, at_north: Ward) -> None:
    people = at_north.people
    for by in (people.ada, people.ash, people.paul):
        acts: tuple[Callable[[], object], ...] = (
            lambda by=by: accept_proposal(decision, by=by),
            lambda by=by: reject_proposal(decision, by=by, reason="No"),
            lambda by=by: edit_proposal(decision, Dose(), by=by, reason="No"),
            lambda by=by: undo_decision(decision, by=by),
            lambda by=by: set_bounds(decision.prescribed_exercise, Bounds(), by=by),
        )
        for act in acts:
            with pytest.raises(Forbidden):
                act()
    decision.refresh_from_db()
    assert decision.state == State.PROPOSED


def test_who_may_open_a_decision(decision: DoseDecision, at_north: Ward) -> None:
    people = at_north.people
    assert access_decision(people.nora, decision.ref, purpose="dose") == decision
    assert access_decision(people.ash, str(decision.ref), purpose="dose") == decision
    with pytest.raises(NotOnCareTeam):
        access_decision(people.ola, decision.ref, purpose="dose")
    for stranger in (people.paul, people.petra):
        with pytest.raises(DecisionNotFound):
            access_decision(stranger, decision.ref, purpose="dose")
    for wrong in (uuid4(), "nonsense", "\x00"):
        with pytest.raises(DecisionNotFound):
            access_decision(people.nora, wrong, purpose="dose")
    add_to_care_team(at_north.paul, people.ola, by=people.nora)
    assert access_decision(people.ola, decision.ref, purpose="dose") == decision


def test_another_clinic_finds_nothing(decision: DoseDecision, at_north: Ward) -> None:
    people = at_north.people
    with clinic_scope(people.south.pk):
        assert not DoseDecision.objects.exists()
        with pytest.raises(NotFound):
            access_decision(people.sam, decision.ref, purpose="dose")
        with pytest.raises(Exception, match="belongs to clinic"):
            decision.save()


def test_accepting_a_second_proposal_after_a_first(
    line: PrescribedExercise, decision: DoseDecision, nora: Membership
) -> None:
    first = accept_proposal(decision, by=nora)
    line = line_of(line.prescription, first.delivered_exercise.exercise.code)
    make_session_of(line, ago=-0.01, after=8)
    second = propose_dose(line, at=days_ago(-0.02))
    assert second is not None
    assert second.state == State.PROPOSED
    accept_proposal(second, by=nora)
    with pytest.raises(UndoImpossible):
        undo_decision(first, by=nora)
