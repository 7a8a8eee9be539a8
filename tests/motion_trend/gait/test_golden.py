"""Simulated walks with known steps, sides, lengths and speed come back; what does not hold is withheld."""

from __future__ import annotations

import numpy as np
import pytest

from sessions.motion_trend.gait import GaitSettings, analyse_gait
from sessions.motion_trend.types import GaitResult, Placement, WalkingBout
from sessions.motion_trend.walker import WalkTruth, fidget, joined, rest, walk

LENGTHS = ("step_length_m", "stride_length_m", "walking_speed_m_s")


def the_bout(result: GaitResult) -> WalkingBout:
    (bout,) = result.bouts
    return bout


def value(bout: WalkingBout, code: str) -> float:
    found = bout.measures[code].value
    assert found is not None, bout.measures[code].withheld
    return found


def right_sides(bout: WalkingBout, truth: WalkTruth) -> float:
    times = np.array([step.t_s for step in truth.contacts])
    nearest = [truth.contacts[int(np.argmin(np.abs(times - step.t_s)))].side for step in bout.steps]
    return float(np.mean([step.side == side for step, side in zip(bout.steps, nearest, strict=True)]))


@pytest.mark.parametrize(
    ("cadence", "length", "asymmetry"), [(110, 0.65, 0.0), (95, 0.55, 8.0), (120, 0.75, 15.0), (80, 0.5, 4.0)]
)
def test_a_walk_comes_back(cadence: float, length: float, asymmetry: float) -> None:
    signal, truth = walk(
        seconds=40, cadence_spm=cadence, step_length_m=length, asymmetry_pct=asymmetry, height_m=1.7
    )
    bout = the_bout(analyse_gait([signal], height_m=1.7))
    assert value(bout, "cadence_spm") == pytest.approx(truth.cadence_spm, rel=0.015)
    assert value(bout, "step_time_s") == pytest.approx(60 / truth.cadence_spm, rel=0.015)
    assert value(bout, "stride_length_m") == pytest.approx(truth.stride_length_m, abs=0.06)
    assert value(bout, "walking_speed_m_s") == pytest.approx(truth.walking_speed_m_s, abs=0.06)
    assert value(bout, "step_time_asymmetry_pct") == pytest.approx(asymmetry, abs=2.5)
    assert abs(len(bout.steps) - len(truth.contacts)) <= 2
    assert right_sides(bout, truth) > 0.95
    assert bout.start_s == pytest.approx(truth.start_s, abs=0.8)
    assert bout.end_s == pytest.approx(truth.end_s, abs=0.8)


def test_unequal_lengths_come_back() -> None:
    signal, _ = walk(seconds=60, cadence_spm=105, step_length_m=0.6, length_asymmetry_pct=12)
    bout = the_bout(analyse_gait([signal], height_m=1.7))
    assert value(bout, "step_length_asymmetry_pct") == pytest.approx(12, abs=4)


def test_every_value_lies_in_its_own_band() -> None:
    signal, _ = walk(seconds=60, cadence_spm=105, step_length_m=0.6)
    for measure in the_bout(analyse_gait([signal], height_m=1.7)).measures.values():
        if measure.value is None:
            assert measure.withheld
        else:
            assert measure.low is not None and measure.high is not None
            assert measure.low <= measure.value <= measure.high


def test_an_even_walk_is_more_regular_than_an_uneven_one() -> None:
    even, _ = walk(seconds=60, cadence_spm=105, step_length_m=0.6, step_time_sd_s=0.003)
    uneven, _ = walk(seconds=60, cadence_spm=105, step_length_m=0.6, step_time_sd_s=0.04)
    calm, shaky = (the_bout(analyse_gait([s], height_m=1.7)) for s in (even, uneven))
    assert value(calm, "stride_regularity") > value(shaky, "stride_regularity")
    assert value(calm, "stride_time_variability_pct") < value(shaky, "stride_time_variability_pct")


@pytest.mark.parametrize("placement", [Placement.POCKET, Placement.LEFT_THIGH, Placement.RIGHT_THIGH])
def test_a_pocket_tells_rhythm_but_no_lengths(placement: Placement) -> None:
    signal, truth = walk(seconds=40, cadence_spm=104, step_length_m=0.6, placement=placement)
    bout = the_bout(analyse_gait([signal], height_m=1.7))
    assert value(bout, "cadence_spm") == pytest.approx(truth.cadence_spm, rel=0.02)
    assert abs(len(bout.steps) - len(truth.contacts)) <= 3
    assert all("pocket" in bout.measures[code].withheld for code in LENGTHS)
    assert bout.measures["step_time_asymmetry_pct"].value is None


@pytest.mark.parametrize("placement", [Placement.LEFT_WRIST, Placement.RIGHT_WRIST])
def test_a_wrist_tells_cadence_and_walking_time_only(placement: Placement) -> None:
    signal, truth = walk(seconds=40, cadence_spm=108, step_length_m=0.65, placement=placement)
    bout = the_bout(analyse_gait([signal], height_m=1.7))
    assert value(bout, "cadence_spm") == pytest.approx(truth.cadence_spm, rel=0.03)
    assert bout.duration_s == pytest.approx(truth.end_s - truth.start_s, abs=4)
    assert {code for code, m in bout.measures.items() if m.value is not None} == {"cadence_spm"}
    assert all("wrist" in bout.measures[code].withheld for code in LENGTHS)


def test_a_chest_tells_no_lengths() -> None:
    signal, _ = walk(seconds=40, cadence_spm=104, step_length_m=0.6, placement=Placement.CHEST)
    bout = the_bout(analyse_gait([signal], height_m=1.7))
    assert value(bout, "cadence_spm") > 0
    assert all("chest" in bout.measures[code].withheld for code in LENGTHS)


@pytest.mark.parametrize(
    "placement", [Placement.LOWER_BACK, Placement.POCKET, Placement.LEFT_WRIST, Placement.UNKNOWN]
)
def test_rest_and_moving_about_are_no_walking(placement: Placement) -> None:
    still = rest(seconds=60, placement=placement)
    restless = fidget(seconds=120, placement=placement)
    result = analyse_gait([joined([still, restless, still])], height_m=1.7)
    assert result.bouts == ()
    assert "no_walking" in {flag.code for flag in result.flags}


def test_without_a_height_there_are_no_lengths() -> None:
    signal, truth = walk(seconds=30, cadence_spm=104, step_length_m=0.6)
    result = analyse_gait([signal], height_m=None)
    bout = the_bout(result)
    assert value(bout, "cadence_spm") == pytest.approx(truth.cadence_spm, rel=0.015)
    assert all("height" in bout.measures[code].withheld for code in LENGTHS)
    assert "height_unknown" in {flag.code for flag in result.flags}


@pytest.mark.parametrize("height", [0.0, -1.7, 17.0, 170.0, float("nan")])
def test_an_impossible_height_is_no_height(height: float) -> None:
    signal, _ = walk(seconds=20, cadence_spm=104, step_length_m=0.6)
    bout = the_bout(analyse_gait([signal], height_m=height))
    assert bout.measures["stride_length_m"].value is None


@pytest.mark.parametrize(
    ("cadence", "length", "asymmetry"),
    [(50, 0.4, 0), (60, 0.35, 20), (70, 0.35, 20), (80, 0.3, 15), (60, 0.5, 0)],
)
@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 128.0])
def test_slow_even_walking_is_found_and_told_with_a_wide_band(
    cadence: float, length: float, asymmetry: float, rate_hz: float
) -> None:
    signal, truth = walk(
        seconds=40,
        cadence_spm=cadence,
        step_length_m=length,
        asymmetry_pct=asymmetry,
        step_time_sd_s=0.04,
        rate_hz=rate_hz,
    )
    bout = the_bout(analyse_gait([signal], height_m=1.7))
    assert bout.duration_s > 0.85 * (truth.end_s - truth.start_s)
    assert value(bout, "cadence_spm") == pytest.approx(truth.cadence_spm, rel=0.03)
    assert value(bout, "stride_length_m") == pytest.approx(truth.stride_length_m, abs=0.12)
    speed = bout.measures["walking_speed_m_s"]
    assert speed.value == pytest.approx(truth.walking_speed_m_s, abs=0.08)
    slow = truth.walking_speed_m_s < 0.45
    assert ("slow" in {flag.code for flag in bout.flags}) == slow
    assert speed.value is not None and speed.high is not None
    assert speed.high - speed.value == pytest.approx((2 if slow else 1) * 1.96 * 0.1253, rel=0.01)


def test_slow_walking_is_not_taken_for_even_where_turns_are_not_known() -> None:
    signal, _ = walk(seconds=40, cadence_spm=60, step_length_m=0.4, has_gyroscope=False)
    speed = the_bout(analyse_gait([signal], height_m=1.7)).measures["walking_speed_m_s"]
    assert speed.value is None
    assert "slow" in speed.withheld.lower()


def test_creeping_tells_no_speed() -> None:
    signal, truth = walk(seconds=40, cadence_spm=70, step_length_m=0.18)
    bout = the_bout(analyse_gait([signal], height_m=1.7))
    assert value(bout, "cadence_spm") == pytest.approx(truth.cadence_spm, rel=0.03)
    assert "slow" in bout.measures["walking_speed_m_s"].withheld.lower()
    assert "slow" in {flag.code for flag in bout.flags}


def test_too_few_steps_are_no_bout() -> None:
    signal, _ = walk(seconds=2.0, cadence_spm=104, step_length_m=0.6)
    strict = GaitSettings(least_bout_steps=9)
    assert analyse_gait([signal], height_m=1.7, settings=strict).bouts == ()


def test_few_steps_tell_no_asymmetry() -> None:
    signal, _ = walk(seconds=5.0, cadence_spm=104, step_length_m=0.6)
    bout = the_bout(analyse_gait([signal], height_m=1.7))
    assert "few" in bout.measures["step_time_asymmetry_pct"].withheld.lower()
    assert bout.measures["stride_time_variability_pct"].value is None


def test_two_walks_with_a_pause_are_two_bouts() -> None:
    first, _ = walk(seconds=15, cadence_spm=104, step_length_m=0.6)
    second, _ = walk(seconds=15, cadence_spm=112, step_length_m=0.65)
    result = analyse_gait([joined([first, second])], height_m=1.7)
    assert len(result.bouts) == 2
