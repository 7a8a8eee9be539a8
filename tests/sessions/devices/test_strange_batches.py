"""Batches that are let in but make no sense together: their analysis ends soon, in a result or in words."""

import time

import numpy as np
import pytest
from django.core.cache import cache

from clinic.tenancy.scope import clinic_scope
from sessions import services
from sessions.models import MovementDay, Recording
from sessions.motion_codec import IMU_FRAME
from tests.sessions.devices.gateway import make_gateway

FRAMES = {"Content-Type": "application/vnd.plumbline.imu"}
DAY_MS = 86_400_000.0


def frames(times_ms, *, force=(0.1, 0.2, 9.8), turn=np.nan):
    made = np.zeros(len(times_ms), dtype=IMU_FRAME)
    made["capture_ms"] = (time.time() * 1000.0 - 2 * DAY_MS) + np.asarray(times_ms)
    made["acceleration"] = force
    made["angular_velocity"] = turn
    return made.tobytes()


def uneven(count, *, tiny_ms=1e-3, large_ms=14.0):
    """Most steps are tiny, so that the median says a million samples a second."""
    steps = np.where(np.arange(count) % 3 == 0, large_ms, tiny_ms)
    return np.cumsum(steps)


CASES = {
    "uneven": [uneven(6000)],
    "single samples far apart": [[20 * 60_000.0 * n] for n in range(40)],
    "the same minute again and again": [20.0 * np.arange(3000) + 0.001 * n for n in range(6)],
    "backwards": [60_000.0 * (10 - n) + 20.0 * np.arange(500) for n in range(10)],
    "two samples": [[0.0, 20.0]],
    "one second in a day": [[DAY_MS * n / 100 for n in range(1)] + [20.0], [80_000_000.0, 80_000_020.0]],
}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("times", CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("turn", [np.nan, 0.1])
def test_strange_batches_end_in_a_result_or_in_words(floor, times, turn):
    cache.clear()
    gateway = make_gateway(floor.paul)
    for one in times:
        assert gateway.send(frames(one, turn=turn), **FRAMES).status_code == 201
    with clinic_scope(floor.paul.clinic_id):
        for recording in Recording.objects.filter(device=gateway.device):
            services.finish_recording(recording)
            found = services.analyse_recording(recording.pk)
            assert found.state in ("analysed", "failed")
            assert found.failure or found.state == "analysed"
            assert found.started_at <= found.ended_at
        for day in MovementDay.objects.all():
            assert 0 <= day.wear_minutes <= 1440
