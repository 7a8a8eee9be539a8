"""The plan as the assistant quotes it is the plan as the patient's page has it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from clinic.tenancy.scope import clinic_scope
from patients.models import DaySummary, ExerciseHold, Patient
from prescriptions.selectors import today_plan
from prescriptions.services import end_prescription
from sessions.selectors.assistant import plan_of
from sessions.selectors.assistant.plan import days_missed
from tests.factories.patients import make_alert
from tests.sessions.assistant.conftest import Chat


def test_doses_limits_and_words_are_those_of_the_plan(chat: Chat) -> None:
    chat.allow(limits={"pain_limit": 3})
    with chat.scope:
        plan, page = plan_of(chat.ward.paul), today_plan(chat.ward.paul)
    assert page is not None
    assert [each.code for each in plan.exercises] == ["squat", "bridge"]
    squat, shown = plan.exercises[0], page.exercises[0]
    assert (squat.sets, squat.repetitions, squat.rest_s, squat.pain_limit) == (2, 10, 30, 3)
    assert (squat.dose_words, squat.days_words) == (shown.dose_words, shown.days_words)
    assert squat.instructions == tuple(shown.prescribed.exercise_version.spec["instructions"])
    assert squat.figure_url == f"/c/north/today/exercises/{shown.prescribed.ref}/"
    assert (plan.minutes, plan.therapist_name, plan.on_hold) == (page.minutes, "Nora", False)


def test_a_hold_is_seen_and_no_plan_is_none(chat: Chat) -> None:
    alert = make_alert(chat.ward.paul)
    with chat.scope:
        ExerciseHold.objects.create(patient=chat.ward.paul, alert=alert, since=timezone.now())
        assert plan_of(chat.ward.paul).on_hold
        assert plan_of(chat.ward.petra).exercises == ()


def test_a_plan_that_ended_is_quoted_no_more(chat: Chat) -> None:
    with chat.scope:
        plan = today_plan(chat.ward.paul)
        assert plan is not None
        end_prescription(plan.prescription, by=chat.ward.people.nora)
        assert plan_of(chat.ward.paul).exercises == ()


def test_a_plan_is_read_in_a_fixed_number_of_queries(
    chat: Chat, django_assert_max_num_queries: object
) -> None:
    with chat.scope, django_assert_max_num_queries(8):  # type: ignore[operator]
        plan_of(chat.ward.paul)


@pytest.mark.parametrize(
    ("per_week", "days_ago", "missed"),
    [(7, 1, 0), (7, 3, 2), (3, 1, 0), (3, 3, 0), (3, 4, 1), (3, 6, 3), (1, 7, 0), (1, 8, 1)],
)
def test_days_missed_are_those_beyond_the_pause(
    chat: Chat, per_week: int, days_ago: int, missed: int
) -> None:
    today = date(2026, 5, 20)
    with clinic_scope(chat.ward.paul.clinic_id):
        patient = Patient.objects.get(pk=chat.ward.paul.pk)
        patient.planned_days_per_week, patient.plan_started_on = per_week, date(2026, 5, 1)
        DaySummary.objects.create(patient=patient, day=today - timedelta(days=days_ago), sessions_done=1)
        assert days_missed(patient, today=today) == missed
