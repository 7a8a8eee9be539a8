"""Timed Up and Go acted by a simulated body."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from sessions.motion_trend.timed import timed_up_and_go
from sessions.motion_trend.timed.simulation import Sensor
from sessions.motion_trend.timed.simulation import timed_up_and_go as act
from sessions.motion_trend.types import Placement
from sessions.motion_trend.walker import joined

WORN = (Placement.LOWER_BACK, Placement.WAIST, Placement.POCKET)
TURNED = Rotation.random(rng=np.random.default_rng(4))


@pytest.mark.parametrize("placement", WORN)
@pytest.mark.parametrize("seconds", [7.0, 9.0, 12.0, 18.0, 25.0])
def test_times_the_test_and_its_phases(placement, seconds):
    signal, truth = act(seconds=seconds, sensor=Sensor(placement, rotation=TURNED))
    result = timed_up_and_go(signal)
    assert result.low <= truth.end_s - truth.start_s <= result.high
    assert result.high - result.low == pytest.approx(max(1.2, 0.1 * result.value), abs=0.02)
    assert [phase.code for phase in result.phases] == [
        "sit_to_stand", "walk_out", "turn", "walk_back", "turn_to_sit",
    ]  # fmt: skip
    ends = [phase.end_s for phase in result.phases]
    slack = 0.04 * seconds
    assert ends == pytest.approx(
        [truth.stood_s, *truth.turn_s, truth.turn_to_sit_s, truth.end_s], abs=max(0.35, slack)
    )


@pytest.mark.parametrize("rate_hz", [50.0, 60.0])
@pytest.mark.parametrize("placement", WORN)
def test_times_at_phone_rates_with_noise(placement, rate_hz):
    sensor = Sensor(placement, rate_hz=rate_hz, noise_m_s2=0.3, noise_rad_s=0.05, jitter_s=0.01)
    signal, truth = act(sensor=sensor)
    assert timed_up_and_go(signal).value == pytest.approx(truth.end_s - truth.start_s, abs=0.6)


def test_turns_to_the_right_are_turns_too():
    signal, _ = act(turn_deg=-180.0)
    assert timed_up_and_go(signal).value is not None


def test_is_withheld_with_a_reason():
    signal, _ = act()
    straight, _ = act(turn_deg=0.0)
    assert timed_up_and_go(straight).withheld
    assert "gyroscope" in timed_up_and_go(replace(signal, angular_velocity_rad_s=None)).withheld
    late, _ = act(lead_s=0.1)
    assert timed_up_and_go(late).withheld
    half = signal.t_s < 8
    cut = replace(
        signal,
        t_s=signal.t_s[half],
        acceleration_m_s2=signal.acceleration_m_s2[half],
        angular_velocity_rad_s=signal.angular_velocity_rad_s[half],
    )
    assert "sitting down again" in timed_up_and_go(cut).withheld


def test_of_two_tests_in_one_recording_one_is_timed_and_the_other_told():
    first, truth = act()
    result = timed_up_and_go(joined([first, first]))
    assert result.value == pytest.approx(truth.end_s - truth.start_s, abs=0.6)
    assert "other_movement" in [flag.code for flag in result.flags]
    in_one_go, _ = act(lead_s=1.0, tail_s=0.1)
    assert timed_up_and_go(joined([in_one_go, first])).value is None or "other_movement" in [
        flag.code for flag in timed_up_and_go(joined([in_one_go, first])).flags
    ]


@pytest.mark.parametrize("placement", WORN)
def test_putting_the_phone_away_and_taking_it_out_is_no_part_of_the_test(placement):
    sensor = Sensor(placement, handled_s=4.0)
    signal, truth = act(sensor=sensor, lead_s=8.0, tail_s=8.0)
    assert timed_up_and_go(signal).value == pytest.approx(truth.end_s - truth.start_s, abs=0.6)


def test_the_result_is_plain_json_with_a_short_curve():
    signal, _ = act()
    stored = json.loads(json.dumps(timed_up_and_go(signal).to_dict()))
    assert stored["code"] == "tug_s"
    assert len(stored["curve"]["t_s"]) == len(stored["curve"]["values"]) <= 1000
    assert stored["phases"][0]["seconds"] > 0
