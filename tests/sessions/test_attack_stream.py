"""A hostile page on the patient's socket, and hostile watchers: nobody else suffers, nothing piles up."""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async

from clinic.audit.models import AuditEvent
from patients.models import CareTeamMember
from patients.services import give_consent
from sessions import ingest
from sessions.codec import FRAME_BYTES
from sessions.motions import frames_of, messages_of
from tests.factories.sessions import header, squats
from tests.sessions.scene import cookie_of
from tests.sessions.stream_client import Socket

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("close_thread_connections", "no_rate_limit"),
]


@pytest.mark.parametrize("who", ["petra", "nora", "ola", "ada"])
async def test_nobody_else_can_push_a_patient_off_their_own_stream(scene, who):
    """The newest connection to a set takes over; but only the patient's own."""
    messages = messages_of(frames_of(squats(2)))
    client = scene.client()
    await client.hello()
    await client.send(messages[0])
    intruder = scene.client(cookie=await cookie_of(getattr(scene.ward.people, who)))
    await intruder.open()
    await intruder.say({"type": "hello", "header": header()})
    assert (await intruder.until("socket_closed"))["code"] == ingest.CLOSE_NOT_FOUND
    for message in messages[1:]:
        await client.send(message)
    await client.say({"type": "end"})
    assert (await client.until("socket_closed"))["code"] == ingest.CLOSE_NORMAL
    assert await scene.stored() == b"".join(messages)


@pytest.mark.parametrize("text", ["{}", "[" * 4000, "x" * 1_000_000, '"\\ud800"', ""])
async def test_a_flood_of_texts_ends_the_connection(scene, text):
    client = scene.client()
    await client.hello()

    async def flood():
        for _ in range(400):
            await client.socket.send_text(text)

    await flood()
    assert (await client.until("socket_closed"))["code"] == ingest.CLOSE_TOO_MUCH
    assert sum(message["type"] == "error" for message in client.heard) < 60


async def test_a_flood_of_frames_sent_again_ends_the_connection(scene):
    message = messages_of(frames_of(squats(1)))[0]
    client = scene.client()
    await client.hello()
    for _ in range(3000):
        await client.send(message)
    assert (await client.until("socket_closed", timeout=20))["code"] == ingest.CLOSE_TOO_MUCH
    assert await scene.stored() == message


async def test_sending_a_whole_buffer_again_after_a_lost_connection_is_no_flood(scene):
    raw = frames_of(squats(6))
    client = scene.client()
    await client.hello()
    for message in messages_of(raw):
        await client.send(message)
    await client.until_seen(len(raw) // FRAME_BYTES - 1)
    await client.vanish()
    again = scene.client()
    await again.hello()
    for message in messages_of(raw):
        await again.send(message)
    await again.say({"type": "end"})
    assert (await again.until("socket_closed"))["code"] == ingest.CLOSE_NORMAL
    assert await scene.stored() == raw


@pytest.mark.parametrize(
    "clock", [{"epoch_ms": 1e308, "monotonic_ms": -1e308}, {"epoch_ms": -1e20}, {"monotonic_ms": 1e300}]
)
async def test_an_impossible_clock_is_refused_before_it_is_stored(scene, clock):
    client = scene.client()
    await client.open()
    await client.say({"type": "hello", "header": header(**clock)})
    assert (await client.until("error"))["code"] == "bad_header"


async def test_a_gap_of_a_million_is_named_and_costs_nothing(scene):
    import numpy as np

    from sessions.codec import FRAME

    client = scene.client()
    await client.hello()
    for first in (1_000_000, 2**32 - 3):
        frames = np.zeros(3, dtype=FRAME)
        frames["sequence"] = np.arange(first, first + 3, dtype=np.uint64) % 2**32
        await client.send(frames.tobytes())
        assert (await client.until("error"))["code"] == "sequence_gap"
    await client.vanish()


async def watch(scene, who: str, page: str = "watch") -> Socket:
    path = f"/ws/c/north/sessions/{scene.session.ref}/{page}/"
    socket = Socket(path, await cookie_of(getattr(scene.ward.people, who)))
    await socket.connect()
    return socket


@pytest.mark.parametrize("said", ["no json", "[" * 100_000, b"\x00\x01", '"a text"', "x" * 900_000])
@pytest.mark.parametrize("page", ["watch", "updates"])
async def test_a_watcher_who_talks_nonsense_is_let_go_in_order(scene, said, page):
    """A consumer that dies of a message would stay in its groups and go on saying that somebody watches."""
    await scene.read(give_consent, scene.ward.paul, "live_view")
    before = asyncio.all_tasks()
    socket = await watch(scene, "nora", page)
    if page == "watch":
        assert (await socket.next())["state"] == "waiting"
    for _ in range(5):
        await (socket.send_bytes(said) if isinstance(said, bytes) else socket.send_text(said))
    assert (await socket.next())["code"] == 4400
    await socket.vanish()
    await asyncio.sleep(0.05)
    left = [task for task in asyncio.all_tasks() - before if "consumers" in repr(task.get_coro())]
    assert left == []
    if page == "watch":
        actions = await scene.read(
            lambda: list(AuditEvent.objects.filter(purpose="watch live").values_list("action", flat=True))
        )
        assert sorted(actions) == ["join", "leave"]


async def test_updates_stop_when_the_care_team_changes(scene, monkeypatch):
    monkeypatch.setattr("clinic.tenancy.consumers.ClinicConsumer.recheck_seconds", 0.1)
    socket = await watch(scene, "nora", "updates")
    client = scene.client()
    await client.hello()
    assert (await socket.next())["type"]
    await client.vanish()
    await scene.read(lambda: CareTeamMember.objects.filter(patient=scene.ward.paul).delete())
    while (said := await socket.next())["type"] != "socket_closed":
        assert "type" in said
    assert said["code"] == 4404


async def test_events_over_the_wire_hold_ids_only(scene):
    socket = await watch(scene, "nora", "updates")
    client = scene.client()
    await client.hello()
    event = await socket.next()
    assert set(event) == {"v", "type", "clinic", "ref", "at"}
    assert "Paul" not in json.dumps(event)
    await client.vanish()
    await socket.vanish()
    assert await sync_to_async(lambda: True)()
