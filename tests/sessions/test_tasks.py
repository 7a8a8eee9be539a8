"""Tasks work for one clinic, and may run twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinic.tenancy.scope import clinic_scope
from sessions import tasks
from sessions.models import ExerciseSet, Repetition, TherapySession
from sessions.services import finish_set
from tests.factories.sessions import first_set, make_session, squats, store_motion


def recorded_set(patient):
    exercise_set = first_set(make_session(patient))
    store_motion(exercise_set, squats())
    with clinic_scope(patient.clinic_id):
        finish_set(exercise_set)
    return exercise_set


def test_a_set_is_analysed_once_however_often_the_task_runs(floor):
    exercise_set = recorded_set(floor.paul)
    for _ in range(3):
        tasks.analyse_set(clinic_id=floor.paul.clinic_id, set_id=exercise_set.pk)
    with clinic_scope(floor.paul.clinic_id):
        assert Repetition.objects.count() == 4
        assert TherapySession.objects.get().state == "analysed"


def test_another_clinics_task_does_not_find_the_set(floor):
    exercise_set = recorded_set(floor.paul)
    with pytest.raises(ExerciseSet.DoesNotExist):
        tasks.analyse_set(clinic_id=floor.sid.clinic_id, set_id=exercise_set.pk)
    with clinic_scope(floor.paul.clinic_id):
        assert Repetition.objects.count() == 0


def test_a_session_left_open_is_closed_and_what_was_done_is_analysed(floor):
    session = make_session(floor.paul)
    store_motion(first_set(session), squats())
    with clinic_scope(floor.paul.clinic_id):
        TherapySession.objects.update(last_activity_at=timezone.now() - timedelta(hours=56))
    tasks.close_forgotten(clinic_id=floor.paul.clinic_id)
    with clinic_scope(floor.paul.clinic_id):
        session.refresh_from_db()
        assert (session.state, session.completed) == ("ended", False)
        ExerciseSet.objects.update(ended_at=timezone.now() - timedelta(minutes=5))
    tasks.close_forgotten(clinic_id=floor.paul.clinic_id)
    with clinic_scope(floor.paul.clinic_id):
        session.refresh_from_db()
        assert (session.state, session.repetitions_done) == ("analysed", 4)


def test_a_session_that_goes_on_is_left_alone(floor):
    session = make_session(floor.paul)
    tasks.close_forgotten(clinic_id=floor.paul.clinic_id)
    with clinic_scope(floor.paul.clinic_id):
        session.refresh_from_db()
        assert session.state == "planned"


def test_a_segment_that_was_changed_is_noticed(floor):
    from sessions.codec import CorruptSegment
    from sessions.models import RecordingSegment

    exercise_set = recorded_set(floor.paul)
    with clinic_scope(floor.paul.clinic_id):
        RecordingSegment.objects.update(sha256="0" * 64)
    with pytest.raises(CorruptSegment):
        tasks.analyse_set(clinic_id=floor.paul.clinic_id, set_id=exercise_set.pk)
