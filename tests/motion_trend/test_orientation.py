"""Up from gravity, forward from gait, whichever way the sensor lies."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from sessions.motion_trend.orientation import facing, level
from sessions.motion_trend.types import SensorSignal
from sessions.motion_trend.walker import TRUNK_LEAN_DEG, rest, walk

TURNS = list(Rotation.create_group("O"))


def levelled(signal: SensorSignal):
    return level(signal.acceleration_m_s2, signal.angular_velocity_rad_s, rate_hz=100.0)


@pytest.mark.parametrize("turn", [0, 5, 11, 17, 23])
def test_up_is_where_gravity_says(turn: int) -> None:
    lean = Rotation.from_euler("y", TRUNK_LEAN_DEG, degrees=True)
    expected = TURNS[turn].apply(lean.inv().apply([0, 0, 1]))
    found = levelled(rest(seconds=10, rotation=TURNS[turn]))
    assert np.allclose(found.up, expected, atol=0.02)
    assert np.abs(found.vertical_m_s2).mean() < 0.1


@pytest.mark.parametrize("turn", range(0, 24, 3))
def test_forward_is_where_the_walk_goes(turn: int) -> None:
    signal, truth = walk(seconds=20, cadence_spm=108, step_length_m=0.6, rotation=TURNS[turn])
    found = levelled(signal)
    faced = facing(found, step_hz=truth.cadence_spm / 60, rate_hz=100.0)
    lean = Rotation.from_euler("y", TRUNK_LEAN_DEG, degrees=True)
    expected = TURNS[turn].apply(lean.inv().apply([1, 0, 0]))
    axis = np.eye(3)[int(np.argmin(np.abs(found.up)))]
    first = axis - (axis @ found.up) * found.up
    first /= np.linalg.norm(first)
    forward = faced.forward[0] * first + faced.forward[1] * np.cross(found.up, first)
    assert abs(forward @ expected) > 0.9
    assert faced.share > 0.6
    assert faced.left @ faced.forward == pytest.approx(0)


def test_without_a_gyroscope_up_is_the_mean_acceleration() -> None:
    signal, _ = walk(seconds=20, cadence_spm=108, step_length_m=0.6, has_gyroscope=False)
    found = levelled(signal)
    mean = signal.acceleration_m_s2.mean(axis=0)
    assert found.up @ mean / np.linalg.norm(mean) == pytest.approx(1, abs=1e-6)
    assert found.yaw_rad_s is None and found.tilting_rad_s is None
