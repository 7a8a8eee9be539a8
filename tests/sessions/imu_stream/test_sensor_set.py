"""A set that a phone on the thigh counts: streamed, judged live, stored, judged again, and a dose."""

import numpy as np
import pytest

from patients.services import give_consent, withdraw_consent
from prescriptions.models import ExerciseResponse
from sessions import ingest, services
from sessions.models import Recording, Repetition
from sessions.motion_codec import IMU_FRAME, IMU_FRAME_BYTES
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
async def agreed(scene, monkeypatch):
    # A test sends a set in a moment: a busy machine would pass over frames in the live view.
    monkeypatch.setattr("sessions.live_frames.LONGEST_WAIT_S", 1e9)
    await scene.read(give_consent, scene.ward.paul, "motion")
    return scene


def phone(scene, **options):
    return Phone("north", scene.exercise_set.ref, options.pop("cookie", scene.cookie), **options)


async def stream(scene, samples, **header):
    raw = frames_of_samples(samples)
    client = phone(scene)
    await client.hello(**header)
    await client.send_all(raw)
    await client.until_seen(len(samples.t_ms) - 1)
    await client.say({"type": "end"})
    await client.until("closed")
    return raw, client


async def test_a_set_is_counted_live_stored_and_judged_again(agreed):
    raw, client = await stream(agreed, thigh_squats(4))
    final = [message for message in client.heard if message["type"] == "state"][-1]
    assert (final["count"], final["ack"]) == (4, len(raw) // IMU_FRAME_BYTES - 1)
    ended = await agreed.set_now()
    assert (ended.state, ended.counted_by, ended.as_shown["count"]) == ("ended", "sensor", 4)
    assert await agreed.stored() == raw
    analysed = await agreed.read(services.reanalyse_set, ended.pk)
    assert (analysed.state, analysed.repetition_count) == ("analysed", 4)
    rows = await agreed.read(lambda: list(Repetition.objects.order_by("index")))
    assert [row.classification for row in rows] == ["correct"] * 4
    assert rows[0].versions == {"rules": "squat:imu1", "engine": "imu-1.0", "placement": "right_thigh"}
    assert rows[0].peak_deg == pytest.approx(80.0, abs=2.0)


async def test_a_compensation_is_cued_and_reaches_the_dose(agreed):
    samples = thigh_squats(5, forward_by={4: -22.0, 5: -40.0})
    await stream(agreed, samples)
    ended = await agreed.set_now()
    assert ended.as_shown["cues"][0]["words"] == "Go a little lower if you can."
    await agreed.read(services.reanalyse_set, ended.pk)
    rows = await agreed.read(lambda: list(Repetition.objects.order_by("index")))
    assert [row.classification for row in rows] == ["correct"] * 3 + ["mild", "significant"]
    assert rows[4].findings[0]["code"] == "short_range"
    response = await agreed.read(ExerciseResponse.objects.get)
    assert (response.repetitions_correct, response.repetitions_mild, response.repetitions_significant) == (
        3,
        1,
        1,
    )


async def test_a_lost_line_loses_and_doubles_nothing(agreed):
    raw = frames_of_samples(thigh_squats(4))
    messages = messages_of_frames(raw)
    half = len(messages) // 2
    first = phone(agreed)
    await first.hello()
    for message in messages[:half]:
        await first.send(message)
    await first.until_seen(half * 15 - 1)
    await first.vanish()
    second = phone(agreed)
    assert (await second.hello())["next_sequence"] == half * 15
    for message in messages[half - 4 :]:
        await second.send(message)
    await second.until_seen(len(raw) // IMU_FRAME_BYTES - 1)
    await second.say({"type": "end"})
    await second.until("closed")
    states = [message for message in second.heard if message["type"] == "state"]
    assert states[-1]["count"] == 4
    assert await agreed.stored() == raw


async def test_frames_of_nonsense_are_left_out_and_their_neighbours_kept(agreed):
    messages = messages_of_frames(frames_of_samples(thigh_squats(1)))
    broken = np.frombuffer(messages[1], dtype=IMU_FRAME).copy()
    broken["acceleration"][3] = (np.nan, 0, 0)
    broken["acceleration"][4] = (0, 0, 9810.0)
    whole = np.frombuffer(messages[2], dtype=IMU_FRAME).copy()
    whole["acceleration"] = np.inf
    client = phone(agreed)
    await client.hello()
    await client.send(messages[0])
    await client.send(broken.tobytes())
    await client.send(whole.tobytes())
    assert (await client.until("error"))["code"] == "not_a_number"
    await client.send(messages[3])
    await client.until_seen(59)
    await client.say({"type": "end"})
    await client.until("closed")
    kept = np.delete(broken, [3, 4]).tobytes()
    assert await agreed.stored() == messages[0] + kept + messages[3]


@pytest.mark.parametrize(
    ("shift_ms", "code"), [(-5000.0, "time_backwards"), (1e9, "time_jump"), (np.nan, "not_a_number")]
)
async def test_a_clock_that_jumps_is_named(agreed, shift_ms, code):
    messages = messages_of_frames(frames_of_samples(thigh_squats(1)))
    late = np.frombuffer(messages[2], dtype=IMU_FRAME).copy()
    late["capture_ms"] += shift_ms
    client = phone(agreed)
    await client.hello()
    for message in (messages[0], messages[1], late.tobytes()):
        await client.send(message)
    assert (await client.until("error"))["code"] == code
    await client.vanish()


async def test_a_flood_is_stopped_and_the_server_lives(agreed, monkeypatch):
    monkeypatch.setattr("sessions.frame_gate.IMU_FIRST_BURST_FRAMES", 60.0)
    monkeypatch.setattr("sessions.frame_gate.IMU_LARGEST_BURST_FRAMES", 60.0)
    client = phone(agreed)
    await client.hello()
    for message in messages_of_frames(frames_of_samples(thigh_squats(6))):
        await client.send(message)
    assert (await client.until("error"))["code"] == "too_fast"
    assert (await client.until("socket_closed"))["code"] == ingest.CLOSE_TOO_MUCH


async def test_a_sensor_without_gyroscope_counts(agreed):
    samples = thigh_squats(4, repetition_s=4.0)
    frames = np.frombuffer(frames_of_samples(samples), dtype=IMU_FRAME).copy()
    frames["angular_velocity"] = np.nan
    client = phone(agreed)
    await client.hello(has_gyroscope=False)
    await client.send_all(frames.tobytes())
    state = await client.until_seen(len(frames) - 1)
    assert state["count"] == 4
    await client.vanish()


async def test_without_the_patients_consent_nothing_is_taken(agreed):
    await agreed.read(withdraw_consent, agreed.ward.paul, "motion")
    client = phone(agreed)
    await client.open()
    await client.say({"type": "hello", "header": sensor_header()})
    assert (await client.until("error"))["code"] == "motion_consent_missing"
    assert await agreed.read(Recording.objects.count) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"placement": "hat"},
        {"sampling_rate_hz": 0.1},
        {"sampling_rate_hz": "60"},
        {"kind": "sonar"},
        {"source": "x"},
    ],
)
async def test_a_header_that_says_nothing_sensible_is_refused(agreed, change):
    client = phone(agreed)
    await client.open()
    await client.say({"type": "hello", "header": sensor_header(**change)})
    assert (await client.until("error"))["code"] == "bad_header"
    assert (await client.until("socket_closed"))["code"] == ingest.CLOSE_BAD_START


async def test_another_place_on_the_body_is_another_recording(agreed):
    client = phone(agreed)
    await client.hello()
    await client.send(messages_of_frames(frames_of_samples(thigh_squats(1)))[0])
    await client.until_seen(14)
    await client.vanish()
    again = phone(agreed)
    await again.open()
    await again.say({"type": "hello", "header": sensor_header(placement="chest")})
    assert (await again.until("error"))["code"] == "header_changed"


async def test_a_place_that_cannot_count_says_so_and_counts_nothing(agreed):
    _, client = await stream(agreed, thigh_squats(3), placement="left_wrist")
    final = [message for message in client.heard if message["type"] == "state"][-1]
    assert (final["count"], final["not_scored"]["code"]) == (0, "wrong_place")


@pytest.mark.parametrize("who", ["petra", "nora", "ola", "ada", "sid", "sam"])
async def test_nobody_but_the_patient_may_stream(agreed, who):
    client = phone(agreed, cookie=await cookie_of(getattr(agreed.ward.people, who)))
    await client.open()
    if who in ("petra", "nora", "ola", "ada"):
        await client.say({"type": "hello", "header": sensor_header()})
        await client.until("error")
    assert (await client.until("socket_closed"))["code"] == ingest.CLOSE_NOT_FOUND
    assert await agreed.read(Recording.objects.count) == 0
