"""The demo's simulated walking: the same each time, true to each course, and one person who gets worse."""

from datetime import date, timedelta

import numpy as np
import pytest

from sessions.demo.cast import cast
from sessions.demo.movement import HALF_BANDS, height_cm, walking_days
from sessions.motion_trend.alarm import AlarmSettings, review_series
from sessions.motion_trend.metrics import METRICS, WATCHED
from sessions.motion_trend.trend import DailySeries

TODAY = date(2026, 11, 22)
WALKERS = [person for person in cast() if person.course]


def days_of(person):
    return walking_days(person, first=TODAY - timedelta(days=7 * person.course.weeks + 1), today=TODAY)


def series_of(person) -> dict[str, DailySeries]:
    days = days_of(person)
    found = {}
    for code in WATCHED:
        told = [(one.day, one.measures()[code]) for one in days if code in one.measures()]
        if told:
            found[code] = DailySeries(code, tuple(day for day, _ in told), np.array([v for _, v in told]))
    return found


@pytest.mark.parametrize("person", WALKERS, ids=lambda person: person.given)
def test_days_are_the_same_each_time_and_possible(person):
    days = days_of(person)
    assert days == days_of(person)
    assert 0.7 * 7 * person.course.weeks <= len(days) <= 7 * person.course.weeks + 1
    assert days[-1].day == TODAY - timedelta(days=1)
    assert all(0.4 < day.speed_m_s < 1.7 and 85 < day.cadence_spm < 135 for day in days)
    assert all(0.3 < day.step_length_m < 0.8 for day in days)
    assert set(days[-1].measures()) <= set(METRICS)
    assert set(HALF_BANDS) <= set(METRICS)
    assert 150 <= height_cm(person) <= 200


@pytest.mark.parametrize("person", WALKERS, ids=lambda person: person.given)
def test_only_thomas_raises_an_alarm(person):
    alarms = review_series(series_of(person), settings=AlarmSettings(), until=TODAY)
    if person.worse_days_ago is None:
        assert alarms == ()
        return
    (alarm,) = alarms
    onset = TODAY - timedelta(days=person.worse_days_ago)
    assert person.given == "Thomas"
    assert abs((alarm.onset_day - onset).days) <= 1
    assert alarm.detected_day <= onset + timedelta(days=2)
