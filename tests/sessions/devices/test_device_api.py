"""Batches of a sensor: stored once, for its own patient only, and refused in words."""

from datetime import timedelta
from uuid import uuid4

import numpy as np
import orjson
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.pace import Pace
from clinic.tenancy.scope import clinic_scope
from patients.services.people import withdraw_consent
from sessions import services
from sessions.device_batches import Batch, parse_batch
from sessions.errors import DeviceNotKnown
from sessions.models import Device, DeviceBatch, ExerciseSet, Recording
from sessions.services.movement import devices as device_services
from tests.factories.sessions import first_set, make_session
from tests.sessions.devices.gateway import batch_body, batch_frames, make_gateway


@pytest.fixture(autouse=True)
def _fresh_pace():
    cache.clear()


@pytest.fixture
def gateway(floor):
    return make_gateway(floor.paul)


def stored(patient):
    with clinic_scope(patient.clinic_id):
        return list(Recording.objects.filter(patient=patient, source="device").order_by("id"))


def test_a_batch_begins_a_recording_and_the_next_one_goes_on(floor, gateway):
    assert gateway.send(batch_body(ago_s=600)).status_code == 201
    assert gateway.send(batch_body(ago_s=590), zipped=True).status_code == 201
    assert (
        gateway.send(batch_frames(), **{"Content-Type": "application/vnd.plumbline.imu"}).status_code == 201
    )
    (recording,) = stored(floor.paul)
    assert recording.sample_count == 300
    assert recording.placement == "lower_back"
    assert recording.activity == "free_living"
    with clinic_scope(floor.paul.clinic_id):
        device = Device.objects.get(pk=gateway.device.pk)
    assert timezone.now() - device.last_seen_at < timedelta(minutes=1)


def test_a_long_pause_begins_another_recording(floor, gateway):
    gateway.send(batch_body(ago_s=7200))
    gateway.send(batch_body(ago_s=60))
    assert len(stored(floor.paul)) == 2


def test_the_samples_come_back_as_they_were_sent(floor, gateway):
    body = batch_body(ago_s=100)
    gateway.send(body)
    (recording,) = stored(floor.paul)
    with clinic_scope(floor.paul.clinic_id):
        services.finish_recording(recording)
        recording.refresh_from_db()
        segments = list(recording.segments.all())
    assert recording.state == "waiting"
    assert sum(segment.frame_count for segment in segments) == len(body["t_ms"])
    assert recording.started_at.timestamp() * 1000 == pytest.approx(body["t_ms"][0], abs=1.0)


def test_the_same_batch_again_is_stored_once(floor, gateway):
    key, body = str(uuid4()), batch_body()
    assert gateway.send(body, key=key).json()["status"] == "stored"
    again = gateway.send(body, key=key)
    assert (again.status_code, again.json()["status"]) == (200, "known")
    assert stored(floor.paul)[0].sample_count == 100


def test_a_key_used_for_other_bytes_is_refused(floor, gateway):
    key = str(uuid4())
    gateway.send(batch_body(), key=key)
    assert gateway.send(batch_body(ago_s=100), key=key).status_code == 409
    assert stored(floor.paul)[0].sample_count == 100


def test_without_consent_nothing_is_stored(floor, gateway):
    with clinic_scope(floor.paul.clinic_id):
        withdraw_consent(floor.paul, "motion")
    assert gateway.send(batch_body()).status_code == 403
    assert stored(floor.paul) == []


@pytest.mark.parametrize("ago_s", [-3600.0, 90 * 86400.0])
def test_a_wrong_clock_is_refused_with_its_cure(floor, gateway, ago_s):
    answer = gateway.send(batch_body(ago_s=ago_s))
    assert answer.status_code == 400
    assert "clock" in answer.json()["detail"]
    assert stored(floor.paul) == []


def test_a_key_opens_only_its_own_clinic(floor, gateway):
    gateway.clinic = "south"
    assert gateway.send(batch_body()).status_code == 401
    gateway.clinic = "nowhere"
    assert gateway.send(batch_body()).status_code == 401
    assert stored(floor.paul) == []


@pytest.mark.parametrize("token", ["", "plb_", "x" * 5000, "plb_" + "0" * 32 + "_" + "A" * 43])
def test_a_wrong_key_is_refused_alike_and_audited(floor, gateway, token):
    gateway.token = token
    answer = gateway.send(batch_body())
    assert answer.status_code == 401
    assert answer.json()["detail"].startswith("This key is not known")
    with clinic_scope(floor.paul.clinic_id):
        assert AuditEvent.objects.filter(action="denied", object_type="sessions.Device").count() == 1


def test_a_key_that_was_taken_back_is_refused(floor, gateway):
    with clinic_scope(floor.paul.clinic_id):
        services.revoke_device(gateway.device, by=floor.people.nora)
    assert gateway.send(batch_body()).status_code == 401


def test_another_patients_set_is_refused(floor, gateway):
    answer = gateway.send(batch_body(), **{"X-Exercise-Set": str(uuid4())})
    assert answer.status_code == 400
    with clinic_scope(floor.paul.clinic_id):
        assert DeviceBatch.objects.count() == 0


def test_too_many_batches_and_too_many_wrong_keys_are_slowed(floor, gateway, settings):
    settings.DEVICE_BATCHES_A_MINUTE = 3
    codes = [gateway.send(batch_body(ago_s=600 - i)).status_code for i in range(5)]
    assert codes == [201, 201, 201, 429, 429]
    gateway.token = "plb_wrong"
    codes = [gateway.send(b"").status_code for _ in range(32)]
    assert codes[0] == 401
    assert codes[-1] == 429


def test_a_body_over_the_limit_is_refused(gateway):
    assert gateway.send(b"x" * (2 * 1024 * 1024 + 1)).status_code == 413


def test_garbage_says_what_is_wrong(gateway):
    answer = gateway.send(b"\x00\x01")
    assert answer.status_code == 400
    assert answer.json()["field"] == "body"
    assert answer.json()["cure"]


def test_a_gateway_may_ask_for_the_time(gateway, client):
    said = client.get("/devices/north/batches/", headers={"Authorization": f"Bearer {gateway.token}"}).json()
    assert said["device"] == str(gateway.device.ref)
    assert said["server_ms"] > 1.7e12


def test_the_key_itself_is_stored_nowhere(floor, gateway):
    secret = gateway.token.rpartition("_")[2]
    with clinic_scope(floor.paul.clinic_id):
        device = Device.objects.get(pk=gateway.device.pk)
    assert secret not in device.token_hash
    assert device.token_hint == secret[-4:]


def test_frames_keep_their_values(floor, gateway):
    gateway.send(batch_frames(), **{"Content-Type": "application/vnd.plumbline.imu"})
    (recording,) = stored(floor.paul)
    assert np.isclose(recording.last_capture_ms, 99 * 20.0, atol=0.01)


@pytest.mark.parametrize(
    ("limit", "pace"),
    [
        ("SAMPLES_A_DAY", Pace(most=250, in_s=86_400)),
        ("NEW_BATCHES_A_DAY", Pace(most=2, in_s=86_400)),
        ("NEW_RECORDINGS_A_DAY", Pace(most=2, in_s=86_400)),
    ],
)
def test_a_patients_sensors_together_fill_no_disk(floor, gateway, monkeypatch, limit, pace):
    monkeypatch.setattr(device_services, limit, pace)
    other = make_gateway(floor.paul)
    bodies = [batch_body(ago_s=86_400 * (3 - i)) for i in range(3)]
    key = str(uuid4())
    answers = [gateway.send(bodies[0], key=key), other.send(bodies[1]), gateway.send(bodies[2])]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[-1].headers["Retry-After"] == "3600"
    assert gateway.send(bodies[0], key=key).json()["status"] == "known"
    assert sum(one.sample_count for one in stored(floor.paul)) == 200


def test_batches_that_come_in_any_order_are_one_recording(floor, gateway):
    for ago_s in (600, 580, 590, 900, 570):
        assert gateway.send(batch_body(ago_s=ago_s)).status_code == 201
    (recording,) = stored(floor.paul)
    assert recording.sample_count == 500
    assert recording.last_capture_ms == pytest.approx(32_000.0, abs=5000.0)


def test_times_in_another_unit_are_refused(gateway):
    body = batch_body()
    body["t_ms"] = [body["t_ms"][0] + 0.001 * i for i in range(100)]
    answer = gateway.send(body)
    assert (answer.status_code, answer.json()["field"]) == (400, "t_ms")


def test_a_key_that_is_taken_back_while_a_batch_arrives_stores_nothing(floor, gateway):
    with clinic_scope(floor.paul.clinic_id):
        device = services.device_of_token(gateway.token)
        services.revoke_device(gateway.device, by=floor.people.nora)
        with pytest.raises(DeviceNotKnown):
            services.store_batch(device, batch_of(batch_body()))
    assert stored(floor.paul) == []


def batch_of(body) -> Batch:
    return parse_batch(orjson.dumps(body), content_type="application/json", key=str(uuid4()))


def ask(gateway):
    headers = {"Authorization": f"Bearer {gateway.token}"}
    return Client().get(f"/devices/{gateway.clinic}/batches/", headers=headers).json()["set"]


def begin_set(patient, *, mode="sensor"):
    """The patient's page says that a worn sensor counts the first set."""
    first = first_set(make_session(patient, mode=mode))
    with clinic_scope(patient.clinic_id):
        return services.tap_count(first, 0)


def test_a_sensor_is_told_the_set_that_its_wearer_does(floor, gateway):
    assert ask(gateway) is None
    running = begin_set(floor.paul)
    assert ask(gateway) == str(running.ref)
    assert gateway.send(batch_body(ago_s=2)).json()["set"] == str(running.ref)
    assert ask(make_gateway(floor.petra)) is None
    with clinic_scope(floor.paul.clinic_id):
        services.finish_set(running, count=3, skipped=False)
    assert ask(gateway) is None


def test_a_sensor_is_not_told_of_a_set_that_something_else_counts(floor, gateway):
    running = begin_set(floor.paul)
    with clinic_scope(floor.paul.clinic_id):
        other = Recording.objects.create(
            patient=floor.paul, exercise_set=running, modality="imu", source="phone", frame_count=60
        )
    assert ask(gateway) is None
    with clinic_scope(floor.paul.clinic_id):
        other.delete()
        services.tap_count(running, 2)
    assert ask(gateway) is None


def test_a_set_that_was_left_behind_takes_nothing(floor, gateway):
    running = begin_set(floor.paul)
    with clinic_scope(floor.paul.clinic_id):
        ExerciseSet.objects.filter(pk=running.pk).update(started_at=timezone.now() - timedelta(hours=2))
    assert ask(gateway) is None
