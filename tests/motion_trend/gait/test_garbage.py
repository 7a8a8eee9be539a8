"""Strange recordings: nothing is raised, nothing false is shown, and a flag says why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sessions.motion_trend.gait import analyse_gait
from sessions.motion_trend.types import GaitResult, Placement, SensorSignal
from sessions.motion_trend.walker import walk


def signal() -> SensorSignal:
    return walk(seconds=20, cadence_spm=106, step_length_m=0.62)[0]


def codes(result: GaitResult) -> set[str]:
    return {flag.code for flag in result.flags}


def test_nothing_at_all() -> None:
    assert analyse_gait([], height_m=1.7).bouts == ()
    empty = replace(
        signal(),
        t_s=np.zeros(0),
        acceleration_m_s2=np.zeros((0, 3), np.float32),
        angular_velocity_rad_s=np.zeros((0, 3), np.float32),
    )
    assert analyse_gait([empty], height_m=1.7).bouts == ()


def test_g_for_metres_is_said_and_not_analysed() -> None:
    wrong = replace(signal(), acceleration_m_s2=signal().acceleration_m_s2 / np.float32(9.81))
    result = analyse_gait([wrong], height_m=1.7)
    assert result.bouts == ()
    assert "wrong_units" in codes(result)


def test_degrees_for_radians_leave_the_turning_rates_out() -> None:
    plain = signal()
    assert plain.angular_velocity_rad_s is not None
    wrong = replace(plain, angular_velocity_rad_s=np.degrees(plain.angular_velocity_rad_s).astype(np.float32))
    result = analyse_gait([wrong], height_m=1.7)
    assert "turning_units" in codes(result)
    (bout,) = result.bouts
    assert {step.side for step in bout.steps} == {""}
    assert bout.measures["cadence_spm"].value == pytest.approx(106, rel=0.03)


def test_without_a_gyroscope_there_are_no_sides_and_wider_bands() -> None:
    plain = signal()
    (with_it,) = analyse_gait([plain], height_m=1.7).bouts
    result = analyse_gait([replace(plain, angular_velocity_rad_s=None)], height_m=1.7)
    (without,) = result.bouts
    assert "no_gyroscope" in codes(result)
    assert without.measures["step_time_asymmetry_pct"].value is None

    def width(bout: object) -> float:
        measure = bout.measures["walking_speed_m_s"]
        return measure.high - measure.low

    assert width(without) > width(with_it)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_readings_that_are_no_numbers_are_not_analysed(bad: float) -> None:
    plain = signal()
    broken = plain.acceleration_m_s2.copy()
    broken[::5, 1] = bad
    assert analyse_gait([replace(plain, acceleration_m_s2=broken)], height_m=1.7).bouts == ()


def test_ten_samples_a_second_are_too_few() -> None:
    slow, _ = walk(seconds=20, cadence_spm=106, step_length_m=0.62, rate_hz=10.0)
    result = analyse_gait([slow], height_m=1.7)
    assert result.bouts == ()
    assert "low_rate" in codes(result)


def test_a_third_of_the_samples_missing_is_said() -> None:
    plain = signal()
    keep = np.random.default_rng(0).random(len(plain)) > 0.35
    assert plain.angular_velocity_rad_s is not None
    gappy = replace(
        plain,
        t_s=plain.t_s[keep],
        acceleration_m_s2=plain.acceleration_m_s2[keep],
        angular_velocity_rad_s=plain.angular_velocity_rad_s[keep],
    )
    result = analyse_gait([gappy], height_m=1.7)
    assert "drop_outs" in codes(result)
    for bout in result.bouts:
        assert bout.measures["walking_speed_m_s"].value is None


def test_of_two_sensors_the_better_validated_place_is_used() -> None:
    back = signal()
    wrist, _ = walk(seconds=20, cadence_spm=106, step_length_m=0.62, placement=Placement.LEFT_WRIST)
    result = analyse_gait([wrist, back], height_m=1.7)
    assert "other_sensors_left_out" in codes(result)
    assert result.bouts[0].measures["walking_speed_m_s"].value is not None


def test_a_result_is_plain_json() -> None:
    import json

    said = analyse_gait([signal()], height_m=1.7).to_dict()
    assert said["bouts"]
    assert json.loads(json.dumps(said, allow_nan=False)) == said
