"""Rows and settings of the Movement pages, in words: what their templates and scripts read."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from patients.local_time import zone_of
from patients.models import Patient
from sessions.models import WalkingBout
from sessions.motion_trend.metrics import METRICS, Metric
from sessions.selectors.movement.change import capital, number, say_day, yardstick
from sessions.selectors.movement.dashboard import Dashboard, MetricChart, flag_words
from sessions.selectors.movement.day_view import DayView
from sessions.selectors.movement.recording_view import duration_words
from sessions.selectors.movement.weeks import Comparison, WeekRow, WeekValue
from sessions.views.movement_drawing import (
    changes_of,
    draw_chart,
    expected_of,
    hours_words,
    important_line,
    noise_band,
    week_points,
)

BOUT_CODES = ("walking_speed_m_s", "cadence_spm", "stride_length_m")


def shown_chart(chart: MetricChart, dashboard: Dashboard, *, day_address: str) -> dict[str, Any]:
    """One metric's card: sentence, drawing, caption and table."""
    metric, change = chart.metric, chart.change
    normal = metric.normal
    return {
        "code": chart.code,
        "metric": metric,
        "title": capital(metric.name),
        "change": change,
        "points": chart.points,
        "drawing": draw_chart(chart, dashboard) if chart.points else None,
        "has_expected": bool(expected_of(chart)),
        "normal_words": f"{number(metric, normal.low)}–{number(metric, normal.high)}" if normal else "",
        "mdc_words": "" if metric.mdc is None else yardstick(metric.mdc),
        "mic_words": "" if metric.mic is None else yardstick(metric.mic),
        "now_words": number(metric, change.now.value) if change.now else "",
        "difference_words": _signed(metric, change.difference),
        "changes": _change_words(chart, dashboard),
        "rows": _table_rows(chart, dashboard, day_address=day_address),
    }


def _signed(metric: Metric, difference: float | None) -> str:
    if difference is None or not round(difference, metric.decimals):
        return ""
    return f"{'+' if difference > 0 else '−'}{number(metric, abs(difference))}"


def _change_words(chart: MetricChart, dashboard: Dashboard) -> str:
    """ "13 October (+0.09) and 8 November (+0.20)", within the weeks that are shown."""
    shown = [one for one in changes_of(chart) if dashboard.since <= one.day <= dashboard.last]
    words = [
        f"{say_day(one.day, dashboard.today)} ({_signed(chart.metric, one.size) or '±0'})" for one in shown
    ]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def _table_rows(chart: MetricChart, dashboard: Dashboard, *, day_address: str) -> list[dict[str, str]]:
    metric = chart.metric
    levels = {level.day: level for level in chart.levels}
    rows = []
    for point in reversed([point for point in chart.points if point.day >= dashboard.since]):
        level = levels.get(point.day)
        remarks = [*point.flags, "simulated" if point.simulated and not dashboard.patient.simulated else ""]
        rows.append(
            {
                "day": say_day(point.day, dashboard.today),
                "address": day_address.replace("{day}", point.day.isoformat()),
                "value": number(metric, point.value),
                "band": point.band_words(metric),
                "trend": number(metric, level.value) if level else "",
                "counted": point.counted,
                "origin": "" if point.origin == "bouts" else point.origin_words.lower(),
                "remarks": "; ".join(words for words in (*remarks, point.device) if words),
            }
        )
    return rows


def chart_config(dashboard: Dashboard, *, day_address: str) -> dict[str, Any]:
    """The settings of ``<pl-movement>``; documented in static/sessions/README.md."""
    return {
        "first": dashboard.first.isoformat(),
        "last": dashboard.last.isoformat(),
        "weeks": dashboard.weeks,
        "charts": [_chart(chart, dashboard, day_address) for chart in dashboard.all_charts if chart.points],
    }


def _chart(chart: MetricChart, dashboard: Dashboard, day_address: str) -> dict[str, Any]:
    metric, then = chart.metric, chart.change.then
    return {
        "code": chart.code,
        "name": capital(metric.name),
        "unit": metric.unit,
        "decimals": metric.decimals,
        "points": [
            {
                "day": point.day.isoformat(),
                "value": point.value,
                "low": point.low,
                "high": point.high,
                "words": point.words(metric),
                "origin": point.origin,
                "url": day_address.replace("{day}", point.day.isoformat()),
            }
            for point in chart.points
        ],
        "trend": _trend(chart),
        "reference": None
        if then is None
        else {
            "day": then.day.isoformat(),
            "value": then.value,
            "noise": noise_band(chart),
            "important": important_line(chart),
        },
        "normal": [metric.normal.low, metric.normal.high] if metric.normal else None,
        "alarms": [
            {
                "day": alarm.detected_day.isoformat(),
                "onset": alarm.onset_day.isoformat(),
                "open": alarm.state == "open",
                "words": alarm.reason,
            }
            for alarm in chart.alarms
        ],
        "changes": [{"day": one.day.isoformat(), "words": "change"} for one in changes_of(chart)],
        "events": [{"day": event.day.isoformat(), "words": event.words} for event in dashboard.events],
    }


def _trend(chart: MetricChart) -> dict[str, list[Any]]:
    expected = dict(expected_of(chart))
    levels = chart.levels
    return {
        "days": [level.day.isoformat() for level in levels],
        "level": [round(level.value, 5) for level in levels],
        "low": [round(level.low, 5) for level in levels],
        "high": [round(level.high, 5) for level in levels],
        "expected": [round(expected[one.day], 5) if one.day in expected else None for one in levels],
    }


def days_table(dashboard: Dashboard, *, day_address: str) -> dict[str, Any]:
    """The days worn as rows, newest first, and how long on average."""
    shown = [day for day in dashboard.days if day.day >= dashboard.since]
    worn = [day.wear_minutes / 60 for day in shown if day.wear_minutes > 0]
    return {
        "mean_words": f"On those days {_long(sum(worn) / len(worn))} on average." if worn else "",
        "rows": [
            {
                "day": say_day(day.day, dashboard.today),
                "address": day_address.replace("{day}", day.day.isoformat()),
                "worn": hours_words(day.wear_minutes / 60).removeprefix("worn "),
                "walking": f"{day.walking_minutes:.0f} min",
                "bouts": day.bout_count,
                "steps": f"{day.step_count:,}",
                "quality": "; ".join(_quality(day.quality)),
            }
            for day in reversed(shown)
        ],
    }


def _quality(quality: object) -> list[str]:
    """What may make a day differ from others besides the walking."""
    if not isinstance(quality, dict):
        return []
    recordings = quality.get("recordings")
    said = [
        "worn under 10 h: steps and walking time do not count" if quality.get("enough_wear") is False else "",
        f"{recordings} recordings" if isinstance(recordings, int) and recordings > 1 else "",
        *[str(note) for note in quality.get("notes") or []],
        "simulated" if quality.get("simulated") else "",
    ]
    return [words for words in (*said, *flag_words(quality.get("flags"))) if words]


def comparison_rows(comparison: Comparison) -> list[dict[str, Any]]:
    """Both weeks of every metric, with a small line for each."""
    return [_comparison_row(row) for row in comparison.rows]


def _comparison_row(row: WeekRow) -> dict[str, Any]:
    values = [value for week in (row.now, row.then) if week for value in week.days if value is not None]
    low, high = min(values), max(values)

    def points(week: WeekValue | None) -> str:
        return week_points(week.days, low=low, high=high) if week else ""

    now, then = points(row.now), points(row.then)
    return {
        "name": capital(row.metric.name),
        "now": _week_words(row.metric, row.now),
        "then": _week_words(row.metric, row.then),
        "now_days": row.now.count if row.now else 0,
        "then_days": row.then.count if row.then else 0,
        "now_points": now,
        "then_points": then,
        "now_marks": [pair.split(",") for pair in now.split()],
        "then_marks": [pair.split(",") for pair in then.split()],
        "line_words": f"{capital(row.metric.name)} from Monday to Sunday in both weeks",
        "difference": row.difference_words,
        "state": row.state,
    }


def _week_words(metric: Metric, week: WeekValue | None) -> str:
    if week is None:
        return ""
    unit = f" {metric.unit}" if metric.unit else ""
    if week.low is None or week.high is None:
        return f"{number(metric, week.mean)}{unit}"
    return f"{number(metric, week.mean)}{unit} ({number(metric, week.low)}–{number(metric, week.high)})"


def _long(hours: float) -> str:
    return f"{hours:.1f} h" if hours >= 1 else f"{max(1, round(hours * 60))} min"


def day_measures(view: DayView, clinic_slug: str) -> list[dict[str, str]]:
    """A day's values as rows."""
    return [
        {
            "name": capital(METRICS[code].name),
            "value": f"{number(METRICS[code], point.value)} {METRICS[code].unit}".strip(),
            "band": point.band_words(METRICS[code]),
            "counted": point.counted,
            "origin": point.origin_words,
            "recording": reverse("sessions:recording", args=[clinic_slug, point.recording_ref])
            if point.recording_ref
            else "",
            "device": point.device,
        }
        for code, point in view.measures
    ]


def day_remarks(view: DayView) -> list[str]:
    """What to keep in mind about a day's values, each remark once, with the measures that it is about."""
    about: dict[str, list[str]] = {}
    for code, point in view.measures:
        for words in point.flags:
            about.setdefault(words, []).append(METRICS[code].name)
    return [f"{words} ({', '.join(names)})" for words, names in about.items()]


def bout_rows(
    bouts: Iterable[WalkingBout], clinic_slug: str, *, by_time_of: Patient | None = None
) -> list[dict[str, Any]]:
    """Bouts as rows; named by the patient's clock where they come from several recordings."""
    zone = zone_of(by_time_of) if by_time_of else None
    return [_bout_row(bout, clinic_slug, zone) for bout in bouts]


def _bout_row(bout: WalkingBout, clinic_slug: str, zone: ZoneInfo | None) -> dict[str, Any]:
    at = timezone.localtime(bout.started_at, zone)
    return {
        "address": reverse("sessions:bout", args=[clinic_slug, bout.recording.ref, bout.index]),
        "name": f"{at:%H:%M:%S}" if zone else f"{bout.index + 1}, {at:%H:%M:%S}",
        "length": duration_words(bout.duration_s),
        "steps": bout.step_count,
        "cells": [_bout_cell(bout, code) for code in BOUT_CODES],
        "remarks": "; ".join(flag_words(bout.flags)),
    }


def _bout_cell(bout: WalkingBout, code: str) -> str:
    value = getattr(bout, code)
    metric = METRICS[code]
    return "withheld" if value is None else f"{number(metric, value)} {metric.unit}"
