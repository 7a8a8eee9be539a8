"""Chair stands that were acted by a simulated body."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from sessions.motion_trend.timed import chair_stands
from sessions.motion_trend.timed.simulation import Sensor, timed_up_and_go
from sessions.motion_trend.timed.simulation import chair_stands as act
from sessions.motion_trend.types import Placement

WORN = (Placement.LOWER_BACK, Placement.POCKET)
TURNS = list(Rotation.random(3, rng=np.random.default_rng(8)))


def in_time(begins: list[float], cycle_s: float) -> int:
    return sum(begin + 0.3 * cycle_s <= begins[0] + 30 for begin in begins)


@pytest.mark.parametrize("placement", WORN)
@pytest.mark.parametrize(("stands", "cycle_s"), [(4, 6.5), (8, 3.6), (12, 2.4), (20, 1.6)])
@pytest.mark.parametrize("rotation", TURNS)
def test_counts_every_full_stand(placement, stands, cycle_s, rotation):
    signal, begins = act(
        stands=stands, cycle_s=cycle_s, tail_s=8, sensor=Sensor(placement, rotation=rotation)
    )
    result = chair_stands(signal)
    assert result.value == in_time(begins, cycle_s)
    assert result.low <= result.value <= result.high


@pytest.mark.parametrize("placement", WORN)
@pytest.mark.parametrize("rate_hz", [50.0, 55.0, 60.0])
def test_counts_at_phone_rates_with_noise_and_jitter(placement, rate_hz):
    sensor = Sensor(placement, rate_hz=rate_hz, noise_m_s2=0.3, noise_rad_s=0.05, jitter_s=0.01)
    signal, begins = act(stands=14, cycle_s=2.5, sensor=sensor)
    assert chair_stands(signal).value == in_time(begins, 2.5)


@pytest.mark.parametrize("placement", WORN)
@pytest.mark.parametrize("share", [0.35, 0.5])
def test_an_incomplete_stand_is_not_counted_and_is_told(placement, share):
    heights = [1, 1, share, 1, 1, 1, share, 1, 1, 1, 1]
    signal, _ = act(stands=11, cycle_s=2.6, heights=heights, sensor=Sensor(placement))
    result = chair_stands(signal)
    assert result.value == 9
    assert placement is Placement.LOWER_BACK or "incomplete" in [flag.code for flag in result.flags]


def test_only_stands_within_the_time_count_from_the_start_that_was_given():
    signal, begins = act(stands=16, cycle_s=2.5, tail_s=8)
    result = chair_stands(signal, start_s=begins[0] + 2.5 * 3 - 0.1)
    assert result.value == sum(begins[3] - 0.1 <= b and b + 0.3 * 2.5 <= begins[3] + 29.9 for b in begins)
    assert result.phases[-1].code == "test"


@pytest.mark.parametrize("placement", WORN)
@pytest.mark.parametrize("cycle_s", [1.8, 2.5, 4.0])
def test_putting_the_phone_away_and_taking_it_out_is_no_stand(placement, cycle_s):
    sensor = Sensor(placement, handled_s=4.0)
    stands = round(32 / cycle_s)
    signal, begins = act(stands=stands, cycle_s=cycle_s, sensor=sensor, lead_s=8.5, tail_s=8.5)
    assert chair_stands(signal).value == in_time(begins, cycle_s)


def test_says_that_arms_cannot_be_seen_and_that_it_was_checked_on_simulated_movement():
    signal, _ = act(stands=12, cycle_s=2.5)
    codes = [flag.code for flag in chair_stands(signal).flags]
    assert codes == ["checked_on_simulated_movement", "arms_not_seen", "usual_rise"]


def test_is_withheld_with_a_reason():
    signal, _ = act(stands=5, cycle_s=2.5, tail_s=1)
    assert "recording ends" in chair_stands(signal).withheld
    sitting, _ = act(stands=0, tail_s=40)
    assert chair_stands(sitting).withheld == "No standing up was found in the recording."
    g = replace(signal, acceleration_m_s2=signal.acceleration_m_s2 / np.float32(9.81))
    assert "unit" in chair_stands(g).withheld
    assert "pocket" in chair_stands(replace(signal, placement=Placement.LEFT_WRIST)).withheld
    keep = (signal.t_s < 6) | (signal.t_s > 8)
    gap = replace(
        signal,
        t_s=signal.t_s[keep],
        acceleration_m_s2=signal.acceleration_m_s2[keep],
        angular_velocity_rad_s=signal.angular_velocity_rad_s[keep],
    )
    assert "gap of 2.0 seconds" in chair_stands(gap).withheld
    no_gyroscope = replace(signal, placement=Placement.POCKET, angular_velocity_rad_s=None)
    assert "gyroscope" in chair_stands(no_gyroscope).withheld
    walked, _ = timed_up_and_go(tail_s=30)
    assert "turned" in chair_stands(walked).withheld
    for result in (chair_stands(signal), chair_stands(sitting)):
        assert (result.value, result.low, result.high) == (None, None, None)
