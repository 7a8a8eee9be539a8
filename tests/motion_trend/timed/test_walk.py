"""The 10-metre walk of simulated walkers."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from sessions.motion_trend.timed import ten_metre_walk
from sessions.motion_trend.types import Placement
from sessions.motion_trend.walker import rest, walk

WORN = (Placement.LOWER_BACK, Placement.WAIST, Placement.POCKET)
TURNED = Rotation.random(rng=np.random.default_rng(5))


def course(
    placement=Placement.LOWER_BACK, cadence_spm=108.0, step_length_m=0.65, rate_hz=100.0, seconds=12.0
):
    """A walk and its true length: what the steps add up to."""
    signal, truth = walk(
        seconds=seconds,
        cadence_spm=cadence_spm,
        step_length_m=step_length_m,
        placement=placement,
        rate_hz=rate_hz,
        rotation=TURNED,
        seed=4,
    )
    return signal, truth, step_length_m * len(truth.contacts)


@pytest.mark.parametrize("placement", WORN)
@pytest.mark.parametrize(("cadence_spm", "step_length_m"), [(60, 0.4), (85, 0.55), (108, 0.65), (125, 0.8)])
@pytest.mark.parametrize("rate_hz", [50.0, 100.0])
def test_with_a_run_up_gives_the_steady_speed(placement, cadence_spm, step_length_m, rate_hz):
    signal, truth, length_m = course(placement, cadence_spm, step_length_m, rate_hz)
    result = ten_metre_walk(signal, distance_m=length_m - 3, acceleration_m=1.5)
    assert result.value == pytest.approx(truth.walking_speed_m_s, rel=0.09)
    assert result.low <= truth.walking_speed_m_s <= result.high
    assert [phase.code for phase in result.phases] == ["run_up", "timed", "run_out"]


def test_from_a_standing_start_is_the_distance_over_the_time_and_says_so():
    signal, truth, length_m = course()
    result = ten_metre_walk(signal, distance_m=length_m)
    step_s = 60 / truth.cadence_spm
    assert result.value == pytest.approx(length_m / (truth.end_s - truth.start_s + 2 * step_s), rel=0.05)
    assert "standing_start" in [flag.code for flag in result.flags]


def test_taps_are_taken_at_their_word():
    signal, truth, _ = course()
    result = ten_metre_walk(signal, taps_s=(truth.start_s + 1, truth.start_s + 9))
    assert result.value == pytest.approx(10 / 8)
    assert result.low < 10 / 8.4
    assert "tapped" in [flag.code for flag in result.flags]


def test_is_withheld_with_a_reason():
    signal, truth, _ = course()
    started = signal.t_s > truth.start_s + 1
    cut = replace(
        signal,
        t_s=signal.t_s[started],
        acceleration_m_s2=signal.acceleration_m_s2[started],
        angular_velocity_rad_s=signal.angular_velocity_rad_s[started],
    )
    assert "Stand still" in ten_metre_walk(cut).withheld
    assert ten_metre_walk(rest(seconds=20)).withheld == "No walking was found."
    assert "not plausible" in ten_metre_walk(signal, distance_m=80).withheld
    assert "outside" in ten_metre_walk(signal, taps_s=(0, 90)).withheld
    turning = signal.angular_velocity_rad_s + TURNED.apply([0, 0, np.pi / 12]).astype(np.float32)
    assert "turned" in ten_metre_walk(replace(signal, angular_velocity_rad_s=turning)).withheld


def test_refuses_impossible_distances():
    signal, _, _ = course()
    with pytest.raises(ValueError, match="Distance"):
        ten_metre_walk(signal, distance_m=0)
