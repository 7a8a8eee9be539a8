"""Who may watch a session live, who hears of its changes, and what they hear."""

import asyncio

import pytest

from patients.services import withdraw_consent
from sessions import ingest, services
from sessions.motions import frames_of, messages_of
from tests.factories.sessions import squats
from tests.sessions.scene import cookie_of
from tests.sessions.stream_client import Socket

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("close_thread_connections", "no_rate_limit"),
]


async def watching(scene, who):
    path = f"/ws/c/north/sessions/{scene.session.ref}/watch/"
    socket = Socket(path, await cookie_of(getattr(scene.ward.people, who)))
    await socket.connect()
    return socket


async def agree(scene):
    from patients.services import give_consent

    await scene.read(give_consent, scene.ward.paul, "live_view")


async def watch_a_set(scene, monkeypatch):
    """Nora watches Paul's two squats; both learn what they should."""
    monkeypatch.setattr(ingest, "SUMMARY_EVERY_S", 0.0)
    await agree(scene)
    client = scene.client()
    await client.hello()
    watcher = await watching(scene, "nora")
    assert (await watcher.next())["state"] == "waiting"
    assert (await client.until("watching"))["names"] == ["Nora"]
    for message in messages_of(frames_of(squats(2))):
        await client.send(message)
    while (summary := await watcher.next()).get("count") != 2:
        assert "image" not in summary
    assert (summary["exercise"], summary["target"], summary["state"]) == ("Squat", 4, "live")
    await watcher.vanish()
    assert (await client.until("watching"))["names"] == []
    await client.vanish()


async def test_a_therapist_watches_with_consent_and_the_patient_is_told(scene, monkeypatch):
    await watch_a_set(scene, monkeypatch)


async def test_watching_works_over_valkey(scene, monkeypatch, settings, valkey_url):
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [valkey_url], "prefix": "test"},
        }
    }
    await watch_a_set(scene, monkeypatch)


async def test_watching_ends_when_the_patient_takes_the_consent_back(scene, monkeypatch):
    monkeypatch.setattr("sessions.consumers.SAY_HERE_EVERY_S", 0.1)
    await agree(scene)
    watcher = await watching(scene, "nora")
    assert (await watcher.next())["state"] == "waiting"
    await scene.read(withdraw_consent, scene.ward.paul, "live_view")
    assert (await watcher.next())["code"] == 4404


@pytest.mark.parametrize("who", ["nora", "ola", "petra", "paul", "ada"])
async def test_nobody_watches_without_consent_and_care_team(scene, who):
    if who != "nora":
        await agree(scene)
    watcher = await watching(scene, who)
    assert (await watcher.next())["code"] == 4404


async def test_pages_hear_of_changes_by_id_only(scene):
    socket = Socket(
        f"/ws/c/north/sessions/{scene.session.ref}/updates/", await cookie_of(scene.ward.people.nora)
    )
    await socket.connect()
    await asyncio.sleep(0.2)
    await scene.read(lambda: services.finish_set(scene.exercise_set, count=3))
    heard = [await socket.next() for _ in range(2)]
    assert {event["type"] for event in heard} >= {"set.ended"}
    assert set(heard[0]) == {"v", "type", "clinic", "ref", "at"}
    await socket.vanish()


@pytest.mark.parametrize(("who", "code"), [("ola", 4404), ("petra", 4404), ("sam", 4404)])
async def test_strangers_hear_nothing(scene, who, code):
    socket = Socket(
        f"/ws/c/north/sessions/{scene.session.ref}/updates/", await cookie_of(getattr(scene.ward.people, who))
    )
    await socket.connect()
    assert (await socket.next())["code"] == code
