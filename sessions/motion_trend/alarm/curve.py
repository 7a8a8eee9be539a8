"""The whole operating curve, as JSON, as Markdown, and in short for the settings page."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from clinic.statistics import wilson
from sessions.motion_trend.alarm.charts import ENGINE
from sessions.motion_trend.alarm.measuring import (
    Detection,
    FalseAlarms,
    alarm_days,
    delay_of,
    draws_of,
    measure_detection,
    measure_false_alarms,
)
from sessions.motion_trend.alarm.rivals import (
    Statistic,
    alarm_days_of,
    ewma_against_median,
    height_at_rate,
    two_windows,
)
from sessions.motion_trend.alarm.thresholds import CURVE_FILE, shipped_table
from sessions.motion_trend.simulation import (
    HELD_OUT_FAMILIES,
    TUNING_FAMILIES,
    Change,
    Family,
    Simulated,
    simulate,
)

RATES = (0.25, 0.5, 1.0, 2.0)
SIZES = (1.0, 2.0, 3.0, 4.0)
SAMPLINGS = (7, 3, 2, 1)
DAYS_A_WEEK = 7
MEASURED = "<!-- measured -->"
POOLED = "all held-out families"
FAMILIES = (*TUNING_FAMILIES, *HELD_OUT_FAMILIES)


@dataclass(frozen=True, slots=True)
class CurveSettings:
    """People a family, metrics a person, weeks, and the seed."""

    people: int = 100
    metrics: int = 6
    weeks: int = 26
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Rival:
    """Another method at the same false-alarm rate."""

    name: str
    false_alarms: float
    share: float
    median_delay: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """Everything that was measured. `by_rate`: means over the held-out families at each chosen rate."""

    settings: CurveSettings
    thresholds: str
    false_alarms: tuple[FalseAlarms, ...]
    detections: tuple[Detection, ...]
    by_rate: dict[str, dict[str, float]]
    rivals: tuple[Rival, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "engine": ENGINE,
            "thresholds": self.thresholds,
            "settings": asdict(self.settings),
            "note": "Simulated people only: nothing here was measured on patients.",
            "false_alarms_per_26_weeks": [asdict(one) for one in self.false_alarms],
            "detections": [asdict(one) for one in self.detections],
            "by_rate": self.by_rate,
            "rivals": [asdict(one) for one in self.rivals],
        }


def measure_curve(settings: CurveSettings) -> Curve:
    """Measure false alarms for each family and sampling, and detection for each change."""
    false_alarms = [
        _false_alarms(family, settings, per_week=per_week) for per_week in SAMPLINGS for family in FAMILIES
    ]
    half = settings.metrics // 2
    steps = [Change(3.0, series=series) for series in (1, half, None)]
    detections = [_detection(family, step, settings, per_week=7) for step in steps for family in FAMILIES]
    sizes = [Change(size, series=half) for size in SIZES] + [Change(3.0, ramp_days=7, series=half)]
    for change in sizes:
        detections += [_pooled_detection(change, settings, per_week=per_week) for per_week in SAMPLINGS]
    detections += [_pooled_detection(Change(3.0), settings, per_week=per_week) for per_week in SAMPLINGS]
    by_rate = {f"{rate:g}": _at_rate(rate, settings) for rate in RATES}
    return Curve(
        settings, shipped_table().version, tuple(false_alarms), tuple(detections), by_rate, _rivals(settings)
    )


def _false_alarms(
    family: Family, settings: CurveSettings, *, per_week: int, rate: float = 1.0
) -> FalseAlarms:
    return measure_false_alarms(
        family, people=settings.people, metrics=settings.metrics, weeks=settings.weeks, per_week=per_week,
        rate=rate, seed=settings.seed,
    )  # fmt: skip


def _detection(
    family: Family, change: Change, settings: CurveSettings, *, per_week: int, rate: float = 1.0
) -> Detection:
    return measure_detection(
        family, change, people=settings.people, metrics=settings.metrics, weeks=settings.weeks,
        per_week=per_week, rate=rate, seed=settings.seed + 1,
    )  # fmt: skip


def _pooled_detection(
    change: Change, settings: CurveSettings, *, per_week: int, rate: float = 1.0
) -> Detection:
    """All held-out families together."""
    parts = [
        _detection(family, change, settings, per_week=per_week, rate=rate) for family in HELD_OUT_FAMILIES
    ]
    people = sum(part.people for part in parts)
    hits = round(sum(part.share * part.people for part in parts))
    interval = wilson(hits, people)
    delays = [part.median_delay for part in parts if part.median_delay is not None]
    return replace(
        parts[0], family=POOLED, people=people, share=hits / people, low=interval.low,
        high=interval.high, median_delay=float(np.median(delays)) if delays else None,
        ever=float(np.mean([part.ever for part in parts])),
    )  # fmt: skip


def _at_rate(rate: float, settings: CurveSettings) -> dict[str, float]:
    """False alarms and the shares told in time, means of the held-out families: a drop in half the
    metrics.
    """
    change = Change(3.0, series=settings.metrics // 2)
    found = [_false_alarms(family, settings, per_week=7, rate=rate).rate for family in HELD_OUT_FAMILIES]
    return {
        "false_alarms": round(float(np.mean(found)), 3),
        "daily": round(_pooled_detection(change, settings, per_week=7, rate=rate).share, 3),
        "twice_weekly": round(_pooled_detection(change, settings, per_week=2, rate=rate).share, 3),
    }


def _rivals(settings: CurveSettings) -> tuple[Rival, ...]:
    """Each method at the false-alarm rate that the shipped alarm shows on the tuning families."""
    calm = [_draw(family, settings, None, seed=settings.seed) for family in TUNING_FAMILIES]
    rate = float(np.mean([len(days) for made in calm for days in alarm_days(made, rate=1.0)]))
    change = Change(3.0, series=1)
    shifted = [_draw(family, settings, change, seed=settings.seed + 1) for family in HELD_OUT_FAMILIES]
    resting = [_draw(family, settings, None, seed=settings.seed + 2) for family in HELD_OUT_FAMILIES]
    rivals = [_rival("Kalman trend and CUSUM (shipped)", _shipped, resting, shifted)]
    simpler = {"EWMA against trailing median": ewma_against_median, "two-window GLR": two_windows}
    for name, statistic in simpler.items():
        height = height_at_rate(statistic, calm, rate)
        rivals.append(_rival(name, partial(_simpler, statistic, height), resting, shifted))
    return tuple(rivals)


def _draw(family: Family, settings: CurveSettings, change: Change | None, *, seed: int) -> Simulated:
    return simulate(
        family, people=max(20, settings.people // 2), metrics=settings.metrics, days=7 * settings.weeks,
        per_week=7, rng=draws_of(family, seed), change=change,
    )  # fmt: skip


def _shipped(made: Simulated) -> list[list[int]]:
    return alarm_days(made, rate=1.0)


def _simpler(statistic: Statistic, height: float, made: Simulated) -> list[list[int]]:
    return alarm_days_of(statistic, made, height)


def _rival(
    name: str,
    days_of: Callable[[Simulated], list[list[int]]],
    resting: Sequence[Simulated],
    shifted: Sequence[Simulated],
) -> Rival:
    counts = [len(days) for made in resting for days in days_of(made)]
    delays = [
        delay_of(made, person, days, sparse=False)
        for made in shifted
        for person, days in enumerate(days_of(made))
    ]
    found = [delay for delay in delays if delay is not None]
    hits = sum(delay <= 2 for delay in found)
    return Rival(name, float(np.mean(counts)), hits / len(delays), float(np.median(found)) if found else None)


def store_curve(curve: Curve, path: Path = CURVE_FILE) -> None:
    """Write what the settings page shows."""
    document = {"thresholds": curve.thresholds, "by_rate": curve.by_rate}
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def write_document(curve: Curve, path: Path) -> None:
    """Replace what stands below the mark `MEASURED` in a Markdown file."""
    above, _, _ = path.read_text(encoding="utf-8").partition(MEASURED)
    path.write_text(f"{above}{MEASURED}\n\n{as_text(curve)}", encoding="utf-8")


def as_text(curve: Curve) -> str:
    """Markdown tables."""
    settings = curve.settings
    command = (
        f"manage.py measure_alarms --patients {settings.people} --metrics {settings.metrics} "
        f"--weeks {settings.weeks} --seed {settings.seed}"
    )
    parts = [
        f"Made by `{command}`. Engine: {ENGINE}; thresholds: {curve.thresholds}. {settings.people} simulated "
        "people a family; none of this was measured on patients.",
        "### False alarms per person and 26 weeks, all metrics together (chosen rate: 1)",
        _false_alarm_table(curve.false_alarms),
        "### A step of 3 SD, measured daily: told within two days",
        _step_table(
            [one for one in curve.detections if one.family != "all held-out families"], settings.metrics
        ),
        "### Size, shape and sampling (all held-out families together)",
        _size_table([one for one in curve.detections if one.family == POOLED]),
        "### What a clinic chooses (held-out families; a step of 3 SD in half of the metrics)",
        _rate_table(curve.by_rate),
        "### Beside simpler methods (held-out families; a step of 3 SD in one metric, measured daily)",
        _rival_table(curve.rivals),
    ]
    return "\n\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _told(one: Detection) -> str:
    """The share told in time, with what in time means here."""
    if one.per_week == DAYS_A_WEEK:
        return f"{_share(one)} within {one.within} days"
    return f"{_share(one)} by measurement {one.within + 1}"


def _share(one: Detection) -> str:
    if one.low is None or one.high is None:
        return f"{100 * one.share:.0f} %"
    return f"{100 * one.share:.0f} % ({100 * one.low:.0f}–{100 * one.high:.0f})"


def _false_alarm_table(found: Sequence[FalseAlarms]) -> str:
    columns = [found[start : start + len(FAMILIES)] for start in range(0, len(found), len(FAMILIES))]
    rows = [
        [line[0].family, "held out" if line[0].held_out else "tuning"]
        + [f"{one.rate:.2f} ({one.low:.2f}–{one.high:.2f})" for one in line]
        for line in zip(*columns, strict=True)
    ]
    for words, held_out in (("mean, tuning", False), ("mean, held out", True)):
        means = [np.mean([one.rate for one in column if one.held_out is held_out]) for column in columns]
        rows.append([f"**{words}**", "", *(f"**{mean:.2f}**" for mean in means)])
    return _table(["family", "", "daily", "3 a week", "2 a week", "1 a week"], rows)


def _step_table(found: Sequence[Detection], metrics: int) -> str:
    columns = [found[start : start + len(FAMILIES)] for start in range(0, len(found), len(FAMILIES))]
    rows = [
        [line[0].family, "held out" if line[0].held_out else "tuning"] + [_share(one) for one in line]
        for line in zip(*columns, strict=True)
    ]
    for words, held_out in (("mean, tuning", False), ("mean, held out", True)):
        means = [np.mean([one.share for one in column if one.held_out is held_out]) for column in columns]
        rows.append([f"**{words}**", "", *(f"**{100 * mean:.0f} %**" for mean in means)])
    return _table(["family", "", f"in 1 of {metrics}", f"in {metrics // 2} of {metrics}", "in all"], rows)


def _size_table(found: Sequence[Detection]) -> str:
    rows = [
        [
            one.change,
            "daily" if one.per_week == DAYS_A_WEEK else f"{one.per_week} a week",
            _told(one),
            f"{100 * one.ever:.0f} %",
            "–" if one.median_delay is None else f"{one.median_delay:g}",
        ]
        for one in found
    ]
    return _table(["change", "sampling", "told", "told within four weeks", "median delay"], rows)


def _rate_table(by_rate: dict[str, dict[str, float]]) -> str:
    rows = [
        [
            rate, f"{found['false_alarms']:.2f}", f"{100 * found['daily']:.0f} %",
            f"{100 * found['twice_weekly']:.0f} %",
        ]
        for rate, found in by_rate.items()
    ]  # fmt: skip
    head = ["chosen rate", "false alarms measured", "daily: within two days", "twice weekly: by the second"]
    return _table(head, rows)


def _rival_table(rivals: Sequence[Rival]) -> str:
    rows = [
        [one.name, f"{one.false_alarms:.2f}", f"{100 * one.share:.0f} %", f"{one.median_delay or 0:g}"]
        for one in rivals
    ]
    return _table(["method", "false alarms per 26 weeks", "told within two days", "median delay, days"], rows)
