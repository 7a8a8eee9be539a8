"""The live path, end to end: generated squats through the websocket, scored, stored, analysed, reviewed."""

import asyncio
import math
import time
from itertools import pairwise

import numpy as np
import pytest

from sessions import ingest, services
from sessions.codec import FRAME, FRAME_BYTES
from sessions.models import Recording, RecordingSegment, Repetition
from sessions.motions import frames_of, messages_of
from tests.factories.sessions import squats
from tests.sessions.scene import cookie_of
from tests.sessions.stream_client import StreamClient

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("close_thread_connections", "no_rate_limit"),
]


async def test_a_set_is_scored_live_stored_and_analysed(scene):
    raw = frames_of(squats(4))
    last = len(raw) // FRAME_BYTES - 1
    client = scene.client()
    assert (await client.hello())["next_sequence"] == 0
    for message in messages_of(raw):
        await client.send(message)
    state = await client.until_seen(last)
    assert state["limbs"]["left_leg"] == "seen"
    await client.say({"type": "end"})
    await client.until("closed")
    final = [message for message in client.heard if message["type"] == "state"][-1]
    assert (final["count"], final["ack"]) == (4, last)

    ended = await scene.set_now()
    assert (ended.state, ended.as_shown["count"]) == ("ended", 4)
    assert await scene.stored() == raw
    analysed = await scene.read(services.reanalyse_set, ended.pk)
    assert (analysed.state, analysed.repetition_count) == ("analysed", 4)
    await scene.read(scene.session.refresh_from_db)
    assert (scene.session.state, scene.session.repetitions_done) == ("analysed", 4)


async def test_a_lost_connection_loses_and_doubles_nothing(scene):
    raw = frames_of(squats(4))
    messages = messages_of(raw)
    half = len(messages) // 2
    first = scene.client()
    await first.hello()
    for message in messages[:half]:
        await first.send(message)
    await first.until_seen(half * 3 - 1)
    await first.vanish()

    second = scene.client()
    welcome = await second.hello()
    assert welcome["next_sequence"] == half * 3
    for message in messages[half - 5 :]:
        await second.send(message)
    await second.until_seen(len(raw) // FRAME_BYTES - 1)
    await second.say({"type": "end"})
    await second.until("closed")
    states = [message for message in second.heard if message["type"] == "state"]
    assert states[-1]["count"] == 4
    assert await scene.stored() == raw


async def test_a_newer_connection_takes_over_without_loss(scene):
    raw = frames_of(squats(2))
    messages = messages_of(raw)
    older, newer = scene.client(), scene.client()
    await older.hello()
    for message in messages[:20]:
        await older.send(message)
    await older.until_seen(59)
    welcome = await newer.hello()
    assert welcome["next_sequence"] == 60
    assert (await older.until("socket_closed"))["code"] == ingest.CLOSE_TAKEN_OVER
    for message in messages[20:]:
        await newer.send(message)
    await newer.say({"type": "end"})
    await newer.until("closed")
    assert await scene.stored() == raw


async def test_a_connection_in_another_process_cannot_store_any_more(scene, monkeypatch):
    monkeypatch.setattr(ingest, "_live", {})
    older, newer = scene.client(), scene.client()
    await older.hello()
    await older.send(messages_of(frames_of(squats(1)))[0])
    await older.until_seen(2)
    ingest._live.clear()
    assert (await newer.hello())["next_sequence"] == 0
    await older.say({"type": "end"})
    assert (await older.until("socket_closed"))["code"] == ingest.CLOSE_TAKEN_OVER
    assert await scene.read(RecordingSegment.objects.count) == 0
    assert (await scene.set_now()).state == "live"
    await newer.vanish()


async def test_a_reloaded_page_goes_on_with_its_new_clock(scene):
    raw = frames_of(squats(2))
    messages = messages_of(raw)
    first = scene.client()
    await first.hello()
    for message in messages[:30]:
        await first.send(message)
    await first.until_seen(89)
    await first.vanish()
    frames = np.frombuffer(b"".join(messages[30:]), dtype=FRAME).copy()
    begins_ms = float(frames["capture_ms"][0])
    frames["capture_ms"] -= begins_ms
    second = scene.client()
    await second.hello(epoch_ms=1_795_000_000_000.0 + begins_ms)
    for message in messages_of(frames.tobytes()):
        await second.send(message)
    await second.say({"type": "end"})
    await second.until("closed")
    recording = await scene.read(lambda: Recording.objects.get(exercise_set=scene.exercise_set))
    motion = await scene.read(services.read_motion, recording)
    assert np.allclose(motion.t_ms, np.frombuffer(raw, dtype=FRAME)["capture_ms"])
    assert (await scene.read(services.reanalyse_set, scene.exercise_set.pk)).repetition_count == 2


async def test_bad_messages_are_named_and_what_was_stored_stays(scene):
    messages = messages_of(frames_of(squats(2)))
    broken = np.frombuffer(messages[10], dtype=FRAME).copy()
    broken["image"][1, 5, 0] = math.nan
    late = np.frombuffer(messages[11], dtype=FRAME).copy()
    late["capture_ms"] = 1.0
    client = scene.client()
    await client.hello()
    for message in messages[:10]:
        await client.send(message)
    await client.send(b"\0" * 1234)
    assert (await client.until("error"))["code"] == "wrong_length"
    await client.send(broken.tobytes())
    assert (await client.until("error"))["code"] == "not_a_number"
    await client.send(late.tobytes())
    assert (await client.until("error"))["code"] == "time_backwards"
    await client.send(messages[40])
    error = await client.until("error")
    assert (error["code"], error["next_sequence"]) == ("sequence_gap", 36)
    for message in messages[12:15]:
        await client.send(message)
    await client.say({"type": "dance"})
    assert (await client.until("error"))["code"] == "not_understood"
    await client.say({"type": "end"})
    await client.until("closed")
    assert await scene.stored() == b"".join(messages[:10] + messages[12:15])


async def test_ten_times_the_rate_is_stopped_and_the_server_lives(scene, monkeypatch):
    monkeypatch.setattr("sessions.frame_gate.FIRST_BURST_FRAMES", 30.0)
    monkeypatch.setattr("sessions.frame_gate.LARGEST_BURST_FRAMES", 30.0)
    messages = messages_of(frames_of(squats(6)))
    client = scene.client()
    await client.hello()
    for message in messages:
        await client.send(message)
    error = await client.until("error")
    assert (error["code"], error["next_sequence"]) == ("too_fast", 30)
    assert (await client.until("socket_closed"))["code"] == ingest.CLOSE_TOO_MUCH
    stored = await scene.stored()
    assert stored == b"".join(messages)[: len(stored)]
    assert len(stored) >= 30 * FRAME_BYTES
    again = scene.client()
    assert (await again.hello())["next_sequence"] == len(stored) // FRAME_BYTES
    await again.vanish()


async def test_frames_are_sealed_while_the_set_goes_on(scene, monkeypatch):
    monkeypatch.setattr("sessions.unsealed.SEAL_AFTER_S", 0.05)
    monkeypatch.setattr(ingest, "HOUSEKEEPING_EVERY_S", 0.05)
    messages = messages_of(frames_of(squats(1)))
    client = scene.client()
    await client.hello()
    for message in messages[:4]:
        await client.send(message)
    await client.until("state", ack=11)
    assert await scene.stored() == b"".join(messages[:4])
    await client.vanish()
    assert (await scene.set_now()).state == "live"


async def test_storing_is_tried_again_and_nothing_is_lost(scene, monkeypatch):
    from django.db import OperationalError

    calls, store = [], services.store_segment

    def fail_once(*args, **kwargs):
        calls.append(1)
        if len(calls) == 1:
            raise OperationalError("gone")
        return store(*args, **kwargs)

    monkeypatch.setattr(services, "store_segment", fail_once)
    monkeypatch.setattr("sessions.unsealed.SEAL_AFTER_S", 0.05)
    monkeypatch.setattr(ingest, "HOUSEKEEPING_EVERY_S", 0.05)
    messages = messages_of(frames_of(squats(1)))
    client = scene.client()
    await client.hello()
    await client.send(messages[0])
    assert (await client.until("error"))["code"] == "not_stored"
    await client.send(messages[1])
    await client.until("state", ack=5)
    await client.vanish()
    assert await scene.stored() == b"".join(messages[:2])


async def test_under_load_scoring_skips_frames_says_so_and_stores_all(scene, monkeypatch):
    monkeypatch.setattr("sessions.live_frames.LONGEST_WAIT_S", -1.0)
    raw = frames_of(squats(2))
    client = scene.client()
    await client.hello()
    for message in messages_of(raw):
        await client.send(message)
    state = await client.until_seen(len(raw) // FRAME_BYTES - 1)
    assert state["skipping"] is True
    await client.say({"type": "end"})
    await client.until("closed")
    assert await scene.stored() == raw
    assert (await scene.set_now()).as_shown["frames_skipped"] > 0
    assert (await scene.read(services.reanalyse_set, scene.exercise_set.pk)).repetition_count == 2


async def test_scoring_that_breaks_stops_nobody(scene, monkeypatch):
    def break_down(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("sessions.posture_guard.PostureStream.push_many", break_down)
    raw = frames_of(squats(1))
    client = scene.client()
    await client.hello()
    for message in messages_of(raw):
        await client.send(message)
    await client.say({"type": "end"})
    await client.until("closed")
    assert await scene.stored() == raw
    assert (await scene.set_now()).as_shown["scoring_failed"] is True


async def test_a_compensation_is_cued_once_in_words(scene):
    motion = squats(6, compensation="knee_valgus", severity=1.0, compensated=[3, 4, 5])
    client = scene.client()
    await client.hello()
    for message in messages_of(frames_of(motion)):
        await client.send(message)
    await client.say({"type": "end"})
    await client.until("closed")
    cues = (await scene.set_now()).as_shown["cues"]
    criteria = {rule["code"]: rule["cue"] for rule in scene.exercise_set.spec["criteria"]}
    assert cues[0]["words"] == criteria[cues[0]["code"]]
    times = [cue["at_s"] for cue in cues if cue["code"] == cues[0]["code"]]
    assert all(later - earlier >= 8.0 for earlier, later in pairwise(times))


@pytest.mark.parametrize(
    "said", [{"type": "hello"}, {"type": "end"}, {"type": "hello", "header": {"version": 9}}]
)
async def test_a_bad_greeting_is_refused(scene, said):
    client = scene.client()
    await client.open()
    await client.say(said)
    assert (await client.next())["code"] == "bad_header"
    assert (await client.next())["code"] == ingest.CLOSE_BAD_START


async def test_another_picture_shape_is_refused(scene):
    client = scene.client()
    await client.hello()
    await client.send(messages_of(frames_of(squats(1)))[0])
    await client.until_seen(2)
    await client.vanish()
    again = scene.client()
    await again.open()
    await again.say({"type": "hello", "header": {**_header(), "width": 1280}})
    assert (await again.next())["code"] == "header_changed"
    assert (await again.next())["code"] == ingest.CLOSE_OVER


def _header():
    from tests.factories.sessions import header

    return header()


async def test_a_set_that_is_over_takes_nothing(scene):
    await scene.read(services.finish_set, scene.exercise_set)
    client = scene.client()
    await client.open()
    await client.say({"type": "hello", "header": _header()})
    assert (await client.next())["code"] == "set_is_over"
    assert (await client.next())["code"] == ingest.CLOSE_OVER


async def test_finishing_by_button_closes_the_stream_and_keeps_its_frames(scene):
    raw = frames_of(squats(2))
    client = scene.client()
    await client.hello()
    for message in messages_of(raw):
        await client.send(message)
    await client.until_seen(len(raw) // FRAME_BYTES - 1)
    await scene.read(services.finish_set, scene.exercise_set)
    assert (await client.until("socket_closed"))["code"] == ingest.CLOSE_OVER
    assert await scene.stored() == raw
    analysed = await scene.read(services.reanalyse_set, scene.exercise_set.pk)
    assert analysed.repetition_count == 2


@pytest.mark.parametrize("who", ["petra", "nora", "ola", "ada", "sid", "sam"])
async def test_nobody_but_the_patient_may_stream(scene, who):
    cookie = await cookie_of(getattr(scene.ward.people, who))
    client = scene.client(cookie=cookie)
    await client.open()
    if who in ("petra", "nora", "ola", "ada"):
        await client.say({"type": "hello", "header": _header()})
        await client.until("error")
    assert (await client.until("socket_closed"))["code"] == ingest.CLOSE_NOT_FOUND
    assert await scene.read(Recording.objects.count) == 0


async def test_another_clinics_set_is_not_found_under_ones_own_clinic(scene):
    cookie = await cookie_of(scene.ward.people.sid)
    client = StreamClient("south", scene.exercise_set.ref, cookie)
    await client.open()
    await client.say({"type": "hello", "header": _header()})
    await client.until("error")
    assert (await client.until("socket_closed"))["code"] == ingest.CLOSE_NOT_FOUND
    assert await scene.read(Recording.objects.count) == 0


async def test_signed_out_and_other_sites_are_turned_away(scene):
    signed_out = scene.client(cookie=None)
    await signed_out.open()
    assert (await signed_out.until("socket_closed"))["code"] == 4401
    other_site = scene.client(origin=b"https://evil.example")
    assert (await other_site.socket.connect())["type"] == "websocket.close"


async def test_a_join_and_a_leave_are_in_the_audit_trail(scene):
    from clinic.models import AuditEvent

    client = scene.client()
    await client.hello()
    await client.vanish()
    actions = await scene.read(
        lambda: list(
            AuditEvent.objects.filter(object_ref=scene.exercise_set.ref)
            .order_by("sequence")
            .values_list("action", flat=True)
        )
    )
    assert actions == ["join", "leave"]


async def test_analysing_twice_changes_nothing(scene):
    client = scene.client()
    await client.hello()
    for message in messages_of(frames_of(squats(2))):
        await client.send(message)
    await client.say({"type": "end"})
    await client.until("closed")
    await scene.read(services.reanalyse_set, scene.exercise_set.pk)
    before = await scene.read(
        lambda: list(Repetition.objects.order_by("index").values_list("pk", "classification"))
    )
    await scene.read(services.reanalyse_set, scene.exercise_set.pk)
    after = await scene.read(
        lambda: list(Repetition.objects.order_by("index").values_list("pk", "classification"))
    )
    assert before == after
    assert len(after) == 2


async def test_the_end_does_not_lose_what_is_just_being_stored(scene, monkeypatch):
    store = services.store_segment

    def store_slowly(*args, **kwargs):
        time.sleep(0.3)
        return store(*args, **kwargs)

    monkeypatch.setattr(services, "store_segment", store_slowly)
    monkeypatch.setattr("sessions.unsealed.SEAL_AFTER_S", 0.0)
    monkeypatch.setattr(ingest, "HOUSEKEEPING_EVERY_S", 0.02)
    raw = frames_of(squats(1))
    client = scene.client()
    await client.hello()
    for message in messages_of(raw):
        await client.send(message)
        await asyncio.sleep(0.01)
    await client.say({"type": "end"})
    await client.until("closed")
    assert await scene.stored() == raw
