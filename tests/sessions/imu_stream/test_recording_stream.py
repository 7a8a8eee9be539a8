"""A walk or a test that the phone streams into a recording of its own."""

import numpy as np
import pytest
from django.core.cache import cache

from clinic.pace import Pace
from patients.services import give_consent, withdraw_consent
from sessions import ingest, selectors, services
from sessions.models import Recording
from sessions.motion_codec import IMU_FRAME_BYTES
from sessions.services import streams
from tests.sessions.imu_stream.phone import (
    Phone,
    frames_of_samples,
    messages_of_frames,
    sensor_header,
    thigh_squats,
)
from tests.sessions.scene import cookie_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("close_thread_connections", "no_rate_limit"),
]


@pytest.fixture
async def walk(scene):
    def begin():
        give_consent(scene.ward.paul, "motion")
        return services.start_recording(
            scene.ward.paul, activity="walk", source="phone", by=scene.ward.people.paul
        )

    scene.recording = await scene.read(begin)
    return scene


def phone(walk, **options):
    cookie = options.pop("cookie", walk.cookie)
    return Phone(options.pop("slug", "north"), walk.recording.ref, cookie, what="recordings", **options)


async def test_a_walk_is_stored_as_sent_and_analysed_when_it_ends(walk, monkeypatch):
    queued = []
    monkeypatch.setattr("sessions.services.movement.recordings.queue_motion", queued.append)
    raw = frames_of_samples(thigh_squats(2))
    client = phone(walk)
    await client.hello(placement="waist")
    await client.send_all(raw)
    state = await client.until_seen(len(raw) // IMU_FRAME_BYTES - 1)
    assert (state["rate_hz"], state["quality"]) == (pytest.approx(60.0, abs=0.5), None)
    assert state["seconds"] == pytest.approx(len(raw) / IMU_FRAME_BYTES / 60, abs=0.1)
    await client.say({"type": "end"})
    await client.until("closed")
    recording = await walk.read(lambda: Recording.objects.get(pk=walk.recording.pk))
    assert (recording.state, recording.placement, recording.sampling_rate_hz) == ("waiting", "waist", 60.0)
    assert b"".join(part for part, _ in await walk.read(selectors.stored_frames, recording.pk)) == raw
    assert [one.pk for one in queued] == [recording.pk]


async def test_a_phone_that_lies_still_or_slept_or_is_slow_is_told_so(walk):
    lying = thigh_squats(1, still_s=4.0)
    client = phone(walk)
    await client.hello()
    for message in messages_of_frames(frames_of_samples(lying))[:14]:
        await client.send(message)
    assert (await client.until_seen(209))["still"] is True
    await client.vanish()
    late = thigh_squats(1, still_s=4.0)
    late.t_ms[:] += 20_000.0
    again = phone(walk)
    await again.hello()
    for message in messages_of_frames(frames_of_samples(late, first=210))[:3]:
        await again.send(message)
    assert (await again.until_seen(254))["quality"]["code"] == "gap"
    await again.vanish()


async def test_a_recording_that_is_over_takes_nothing(walk):
    await walk.read(services.finish_recording, walk.recording)
    client = phone(walk)
    await client.open()
    await client.say({"type": "hello", "header": sensor_header()})
    assert (await client.until("error"))["code"] == "recording_is_over"
    assert (await client.until("socket_closed"))["code"] == ingest.CLOSE_OVER


@pytest.mark.parametrize("who", ["petra", "nora", "ola", "ada", "sid", "sam"])
async def test_nobody_but_the_patient_may_stream_into_it(walk, who):
    client = phone(walk, cookie=await cookie_of(getattr(walk.ward.people, who)))
    await client.open()
    if who in ("petra", "nora", "ola", "ada"):
        await client.say({"type": "hello", "header": sensor_header()})
        await client.until("error")
    assert (await client.until("socket_closed"))["code"] == ingest.CLOSE_NOT_FOUND


async def test_another_clinics_recording_is_not_found_under_ones_own_clinic(walk):
    client = phone(walk, slug="south", cookie=await cookie_of(walk.ward.people.sid))
    await client.open()
    await client.say({"type": "hello", "header": sensor_header()})
    await client.until("error")
    assert (await client.until("socket_closed"))["code"] == ingest.CLOSE_NOT_FOUND


async def test_a_camera_cannot_stream_into_it(walk):
    client = phone(walk)
    await client.open()
    await client.say({"type": "hello", "header": sensor_header(kind="pose")})
    assert (await client.until("error"))["code"] == "bad_header"


async def test_a_join_and_a_leave_are_in_the_audit_trail(walk):
    from clinic.models import AuditEvent

    client = phone(walk)
    await client.hello()
    await client.vanish()
    actions = await walk.read(
        lambda: list(
            AuditEvent.objects.filter(object_ref=walk.recording.ref)
            .order_by("sequence")
            .values_list("action", flat=True)
        )
    )
    assert actions == ["create", "join", "leave"]


def test_readings_in_another_unit_are_named():
    from types import SimpleNamespace
    from uuid import uuid4

    from sessions.live_recording import LiveRecording
    from sessions.motion_codec import IMU_FRAME

    opened = SimpleNamespace(ref=uuid4(), clock_offset_ms=0.0, next_sequence=0)
    live = LiveRecording(opened, on_scored=lambda: None)
    frames = np.zeros(200, dtype=IMU_FRAME)
    frames["capture_ms"] = np.arange(200) * 16.7
    frames["acceleration"] = (0.0, 0.0, 1.0)
    live.begin(now=0.0)
    live.add(frames, received_at=0.0)
    live.score(now=0.0)
    assert live.state_message(ack=-1)["quality"]["code"] == "wrong_unit"


async def test_a_consent_that_is_taken_back_ends_the_stream_and_keeps_no_more(walk):
    frames = messages_of_frames(frames_of_samples(thigh_squats(2, still_s=4.0)))
    client = phone(walk)
    await client.hello()
    for message in frames[:10]:
        await client.send(message)
    await client.until_seen(149)
    await walk.read(withdraw_consent, walk.ward.paul, "motion")
    await client.say({"type": "end"})
    assert (await client.until("socket_closed"))["code"] == ingest.CLOSE_OVER
    stored = await walk.read(lambda: Recording.objects.get(pk=walk.recording.pk).frame_count)
    assert stored == 0


async def test_more_samples_than_a_day_has_are_not_stored(walk, monkeypatch):
    cache.clear()
    monkeypatch.setattr(streams, "SAMPLES_A_DAY", Pace(most=100, in_s=86_400))
    client = phone(walk)
    await client.hello()
    for message in messages_of_frames(frames_of_samples(thigh_squats(2, still_s=4.0)))[:10]:
        await client.send(message)
    await client.say({"type": "end"})
    assert (await client.until("socket_closed"))["code"] == ingest.CLOSE_OVER
    assert await walk.read(lambda: Recording.objects.get(pk=walk.recording.pk).frame_count) == 0


def test_a_clock_that_hardly_moves_gathers_nothing():
    from types import SimpleNamespace
    from uuid import uuid4

    from sessions.live_recording import MOST_LOOKED_AT, LiveRecording
    from sessions.motion_codec import IMU_FRAME

    opened = SimpleNamespace(ref=uuid4(), clock_offset_ms=0.0, next_sequence=0)
    live = LiveRecording(opened, on_scored=lambda: None)
    live.begin(now=0.0)
    for first in range(0, 5000, 100):
        frames = np.zeros(100, dtype=IMU_FRAME)
        frames["capture_ms"] = 1e-6 * np.arange(first, first + 100)
        live.add(frames, received_at=0.0)
        live.score(now=0.0)
    assert len(live._times) == MOST_LOOKED_AT
