"""How long an alert may still wait, in words; `static/shared/clock_data.ts` says the same while it runs."""

from dataclasses import dataclass
from datetime import datetime

from patients.models import Alert

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86400
SOON_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class AlertClock:
    """`words` at the moment `now`; `is_running` until somebody has seen the alert."""

    due: datetime
    now: datetime
    is_running: bool
    level: str
    words: str
    soon_s: int


def clock_of(alert: Alert, *, now: datetime) -> AlertClock:
    """The clock of an alert: running to when it is due, or stopped at the minutes that it took."""
    if alert.acknowledged_at is not None:
        took_s = (alert.acknowledged_at - alert.raised_at).total_seconds()
        words, level = f"seen after {say_time(took_s)}", "not-scored"
        return AlertClock(alert.due_at, now, is_running=False, level=level, words=words, soon_s=0)
    left_s = (alert.due_at - now).total_seconds()
    soon_s = round((alert.due_at - alert.raised_at).total_seconds() * SOON_SHARE)
    return AlertClock(
        alert.due_at,
        now,
        is_running=True,
        level=_level(left_s, soon_s),
        words=say_left(left_s),
        soon_s=soon_s,
    )


def _level(left_s: float, soon_s: int) -> str:
    if left_s < 0:
        return "significant"
    return "mild" if left_s < soon_s else "not-scored"


def say_left(left_s: float) -> str:
    """ "12 min left", "overdue by 3 min"."""
    return f"overdue by {say_time(-left_s)}" if left_s < 0 else f"{say_time(left_s)} left"


def say_time(seconds: float) -> str:
    """Seconds as "45 s", "12 min", "3 h 5 min" or "2 days 4 h", rounded down."""
    whole = max(0, int(seconds))
    if whole < MINUTE_S:
        return f"{whole} s"
    if whole < HOUR_S:
        return f"{whole // MINUTE_S} min"
    if whole < DAY_S:
        hours, minutes = divmod(whole // MINUTE_S, 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(whole // HOUR_S, 24)
    said = "1 day" if days == 1 else f"{days} days"
    return f"{said} {hours} h" if hours else said


def minutes_to_acknowledge(alert: Alert) -> int | None:
    """Whole minutes from raised to seen, or None while nobody has seen it."""
    if alert.acknowledged_at is None:
        return None
    return max(0, int((alert.acknowledged_at - alert.raised_at).total_seconds() // MINUTE_S))
