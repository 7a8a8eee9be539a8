"""What an attacker, a bored patient, a damaged row or plain time can do to proposals, and what stops it."""

import logging
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from clinic.models import Membership
from patients.models import EpisodeOfCare, PainReport
from patients.services import report_pain
from prescriptions.adapt_rx.ladders import ladder_of
from prescriptions.adapt_rx.learner import prior
from prescriptions.adapt_rx.types import Action
from prescriptions.dose import Dose
from prescriptions.errors import OutsideBounds, ProposalGone
from prescriptions.models import DoseDecision, Exercise, LearnerState, PrescribedExercise
from prescriptions.selectors import learner_in_force
from prescriptions.services import (
    accept_proposal,
    edit_proposal,
    learn,
    propose_dose,
    record_response,
    reject_proposal,
)
from prescriptions.services.adapting import proposing
from sessions.demo import clock
from tests.factories.dosing import line_of, make_old_plan, make_session_of
from tests.factories.patients import Ward

State = DoseDecision.State


@pytest.fixture
def nora(at_north: Ward) -> Membership:
    return at_north.people.nora


@pytest.fixture
def line(at_north: Ward, nora: Membership) -> PrescribedExercise:
    return line_of(make_old_plan(at_north.paul, by=nora, sets=2, repetitions=8))


def steps_up(line: PrescribedExercise, **other: int) -> DoseDecision:
    """An open proposal for two more repetitions, after easy sessions without pain."""
    for ago in (6, 4, 2):
        make_session_of(line, ago=ago, before=0, after=0, effort=2, morning=0)
    decision = propose_dose(line)
    assert decision is not None
    now = Action.of(decision.current)
    harder = [one for one in decision.allowed if one["repetitions"] > now.repetitions]
    harder = [one for one in harder if (one["rung"], one["sets"]) == (now.rung, now.sets)]
    assert harder, "this must be a place where the rules let the dose grow"
    kept = {"state": State.PROPOSED, "proposed": harder[0], "delivered": None, "delivered_exercise": None}
    DoseDecision.objects.filter(pk=decision.pk).update(**kept)
    decision.refresh_from_db()
    return decision


def dose_of(line: PrescribedExercise) -> Dose:
    return Dose.of(PrescribedExercise.objects.get(pk=line.pk))


def test_a_step_up_that_the_rules_still_allow_is_accepted(line: PrescribedExercise, nora: Membership) -> None:
    decision = steps_up(line)
    accept_proposal(decision, by=nora)
    assert dose_of(line).repetitions == decision.proposed["repetitions"]


def test_a_step_up_grows_stale(line: PrescribedExercise, nora: Membership) -> None:
    decision = steps_up(line)
    before = dose_of(line)
    with clock.at(timezone.now() + timedelta(days=9)), pytest.raises(ProposalGone, match="safety rules"):
        accept_proposal(decision, by=nora)
    decision.refresh_from_db()
    assert (decision.state, dose_of(line)) == (State.SUPERSEDED, before)
    newest = DoseDecision.objects.order_by("-pk").first()
    assert newest is not None
    assert newest.pk != decision.pk
    assert newest.proposed != decision.proposed


def test_pain_below_the_alarm_still_stops_a_step_up(line: PrescribedExercise, nora: Membership) -> None:
    """Pain of 4 raises no alert, and the rules allow nothing harder after it."""
    decision = steps_up(line)
    session = PainReport.objects.filter(moment="after").latest("at").session_ref
    report_pain(line.prescription.patient, value=4, moment="after", session_ref=session)
    DoseDecision.objects.filter(pk=decision.pk).update(state=State.PROPOSED)
    with pytest.raises(ProposalGone, match="safety rules"):
        accept_proposal(decision, by=nora)
    assert dose_of(line).repetitions == 8


def test_an_operation_entered_meanwhile_stops_a_step_up(line: PrescribedExercise, nora: Membership) -> None:
    decision = steps_up(line)
    patient = line.prescription.patient
    EpisodeOfCare.objects.filter(patient=patient).delete()
    EpisodeOfCare.objects.create(patient=patient, title="ACL reconstruction", status="active")
    with pytest.raises(ProposalGone, match="safety rules"):
        accept_proposal(decision, by=nora)
    assert dose_of(line).repetitions == 8


def test_an_edit_is_judged_by_the_rules_of_now(line: PrescribedExercise, nora: Membership) -> None:
    decision = steps_up(line)
    dose = Dose(sets=2, repetitions=decision.proposed["repetitions"])
    with clock.at(timezone.now() + timedelta(days=9)):
        with pytest.raises(OutsideBounds):
            edit_proposal(decision, dose, by=nora, reason="As it said")
        edited = edit_proposal(decision, dose, by=nora, reason="As it said", beyond_mask=True)
    assert (edited.beyond_rules, dose_of(line)) == (True, dose)


def test_a_stale_proposal_can_still_be_rejected(line: PrescribedExercise, nora: Membership) -> None:
    decision = steps_up(line)
    with clock.at(timezone.now() + timedelta(days=9)):
        assert reject_proposal(decision, by=nora, reason="Too late").state == State.REJECTED


def test_a_variation_retired_in_the_library_meanwhile_is_not_swapped_in(
    line: PrescribedExercise, nora: Membership
) -> None:
    decision = steps_up(line)
    found = ladder_of("squat")
    assert found is not None
    ladder, rung = found
    easier = Action(rung=rung - 1, sets=2, repetitions=8).to_dict()
    DoseDecision.objects.filter(pk=decision.pk).update(proposed=easier)
    Exercise.objects.filter(code=ladder.rungs[rung - 1].exercise_code).update(is_active=False)
    with pytest.raises(ProposalGone, match="safety rules"):
        accept_proposal(decision, by=nora)
    assert PrescribedExercise.objects.get(pk=line.pk).removed_at is None


def test_a_ladder_renewed_by_a_release_closes_the_proposal(
    line: PrescribedExercise, nora: Membership
) -> None:
    decision = steps_up(line)
    DoseDecision.objects.filter(pk=decision.pk).update(ladder="ladder_of_yore")
    with pytest.raises(ProposalGone):
        accept_proposal(decision, by=nora)
    decision.refresh_from_db()
    assert decision.state == State.SUPERSEDED


class TestFloods:
    """Each answer may be changed for a day; that must not fill the log."""

    def answer(self, line: PrescribedExercise, session: Any, effort: int) -> None:
        record_response(
            line,
            session_ref=session,
            day=timezone.localdate(),
            sets_done=2,
            repetitions_done=16,
            repetitions_correct=16,
            sets_asked=2,
            repetitions_asked=16,
            effort=effort,
        )
        proposing._after_session(line, session, None)

    def test_changing_an_answer_to_and_fro_makes_few_decisions(self, line: PrescribedExercise) -> None:
        session = make_session_of(line, ago=0.01, after=1)
        for turn in range(20):
            self.answer(line, session, 2 + turn % 2 * 5)
        assert DoseDecision.objects.count() == proposing.MOST_A_SESSION

    def test_a_warning_is_heard_however_many_there_were(self, line: PrescribedExercise) -> None:
        session = make_session_of(line, ago=0.01, after=1)
        for turn in range(10):
            self.answer(line, session, 2 + turn % 2 * 5)
        PainReport.objects.create(
            patient=line.prescription.patient, value=8, moment="after", at=timezone.now(), session_ref=session
        )
        proposing._after_session(line, session, None)
        newest = DoseDecision.objects.order_by("-pk").first()
        assert newest is not None
        assert newest.context["trigger"] == "pain_over_limit"


def test_a_failure_after_a_session_reaches_no_patient_and_quotes_no_record(
    line: PrescribedExercise,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("Paul has a swollen calf")

    session = make_session_of(line, ago=0.01)
    monkeypatch.setattr(proposing, "review_dose", breaks)
    with caplog.at_level(logging.ERROR), django_capture_on_commit_callbacks(execute=True):
        proposing.propose_after_session([line], session_ref=session)
    assert "RuntimeError" in caplog.text
    assert "calf" not in caplog.text


DAMAGES: tuple[Any, ...] = (
    None,
    [],
    "NaN",
    7,
    {},
    {"information": "x"},
    {"information": [1, 2]},
    {"precision": 0},
    {"precision": [[0.0] * 3] * 3},
    {"day": "Tuesday"},
    {"learned": 10**400},
    {"day": 4_000_000},
    {"base_mean": [10**400]},
    {"patients": {"someone": {"precision": [[0] * 3] * 3, "information": [0] * 3, "seen": 1}}},
    {"patients": {"someone": {"precision": 0, "information": "x", "seen": 10**30}}},
    {"settings": {}},
    {"settings": {"draws": 10**12}},
)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda one: str(one)[:40])
def test_a_damaged_state_falls_back_to_the_released_prior(line: PrescribedExercise, damage: Any) -> None:
    held: Any = deepcopy(prior().to_dict())
    if isinstance(damage, dict) and damage:
        for name, value in damage.items():
            held[name] = {**held[name], **value} if name == "settings" and value else value
    else:
        held = damage if damage is not None else "null"
    LearnerState.objects.create(
        number=7, prior_version=prior().prior, posterior=held, sha256="0" * 64, learned_from=9
    )
    learner = learner_in_force()
    assert (learner.row, learner.posterior.sha256()) == (None, prior().sha256())
    assert learner.set_aside is not None
    make_session_of(line, ago=1)
    assert propose_dose(line) is not None
    learn()
