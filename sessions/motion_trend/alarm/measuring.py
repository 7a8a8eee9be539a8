"""The operating curve: how often the alarm is wrong, and how soon it is right, on simulated recoveries."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from zlib import crc32

import numpy as np

from clinic.statistics import wilson
from sessions.motion_trend.alarm.charts import ENGINE, FAST, JOINT, SLOW, Charts
from sessions.motion_trend.alarm.joint import JointChart
from sessions.motion_trend.alarm.thresholds import ThresholdTable, crossing_rates
from sessions.motion_trend.alarm.watcher import Watcher
from sessions.motion_trend.simulation import TUNING_FAMILIES, Change, Family, Simulated, simulate
from sessions.motion_trend.trend import Floats

DAYS_26_WEEKS = 182
FEWEST_CROSSINGS = 20
TABLE_HEIGHTS = tuple(np.round(np.arange(1.0, 12.01, 0.25), 2).tolist())


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """False alarms per person and 26 weeks, with a 95 % interval over people (normal, of the mean)."""

    family: str
    held_out: bool
    people: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Detection:
    """How many changes were told within `within` measured days or days, and how late the told ones were."""

    family: str
    held_out: bool
    change: str
    per_week: int
    people: int
    within: int
    share: float
    low: float | None
    high: float | None
    median_delay: float | None
    ever: float


def recompute_table(*, people: int, seed: int) -> ThresholdTable:
    """Heights and their crossing rates: the mean of the tuning families, three metrics a person. A rate that
    rests on fewer than `FEWEST_CROSSINGS` crossings is left out (0).
    """
    daily, sparse = (_mean_rates(people, seed, per_week=per_week) for per_week in (7, 2))
    return ThresholdTable(f"{ENGINE}, {people} people a family, seed {seed}", TABLE_HEIGHTS, daily, sparse)


def _mean_rates(people: int, seed: int, *, per_week: int) -> tuple[tuple[float, ...], ...]:
    rng = np.random.default_rng(seed)
    rates: list[list[tuple[float, ...]]] = [[], [], []]
    for family in TUNING_FAMILIES:
        made = simulate(family, people=people, metrics=3, days=DAYS_26_WEEKS, per_week=per_week, rng=rng)
        own, together = _all_sums(made)
        values = int(np.isfinite(made.values).sum())
        rates[FAST].append(crossing_rates(own[FAST], TABLE_HEIGHTS, values))
        rates[SLOW].append(crossing_rates(own[SLOW], TABLE_HEIGHTS, values))
        rates[JOINT].append(crossing_rates(together, TABLE_HEIGHTS, values // 3))
    least = FEWEST_CROSSINGS / (people * 3 * DAYS_26_WEEKS * per_week / 7 * len(TUNING_FAMILIES))
    means = [np.mean(chart, axis=0) for chart in rates]
    return tuple(tuple(np.where(mean >= least, mean, 0.0).tolist()) for mean in means)


def _all_sums(made: Simulated) -> tuple[Floats, Floats]:
    """The sums of each series, float[2, series, days], and of each person, float[people, days]."""
    people, metrics, days = made.values.shape
    turned, variance = -made.values.reshape(-1, days), made.day_variance.reshape(-1, days)
    charts, joint = Charts(people * metrics), JointChart(np.repeat(np.arange(people), metrics))
    own, together = np.zeros((2, people * metrics, days)), np.zeros((people, days))
    for day in range(days):
        own[:, :, day] = charts.add_day(day, turned[:, day], variance[:, day])
        together[:, day] = joint.add_day(day, charts.z)
    return own, together


def alarm_days(
    made: Simulated, *, rate: float, recovery: bool = True, table: ThresholdTable | None = None
) -> list[list[int]]:
    """The days on which each simulated person would have been alarmed."""
    people, metrics, days = made.values.shape
    turned, variance = -made.values.reshape(-1, days), made.day_variance.reshape(-1, days)
    person = np.repeat(np.arange(people), metrics)
    watcher = Watcher(person, rate, recovery, **({"table": table} if table else {}))
    for day in range(days):
        watcher.add_day(day, turned[:, day], variance[:, day])
    return [[cause.detected_day for cause in watcher.causes.get(one, [])] for one in range(people)]


def draws_of(family: Family, seed: int) -> np.random.Generator:
    """Each family's own people: with the same draws for all, their luck would be shared."""
    return np.random.default_rng([seed, crc32(family.name.encode())])


def measure_false_alarms(
    family: Family, *, people: int, metrics: int, weeks: int, per_week: int, rate: float, seed: int,
    table: ThresholdTable | None = None,
) -> FalseAlarms:  # fmt: skip
    """Alarms of people who only recover."""
    rng = draws_of(family, seed)
    made = simulate(family, people=people, metrics=metrics, days=7 * weeks, per_week=per_week, rng=rng)
    counts = np.array([len(days) for days in alarm_days(made, rate=rate, table=table)]) * 26 / weeks
    half = 1.96 * counts.std(ddof=1) / np.sqrt(people)
    mean = float(counts.mean())
    return FalseAlarms(family.name, not family.tuning, people, mean, max(0.0, mean - half), mean + half)


def measure_detection(
    family: Family, change: Change, *, people: int, metrics: int, weeks: int, per_week: int, rate: float,
    seed: int, table: ThresholdTable | None = None,
) -> Detection:  # fmt: skip
    """Alarms after a change. `within`: two days after it began; with sparse data the second measured day."""
    rng = draws_of(family, seed)
    made = simulate(
        family, people=people, metrics=metrics, days=7 * weeks, per_week=per_week, rng=rng, change=change
    )
    told = alarm_days(made, rate=rate, table=table)
    delays = [delay_of(made, person, days, sparse=per_week < 7) for person, days in enumerate(told)]
    within = change.ramp_days + 1 if per_week == 7 else 1 + (change.ramp_days - 1) * per_week // 7
    found = [delay for delay in delays if delay is not None]
    hits = sum(delay <= within for delay in found)
    interval = wilson(hits, people)
    words = f"{change.size:g} SD" + (f" over {change.ramp_days} days" if change.ramp_days > 1 else "")
    words += "" if change.series is None else f", in {change.series} of {metrics} metrics"
    return Detection(
        family.name, not family.tuning, words, per_week, people, within, hits / people,
        interval.low, interval.high, float(np.median(found)) if found else None, len(found) / people,
    )  # fmt: skip


def delay_of(made: Simulated, person: int, days: Sequence[int], *, sparse: bool) -> int | None:
    """Days from the change to the first alarm within four weeks; with sparse data measured days."""
    onset = int(made.onset[person])
    after = [day for day in days if onset <= day <= onset + 28]
    if not after:
        return None
    if not sparse:
        return after[0] - onset
    measured = np.isfinite(made.values[person, 0])
    return int(measured[onset : after[0]].sum())


def as_rows(results: Iterable[FalseAlarms | Detection]) -> list[dict[str, Any]]:
    """Plain JSON."""
    return [asdict(result) for result in results]
