"""Made-up people for tests of the trend and the alarm."""

from datetime import date, timedelta

import numpy as np

from sessions.motion_trend.trend import DailySeries

FIRST = date(2026, 3, 2)
SPEED = "walking_speed_m_s"
CADENCE = "cadence_spm"
ASYMMETRY = "step_time_asymmetry_pct"
SCATTER = {SPEED: 0.04, CADENCE: 2.5, ASYMMETRY: 1.0, "step_length_m": 0.02, "step_count": 700.0}
USUAL = {SPEED: 0.9, CADENCE: 102.0, ASYMMETRY: 5.0, "step_length_m": 0.53, "step_count": 5000.0}
WORSE = {SPEED: -1, CADENCE: -1, ASYMMETRY: 1, "step_length_m": -1, "step_count": -1}


def days_from(first: date, count: int, *, every: int = 1) -> tuple[date, ...]:
    return tuple(first + timedelta(days=number) for number in range(0, count, every))


def make_series(
    code: str = SPEED,
    *,
    days: int = 90,
    every: int = 1,
    drop_at: int | None = None,
    drop_sd: float = 4.0,
    until: int | None = None,
    gain_sd: float = 0.0,
    seed: int = 0,
    **columns: object,
) -> DailySeries:
    """A metric that recovers by `gain_sd` and is `drop_sd` days' SDs worse from `drop_at` (to `until`)."""
    random = np.random.default_rng(seed)
    number = np.arange(0, days, every)
    course = gain_sd * (1 - np.exp(-number / 30.0)) + random.normal(size=len(number))
    if drop_at is not None:
        dropped = (number >= drop_at) & (number < (days if until is None else until))
        course = course - drop_sd * dropped
    values = USUAL[code] - WORSE[code] * SCATTER[code] * course
    return DailySeries(code, days_from(FIRST, days, every=every), values, **columns)  # type: ignore[arg-type]


def day(number: int) -> date:
    return FIRST + timedelta(days=number)
