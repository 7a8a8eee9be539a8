"""A movement recording from its start to its end."""

from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from clinic.tenancy.scope import clinic_scope
from patients.services.people import give_consent
from sessions import services
from sessions.errors import MotionConsentMissing, RecordingIsOver, RecordingTakenOver
from sessions.models import Job, Recording, RecordingSegment
from tests.factories.movement import fill, frames_of, make_open_recording, make_signal, make_waiting_recording


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict]]:
    """Messages to the queue, kept instead of sent."""
    messages: list[tuple[str, dict]] = []
    monkeypatch.setattr(
        current_app, "send_task", lambda name, kwargs, **rest: messages.append((name, kwargs | rest))
    )
    return messages


def start(patient, **said) -> Recording:
    values = {"activity": "walk", "source": "phone", "placement": "pocket", "by": patient.membership, **said}
    return services.start_recording(patient, **values)


def test_a_phone_needs_the_patients_consent(north):
    with pytest.raises(MotionConsentMissing):
        start(north.paul)
    assert not Recording.objects.exists()
    give_consent(north.paul, "motion")
    recording = start(north.paul, note="walking stick")
    assert (recording.state, recording.placement, recording.note) == ("open", "pocket", "walking stick")
    assert recording.simulated is False


def test_an_upload_is_sent_on_purpose(north):
    assert start(north.paul, source="upload").source == "upload"


def test_a_made_up_place_is_refused(north):
    with pytest.raises(ValueError, match="hat"):
        start(north.paul, source="upload", placement="hat")


def test_segments_are_counted_and_packed(north):
    recording = fill(make_open_recording(north.paul), make_signal(30))
    assert (recording.segment_count, recording.sample_count, recording.next_sequence) == (3, 1500, 1500)
    assert recording.last_capture_ms == pytest.approx(29_980.0)
    assert RecordingSegment.objects.filter(recording=recording).count() == 3


def test_frames_are_stored_once(north):
    recording = make_open_recording(north.paul)
    frames = frames_of(make_signal(10))
    assert services.store_motion_segment(recording.pk, frames) == 500
    with pytest.raises(RecordingTakenOver):
        services.store_motion_segment(recording.pk, frames)
    assert RecordingSegment.objects.count() == 1


def test_finishing_queues_the_analysis_once(north, sent, django_capture_on_commit_callbacks):
    recording = fill(make_open_recording(north.paul), make_signal(10))
    with django_capture_on_commit_callbacks(execute=True):
        services.finish_recording(recording)
        again = services.finish_recording(recording)
    assert again.state == "waiting"
    assert Job.objects.get(object_ref=recording.ref).kind == "motion"
    analyses = [told for name, told in sent if name == "sessions.analyse_recording"]
    assert [(told["recording_id"], told["queue"]) for told in analyses] == [(recording.pk, "video")]


def test_a_finished_recording_takes_no_more(north):
    recording = make_waiting_recording(north.paul)
    with pytest.raises(RecordingIsOver):
        services.store_motion_segment(recording.pk, frames_of(make_signal(2), first=9000))


def test_an_empty_recording_says_that_nothing_arrived(north):
    recording = services.finish_recording(make_open_recording(north.paul))
    assert recording.state == "failed"
    assert recording.failure.startswith("Nothing arrived")
    assert not Job.objects.exists()


def test_a_forgotten_recording_is_finished_with_what_came(north):
    recording = fill(make_open_recording(north.paul), make_signal(10))
    fresh = make_open_recording(north.petra)
    later = timezone.now() + timedelta(minutes=30)
    Recording.objects.filter(pk=recording.pk).update(updated_at=timezone.now() - timedelta(minutes=20))
    assert services.close_forgotten_recordings(now=later) == 1
    recording.refresh_from_db()
    fresh.refresh_from_db()
    assert (recording.state, fresh.state) == ("waiting", "open")


def test_a_file_that_is_being_read_is_given_a_day(north):
    reading = start(north.paul, source="upload")
    Recording.objects.filter(pk=reading.pk).update(updated_at=timezone.now() - timedelta(hours=3))
    assert services.close_forgotten_recordings() == 0
    assert services.close_forgotten_recordings(now=timezone.now() + timedelta(days=1)) == 1


def test_south_cannot_fill_norths_recording(north):
    recording = make_open_recording(north.paul)
    with clinic_scope(north.people.south.pk), pytest.raises(Recording.DoesNotExist):
        services.store_motion_segment(recording.pk, frames_of(make_signal(2)))
