"""What a made-up patient did on which day: derived from their course, counted from today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from sessions.demo.cast import Course, DemoPatient

SELDOM = 0.5
PAIN_ALLOWED = 5
# Now and then a limb is out of the picture and nothing is scored; never in the newest session.
HIDDEN_SHARE = 0.04


@dataclass(frozen=True)
class PastDay:
    """One day with a session: when it began, the pain around it, and the share of poor repetitions."""

    day: date
    began: datetime
    pain_before: int
    pain_after: int
    pain_next_morning: int | None
    poor_share: float
    hidden_share: float


def past_days(patient: DemoPatient, *, today: date, zone: ZoneInfo) -> list[PastDay]:
    """Days with a session, the oldest first; none today, so that today's session is still to do."""
    if patient.course is None:
        return []
    rng = np.random.default_rng([patient.seed, 7])
    return [
        _past_day(patient, patient.course, day, today=today, zone=zone, rng=rng)
        for day in _days_kept(patient, patient.course, today=today, rng=rng)
    ]


def _days_kept(
    patient: DemoPatient, course: Course, *, today: date, rng: np.random.Generator
) -> Iterator[date]:
    """The planned days that were kept, spaced as people space them; the newest is kept if any of late are."""
    per_week = max(dose.days_per_week for dose in patient.doses)
    gap = 7.0 / per_week
    newest = patient.last_days_ago
    planned = {newest + round(gap * i) for i in range(per_week * course.weeks)}
    planned -= set(_surplus_this_week(planned, per_week, today=today))
    for days_ago in sorted((ago for ago in planned if ago <= 7 * course.weeks), reverse=True):
        kept = value_at(course.kept, course, days_ago=days_ago)
        if rng.random() < kept or (days_ago == newest and kept > SELDOM):
            yield today - timedelta(days=days_ago)


def _surplus_this_week(planned: set[int], per_week: int, *, today: date) -> list[int]:
    """Days of this week, Monday to Sunday, without which something is left to do today: the oldest ones."""
    this_week = sorted(ago for ago in planned if ago <= today.weekday())
    return this_week[per_week - 1 :]


def _past_day(
    patient: DemoPatient, course: Course, day: date, *, today: date, zone: ZoneInfo, rng: np.random.Generator
) -> PastDay:
    days_ago = (today - day).days
    usual = value_at(course.pain, course, days_ago=days_ago)
    most = 10 if max(course.pain) > PAIN_ALLOWED else PAIN_ALLOWED
    before = _pain(usual + rng.normal(0, 0.5), most=most)
    after = _pain(before + rng.choice([0, 0, 1, 1, -1]), most=most)
    morning = _pain(usual + rng.normal(0, 0.4), most=most) if rng.random() < 0.5 and days_ago > 1 else None
    poor = float(np.clip(value_at(course.poor, course, days_ago=days_ago) + rng.normal(0, 0.08), 0, 1))
    minutes = 0 if days_ago == patient.last_days_ago else int(rng.integers(-40, 40))
    hour, minute = map(int, patient.clock.split(":"))
    began = datetime.combine(day, time(hour, minute), tzinfo=zone) + timedelta(minutes=minutes)
    hidden = 0.0 if days_ago == patient.last_days_ago else HIDDEN_SHARE
    return PastDay(day, began, before, after, morning, poor, hidden)


def value_at(values: tuple[float, float, float], course: Course, *, days_ago: int) -> float:
    """First → turning → last value, straight lines between them."""
    weeks_in = course.weeks - days_ago / 7.0
    return float(np.interp(weeks_in, [0.0, course.turn, course.weeks], values))


def _pain(value: float, *, most: int) -> int:
    return int(np.clip(round(value), 0, most))
