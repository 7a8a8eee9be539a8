"""When a decision is made, what is logged of it, and when AdaptRx says nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.model_register.services import know_released, switch_off_model
from clinic.models import AuditEvent
from patients.models import AttentionReason, PainReport
from patients.services import close_alert, report_pain, stop_exercising
from prescriptions.adapt_rx.ladders import shipped_ladders
from prescriptions.adapt_rx.types import Action, Bounds
from prescriptions.dose import Dose
from prescriptions.errors import ProposalGone
from prescriptions.models import DoseDecision, PrescribedExercise
from prescriptions.selectors import dosing_lines, exercises_of
from prescriptions.services import (
    accept_proposal,
    change_dose,
    end_prescription,
    propose_after_session,
    propose_dose,
    propose_what_was_left,
    reject_proposal,
    remove_exercise,
    review_dose,
    set_bounds,
)
from sessions.demo import clock
from tests.factories.dosing import days_ago, line_of, make_old_plan, make_session_of, make_steps_back
from tests.factories.patients import Ward

Capture = Callable[..., AbstractContextManager[list[Callable[[], None]]]]
State = DoseDecision.State


@pytest.fixture
def line(at_north: Ward) -> PrescribedExercise:
    return line_of(make_old_plan(at_north.paul, by=at_north.people.nora, sets=2, repetitions=8))


def load_of(decision: DoseDecision, action: dict[str, object]) -> float:
    ladder = shipped_ladders()[decision.ladder]
    return float(ladder.loads[ladder.index(Action.of(action))])


def test_rising_pain_steps_back_with_reasons(line: PrescribedExercise) -> None:
    decision = make_steps_back(line)
    assert decision.state == State.PROPOSED
    assert load_of(decision, decision.proposed) < load_of(decision, decision.current)
    assert "pain_over_limit" in {one["id"] for one in decision.fired}
    assert any("7" in one["words"] for one in decision.reasons)
    assert decision.propensity == decision.probabilities[decision.allowed.index(decision.proposed)]
    assert sum(decision.probabilities) == pytest.approx(1)
    assert decision.delivered is None


def test_a_proposal_is_told(line: PrescribedExercise) -> None:
    decision = make_steps_back(line)
    reason = AttentionReason.objects.get(code="dose_proposal", resolved_at=None)
    assert (reason.patient_id, reason.object_ref, reason.weight) == (decision.patient_id, decision.ref, 15)
    assert reason.words.startswith("1 dose to look at")


def test_a_decision_to_keep_the_dose_waits_for_nobody(line: PrescribedExercise) -> None:
    change_dose(line, Dose(sets=2, repetitions=10), by=line.prescription.written_by)
    line.refresh_from_db()
    make_session_of(line, ago=0.1)
    bounds = Bounds(least_rung=2, least_sets=2, least_repetitions=10, forbid_progression=True)
    set_bounds(line, bounds, by=line.prescription.written_by)
    decision = propose_dose(line)
    assert decision is not None
    assert decision.state == State.KEPT
    assert decision.delivered == decision.current == decision.proposed
    assert (decision.decided_by, decision.dose_after) == (None, decision.dose_before)
    assert not AttentionReason.objects.filter(code="dose_proposal", resolved_at=None).exists()


def test_the_same_grounds_give_the_same_decision(line: PrescribedExercise) -> None:
    first = make_steps_back(line)
    assert propose_dose(line) == first
    assert DoseDecision.objects.count() == 1


def test_a_newer_proposal_takes_the_place_of_an_older(line: PrescribedExercise) -> None:
    first = make_steps_back(line)
    report_pain(line.prescription.patient, value=9, moment="stop", session_ref=first.session_ref)
    second = propose_dose(line)
    first.refresh_from_db()
    assert second is not None
    assert (first.state, second.state) == (State.SUPERSEDED, State.PROPOSED)
    # Nobody exercised in between: nothing was delivered, and nothing can be learned from it.
    assert first.delivered is None


def test_the_same_warning_said_twice_leaves_the_proposal(line: PrescribedExercise) -> None:
    first = make_steps_back(line)
    for value in (7, 8, 9):
        report_pain(line.prescription.patient, value=value, moment="stop", session_ref=first.session_ref)
        assert review_dose(line, session_ref=first.session_ref) == first
    first.refresh_from_db()
    assert first.state == State.PROPOSED


def test_a_later_answer_makes_a_better_decision(line: PrescribedExercise) -> None:
    session_ref = make_session_of(line, ago=0.1, after=None)
    without = review_dose(line, session_ref=session_ref)
    report_pain(line.prescription.patient, value=2, moment="after", session_ref=session_ref)
    known = review_dose(line, session_ref=session_ref)
    assert without is not None
    assert known is not None
    assert (without.context["pain_after"], known.context["pain_after"]) == (None, 2)


def test_a_dose_between_the_steps_is_named_as_it_is(line: PrescribedExercise, at_north: Ward) -> None:
    change_dose(line, Dose(sets=2, repetitions=9), by=at_north.people.nora)
    line.refresh_from_db()
    make_session_of(line, ago=0.02)
    set_bounds(line, Bounds(least_rung=2, least_sets=2, least_repetitions=8), by=at_north.people.nora)
    decision = propose_dose(line)
    assert decision is not None
    assert (decision.state, decision.reasons[0]["words"]) == (State.KEPT, "Keep Squat, 2 sets of 9.")
    assert decision.dose_after == Dose(sets=2, repetitions=9).to_dict()


def test_no_limit_is_laid_at_the_door_of_a_therapist_who_set_none(at_north: Ward) -> None:
    codes = ("squat", "sit_to_stand", "lunge")
    line = line_of(make_old_plan(at_north.paul, by=at_north.people.nora, codes=codes, sets=2, repetitions=8))
    make_session_of(line, ago=0.1)
    decision = propose_dose(line)
    assert decision is not None
    assert "therapist_bounds" not in {one["id"] for one in decision.fired}
    assert not any("bounds" in one["words"] for one in decision.reasons)
    set_bounds(line, Bounds(most_sets=2), by=at_north.people.nora)
    limited = propose_dose(line)
    assert limited is not None
    assert "therapist_bounds" in {one["id"] for one in limited.fired}


def test_a_kept_dose_that_nobody_did_teaches_nothing(line: PrescribedExercise, at_north: Ward) -> None:
    make_session_of(line, ago=0.02)
    set_bounds(line, Bounds(least_rung=2, least_sets=2, least_repetitions=8), by=at_north.people.nora)
    PainReport.objects.filter(moment="after").delete()
    kept = propose_dose(line)
    assert kept is not None
    assert kept.state == State.KEPT
    report_pain(at_north.paul, value=8, moment="stop")
    assert propose_dose(line) != kept
    kept.refresh_from_db()
    assert (kept.state, kept.delivered, kept.dose_after) == (State.SUPERSEDED, None, None)


def test_rest_ends_when_the_red_flag_was_answered(line: PrescribedExercise, at_north: Ward) -> None:
    make_session_of(line, ago=0.1)
    stopped = stop_exercising(at_north.paul, ticked=["calf_swollen"])
    assert propose_what_was_left() == 0
    close_alert(stopped.alert, by=at_north.people.nora, outcome="No clot on ultrasound", lift_hold=True)
    assert propose_what_was_left() == 1
    newest = DoseDecision.objects.order_by("-pk").first()
    assert newest is not None
    assert (newest.context["trigger"], newest.proposed["rest"]) == ("none", False)
    assert DoseDecision.objects.filter(state=State.SUPERSEDED).count() == 1


def test_a_proposal_that_was_exercised_through_keeps_what_was_in_force(line: PrescribedExercise) -> None:
    first = make_steps_back(line)
    make_session_of(line, ago=-0.001, after=8)
    propose_dose(line, at=days_ago(-0.01))
    first.refresh_from_db()
    assert (first.state, first.delivered) == (State.SUPERSEDED, first.current)


def test_a_change_by_hand_overtakes_a_proposal(line: PrescribedExercise, at_north: Ward) -> None:
    decision = make_steps_back(line)
    change_dose(line, Dose(sets=1, repetitions=5), by=at_north.people.nora)
    decision.refresh_from_db()
    assert (decision.state, decision.decision_reason) == (
        State.SUPERSEDED,
        "The dose was changed by hand first.",
    )
    assert not AttentionReason.objects.filter(code="dose_proposal", resolved_at=None).exists()


@pytest.mark.parametrize(
    "act", [remove_exercise, lambda line, by: end_prescription(line.prescription, by=by)]
)
def test_a_proposal_ends_with_its_exercise(
    line: PrescribedExercise, at_north: Ward, act: Callable[..., object]
) -> None:
    decision = make_steps_back(line)
    act(line, by=at_north.people.nora)
    decision.refresh_from_db()
    assert decision.state == State.EXPIRED
    assert propose_dose(line) is None


@pytest.mark.parametrize("bounds", [Bounds(pinned=True), Bounds(adaptive=False)])
def test_nothing_is_said_when_the_therapist_wants_nothing(
    line: PrescribedExercise, at_north: Ward, bounds: Bounds
) -> None:
    open_one = make_steps_back(line)
    set_bounds(line, bounds, by=at_north.people.nora)
    open_one.refresh_from_db()
    assert open_one.state == State.SUPERSEDED
    assert propose_dose(line) is None
    assert dosing_lines(line.prescription)[line.pk].why_none


def test_an_exercise_of_the_clinics_own_has_no_ladder(line: PrescribedExercise) -> None:
    line.exercise.code = "our_own_squat"
    line.exercise.save()
    line = line_of(line.prescription, "our_own_squat")
    assert propose_dose(line) is None
    assert "No ladder" in dosing_lines(line.prescription)[line.pk].why_none


def test_a_red_flag_leaves_nothing_but_rest(line: PrescribedExercise) -> None:
    make_session_of(line, ago=1)
    stopped = stop_exercising(line.prescription.patient, ticked=["calf_swollen"])
    decision = DoseDecision.objects.get()
    assert decision.proposed["rest"] is True
    assert [Action.of(one).rest for one in decision.allowed] == [True]
    assert (stopped.alert.severity, decision.context["trigger"]) == ("emergency", "red_flag")


def test_variations_of_other_lines_are_never_proposed(at_north: Ward) -> None:
    codes = ("squat", "sit_to_stand", "lunge")
    plan = make_old_plan(at_north.paul, by=at_north.people.nora, codes=codes, sets=2, repetitions=8)
    line = line_of(plan)
    make_session_of(line, ago=0.1, after=7)
    decision = propose_dose(line)
    assert decision is not None
    rungs = {one["rung"] for one in decision.allowed if not one["rest"]}
    assert rungs == {decision.current["rung"]}


def test_the_learner_switched_off_leaves_the_protocol(line: PrescribedExercise, at_north: Ward) -> None:
    released = know_released("adapt_rx")
    assert released is not None
    switch_off_model(released, by=at_north.people.ada, reason="Trying without")
    decision = make_steps_back(line)
    assert decision.by_protocol
    assert decision.proposed == decision.protocol_action
    assert decision.propensity == 1


def test_what_the_learner_proposed_ends_with_its_switch(line: PrescribedExercise, at_north: Ward) -> None:
    first = make_steps_back(line)
    released = know_released("adapt_rx")
    assert released is not None
    switch_off_model(released, by=at_north.people.ada, reason="Trying without")
    with pytest.raises(ProposalGone, match="switched off"):
        accept_proposal(first, by=at_north.people.nora)
    by_protocol = DoseDecision.objects.get(state=State.PROPOSED)
    assert by_protocol.by_protocol
    assert propose_what_was_left() == 0


def test_the_round_asks_the_protocol_when_the_learner_is_off(
    line: PrescribedExercise, at_north: Ward
) -> None:
    first = make_steps_back(line)
    released = know_released("adapt_rx")
    assert released is not None
    switch_off_model(released, by=at_north.people.ada, reason="Trying without")
    assert propose_what_was_left() == 1
    first.refresh_from_db()
    assert first.state == State.SUPERSEDED
    assert DoseDecision.objects.get(state=State.PROPOSED).by_protocol


def test_a_person_has_decided_and_nothing_is_new(line: PrescribedExercise, at_north: Ward) -> None:
    decision = make_steps_back(line)
    reject_proposal(decision, by=at_north.people.nora, reason="It was the stairs")
    assert review_dose(line, session_ref=decision.session_ref) == decision
    assert DoseDecision.objects.count() == 1


def make_step_up(line: PrescribedExercise) -> DoseDecision:
    """Two easy weeks: the protocol goes up."""
    for ago in (13, 11, 9, 7, 5, 3):
        make_session_of(line, ago=ago, morning=1)
    decision = propose_dose(line)
    assert decision is not None and load_of(decision, decision.proposed) > load_of(decision, decision.current)
    return decision


def test_a_rejected_step_up_is_not_proposed_again_within_the_week(
    line: PrescribedExercise, at_north: Ward
) -> None:
    with clock.at(days_ago(2)):
        reject_proposal(make_step_up(line), by=at_north.people.nora, reason="Not before the wedding")
    decision = review_dose(line, session_ref=make_session_of(line, ago=0.1, morning=None))
    assert decision is not None and decision.state == State.KEPT
    assert "forbid_progression" in {one["id"] for one in decision.fired}
    asked = propose_dose(line)
    assert asked is not None and load_of(asked, asked.proposed) > load_of(asked, asked.current)


def test_a_rejected_step_up_may_be_proposed_again_after_a_week(
    line: PrescribedExercise, at_north: Ward
) -> None:
    with clock.at(days_ago(2)):
        rejected = reject_proposal(make_step_up(line), by=at_north.people.nora, reason="Not yet")
    DoseDecision.objects.filter(pk=rejected.pk).update(decided_at=days_ago(8))
    decision = review_dose(line, session_ref=make_session_of(line, ago=0.1, morning=None))
    assert decision is not None and decision.state == State.PROPOSED


def test_an_old_session_analysed_again_says_nothing(
    line: PrescribedExercise, django_capture_on_commit_callbacks: Capture
) -> None:
    old = make_session_of(line, ago=4)
    make_session_of(line, ago=1)
    with django_capture_on_commit_callbacks(execute=True):
        propose_after_session([line], session_ref=old)
    assert not DoseDecision.objects.exists()


def test_a_session_waits_for_the_pain_answer(
    line: PrescribedExercise, django_capture_on_commit_callbacks: Capture
) -> None:
    session_ref = make_session_of(line, ago=0.001, after=None)
    with django_capture_on_commit_callbacks(execute=True):
        propose_after_session([line], session_ref=session_ref)
    assert not DoseDecision.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        report_pain(line.prescription.patient, value=2, moment="after", session_ref=session_ref)
    decision = DoseDecision.objects.get()
    assert (decision.session_ref, decision.context["pain_after"]) == (session_ref, 2)


def test_a_session_without_an_answer_is_decided_about_later(line: PrescribedExercise) -> None:
    make_session_of(line, ago=0.001, after=None)
    assert propose_what_was_left() == 0
    assert propose_what_was_left(at=days_ago(-0.1)) == 1
    assert propose_what_was_left(at=days_ago(-0.2)) == 0


def test_pain_that_breaks_the_rule_concerns_the_whole_plan(
    at_north: Ward, django_capture_on_commit_callbacks: Capture
) -> None:
    plan = make_old_plan(at_north.paul, by=at_north.people.nora, codes=("squat", "bridge"), repetitions=10)
    for one in exercises_of(plan).select_related("prescription__patient__clinic"):
        make_session_of(one, ago=1)
    with django_capture_on_commit_callbacks(execute=True):
        report_pain(at_north.paul, value=8, moment="next_morning")
    assert DoseDecision.objects.filter(state=State.PROPOSED).count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(5):
            report_pain(at_north.paul, value=8, moment="next_morning")
    assert DoseDecision.objects.count() == 2


def test_the_log_holds_no_words_of_the_patient(line: PrescribedExercise) -> None:
    make_steps_back(line)
    details = AuditEvent.objects.filter(object_type="prescriptions.DoseDecision").values_list(
        "detail", flat=True
    )
    assert list(details) == [{"state": "proposed"}]


def test_each_line_costs_as_many_queries(at_north: Ward) -> None:
    plan = make_old_plan(at_north.paul, by=at_north.people.nora, codes=("squat", "bridge", "calf_raise"))
    counts = []
    for one in exercises_of(plan).select_related("prescription__patient__clinic"):
        make_session_of(one, ago=1)
        with CaptureQueriesContext(connection) as caught:
            propose_dose(one, session_ref=uuid4())
        counts.append(len(caught))
    assert counts[1] == counts[2]
