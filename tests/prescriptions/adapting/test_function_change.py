"""The reward's function part: a share of what changed in the patient's activities, or not known."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from patients import services
from patients.local_time import local_day
from patients.models import QuestionnaireRequest
from patients.questionnaires import Answered
from prescriptions.models import DoseDecision, PrescribedExercise
from prescriptions.selectors.adapting.decision_words import reward_words
from prescriptions.selectors.adapting.function import function_change_of_week
from prescriptions.services import propose_dose, reject_proposal, reward_decisions
from sessions.demo import clock
from tests.factories.dosing import days_ago, line_of, make_old_plan, make_session_of
from tests.factories.patients import Ward

MONDAY = date(2026, 11, 2)
NAMES = ("climb stairs", "lift a bag", "drive")


def on(days: int, *values: int, names: tuple[str, ...] = NAMES) -> Answered:
    answers = {f"psfs.{place}": value for place, value in enumerate(values, start=1)}
    return Answered(MONDAY + timedelta(days=days), answers, names)


def of_week(*times: Answered) -> float:
    return function_change_of_week(times, first=MONDAY, last=MONDAY + timedelta(days=7))


def test_a_week_between_two_answers_gets_all_of_it() -> None:
    assert of_week(on(0, 3, 3, 3), on(7, 4, 4, 5)) == pytest.approx(4 / 3 / 1.3, rel=1e-6)


def test_four_weeks_between_them_give_the_week_a_quarter() -> None:
    assert of_week(on(-21, 3, 3, 3), on(7, 4, 4, 5)) == pytest.approx(4 / 3 / 1.3 / 4, rel=1e-6)


def test_worse_is_less_than_nothing_and_limited() -> None:
    assert of_week(on(0, 9, 9, 9), on(3, 0, 0, 0)) == -3.0


@pytest.mark.parametrize(
    "times",
    [
        (),
        (on(0, 3, 3, 3),),
        (on(5, 3, 3, 3),),
        (on(1, 3, 3, 3), on(7, 6, 6, 6)),
        (on(0, 3, 3, 3), on(8, 6, 6, 6)),
        (on(0, 3, 3), on(7, 6, 6, 6)),
        (on(0, 3, 3, 3, names=("run", "swim", "drive")), on(7, 6, 6, 6)),
    ],
)
def test_otherwise_it_is_not_known(times: tuple[Answered, ...]) -> None:
    assert math.isnan(of_week(*times))


def test_the_last_answers_that_can_be_compared_count() -> None:
    other = on(-3, 9, 9, 9, names=("run", "swim", "cycle"))
    assert of_week(on(-21, 3, 3, 3), other, on(7, 4, 4, 5)) > 0


@pytest.fixture
def line(at_north: Ward) -> PrescribedExercise:
    return line_of(make_old_plan(at_north.paul, by=at_north.people.nora, began=60, sets=2, repetitions=8))


@contextmanager
def at_day(ago: float) -> Iterator[None]:
    with clock.at(days_ago(ago)):
        yield


def decide(line: PrescribedExercise, *, ago: float) -> DoseDecision:
    session_ref = make_session_of(line, ago=ago + 0.1, before=2, after=3)
    with at_day(ago):
        decision = propose_dose(line, session_ref=session_ref)
        assert decision is not None
        if decision.state == DoseDecision.State.PROPOSED:
            decision = reject_proposal(decision, by=line.prescription.written_by, reason="Wait")
    return decision


def answer(ward: Ward, asked: QuestionnaireRequest, *, ago: float, value: int) -> None:
    with at_day(ago):
        today = local_day(ward.paul)
        QuestionnaireRequest.objects.filter(pk=asked.pk).update(due_on=today)
        values = {f"psfs.{place}": value for place in (1, 2, 3)}
        services.answer_questions(ward.paul, services.Given(asked.ref, today, values))


def test_answers_in_the_week_reach_the_reward(at_north: Ward, line: PrescribedExercise) -> None:
    nora = at_north.people.nora
    asked = services.ask_questions(at_north.paul, by=nora, activities=list(NAMES), every_weeks=1)
    answer(at_north, asked, ago=22, value=4)
    decision = decide(line, ago=20)
    make_session_of(line, ago=18, before=2, after=2, effort=4)
    answer(at_north, asked, ago=15, value=6)
    reward_decisions()
    decision.refresh_from_db()
    assert decision.observed["function_change"] == pytest.approx(2 / 1.3)
    assert "activities better (1.5 of a change that matters)" in reward_words(decision)


def test_without_answers_the_part_stays_unknown(at_north: Ward, line: PrescribedExercise) -> None:
    decision = decide(line, ago=20)
    make_session_of(line, ago=18, before=2, after=2, effort=4)
    reward_decisions()
    decision.refresh_from_db()
    assert decision.observed["function_change"] is None
    assert "activities" not in reward_words(decision)
    assert decision.reward is not None
