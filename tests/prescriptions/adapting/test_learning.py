"""Rewards come in once, the clinic learns from them, and its log gives the same again."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from clinic.model_register.services import know_released, switch_off_model
from clinic.tenancy.scope import clinic_scope
from prescriptions.adapt_rx.learner import Posterior, prior
from prescriptions.models import DoseDecision, LearnerState, PrescribedExercise
from prescriptions.selectors import learner_in_force
from prescriptions.services import (
    accept_proposal,
    end_prescription,
    learn,
    propose_dose,
    reject_proposal,
    replay_learner,
    reward_decisions,
    undo_decision,
)
from prescriptions.services.adapting import learning
from prescriptions.tasks import learn as learn_task
from prescriptions.tasks import propose_left
from sessions.demo import clock
from tests.factories.dosing import days_ago, line_of, make_old_plan, make_session_of
from tests.factories.patients import Ward

State = DoseDecision.State


@pytest.fixture
def line(at_north: Ward) -> PrescribedExercise:
    return line_of(make_old_plan(at_north.paul, by=at_north.people.nora, began=60, sets=2, repetitions=8))


@contextmanager
def on_day(ago: float) -> Iterator[datetime]:
    moment = days_ago(ago)
    with clock.at(moment):
        yield moment


def make_decided(line: PrescribedExercise, *, ago: float, after: int = 7) -> DoseDecision:
    """A decision of so many days ago, rejected if it asked for something else, with a week of sessions."""
    session_ref = make_session_of(line, ago=ago + 0.1, before=2, after=after)
    with on_day(ago):
        decision = propose_dose(line, session_ref=session_ref)
        assert decision is not None
        if decision.state == State.PROPOSED:
            decision = reject_proposal(decision, by=line.prescription.written_by, reason="Wait")
    return decision


def test_a_reward_waits_for_its_week(line: PrescribedExercise) -> None:
    decision = make_decided(line, ago=8.5)
    make_session_of(line, ago=6, before=2, after=2, morning=2, effort=4)
    assert reward_decisions(at=days_ago(2)) == 0
    assert reward_decisions() == 1
    decision.refresh_from_db()
    seen = decision.observed
    assert (seen["sessions_done"], seen["sessions_asked"], seen["morning_rise"]) == (1, 3, 0)
    assert (seen["flare_days"], seen["capacity_after"] > seen["capacity_before"]) == (0, True)
    assert decision.reward is not None
    assert reward_decisions() == 0


def test_a_flare_and_a_week_away_cost(line: PrescribedExercise) -> None:
    good = make_decided(line, ago=30)
    make_session_of(line, ago=28, after=2, effort=5)
    make_session_of(line, ago=26, after=2, effort=5)
    bad = make_decided(line, ago=15)
    make_session_of(line, ago=13, after=9, effort=5)
    reward_decisions()
    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.reward is not None
    assert bad.reward is not None
    assert bad.reward < good.reward
    assert bad.observed["flare_days"] == 1


def test_many_sessions_on_one_day_teach_once(line: PrescribedExercise) -> None:
    """Somebody who starts ten sessions a day must not move the clinic ten times as far."""
    made = [make_decided(line, ago=20 - turn * 0.01, after=8) for turn in range(4)]
    make_session_of(line, ago=18, after=9, effort=5)
    assert len({one.pk for one in made}) == 4
    assert len({one.day for one in made}) == 1
    assert reward_decisions() == 1
    taught = [one for one in DoseDecision.objects.order_by("pk") if one.reward is not None]
    assert [one.pk for one in taught] == [made[-1].pk]
    state = learn()
    assert state is not None
    assert state.learned_from == 1
    replayed = replay_learner()
    assert replayed is not None
    assert replayed.is_same


def test_too_little_known_gives_no_reward_and_is_not_asked_again(line: PrescribedExercise) -> None:
    decision = make_decided(line, ago=20)
    assert reward_decisions() == 0
    decision.refresh_from_db()
    assert (decision.reward, decision.rewarded_at is not None) == (None, True)
    assert reward_decisions() == 0


def test_nobody_stays_away_from_a_plan_that_ended(line: PrescribedExercise) -> None:
    decision = make_decided(line, ago=20)
    with on_day(17):
        end_prescription(line.prescription, by=line.prescription.written_by)
    reward_decisions()
    decision.refresh_from_db()
    assert decision.observed["sessions_asked"] is None


def test_what_was_taken_back_teaches_nothing(line: PrescribedExercise) -> None:
    session_ref = make_session_of(line, ago=20.1, after=7)
    with on_day(20):
        decision = propose_dose(line, session_ref=session_ref)
        assert decision is not None
        undo_decision(
            accept_proposal(decision, by=line.prescription.written_by), by=line.prescription.written_by
        )
    make_session_of(line, ago=18)
    reward_decisions()
    decision.refresh_from_db()
    assert (decision.state, decision.rewarded_at) == (State.UNDONE, None)


def make_lessons(line: PrescribedExercise, *, begins: int = 50, ends: int = 10) -> None:
    for ago in range(begins, ends, -3):
        make_decided(line, ago=ago, after=2 + ago % 6)
    make_session_of(line, ago=ends - 1)


def test_the_log_gives_the_same_posterior(line: PrescribedExercise) -> None:
    make_lessons(line)
    for ago in (40, 33, 20, 9, 0):
        with on_day(ago):
            reward_decisions()
            learn()
    states = list(LearnerState.objects.order_by("number"))
    assert len(states) >= 3
    replay = replay_learner()
    assert replay is not None
    assert (replay.sha256, replay.lessons) == (states[-1].sha256, states[-1].learned_from)
    assert Posterior.from_dict(states[-1].posterior).sha256() == states[-1].sha256
    assert states[-1].sha256 != prior().sha256()
    assert learn() is None


def test_learning_in_one_night_or_in_many_is_the_same(line: PrescribedExercise) -> None:
    make_lessons(line, begins=30)
    with on_day(1):
        reward_decisions()
        whole = learn()
    assert whole is not None
    assert replay_learner().sha256 == whole.sha256  # type: ignore[union-attr]
    LearnerState.objects.all().delete()
    half = DoseDecision.objects.filter(reward__isnull=False).order_by("rewarded_at", "pk")[:4]
    known = list(half)
    DoseDecision.objects.exclude(pk__in=[one.pk for one in known]).update(reward=None)
    assert learn().learned_from == 4  # type: ignore[union-attr]


def test_an_edited_log_is_noticed(line: PrescribedExercise) -> None:
    make_lessons(line, begins=30)
    reward_decisions()
    learn()
    said = StringIO()
    call_command("replay_adaptrx", clinic="north", stdout=said)
    assert "state 1" in said.getvalue()
    newest = DoseDecision.objects.filter(reward__isnull=False).order_by("pk").first()
    DoseDecision.objects.filter(pk=newest.pk).update(reward=newest.reward + 1)  # type: ignore[union-attr]
    with pytest.raises(CommandError, match="another posterior"):
        call_command("replay_adaptrx", clinic="north", stdout=said)


def test_a_clinic_without_lessons_is_said(at_north: Ward) -> None:
    said = StringIO()
    call_command("replay_adaptrx", clinic="south", stdout=said)
    assert said.getvalue() == "south: nothing learned yet.\n"


def test_switched_off_it_learns_nothing_and_catches_up(line: PrescribedExercise, at_north: Ward) -> None:
    make_lessons(line, begins=30)
    released = know_released("adapt_rx")
    assert released is not None
    switch_off_model(released, by=at_north.people.ada, reason="Trying without")
    reward_decisions()
    assert learn() is None
    assert not learner_in_force().is_on
    released.refresh_from_db()
    released.state = "active"
    released.save()
    state = learn()
    assert state is not None
    assert state.learned_from == DoseDecision.objects.filter(reward__isnull=False).count()


def test_another_prior_learns_the_log_anew(line: PrescribedExercise) -> None:
    make_lessons(line, begins=30)
    reward_decisions()
    first = learn()
    assert first is not None
    LearnerState.objects.update(prior_version="an older release 0")
    assert learner_in_force().posterior.sha256() == prior().sha256()
    again = learn()
    assert again is not None
    assert (again.number, again.sha256, again.learned_from) == (2, first.sha256, first.learned_from)


def test_older_states_do_not_pile_up(line: PrescribedExercise, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "STATES_KEPT", 1)
    make_lessons(line)
    for ago in (40, 30, 20):
        with on_day(ago):
            reward_decisions()
            learn()
    kept = LearnerState.objects.order_by("number").values_list("posterior", flat=True)
    assert [bool(one) for one in kept] == [False] * (len(kept) - 1) + [True]


def test_a_garbled_decision_is_passed_over(line: PrescribedExercise) -> None:
    make_lessons(line, begins=30)
    reward_decisions()
    worst = DoseDecision.objects.filter(reward__isnull=False).order_by("pk").first()
    assert worst is not None
    for broken in ({"ladder": "gone"}, {"delivered": {"rung": 99}}, {"context": {"pain": 1}}):
        DoseDecision.objects.filter(pk=worst.pk).update(**broken)
        LearnerState.objects.all().delete()
        state = learn()
        assert state is not None
        assert state.learned_from == DoseDecision.objects.filter(reward__isnull=False).count() - 1


def test_the_errands_run_in_their_own_clinic(line: PrescribedExercise, at_north: Ward) -> None:
    make_lessons(line, begins=30)
    learn_task(clinic_id=at_north.people.north.pk)
    propose_left(clinic_id=at_north.people.north.pk)
    assert LearnerState.objects.count() == 1
    with clinic_scope(at_north.people.south.pk):
        assert not LearnerState.objects.exists()
        assert learner_in_force().posterior.sha256() == prior().sha256()


def test_the_app_role_may_learn(
    line: PrescribedExercise, as_app_role: "type[AbstractContextManager[None]]"
) -> None:
    make_lessons(line, begins=30)
    with as_app_role():
        assert reward_decisions() > 0
        assert learn() is not None
