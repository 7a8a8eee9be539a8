"""The sentence that heads the page: which yardsticks a change passes, and when it is too early to say."""

from datetime import date, timedelta

import pytest

from sessions.motion_trend.metrics import METRICS
from sessions.selectors.movement.change import (
    Level,
    Verdict,
    change_of,
    change_of_tests,
    number,
    yardstick,
)

TODAY = date(2026, 11, 22)
SPEED, CADENCE, ASYMMETRY, TUG = (
    METRICS[code] for code in ("walking_speed_m_s", "cadence_spm", "step_time_asymmetry_pct", "tug_s")
)


def levels(first, last, *, half=0.02, days=29, until=TODAY):
    start = until - timedelta(days=days - 1)
    return [
        Level(start + timedelta(days=n), value, value - half, value + half)
        for n, value in enumerate(first + (last - first) * n / (days - 1) for n in range(days))
    ]


def answer(metric, first, last, **options):
    until = options.get("until", TODAY)
    found = levels(first, last, **options)
    return change_of(
        metric, found, measured_days=[one.day for one in found], since=None, today=max(until, TODAY)
    )


def test_the_sentence_names_value_band_change_and_yardsticks():
    assert answer(SPEED, 0.80, 1.02).sentence == (
        "Walking speed 1.02 m/s this week (1.00–1.04), up 0.22 since 25 October: more than the days differ "
        "among themselves, more than the measurement error between two tests (0.18), reaches the important "
        "change (0.10)."
    )


@pytest.mark.parametrize(
    ("metric", "first", "last", "half", "verdict"),
    [
        (SPEED, 0.80, 1.02, 0.02, Verdict.BETTER),
        (SPEED, 0.80, 0.92, 0.02, Verdict.PROBABLY_BETTER),
        (SPEED, 0.80, 0.92, 0.20, Verdict.UNCLEAR),
        (SPEED, 0.80, 0.80, 0.02, Verdict.UNCLEAR),
        (SPEED, 1.02, 0.80, 0.02, Verdict.WORSE),
        (SPEED, 0.92, 0.80, 0.02, Verdict.PROBABLY_WORSE),
        (ASYMMETRY, 3.0, 9.0, 0.5, Verdict.PROBABLY_WORSE),
        (ASYMMETRY, 3.0, 19.0, 0.5, Verdict.WORSE),
        (ASYMMETRY, 19.0, 3.0, 0.5, Verdict.BETTER),
    ],
)
def test_a_verdict_is_sure_only_beyond_the_measurement_error(metric, first, last, half, verdict):
    assert answer(metric, first, last, half=half).verdict == verdict


def test_a_change_far_inside_measurement_error_is_given_no_direction():
    found = answer(SPEED, 0.92, 0.88, half=0.01)
    assert found.verdict == Verdict.UNCLEAR
    assert "under a quarter of the measurement error between two tests (0.18)" in found.sentence


def test_a_change_within_the_days_variation_is_not_judged_further():
    words = answer(SPEED, 0.80, 0.85, half=0.1).sentence
    assert words.endswith("no more than the days differ among themselves.")
    assert "important" not in words


def test_old_data_are_called_old():
    change = answer(SPEED, 0.80, 1.02, until=TODAY - timedelta(days=30))
    assert change.is_stale
    assert "on 23 October, the last day measured" in change.sentence


def test_last_weeks_data_are_not_called_this_weeks():
    assert " last week (" in answer(SPEED, 0.80, 1.02, until=TODAY - timedelta(days=9)).sentence


@pytest.mark.parametrize("count", [0, 1, 4])
def test_few_days_are_too_early(count):
    found = levels(0.8, 0.9)[:count]
    change = change_of(SPEED, found, measured_days=[one.day for one in found], since=None, today=TODAY)
    assert change.verdict == Verdict.EARLY
    assert change.difference is None


def test_many_days_of_one_week_are_too_early():
    found = levels(0.8, 0.9, days=6)
    change = change_of(SPEED, found, measured_days=[one.day for one in found], since=None, today=TODAY)
    assert change.verdict == Verdict.EARLY


def test_change_is_counted_from_surgery():
    found = levels(1.2, 0.8, days=15, until=TODAY - timedelta(days=14)) + levels(0.8, 1.0, days=14)
    since = TODAY - timedelta(days=13)
    change = change_of(SPEED, found, measured_days=[one.day for one in found], since=since, today=TODAY)
    assert change.verdict == Verdict.BETTER
    assert change.then.day == since


def test_a_band_that_is_no_number_is_left_out():
    found = [*levels(0.8, 1.02), Level(TODAY, float("nan"), float("nan"), float("inf"))]
    change = change_of(SPEED, found, measured_days=[one.day for one in found], since=None, today=TODAY)
    assert change.verdict == Verdict.BETTER


def timed_tests(*values):
    return [
        Level(TODAY - timedelta(days=7 * (len(values) - n)), value, value - 0.5, value + 0.5)
        for n, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("values", "verdict"),
    [((14.0, 12.0), Verdict.BETTER), ((14.0, 13.2), Verdict.UNCLEAR), ((12.0, 14.0), Verdict.WORSE)],
)
def test_two_tests_are_compared_with_their_measurement_error(values, verdict):
    assert change_of_tests(TUG, timed_tests(*values), since=None, today=TODAY).verdict == verdict


def test_one_test_is_no_comparison():
    change = change_of_tests(TUG, timed_tests(14.0), since=None, today=TODAY)
    assert change.verdict == Verdict.EARLY
    assert change.sentence == "Timed Up and Go was done once: two tests are needed for a comparison."


def test_yardsticks_are_not_rounded_away():
    assert [yardstick(value) for value in (0.1, 0.18, 2.5, 12.2, 0.106, 600.0)] == [
        "0.10", "0.18", "2.5", "12.2", "0.106", "600",
    ]  # fmt: skip


def test_minus_is_a_minus_and_nought_has_none():
    assert number(SPEED, -0.12) == "−0.12"
    assert number(SPEED, -0.001) == "0.00"
    assert number(CADENCE, 107.6) == "108"
