"""The course of one metric for the page: the trend, its band, the expected path, alarms and change points."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from patients.local_time import local_day
from patients.models import Patient
from sessions.models import MovementAlarm, MovementDay, MovementMeasure
from sessions.motion_trend.change_points import ChangePoint, change_points
from sessions.motion_trend.metrics import METRICS, Metric
from sessions.motion_trend.trend import DailySeries, Trend, fit_trend
from sessions.selectors.movement.series import series_of

LEAST_VALUES = 3
# A telephone's export may hold ten years; a page that is waited for looks at what a therapist decides on.
LOOKED_BACK = timedelta(days=2 * 365)
# Where several ways of measuring have a value for one day, the first of these is believed.
ORIGINS = (
    MovementMeasure.Origin.BOUTS,
    MovementMeasure.Origin.TIMED,
    MovementMeasure.Origin.SIMULATED,
    MovementMeasure.Origin.HEALTH,
)
RANKS = {origin.value: rank for rank, origin in enumerate(ORIGINS)}
ACTIVITY = "activity"


@dataclass(frozen=True, slots=True)
class TrendView:
    """One metric day by day (days without a value included), ready to draw; all in the metric's unit.

    `expected` is NaN on the first day. `mdc`, `mic`: smallest detectable and smallest important change, or
    None.
    """

    metric: Metric
    days: tuple[date, ...]
    level: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    expected: tuple[float, ...]
    day_scale: float
    mdc: float | None
    mic: float | None
    alarms: tuple[MovementAlarm, ...]
    change_points: tuple[ChangePoint, ...]


def trend_of(patient: Patient, code: str) -> TrendView | None:
    """The course of one metric over the last two years; None with fewer than three values."""
    return trends_of(patient, (code,)).get(code)


def trends_of(patient: Patient, codes: Iterable[str]) -> dict[str, TrendView]:
    """The course of several metrics by code, those with three values or more; three queries in all."""
    alarms = tuple(MovementAlarm.objects.filter(patient=patient))
    found = daily_series_of(patient, codes, since=local_day(patient) - LOOKED_BACK)
    return {code: _course(series, alarms) for code, series in found.items() if len(series) >= LEAST_VALUES}


def _course(series: DailySeries, alarms: Sequence[MovementAlarm]) -> TrendView:
    shown = tuple(alarm for alarm in alarms if _shows(alarm, series.code))
    trend = fit_trend(series, breaks=[alarm.onset_day for alarm in shown])
    return _view(trend, METRICS[series.code], shown, change_points(series))


def _shows(alarm: MovementAlarm, code: str) -> bool:
    return alarm.code == code or any(one.get("code") == code for one in alarm.metrics)


def _view(
    trend: Trend, metric: Metric, alarms: tuple[MovementAlarm, ...], points: tuple[ChangePoint, ...]
) -> TrendView:
    level, low, high, expected = (
        tuple(column.tolist()) for column in (trend.level, trend.low, trend.high, trend.expected)
    )
    return TrendView(
        metric,
        trend.days,
        level,
        low,
        high,
        expected,
        trend.day_scale,
        metric.mdc,
        metric.mic,
        alarms,
        points,
    )


def daily_series_of(
    patient: Patient, codes: Iterable[str], *, since: date | None = None, until: date | None = None
) -> dict[str, DailySeries]:
    """Daily series by code, for those with a value, in two queries.

    Counts of a day that is not over are left out: half a day's steps are not a bad day.
    """
    wear = dict(MovementDay.objects.filter(patient=patient).values_list("day", "wear_minutes"))
    today = local_day(patient)
    found = {}
    for code, rows in series_of(patient, codes, since=since).items():
        last = today if METRICS[code].kin == ACTIVITY else None
        known = [
            row for row in rows if (until is None or row.day <= until) and (last is None or row.day < last)
        ]
        if known:
            found[code] = _daily(code, known, wear)
    return found


def _daily(code: str, rows: Sequence[MovementMeasure], wear: dict[date, float]) -> DailySeries:
    days: dict[date, list[MovementMeasure]] = {}
    for row in rows:
        days.setdefault(row.day, []).append(row)
    chosen = {day: _believed(of_day) for day, of_day in days.items()}
    banded = all(row.low is not None and row.high is not None for of_day in chosen.values() for row in of_day)
    parts = list(chosen.values())
    lows = _column([_mean([row.low or 0.0 for row in part]) for part in parts])
    highs = _column([_mean([row.high or 0.0 for row in part]) for part in parts])
    worn = _column([wear.get(day) or np.nan for day in chosen])
    return DailySeries(
        code,
        tuple(chosen),
        _column([_mean([row.value for row in part]) for part in parts]),
        low=lows if banded else None,
        high=highs if banded else None,
        n=_column([float(sum(max(row.n, 1) for row in part)) for part in parts]),
        wear_minutes=worn if METRICS[code].kin == ACTIVITY else None,
        devices=tuple(_device(part[0]) for part in parts),
        placements=tuple(_word(part[0], "placements") for part in parts),
        notes=tuple(_word(part[0], "notes") for part in parts),
    )


def _believed(rows: Sequence[MovementMeasure]) -> list[MovementMeasure]:
    """A day's values of the best origin: several tests of one day count together."""
    best = min(RANKS.get(row.origin, len(RANKS)) for row in rows)
    return [row for row in rows if RANKS.get(row.origin, len(RANKS)) == best]


def _column(values: Sequence[float]) -> np.ndarray:
    return np.asarray(values, dtype=np.float64)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _device(row: MovementMeasure) -> str:
    """What measured, as a word that changes when it changes; never a person's name for it."""
    if row.device_id:
        return f"sensor {row.device_id}"
    return _word(row, "devices") or _word(row, "sources") or str(row.get_origin_display())


def _word(row: MovementMeasure, name: str) -> str:
    told = row.circumstances.get(name, []) if isinstance(row.circumstances, dict) else []
    return ", ".join(sorted(str(one) for one in told)) if isinstance(told, list) else str(told)
