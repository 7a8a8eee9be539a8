"""From the record to the context: what is known, and what stays unknown."""

import math

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patients.models import EpisodeOfCare
from patients.services import lift_exercise_hold, report_pain, stop_exercising
from prescriptions.adapt_rx.types import Trigger
from prescriptions.dose import Dose
from prescriptions.models import PrescribedExercise
from prescriptions.selectors import context_of
from prescriptions.services import change_dose
from tests.factories.dosing import days_ago, line_of, make_old_plan, make_session_of
from tests.factories.patients import Ward


@pytest.fixture
def line(at_north: Ward) -> PrescribedExercise:
    return line_of(make_old_plan(at_north.paul, by=at_north.people.nora, sets=2, repetitions=8))


def test_nothing_is_guessed(line: PrescribedExercise) -> None:
    context = context_of(line)
    unknown = (
        "pain_before",
        "pain_after",
        "morning_rise",
        "usual_pain",
        "effort",
        "form_correct",
        "completion",
    )
    assert all(math.isnan(getattr(context, name)) for name in unknown)
    assert (context.days_in_plan, context.sessions_at_dose, context.trigger) == (21, 0, Trigger.NONE)
    assert not context.post_operative


def test_the_latest_session_is_read(line: PrescribedExercise) -> None:
    make_session_of(line, ago=5, before=2, after=4)
    make_session_of(line, ago=2, before=2, after=3, morning=1, share=15 / 16, effort=6, significant=2)
    context = context_of(line)
    assert (context.pain_before, context.pain_after, context.effort) == (2, 3, 6)
    assert context.morning_rise == -1
    assert context.completion == 15 / 16
    assert context.form_correct == pytest.approx(13 / 15)
    assert (context.sessions_at_dose, context.days_since_session) == (2, 2)
    assert context.load_seven_days_ago > 0


def test_a_set_that_nobody_saw_is_not_a_set_undone(line: PrescribedExercise) -> None:
    make_session_of(line, ago=1, share=0)
    context = context_of(line)
    assert math.isnan(context.completion)
    assert math.isnan(context.form_correct)


def test_a_line_of_this_week_has_no_dose_of_a_week_ago(at_north: Ward) -> None:
    line = line_of(make_old_plan(at_north.paul, by=at_north.people.nora, began=3))
    assert math.isnan(context_of(line).load_seven_days_ago)


def test_the_dose_of_a_week_ago_is_that_before_a_change(line: PrescribedExercise, at_north: Ward) -> None:
    before = context_of(line).load_seven_days_ago
    changed = change_dose(line, Dose(sets=3, repetitions=8), by=at_north.people.nora)
    assert context_of(changed).load_seven_days_ago == before
    assert context_of(changed, at=days_ago(-8)).load_seven_days_ago == pytest.approx(before * 3 / 2)


def test_clear_compensation_is_counted_by_session(line: PrescribedExercise) -> None:
    make_session_of(line, ago=5, significant=1)
    make_session_of(line, ago=3, significant=4)
    make_session_of(line, ago=1, significant=5)
    assert context_of(line).compensated_sessions == 2


@pytest.mark.parametrize(("after", "trigger"), [(5, Trigger.NONE), (6, Trigger.PAIN_OVER_LIMIT)])
def test_pain_over_the_limit_triggers(line: PrescribedExercise, after: int, trigger: Trigger) -> None:
    make_session_of(line, ago=1, after=after)
    assert context_of(line).trigger == trigger


def test_pain_the_next_morning_triggers(line: PrescribedExercise) -> None:
    make_session_of(line, ago=4, before=2)
    make_session_of(line, ago=2, before=2, morning=4)
    assert context_of(line).trigger == Trigger.PAIN_NEXT_MORNING


def test_the_same_pain_does_not_trigger_twice(line: PrescribedExercise, at_north: Ward) -> None:
    make_session_of(line, ago=1, after=7)
    eased = change_dose(line, Dose(sets=1, repetitions=8), by=at_north.people.nora)
    assert context_of(eased).trigger == Trigger.NONE


def test_old_pain_is_no_answer_of_today(line: PrescribedExercise) -> None:
    make_session_of(line, ago=9, after=1)
    assert math.isnan(context_of(line).pain_after)


def test_stop_is_a_red_flag_until_the_hold_is_lifted(line: PrescribedExercise, at_north: Ward) -> None:
    patient = line.prescription.patient
    stopped = stop_exercising(patient, ticked=["calf_swollen"])
    assert context_of(line).trigger == Trigger.RED_FLAG
    assert context_of(line).exercise_on_hold
    lift_exercise_hold(patient, by=at_north.people.nora, outcome="Seen by the doctor")
    assert context_of(line).trigger == Trigger.RED_FLAG  # the alert itself is still open
    assert stopped.alert.is_open


@pytest.mark.parametrize(
    ("title", "weeks", "post_operative", "known"),
    [
        ("Left knee pain", None, False, False),
        ("Right ACL reconstruction", None, True, False),
        ("Left knee pain", 6, True, True),
    ],
)
def test_an_operation_is_read_from_its_day_or_its_name(
    line: PrescribedExercise, title: str, weeks: int | None, post_operative: bool, known: bool
) -> None:
    day = days_ago(7 * weeks).date() if weeks else None
    EpisodeOfCare.objects.update(title=title, surgery_date=day, onset_date=days_ago(100).date())
    context = context_of(line)
    assert (context.post_operative, not math.isnan(context.days_since_surgery)) == (post_operative, known)
    assert context.days_since_onset == 100


def test_an_answer_on_its_own_counts_after_the_session(line: PrescribedExercise) -> None:
    make_session_of(line, ago=1)
    report_pain(line.prescription.patient, value=8, moment="next_morning", at=days_ago(0.001))
    assert context_of(line).trigger == Trigger.PAIN_OVER_LIMIT
    assert context_of(line, at=days_ago(0.5)).trigger == Trigger.NONE


def test_a_context_takes_as_many_queries_after_many_sessions(line: PrescribedExercise) -> None:
    counts = []
    for day in (6, 5, 4):
        make_session_of(line, ago=day)
        with CaptureQueriesContext(connection) as caught:
            context_of(line)
        counts.append(len(caught))
    assert counts[0] == counts[2]
