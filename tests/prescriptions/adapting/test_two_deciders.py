"""Two people, one proposal, at the same moment: real transactions that wait for each other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from clinic.errors import HouseError
from clinic.tenancy.scope import clinic_scope
from patients.services import report_pain
from prescriptions.adapt_rx.types import Bounds
from prescriptions.dose import Dose
from prescriptions.models import DoseChange, DoseDecision, PrescribedExercise
from prescriptions.selectors import exercises_of
from prescriptions.services import (
    accept_proposal,
    change_dose,
    edit_proposal,
    end_prescription,
    propose_dose,
    reject_proposal,
    remove_exercise,
    set_bounds,
    undo_decision,
)
from tests.factories.dosing import line_of, make_old_plan, make_session_of, make_steps_back
from tests.factories.patients import Ward, make_ward
from tests.people import make_people

State = DoseDecision.State


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    return make_ward(make_people())


@pytest.fixture
def line(ward: Ward) -> PrescribedExercise:
    return line_of(make_old_plan(ward.paul, by=ward.people.nora, sets=2, repetitions=8))


def at_once(ward: Ward, *acts: Callable[[], object]) -> list[str]:
    """What each act answered or raised, begun together on connections of their own."""
    together = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            with clinic_scope(ward.people.north.pk):
                together.wait(timeout=20)
                return type(act()).__name__
        except HouseError as error:
            return type(error).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(one.result(timeout=60) for one in [pool.submit(run, act) for act in acts])


def stored(ward: Ward, decision: DoseDecision) -> tuple[str, Dose | None]:
    """The decision's state, and the dose in force."""
    with clinic_scope(ward.people.north.pk):
        line = exercises_of(decision.prescribed_exercise.prescription).first()
        return DoseDecision.objects.get(pk=decision.pk).state, Dose.of(line) if line else None


def test_accept_and_edit_at_once_leave_one_of_them(ward: Ward, line: PrescribedExercise) -> None:
    decision = make_steps_back(line)
    nora, mine = ward.people.nora, Dose(sets=1, repetitions=5)
    answers = at_once(
        ward,
        lambda: accept_proposal(decision, by=nora),
        lambda: edit_proposal(decision, mine, by=nora, reason="Gentler"),
    )
    assert answers == ["DoseDecision", "ProposalGone"]
    state, dose = stored(ward, decision)
    with clinic_scope(ward.people.north.pk):
        kept = DoseDecision.objects.get(pk=decision.pk)
        assert DoseChange.objects.count() + (kept.delivered_exercise_id != line.pk) == 1
    assert state in (State.ACCEPTED, State.EDITED)
    assert (dose == mine) == (state == State.EDITED)
    assert dose == Dose.of(kept.dose_after)


def test_six_who_accept_at_once_change_the_dose_once(ward: Ward, line: PrescribedExercise) -> None:
    decision = make_steps_back(line)
    answers = at_once(ward, *([lambda: accept_proposal(decision, by=ward.people.nora)] * 6))
    assert answers == ["DoseDecision", *["ProposalGone"] * 5]


def test_accept_beside_a_change_by_hand_loses_neither(ward: Ward, line: PrescribedExercise) -> None:
    decision = make_steps_back(line)
    nora, by_hand = ward.people.nora, Dose(sets=1, repetitions=12)
    answers = at_once(
        ward, lambda: accept_proposal(decision, by=nora), lambda: change_dose(line, by_hand, by=nora)
    )
    state, dose = stored(ward, decision)
    # Either the hand came first and the proposal is gone, or it came after the accepted change.
    assert (answers, state) in (
        (["PrescribedExercise", "ProposalGone"], State.SUPERSEDED),
        (["DoseDecision", "PrescribedExercise"], State.ACCEPTED),
    )
    assert by_hand in (dose, stored_dose(ward, line))


def stored_dose(ward: Ward, line: PrescribedExercise) -> Dose:
    with clinic_scope(ward.people.north.pk):
        return Dose.of(PrescribedExercise.objects.get(pk=line.pk))


def test_accept_beside_the_end_of_the_plan(ward: Ward, line: PrescribedExercise) -> None:
    decision = make_steps_back(line)
    nora, plan = ward.people.nora, line.prescription
    answers = at_once(
        ward,
        lambda: accept_proposal(decision, by=nora),
        lambda: end_prescription(plan, by=nora),
    )
    state, _ = stored(ward, decision)
    assert (answers, state) in (
        (["PlanEnded", "Prescription"], State.EXPIRED),
        (["DoseDecision", "Prescription"], State.ACCEPTED),
    )


def test_two_undo_once(ward: Ward, line: PrescribedExercise) -> None:
    decision = make_steps_back(line)
    before = stored(ward, decision)[1]
    with clinic_scope(ward.people.north.pk):
        accepted = accept_proposal(decision, by=ward.people.nora)
    answers = at_once(ward, *([lambda: undo_decision(accepted, by=ward.people.nora)] * 3))
    assert answers == ["DoseDecision", "UndoImpossible", "UndoImpossible"]
    assert stored(ward, decision) == (State.UNDONE, before)


def test_proposals_made_at_once_leave_one_open(ward: Ward, line: PrescribedExercise) -> None:
    make_session_of(line, ago=0.02, after=7)
    answers = at_once(ward, *([lambda: propose_dose(line)] * 5))
    assert answers == ["DoseDecision"] * 5
    with clinic_scope(ward.people.north.pk):
        assert DoseDecision.objects.get().state == State.PROPOSED


def test_a_pain_report_beside_a_rejection_stops_neither(ward: Ward, line: PrescribedExercise) -> None:
    decision = make_steps_back(line)
    answers = at_once(
        ward,
        lambda: reject_proposal(decision, by=ward.people.nora, reason="No"),
        lambda: report_pain(ward.paul, value=8, moment="next_morning"),
        lambda: change_dose(line, Dose(sets=1, repetitions=5), by=ward.people.nora),
    )
    assert "ReportedPain" in answers
    assert "PrescribedExercise" in answers


def test_everything_at_once_ends_in_one_state_without_a_deadlock(
    ward: Ward, line: PrescribedExercise
) -> None:
    decision = make_steps_back(line)
    nora, by_hand = ward.people.nora, Dose(sets=1, repetitions=12)
    with clinic_scope(ward.people.north.pk):
        plan = line.prescription
    acts: tuple[Callable[[], object], ...] = (
        lambda: accept_proposal(decision, by=nora),
        lambda: edit_proposal(decision, Dose(sets=1, repetitions=5), by=nora, reason="Gentler"),
        lambda: reject_proposal(decision, by=nora, reason="No"),
        lambda: undo_decision(decision, by=nora),
        lambda: change_dose(line, by_hand, by=nora),
        lambda: remove_exercise(line, by=nora),
        lambda: set_bounds(line, Bounds(pinned=True), by=nora),
        lambda: propose_dose(line),
        lambda: report_pain(ward.paul, value=9, moment="next_morning"),
        lambda: end_prescription(plan, by=nora),
    )
    answers = at_once(ward, *acts)
    assert len(answers) == len(acts)
    with clinic_scope(ward.people.north.pk):
        plan.refresh_from_db()
        assert plan.status == "ended"
        assert not DoseDecision.objects.filter(state=State.PROPOSED).exists()
        decided = DoseDecision.objects.get(pk=decision.pk)
        assert (decided.decided_by is None) == (decided.state in (State.EXPIRED, State.SUPERSEDED))
