"""The course of a metric: level, band, expectation; odd days, gaps, jumps."""

from dataclasses import replace

import numpy as np
import pytest

from sessions.motion_trend.change_points import change_points
from sessions.motion_trend.metrics import METRICS, WATCHED, words_of
from sessions.motion_trend.trend import DailySeries, day_variance, fit_trend
from tests.motion_trend.alarm.people import SPEED, day, days_from, make_series


def test_the_level_finds_a_known_course_and_its_band_holds_it() -> None:
    held = []
    for seed in range(20):
        trend = fit_trend(make_series(days=100, gain_sd=6, seed=seed))
        truth = 0.9 + 0.04 * 6 * (1 - np.exp(-np.arange(100) / 30.0))
        held.append((trend.low < truth) & (truth < trend.high))
        assert abs(trend.level - truth).mean() < 0.02
        assert trend.day_scale == pytest.approx(0.04, rel=0.35)
    assert np.mean(held) > 0.88


def test_the_band_is_wider_where_nothing_was_measured() -> None:
    series = make_series(days=80)
    keep = [at for at in range(80) if not 30 <= at < 50]
    sparse = DailySeries(SPEED, tuple(series.days[at] for at in keep), series.values[keep])
    trend = fit_trend(sparse)
    width = trend.high - trend.low
    assert len(trend.days) == 80
    assert width[40] > 1.05 * width[20]
    assert np.isfinite(trend.level).all()


def test_an_odd_day_hardly_moves_the_level() -> None:
    series = make_series(days=60)
    before = fit_trend(series).level[40]
    series.values[40] -= 1.0
    assert abs(fit_trend(series).level[40] - before) < 0.02


def test_a_recovery_is_expected_to_go_on() -> None:
    quiet = make_series(days=40, gain_sd=0)
    rising = replace(quiet, values=0.6 + 0.01 * np.arange(40) + 0.1 * (quiet.values - 0.9))
    trend = fit_trend(rising)
    assert trend.expected[39] == pytest.approx(rising.values[39], abs=0.03)
    flat = fit_trend(rising, recovery=False)
    assert flat.expected[39] < trend.expected[39]


def test_expected_knows_only_the_days_before() -> None:
    series = make_series(days=60, drop_at=50, drop_sd=8)
    known = fit_trend(series.until(day(50))).expected
    assert fit_trend(series).expected[:51] == pytest.approx(known, nan_ok=True)
    assert np.isnan(known[0])


def test_a_jump_that_was_told_is_not_smeared() -> None:
    series = make_series(days=80, drop_at=60, drop_sd=8)
    smeared, sharp = fit_trend(series), fit_trend(series, breaks=[day(60)])
    assert abs(sharp.level[59] - 0.9) < abs(smeared.level[59] - 0.9)
    assert sharp.level[60] < 0.68


def test_a_level_shift_moves_everything_by_as_much() -> None:
    series = make_series(days=50)
    moved = replace(series, values=series.values + 3.0)
    one, other = fit_trend(series), fit_trend(moved)
    assert other.level == pytest.approx(one.level + 3.0)
    assert other.day_scale == pytest.approx(one.day_scale)


def test_another_unit_changes_nothing_but_the_unit() -> None:
    series = make_series(days=50)
    one, other = fit_trend(series), fit_trend(replace(series, values=100 * series.values))
    assert other.level == pytest.approx(100 * one.level)


def test_a_band_or_few_bouts_make_a_day_count_less() -> None:
    series = make_series(days=30)
    n = np.full(30, 10.0)
    n[20] = 1.0
    assert day_variance(replace(series, n=n))[20] > 3 * day_variance(replace(series, n=n))[19]
    low, high = series.values - 0.05, series.values + 0.05
    high[20] += 0.2
    assert day_variance(replace(series, low=low, high=high))[20] > 2
    assert day_variance(series).tolist() == [1.0] * 30


def test_series_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="2 days, 1 values"):
        DailySeries(SPEED, days_from(day(0), 2), np.array([1.0]))
    with pytest.raises(ValueError, match="do not rise"):
        DailySeries(SPEED, (day(1), day(0)), np.array([1.0, 2.0]))
    with pytest.raises(ValueError, match="no days"):
        fit_trend(DailySeries(SPEED, (), np.array([])))


def test_one_value_and_equal_values_do_not_break_it() -> None:
    assert fit_trend(DailySeries(SPEED, (day(0),), np.array([1.0]))).level.tolist() == [1.0]
    equal = fit_trend(DailySeries(SPEED, days_from(day(0), 20), np.ones(20)))
    assert equal.level == pytest.approx(1.0)


def test_change_points_are_marked_with_date_and_size() -> None:
    (point,) = change_points(make_series(days=80, drop_at=50, drop_sd=6, seed=2))
    assert abs((point.day - day(50)).days) <= 1
    assert point.size == pytest.approx(-0.24, abs=0.06)
    assert change_points(make_series(days=80, seed=2)) == ()
    assert change_points(make_series(days=10, drop_at=5)) == ()


def test_an_odd_day_is_no_change_point() -> None:
    series = make_series(days=60, seed=5)
    series.values[30] -= 2.0
    assert change_points(series) == ()


def test_every_metric_says_where_its_numbers_come_from() -> None:
    assert set(WATCHED) <= set(METRICS)
    for metric in METRICS.values():
        assert metric.mdc is None or "No value" not in metric.mdc_source
        assert metric.mic is None or "No value" not in metric.mic_source
        assert not (metric.watched and metric.better == "neither")
        assert metric.normal is None or metric.normal.low < metric.normal.high


def test_values_in_words() -> None:
    assert words_of(SPEED, 0.823) == "0.82 m/s"
    assert words_of(SPEED, -0.18, signed=True) == "−0.18 m/s"
    assert words_of("step_count", 412.0, signed=True) == "+412 steps"
    assert words_of("step_regularity", 0.5) == "0.50"
