"""Made-up weeks are the same each time, keep to their course and leave something to do today."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from prescriptions import library
from sessions.demo.accounts import ACCOUNTS, printed_accounts
from sessions.demo.cast import cast
from sessions.demo.motions import Wanted, fault_seen_in, poor_repetitions
from sessions.demo.past import past_days

LONDON = ZoneInfo("Europe/London")
A_WEEK = [date(2026, 11, 16) + timedelta(days=ahead) for ahead in range(7)]


@pytest.mark.parametrize("person", cast(), ids=lambda person: person.given)
def test_every_exercise_fault_and_side_can_be_prescribed_and_drawn(person):
    for dose in person.doses:
        spec = library.load(dose.code)
        assert dose.side == "both" or dose.side in spec["sides"]
        view = next(name for name, view in spec["views"].items() if view["default"])
        assert fault_seen_in(view, spec, usual=dose.fault) == dose.fault


@pytest.mark.parametrize("today", A_WEEK, ids=lambda day: f"{day:%A}")
def test_nobody_is_done_with_the_week_before_today(today):
    monday = today - timedelta(days=today.weekday())
    for person in cast():
        this_week = [day for day in past_days(person, today=today, zone=LONDON) if day.day >= monday]
        assert len(this_week) < max(dose.days_per_week for dose in person.doses)


@pytest.mark.parametrize("today", A_WEEK, ids=lambda day: f"{day:%A}")
def test_the_demo_patient_exercised_yesterday_evening(today):
    maya = next(person for person in cast() if person.account == "patient@north.demo")
    newest = past_days(maya, today=today, zone=LONDON)[-1]
    assert (newest.began.date(), f"{newest.began:%H:%M}") == (today - timedelta(days=1), "18:40")


def test_the_same_day_gives_the_same_past():
    ewa = cast()[2]
    today = date(2026, 11, 22)
    assert past_days(ewa, today=today, zone=LONDON) == past_days(ewa, today=today, zone=LONDON)


def test_the_first_repetitions_are_clean_because_they_are_the_measure():
    for poor in range(7):
        chosen = poor_repetitions(Wanted("squat", "both", "side", 8, poor=poor))
        assert len(chosen) == min(poor, 6)
        assert not chosen & {0, 1}


def test_each_email_is_printed_once_with_the_password():
    lines = printed_accounts()
    for email in {account.email for account in ACCOUNTS}:
        assert sum(email in line for line in lines) == 1
