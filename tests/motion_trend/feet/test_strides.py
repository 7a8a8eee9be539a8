"""Strides of feet whose path is known."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from sessions.motion_trend.feet import analyse_foot, gait_from_feet
from sessions.motion_trend.types import Placement, SensorSignal
from tests.motion_trend.feet.footsteps import Footsteps, feel

LEFT, RIGHT = Placement.LEFT_FOOT, Placement.RIGHT_FOOT
MOUNTS = [Rotation.identity(), *Rotation.random(5, rng=np.random.default_rng(3))]


def lengths(signal: SensorSignal) -> list[float]:
    return [stride.length_m for stride in analyse_foot(signal).strides]


@pytest.mark.parametrize("mount", MOUNTS)
def test_finds_every_stride_and_its_length_whichever_way_the_sensor_sits(mount):
    signal, _ = feel(Footsteps(mount=mount), LEFT)
    assert lengths(signal) == pytest.approx([1.3] * 12, abs=0.03)


@pytest.mark.parametrize("mount", list(Rotation.create_group("O")))
def test_is_the_same_in_all_24_right_handed_frames(mount):
    signal, _ = feel(Footsteps(), LEFT)
    turned = replace(
        signal,
        acceleration_m_s2=mount.apply(signal.acceleration_m_s2).astype(np.float32),
        angular_velocity_rad_s=mount.apply(signal.angular_velocity_rad_s).astype(np.float32),
    )
    assert lengths(turned) == pytest.approx(lengths(signal), abs=0.002)


@pytest.mark.parametrize(
    ("length_m", "time_s"),
    [(0.4, 1.6), (0.8, 1.4), (1.1, 1.2), (1.6, 0.95)],
    ids=["shuffle", "slow", "usual", "fast"],
)
def test_measures_slow_and_fast_walking(length_m, time_s):
    signal, strikes = feel(Footsteps(length_m=length_m, time_s=time_s), RIGHT)
    strides = analyse_foot(signal).strides
    assert [s.length_m for s in strides] == pytest.approx([length_m] * 12, abs=0.03)
    assert [s.contact_s for s in strides] == pytest.approx(list(strikes), abs=0.03)


@pytest.mark.parametrize("rate_hz", [100.0, 128.0, 200.0])
def test_measures_at_the_rates_that_foot_sensors_have(rate_hz):
    signal, _ = feel(Footsteps(rate_hz=rate_hz), LEFT)
    assert lengths(signal) == pytest.approx([1.3] * 12, abs=0.05)


def test_gives_swing_share_and_turns():
    signal, _ = feel(Footsteps(turns_deg=(0, 0, 0, 60, 60, 60)), LEFT)
    strides = analyse_foot(signal).strides
    assert [s.turn_deg for s in strides] == pytest.approx([0, 0, 0, 60, 60, 60, *[0] * 6], abs=3)
    assert np.median([s.swing_s / s.time_s for s in strides]) == pytest.approx(0.38, abs=0.08)


def test_a_gap_costs_the_stride_in_it_and_no_other():
    signal, _ = feel(Footsteps(), LEFT)
    keep = (signal.t_s < 6.5) | (signal.t_s > 6.9)
    gapped = replace(
        signal,
        t_s=signal.t_s[keep],
        acceleration_m_s2=signal.acceleration_m_s2[keep],
        angular_velocity_rad_s=signal.angular_velocity_rad_s[keep],
    )
    found = lengths(gapped)
    assert 10 <= len(found) <= 11
    assert found == pytest.approx([1.3] * len(found), abs=0.05)


def test_a_foot_at_rest_makes_no_strides():
    random = np.random.default_rng(0)
    n = 6000
    force = random.normal(0, 0.05, (n, 3)) + np.array([0, 0, 9.81])
    still = SensorSignal(
        np.arange(n) / 100,
        force.astype(np.float32),
        random.normal(0, 0.01, (n, 3)).astype(np.float32),
        100.0,
        LEFT,
    )
    assert analyse_foot(still).strides == ()
    assert gait_from_feet([still]).bouts == ()


def test_ten_minutes_and_more_are_cut_without_losing_a_stride():
    signal, _ = feel(Footsteps(strides=620, rate_hz=100.0, lead_s=1.0, noise_m_s2=0.0, noise_deg_s=0.0), LEFT)
    found = analyse_foot(signal).strides
    assert len(found) == 620
    assert len({round(s.start_s, 1) for s in found}) == 620


@pytest.mark.parametrize(
    ("change", "flag"),
    [({"angular_velocity_rad_s": None}, "no_gyroscope"), ({"t_s": None}, "low_rate")],
)
def test_says_why_a_signal_carries_no_strides(change, flag):
    signal, _ = feel(Footsteps(), LEFT)
    if "t_s" in change:
        change = {"t_s": signal.t_s * 5}
    walk = analyse_foot(replace(signal, **change))
    assert (walk.strides, [f.code for f in walk.flags]) == ((), [flag])


def test_two_feet_give_a_bout_with_bands():
    left, left_strikes = feel(Footsteps(), LEFT)
    right, right_strikes = feel(Footsteps(start_s=0.5, seed=2), RIGHT)
    result = gait_from_feet([left, right])
    (bout,) = result.bouts
    measures = bout.measures
    assert measures["stride_length_m"].value == pytest.approx(1.3, abs=0.02)
    assert measures["walking_speed_m_s"].value == pytest.approx(1.3 / 1.1, abs=0.03)
    assert measures["cadence_spm"].value == pytest.approx(120 / 1.1, abs=1)
    # Right steps take 0.5 s, left steps 0.6 s.
    assert measures["step_time_asymmetry_pct"].value == pytest.approx(200 * 0.1 / 1.1, abs=2)
    assert len(bout.steps) == len(left_strikes) + len(right_strikes)
    assert [step.side for step in bout.steps][:4] == ["left", "right", "left", "right"]
    for measure in measures.values():
        assert (measure.value is None) == bool(measure.withheld)
        assert measure.value is None or measure.low <= measure.value < measure.high
    assert measures["step_length_asymmetry_pct"].value is None


def test_one_foot_compares_nothing_and_a_slow_sensor_gives_no_length():
    signal, _ = feel(Footsteps(rate_hz=60.0), LEFT)
    result = gait_from_feet([signal])
    (bout,) = result.bouts
    assert "one_foot" in [flag.code for flag in result.flags]
    assert bout.measures["step_time_asymmetry_pct"].withheld
    assert bout.measures["stride_length_m"].withheld
    assert bout.measures["cadence_spm"].value == pytest.approx(120 / 1.1, abs=1)


def test_two_unnamed_feet_keep_their_strides_apart():
    first, _ = feel(Footsteps(), Placement.UNKNOWN)
    second, _ = feel(Footsteps(start_s=0.55, seed=2), Placement.UNKNOWN)
    result = gait_from_feet([first, second])
    assert {step.side for step in result.bouts[0].steps} == {""}
    assert result.bouts[0].measures["cadence_spm"].value == pytest.approx(120 / 1.1, abs=1)
    assert result.bouts[0].measures["step_time_asymmetry_pct"].withheld


def test_pieces_of_one_foot_are_one_recording():
    whole, _ = feel(Footsteps(strides=20), LEFT)
    half = whole.t_s < 13
    pieces = [
        replace(
            whole,
            t_s=whole.t_s[part],
            acceleration_m_s2=whole.acceleration_m_s2[part],
            angular_velocity_rad_s=whole.angular_velocity_rad_s[part],
        )
        for part in (half, ~half)
    ]
    result, one = gait_from_feet(pieces), gait_from_feet([whole])
    assert result.wear_s == pytest.approx(one.wear_s, abs=0.1)
    assert len(result.bouts) == 1
    assert len(result.bouts[0].steps) >= len(one.bouts[0].steps) - 1
    assert "clocks_unrelated" not in [flag.code for flag in result.flags]
