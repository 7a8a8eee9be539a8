"""The live path, end to end: generated squats through the websocket, scored, stored, analysed, reviewed."""

import pytest
from asgiref.sync import sync_to_async

from clinic.tenancy.scope import clinic_scope, in_clinic
from sessions import selectors, services
from sessions.codec import FRAME_BYTES
from sessions.models import ExerciseSet, Recording, RecordingSegment
from sessions.motions import frames_of, messages_of
from tests.factories.sessions import first_set, make_clinic_floor, make_session, squats
from tests.sessions.stream_client import StreamClient, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("close_thread_connections")]


@pytest.fixture(autouse=True)
def no_rate_limit(monkeypatch):
    """Tests send in a second what a camera makes in a minute."""
    monkeypatch.setattr("sessions.frame_gate.FIRST_BURST_FRAMES", 100_000.0)
    monkeypatch.setattr("sessions.frame_gate.LARGEST_BURST_FRAMES", 100_000.0)




def stored_bytes(exercise_set):
    with clinic_scope(exercise_set.clinic_id):
        recording = Recording.objects.get(exercise_set=exercise_set)
        return b"".join(raw for raw, _ in selectors.stored_frames(recording.pk))


async def test_a_set_is_scored_live_stored_and_analysed():
    ward = await sync_to_async(make_clinic_floor)()
    session = await sync_to_async(make_session)(ward.paul)
    exercise_set = await sync_to_async(first_set)(session)
    cookie = await sync_to_async(sign_in)(ward.people.paul.user)
    motion = squats(4)
    raw = frames_of(motion)

    client = StreamClient("north", exercise_set.ref, cookie)
    welcome = await client.hello()
    assert welcome["next_sequence"] == 0
    for message in messages_of(raw):
        await client.send(message)
    last = len(raw) // FRAME_BYTES - 1
    state = await client.until_seen(last)
    await client.say({"type": "end"})
    await client.until("closed")
    final = [m for m in client.heard if m["type"] == "state"][-1]

    assert state["limbs"]["left_leg"] == "seen"
    assert final["ack"] == last
    assert final["count"] == 4

    exercise_set = await in_clinic(ward.paul.clinic_id, ExerciseSet.objects.get, pk=exercise_set.pk)
    assert exercise_set.state == "ended"
    assert exercise_set.as_shown["count"] == 4
    assert await sync_to_async(stored_bytes)(exercise_set) == raw
    analysed = await in_clinic(ward.paul.clinic_id, services.reanalyse_set, exercise_set.pk)
    assert analysed.state == "analysed"
    assert analysed.repetition_count == 4
