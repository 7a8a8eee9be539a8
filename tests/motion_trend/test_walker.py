"""The simulated walker keeps its own promises: gravity, repeatability, truth."""

from __future__ import annotations

import numpy as np
import pytest

from sessions.motion_trend.types import Placement
from sessions.motion_trend.walker import fidget, joined, rest, walk

PLACES = [
    Placement.LOWER_BACK,
    Placement.WAIST,
    Placement.CHEST,
    Placement.POCKET,
    Placement.LEFT_THIGH,
    Placement.RIGHT_WRIST,
    Placement.LEFT_FOOT,
]


@pytest.mark.parametrize("placement", PLACES)
def test_the_sensor_feels_gravity_at_rest_and_moves_when_walking(placement: Placement) -> None:
    still = rest(seconds=5, placement=placement)
    assert np.linalg.norm(still.acceleration_m_s2, axis=1).mean() == pytest.approx(9.81, abs=0.05)
    moving, truth = walk(seconds=10, cadence_spm=105, step_length_m=0.6, placement=placement)
    assert moving.acceleration_m_s2.std() > 0.5
    assert moving.acceleration_m_s2.dtype == np.float32
    assert moving.placement is placement
    assert truth.cadence_spm == pytest.approx(105, rel=0.03)
    assert truth.walking_speed_m_s == pytest.approx(0.6 * 105 / 60, rel=0.03)


def test_a_seed_gives_the_same_walk_again() -> None:
    first, second = (walk(seconds=8, cadence_spm=100, step_length_m=0.6, seed=9)[0] for _ in range(2))
    other, _ = walk(seconds=8, cadence_spm=100, step_length_m=0.6, seed=10)
    assert np.array_equal(first.acceleration_m_s2, second.acceleration_m_s2)
    assert not np.array_equal(first.acceleration_m_s2[:700], other.acceleration_m_s2[:700])


def test_sides_alternate_and_differ_as_asked() -> None:
    _, truth = walk(seconds=60, cadence_spm=100, step_length_m=0.6, asymmetry_pct=10, step_time_sd_s=0.0)
    assert {a.side for a in truth.contacts[::2]} == {"left"}
    times = np.diff([step.t_s for step in truth.contacts])
    right, left = times[::2].mean(), times[1::2].mean()
    assert 200 * (left - right) / (left + right) == pytest.approx(10, abs=0.01)


def test_joined_recordings_run_on_one_clock() -> None:
    whole = joined([rest(seconds=3), fidget(seconds=4)], gap_s=2.0)
    assert len(whole) == 700
    assert np.all(np.diff(whole.t_s) > 0)
    assert whole.t_s[-1] == pytest.approx(8.99, abs=0.02)
