"""From sums to signals, and from signals to causes: one alarm for one thing that happened."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.alarm.charts import FAST, JOINT, SLOW, WEEK, Charts, Ints
from sessions.motion_trend.alarm.joint import JointChart, strongest_series
from sessions.motion_trend.alarm.thresholds import (
    BUDGET_DAYS,
    MARGIN,
    SHARES,
    ThresholdTable,
    heights_for,
    shipped_table,
)
from sessions.motion_trend.trend import Floats

DENSITY_DAYS = 42
SAME_CAUSE_DAYS = 7
LONGEST_CAUSE_DAYS = 14
CLEARLY_WORSE = 2.0
SEVERAL = 2
MOVED_TOO = 1.5


@dataclass(frozen=True, slots=True)
class Signal:
    """One series' sum has reached its height. Up is worse; `size` is in the series' unit, `scale` a day's
    SD.
    """

    series: int
    chart: int
    day: int
    onset_day: int
    base: float
    size: float
    scale: float
    values: int
    height: float


@dataclass(slots=True)
class Cause:
    """Signals of one person that belong together; the first one is the alarm."""

    signals: list[Signal]

    @property
    def detected_day(self) -> int:
        """The day of the first signal."""
        return self.signals[0].day

    @property
    def onset_day(self) -> int:
        """The earliest estimate of when it began."""
        return min(signal.onset_day for signal in self.signals)

    def explains(self, signals: list[Signal]) -> bool:
        """Whether one day's signals show the same thing: begun within a week, no clear worsening."""
        last = min(self.signals[-1].day + SAME_CAUSE_DAYS, self.detected_day + LONGEST_CAUSE_DAYS)
        if min(signal.onset_day for signal in signals) > last:
            return False
        clear = [signal for signal in signals if self._is_clearly_later(signal)]
        known = {signal.series for signal in self.signals}
        return len(clear) < SEVERAL and not any(signal.series in known for signal in clear)

    def _is_clearly_later(self, signal: Signal) -> bool:
        return signal.onset_day > self.detected_day + 1 and signal.size >= CLEARLY_WORSE * signal.scale


@dataclass(slots=True)
class Watcher:
    """Watches many series of many people day by day. `person`: int[series], whose series each is.

    `rate`: false alarms per person and 26 weeks over all their series together.
    """

    person: Ints
    rate: float
    recovery: bool = True
    table: ThresholdTable = field(default_factory=shipped_table)
    charts: Charts = field(init=False)
    joint: JointChart = field(init=False)
    causes: dict[int, list[Cause]] = field(init=False)
    _recent: Floats = field(init=False)
    _first_day: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.charts = Charts(len(self.person), recovery=self.recovery)
        self.joint = JointChart(self.person)
        self.causes = {}
        self._recent = np.full((len(self.person), DENSITY_DAYS), -np.inf)
        self._first_day = np.full(len(self.person), np.nan)

    def add_day(self, day: int, values: Floats, day_variance: Floats) -> list[Cause]:
        """Take one day in (NaN: no value); answers the causes that were new on this day."""
        present = np.isfinite(values)
        sums = self.charts.add_day(day, values, day_variance)
        self._recent[present, day % DENSITY_DAYS] = day
        self._first_day = np.where(present & np.isnan(self._first_day), day, self._first_day)
        together = self.joint.add_day(day, self.charts.z)
        values, rate = self._budget(day)
        heights = heights_for(self.table, rate, values * WEEK / BUDGET_DAYS)
        over = present & (sums >= heights).any(axis=0)
        joint_height = self._joint_height(values)
        people = np.flatnonzero(together >= joint_height)
        if not over.any() and not len(people):
            return []
        chart = np.argmax(sums / heights, axis=0)
        signals = [self._signal(int(at), int(chart[at]), day, heights) for at in np.flatnonzero(over)]
        signals += self._joint_signals(people, set(self.person[over].tolist()), day, joint_height)
        signals += self._moved_too(signals, day, heights)
        self._begin_again(signals)
        return self._told_by(signals)

    def rebase(self, people: NDArray[np.int64]) -> None:
        """Somebody has answered these people's alarms: judge from here on."""
        self.charts.rebase(np.isin(self.person, people))

    def _joint_signals(self, people: Ints, told: set[int], day: int, heights: Floats) -> list[Signal]:
        """Signals of people whose metrics speak together only; the loudest metric leads."""
        signals = []
        for one in people.tolist():
            if one in told:
                continue
            series = strongest_series(self.charts, self.person, one)
            if self.charts.run_weight[FAST, series] > 0:
                signal = self._signal(series, FAST, day, np.full((2, len(self.person)), heights[one]))
                signals.append(replace(signal, chart=JOINT, values=int(self.joint.support[one])))
        return signals

    def _moved_too(self, signals: list[Signal], day: int, heights: Floats) -> list[Signal]:
        """What else moved in the people who are alarmed, though not far enough to alarm by itself."""
        people = np.unique([int(self.person[signal.series]) for signal in signals])
        charts = self.charts
        moved = np.isin(self.person, people) & (charts.support[FAST] >= charts.tuning.support)
        moved &= (charts.sums[FAST] >= MOVED_TOO) & (charts.run_weight[FAST] > 0)
        moved[[signal.series for signal in signals]] = False
        return [self._signal(int(at), FAST, day, heights) for at in np.flatnonzero(moved)]

    def _begin_again(self, signals: list[Signal]) -> None:
        """New baselines for the series that signalled; the joint sums of their people start from zero."""
        over, chart = np.zeros(len(self.person), dtype=bool), np.zeros(len(self.person), dtype=np.int64)
        people = np.zeros(len(self.joint.sums), dtype=bool)
        for signal in signals:
            over[signal.series], chart[signal.series] = True, SLOW if signal.chart == SLOW else FAST
            people[int(self.person[signal.series])] = True
        self.charts.begin_again(over, chart)
        self.joint.begin_again(people)

    def _signal(self, series: int, which: int, day: int, heights: Floats) -> Signal:
        charts = self.charts
        base = float(charts.run_base[which, series])
        mean = float(charts.run_total[which, series] / charts.run_weight[which, series])
        return Signal(
            series, which, day, int(charts.run_first_day[which, series]), base, mean - base,
            float(charts.scale[series]), int(charts.support[which, series]), float(heights[which, series]),
        )  # fmt: skip

    def _told_by(self, signals: list[Signal]) -> list[Cause]:
        """The causes that one day's signals open; what an open one explains joins it."""
        new = []
        for person in sorted({int(self.person[signal.series]) for signal in signals}):
            own = [signal for signal in signals if self.person[signal.series] == person]
            known = self.causes.setdefault(person, [])
            if known and known[-1].explains(own):
                known[-1].signals.extend(own)
            else:
                known.append(Cause(own))
                new.append(known[-1])
        return new

    def _budget(self, day: int) -> tuple[Floats, Floats]:
        """Values expected of each series in 26 weeks, and what one value may add in false alarms."""
        known = np.clip(day - self._first_day + 1, 7, DENSITY_DAYS)
        recent = (self._recent > day - DENSITY_DAYS).sum(axis=1)
        a_day = np.where(np.isnan(known), 0.0, np.minimum(recent / np.nan_to_num(known, nan=1.0), 1.0))
        values = np.maximum(a_day * BUDGET_DAYS, 1.0)
        expected = np.bincount(self.person, weights=values)
        return values, self.rate * (1 - MARGIN) / expected[self.person]

    def _joint_height(self, values: Floats) -> Floats:
        """The height of each person's joint chart, given on how many days the most measured metric comes."""
        days = np.zeros(len(self.joint.sums))
        np.maximum.at(days, self.person, values)
        days = np.maximum(days, 1.0)
        rate = self.rate * (1 - MARGIN) * SHARES[JOINT] / days
        return self.table.height_for(rate, JOINT, days * WEEK / BUDGET_DAYS)
