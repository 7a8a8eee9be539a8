"""The moment when the person was told to go, as the phone's page says it to the stream."""

import pytest

from patients.services import give_consent
from sessions import services
from sessions.models import Recording
from tests.sessions.imu_stream.phone import Phone, frames_of_samples, messages_of_frames, thigh_squats

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("close_thread_connections", "no_rate_limit"),
]


@pytest.fixture
async def stands(scene):
    def begin():
        give_consent(scene.ward.paul, "motion")
        return services.start_recording(
            scene.ward.paul, activity="chair_stand_30s", source="phone", by=scene.ward.people.paul
        )

    scene.recording = await scene.read(begin)
    return scene


def phone(stands, **options):
    return Phone("north", stands.recording.ref, stands.cookie, what="recordings", **options)


async def protocol_of(stands):
    return (await stands.read(lambda: Recording.objects.get(pk=stands.recording.pk))).protocol


async def test_the_first_go_is_kept_and_another_line_does_not_change_it(stands):
    client = phone(stands)
    await client.hello()
    await client.say({"type": "go", "capture_ms": 3210.5})
    await client.send(messages_of_frames(frames_of_samples(thigh_squats(1)))[0])
    await client.until_seen(14)
    assert await protocol_of(stands) == {"go_ms": 3210.5}
    await client.vanish()
    again = phone(stands)
    await again.hello()
    await again.say({"type": "go", "capture_ms": 9999.0})
    await again.say({"type": "go", "capture_ms": 9999.0})
    assert (await again.until("error"))["code"] == "not_understood"
    assert await protocol_of(stands) == {"go_ms": 3210.5}
    await again.vanish()


async def test_a_reloaded_page_says_it_on_its_own_clock(stands):
    first = phone(stands)
    await first.hello()
    await first.send(messages_of_frames(frames_of_samples(thigh_squats(1)))[0])
    await first.until_seen(14)
    await first.vanish()
    again = phone(stands)
    await again.hello(monotonic_ms=-10_000.0)
    await again.say({"type": "go", "capture_ms": 500.0})
    await again.say({"type": "nothing"})
    await again.until("error")
    assert await protocol_of(stands) == {"go_ms": 10_500.0}
    await again.vanish()


@pytest.mark.parametrize("value", [None, "3", True, [], 1e300, -1e300])
async def test_a_go_that_makes_no_sense_is_not_kept(stands, value):
    client = phone(stands)
    await client.hello()
    await client.say({"type": "go", "capture_ms": value})
    assert (await client.until("error"))["code"] == "not_understood"
    assert await protocol_of(stands) == {}
    await client.vanish()


async def test_a_set_has_no_go(scene):
    await scene.read(give_consent, scene.ward.paul, "motion")
    client = Phone("north", scene.exercise_set.ref, scene.cookie)
    await client.hello()
    await client.say({"type": "go", "capture_ms": 1.0})
    assert (await client.until("error"))["code"] == "not_understood"
    await client.vanish()
