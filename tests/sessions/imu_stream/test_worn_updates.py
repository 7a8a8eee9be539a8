"""What a worn sensor counts reaches the patient's own page, with words, and no page of anybody else."""

import asyncio

import numpy as np
import pytest

from patients.services import give_consent
from sessions import services
from sessions.models import Device
from sessions.motion_codec import IMU_FRAME
from tests.sessions.imu_stream.phone import frames_of_samples, thigh_squats
from tests.sessions.scene import cookie_of
from tests.sessions.stream_client import Socket

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("close_thread_connections"),
]


async def updates(scene, who):
    path = f"/ws/c/north/sessions/{scene.session.ref}/updates/"
    socket = Socket(path, await cookie_of(getattr(scene.ward.people, who)))
    assert (await socket.connect())["type"] == "websocket.accept"
    await asyncio.sleep(0.5)  # it accepts before it has joined
    return socket


def send_a_poor_set(scene):
    give_consent(scene.ward.paul, "motion")
    device = Device.objects.create(
        patient=scene.ward.paul,
        kind="metamotion",
        name="Thigh",
        placement="right_thigh",
        token_hash="x",
        created_by=scene.ward.people.nora,
    )
    samples = thigh_squats(4, forward_by={3: -45.0})
    frames = np.frombuffer(frames_of_samples(samples), dtype=IMU_FRAME).copy()
    frames["capture_ms"] += 1_795_000_000_000.0
    for at in range(0, len(frames), 60):
        services.score_set_batch(scene.exercise_set.ref, frames[at : at + 60], device=device)


async def test_the_patients_page_hears_count_and_cue_and_the_therapists_does_not(scene):
    own, colleague = await updates(scene, "paul"), await updates(scene, "nora")
    await scene.read(send_a_poor_set, scene)
    told = []
    async with asyncio.timeout(10):
        while not told or told[-1]["count"] < 4:
            said = await own.next()
            if said["type"] == "sensor_state":
                told.append(said)
    assert told[-1]["set"] == str(scene.exercise_set.ref)
    cues = [said["cue"]["words"] for said in told if said["cue"]]
    assert cues[0] == "Go a little lower if you can."
    heard = []
    while not await colleague.receive_nothing(0.2):
        heard.append((await colleague.next())["type"])
    assert "sensor_state" not in heard
    assert "set.started" in heard
    await own.vanish()
    await colleague.vanish()
