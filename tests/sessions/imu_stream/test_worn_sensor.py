"""A worn sensor that sends batches by itself while its wearer does a set."""

from types import SimpleNamespace

import numpy as np
import pytest

from clinic.tenancy.scope import clinic_scope
from patients.services import give_consent, withdraw_consent
from sessions import services
from sessions.errors import HeaderChanged, MotionConsentMissing, SetIsOver, SetNotFound
from sessions.models import Device, Recording
from sessions.motion_codec import IMU_FRAME
from sessions.services import live_batches
from tests.factories.sessions import first_set, make_session
from tests.sessions.imu_stream.phone import frames_of_samples, thigh_squats

NOON_MS = 1_795_000_000_000.0


@pytest.fixture
def worn(floor):
    with clinic_scope(floor.paul.clinic_id):
        give_consent(floor.paul, "motion")
        device = Device.objects.create(
            patient=floor.paul,
            kind="metamotion",
            name="Thigh",
            placement="right_thigh",
            token_hash="x",
            created_by=floor.people.nora,
        )
        live_batches._scorers.clear()
        yield SimpleNamespace(
            paul=floor.paul,
            petra=floor.petra,
            people=floor.people,
            device=device,
            exercise_set=first_set(make_session(floor.paul)),
        )


def batches(samples, size=60):
    frames = np.frombuffer(frames_of_samples(samples), dtype=IMU_FRAME).copy()
    frames["capture_ms"] += NOON_MS
    return [frames[at : at + size] for at in range(0, len(frames), size)]


def send(worn, some):
    states = [services.score_set_batch(worn.exercise_set.ref, batch, device=worn.device) for batch in some]
    return states[-1]


def test_a_set_is_counted_shown_and_judged(worn, monkeypatch):
    shown = []
    monkeypatch.setattr("sessions.events.show_own_page", lambda ref, summary: shown.append(summary))
    state = send(worn, batches(thigh_squats(4, forward_by={4: -40.0})))
    assert (state["count"], state["last"]["classification"]) == (4, "significant")
    assert shown[-1]["count"] == 4
    assert max(summary["count"] for summary in shown[:5]) == 1
    services.finish_set(worn.exercise_set)
    analysed = services.reanalyse_set(worn.exercise_set.pk)
    assert (analysed.counted_by, analysed.repetition_count) == ("sensor", 4)
    recording = Recording.objects.get(exercise_set=worn.exercise_set)
    assert (recording.source, recording.placement, recording.device) == ("device", "right_thigh", worn.device)


def test_another_process_goes_on_where_this_one_was(worn):
    some = batches(thigh_squats(4))
    send(worn, some[:6])
    live_batches._scorers.clear()
    assert send(worn, some[6:])["count"] == 4


def test_what_was_sent_already_is_left_out(worn):
    some = batches(thigh_squats(3))
    send(worn, some)
    again = send(worn, [np.concatenate(some)])
    assert again["count"] == 3
    recording = Recording.objects.get(exercise_set=worn.exercise_set)
    assert recording.frame_count == sum(len(one) for one in some)


def test_a_set_of_another_patient_is_not_found(worn):
    stranger = Device.objects.create(
        patient=worn.petra,
        kind="other",
        name="x",
        placement="chest",
        token_hash="y",
        created_by=worn.people.nora,
    )
    with pytest.raises(SetNotFound):
        services.score_set_batch(worn.exercise_set.ref, batches(thigh_squats(1))[0], device=stranger)
    with pytest.raises(SetNotFound):
        services.score_set_batch("no ref", batches(thigh_squats(1))[0], device=worn.device)


def test_a_set_that_is_over_or_not_agreed_to_takes_nothing(worn):
    batch = batches(thigh_squats(1))[0]
    withdraw_consent(worn.paul, "motion")
    with pytest.raises(MotionConsentMissing):
        services.score_set_batch(worn.exercise_set.ref, batch, device=worn.device)
    give_consent(worn.paul, "motion")
    services.finish_set(worn.exercise_set, skipped=True)
    with pytest.raises(SetIsOver):
        services.score_set_batch(worn.exercise_set.ref, batch, device=worn.device)
    assert Recording.objects.count() == 0


def test_a_second_sensor_does_not_write_into_the_firsts_recording(worn):
    some = batches(thigh_squats(1))
    send(worn, some[:1])
    worn.device.placement = "chest"
    with pytest.raises(HeaderChanged):
        services.score_set_batch(worn.exercise_set.ref, some[1], device=worn.device)


def test_a_set_does_not_grow_without_end(worn, monkeypatch):
    monkeypatch.setattr(live_batches, "MOST_SET_FRAMES", 100)
    first, second, *_ = batches(thigh_squats(1))
    services.score_set_batch(worn.exercise_set.ref, first, device=worn.device)
    with pytest.raises(SetIsOver, match="too many samples"):
        services.score_set_batch(worn.exercise_set.ref, second, device=worn.device)
    assert Recording.objects.get(exercise_set=worn.exercise_set).frame_count == 60
