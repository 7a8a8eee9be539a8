"""Who may open a movement recording: the right person, a colleague without the right, a stranger."""

import pytest
from django.db import IntegrityError, connection, transaction

from clinic.audit.models import AuditEvent
from clinic.tenancy.scope import NoClinicScope, clinic_scope, no_scope
from patients.errors import NotOnCareTeam
from sessions.errors import RecordingNotFound
from sessions.models import Device, MovementMeasure, Recording, WalkingBout
from sessions.selectors.movement import (
    access_recording,
    bouts_of,
    check_recording_access,
    recordings_for,
    series_for,
    timed_tests_of,
)
from tests.factories.movement import make_analysed_recording
from tests.factories.sessions import first_set, make_session, squats, store_motion


def test_the_therapist_on_the_team_opens_it_and_it_is_written_down(north):
    recording = make_analysed_recording(north.paul)
    assert access_recording(north.people.nora, recording.ref, purpose="bout") == recording
    seen = AuditEvent.objects.get(action="view", object_type="sessions.Recording")
    assert (str(seen.object_ref), seen.purpose, seen.patients) == (
        str(recording.ref),
        "bout",
        [north.paul.pk],
    )


def test_the_patient_opens_their_own(north):
    recording = make_analysed_recording(north.paul)
    assert check_recording_access(north.people.paul, recording.ref, purpose="own") == recording


def test_a_colleague_without_the_right_is_refused_and_it_is_written_down(north):
    recording = make_analysed_recording(north.paul)
    with pytest.raises(NotOnCareTeam):
        access_recording(north.people.ola, recording.ref, purpose="bout")
    assert AuditEvent.objects.filter(action="denied", patients=[north.paul.pk]).count() == 1


@pytest.mark.parametrize("ref", ["", "nonsense", "0190b0c0-0000-7000-8000-000000000001"])
def test_what_does_not_exist_is_not_found(north, ref):
    with pytest.raises(RecordingNotFound):
        access_recording(north.people.nora, ref, purpose="bout")


def test_another_patient_and_another_clinic_find_nothing(north):
    recording = make_analysed_recording(north.paul)
    with pytest.raises(RecordingNotFound):
        access_recording(north.people.petra, recording.ref, purpose="bout")
    with clinic_scope(north.people.south.pk):
        for stranger in (north.people.sam, north.people.sid):
            with pytest.raises(RecordingNotFound):
                access_recording(stranger, recording.ref, purpose="bout")


def test_a_sets_recording_is_opened_through_its_session_only(north):
    from tests.factories.prescriptions import make_prescription

    make_prescription(north.paul, by=north.people.nora, codes=("squat",), sets=1, repetitions=4)
    exercise_set = first_set(make_session(north.paul))
    store_motion(exercise_set, squats())
    recording = Recording.objects.get(exercise_set=exercise_set)
    with pytest.raises(RecordingNotFound):
        access_recording(north.people.nora, recording.ref, purpose="bout")
    assert not recordings_for(north.paul).exists()


def test_nothing_of_north_shows_at_south(north):
    recording = make_analysed_recording(north.paul)
    assert bouts_of(recording).count() == 1
    with clinic_scope(north.people.south.pk):
        assert not Recording.objects.exists()
        assert not WalkingBout.objects.exists()
        assert not MovementMeasure.objects.exists()
    with no_scope(), pytest.raises(NoClinicScope):
        list(series_for(north.paul, "walking_speed_m_s"))


def test_a_row_cannot_point_into_another_clinic(north):
    recording = make_analysed_recording(north.paul)
    with clinic_scope(north.people.south.pk):
        device = Device.objects.create(
            patient=north.sid, kind="watch", name="W", token_hash="x", created_by=north.people.sam
        )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE rehab_sessions_recording SET device_id = %s WHERE id = %s", [device.pk, recording.pk]
        )


def test_lists_are_read_in_as_many_queries_with_three_rows_as_with_one(north, django_assert_num_queries):
    for count in (1, 3):
        while recordings_for(north.paul).count() < count:
            make_analysed_recording(north.paul)
        with django_assert_num_queries(3):
            recordings = list(recordings_for(north.paul))
            assert len([one.device for one in recordings]) == count
            assert len(list(bouts_of(recordings[0]))) == 1
            assert not list(timed_tests_of(north.paul))
