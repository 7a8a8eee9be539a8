"""What the alarm tells, when, and what it keeps to itself."""

import re
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from sessions.motion_trend.alarm import AlarmSettings, AlarmState, DayValue, review_series
from sessions.motion_trend.trend import DailySeries
from tests.motion_trend.alarm.people import ASYMMETRY, CADENCE, SPEED, day, make_series

LENGTH = "step_length_m"
COUNT = "step_count"


def drop(**said: object) -> dict[str, DailySeries]:
    """Speed, cadence and step length, worse from day 60."""
    codes = (SPEED, CADENCE, LENGTH)
    return {
        code: make_series(code, drop_at=60, seed=9 + seed, **said)  # type: ignore[arg-type]
        for seed, code in enumerate(codes)
    }


def test_a_drop_is_told_within_two_days_with_metric_size_and_days() -> None:
    (alarm,) = review_series(drop())
    leading = alarm.shifts[0]
    assert alarm.code == leading.code == SPEED
    assert day(60) <= alarm.detected_day <= day(62)
    assert abs((alarm.onset_day - day(60)).days) <= 1
    assert leading.change == pytest.approx(-0.16, abs=0.06)
    assert leading.in_mic == pytest.approx(1.6, abs=0.6)
    assert leading.percent == pytest.approx(-18, abs=7)
    assert alarm.headline.startswith("walking speed −")
    assert "times the smallest detectable change" in alarm.reason


def test_metrics_that_move_together_are_one_alarm() -> None:
    (alarm,) = review_series(drop())
    assert {shift.code for shift in alarm.shifts} == {SPEED, CADENCE, LENGTH}


def test_a_rise_is_worse_where_a_rise_is_worse() -> None:
    (alarm,) = review_series({ASYMMETRY: make_series(ASYMMETRY, drop_at=60, drop_sd=6)})
    assert alarm.shifts[0].change > 0
    assert "+" in alarm.headline and "points" in alarm.headline


def test_improvement_is_no_alarm() -> None:
    assert review_series({SPEED: make_series(drop_at=60, drop_sd=-6)}) == ()


def test_a_metric_without_a_worse_side_is_not_watched() -> None:
    series = replace(make_series(drop_at=60, drop_sd=8), code="wear_minutes")
    assert review_series({"wear_minutes": series}) == ()


def test_one_odd_day_is_no_alarm() -> None:
    for seed in range(3, 8):
        series = make_series(seed=seed)
        series.values[60] -= 12 * 0.04
        assert review_series({SPEED: series}) == ()


def test_nothing_is_known_of_tomorrow() -> None:
    series = drop()
    (alarm,) = review_series(series)
    told_then = review_series(series, until=alarm.detected_day)
    assert [one.detected_day for one in told_then] == [alarm.detected_day]
    assert review_series(series, until=alarm.detected_day - timedelta(days=1)) == ()


def test_day_by_day_tells_the_same_as_the_whole_series() -> None:
    series = drop()
    state = AlarmState(tuple(series))
    told = []
    for number in range(90):
        values = {code: DayValue(float(one.values[number])) for code, one in series.items()}
        told += [(alarm.code, alarm.detected_day) for alarm in state.add_day(day(number), values)]
    assert told == [(alarm.code, alarm.detected_day) for alarm in review_series(series)]


def test_the_same_shift_is_told_once_however_long_it_lasts() -> None:
    series = {SPEED: make_series(days=180, drop_at=60, drop_sd=5)}
    assert len(review_series(series, settings=AlarmSettings(0.25))) == 1


def test_a_second_drop_is_a_second_alarm() -> None:
    series = make_series(days=150, drop_at=60, drop_sd=5, seed=3)
    series.values[110:] -= 5 * 0.04
    assert [abs((alarm.onset_day - day(at)).days) <= 2 for alarm, at in zip(
        review_series({SPEED: series}), (60, 110), strict=True
    )] == [True, True]  # fmt: skip


def test_after_recovery_the_next_drop_is_told_again() -> None:
    series = make_series(days=160, drop_at=60, until=75, drop_sd=5, seed=4)
    series.values[120:] -= 5 * 0.04
    days = [alarm.detected_day for alarm in review_series({SPEED: series})]
    assert len(days) == 2
    assert days[1] >= day(120)


def test_an_answer_sets_a_new_baseline() -> None:
    series = {SPEED: make_series(days=120, drop_at=60, drop_sd=5)}
    (alarm,) = review_series(series)
    told = review_series(series, answered_on=[alarm.detected_day + timedelta(days=1)])
    assert [one.detected_day for one in told] == [alarm.detected_day]


def test_too_few_days_tell_nothing() -> None:
    assert review_series({SPEED: make_series(days=9, drop_at=5, drop_sd=9)}) == ()
    assert review_series({}) == ()
    assert review_series({SPEED: DailySeries(SPEED, (), np.array([]))}) == ()


def test_an_unknown_code_is_named() -> None:
    with pytest.raises(KeyError, match="sleep"):
        AlarmState(("sleep",))


@pytest.mark.parametrize("rate", [0.0, -1.0, 27.0])
def test_an_impossible_rate_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="26 weeks"):
        AlarmSettings(rate)


def test_twice_a_week_needs_two_observations_and_says_so() -> None:
    series = {
        code: make_series(code, days=154, every=3, drop_at=111, drop_sd=5, seed=9 + seed)
        for seed, code in enumerate((SPEED, CADENCE, LENGTH))
    }
    (alarm,) = review_series(series)
    assert (alarm.values, alarm.detected_day) == (2, day(114))
    assert "rests on 2 measured days" in alarm.reason
    assert "few_days" in {flag.code for flag in alarm.artefacts}
    assert not alarm.softened


@pytest.mark.parametrize(
    ("column", "code"),
    [("devices", "other_device"), ("placements", "other_placement"), ("notes", "other_note")],
)
def test_what_explains_it_softens_but_does_not_silence(column: str, code: str) -> None:
    words = ("one",) * 60 + ("another",) * 30
    (alarm,) = review_series({SPEED: make_series(drop_at=60, drop_sd=5, **{column: words})})
    assert [flag.code for flag in alarm.artefacts] == [code]
    assert alarm.softened
    assert "another" in alarm.reason


def test_little_wear_explains_few_steps() -> None:
    wear = np.where(np.arange(90) < 60, 800.0, 300.0)
    (alarm,) = review_series({COUNT: make_series(COUNT, drop_at=60, drop_sd=8, wear_minutes=wear)})
    assert "low_wear" in {flag.code for flag in alarm.artefacts}
    assert alarm.softened


def test_little_data_is_said_but_explains_nothing() -> None:
    n = np.where(np.arange(90) < 60, 12.0, 1.0)
    (alarm,) = review_series({SPEED: make_series(drop_at=60, drop_sd=8, n=n)})
    assert {"few_data", "one_recording"} >= {flag.code for flag in alarm.artefacts} > set()
    assert not alarm.softened


def test_an_alarm_is_plain_json() -> None:
    (alarm,) = review_series(drop())
    told = alarm.to_dict()
    assert told["onset_day"] == alarm.onset_day.isoformat()
    assert told["shifts"][0]["code"] == SPEED
    assert told["versions"]["engine"]


def test_the_headline_counts_the_other_measures_and_the_reason_has_a_line_for_each_thought() -> None:
    (alarm,) = review_series(drop())
    assert re.fullmatch(r"walking speed −\d+\u00a0% in \d days?; 2 more measures", alarm.headline)
    first, second, third = alarm.reason.splitlines()[:3]
    assert first.startswith("Walking speed is 0.")
    assert re.search(r"rests on \d+ measured days?\.$", second)
    assert third.startswith("Also: ")
