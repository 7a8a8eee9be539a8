"""The alarm on one person's own series: day by day as it would have been told, or over a whole episode."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from sessions.motion_trend.alarm.artefacts import EXPLAINING, artefacts_of
from sessions.motion_trend.alarm.charts import ENGINE
from sessions.motion_trend.alarm.thresholds import shipped_table
from sessions.motion_trend.alarm.types import Alarm, AlarmSettings, DayValue, Shift
from sessions.motion_trend.alarm.watcher import Cause, Signal, Watcher
from sessions.motion_trend.alarm.wording import headline_of, reason_of
from sessions.motion_trend.metrics import METRICS
from sessions.motion_trend.trend import DailySeries, day_variance

# Of the metrics that moved by so many days' SDs, the one that clinicians know best leads.
LEADS_FROM = 2.0


@dataclass(slots=True)
class AlarmState:
    """One person's alarm, fed one day after the other; it never looks ahead.

    `codes`: the metrics that will come; those without a worse side are not watched. Raises KeyError for a
    code that `METRICS` does not know.
    """

    codes: Sequence[str]
    settings: AlarmSettings = field(default_factory=AlarmSettings)
    watched: tuple[str, ...] = field(init=False)
    watcher: Watcher = field(init=False)
    _signs: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.watched = tuple(code for code in self.codes if METRICS[code].worse_sign)
        self._signs = np.array([METRICS[code].worse_sign for code in self.watched], dtype=np.float64)
        person = np.zeros(len(self.watched), dtype=np.int64)
        self.watcher = Watcher(
            person, self.settings.false_alarms_per_26_weeks, self.settings.expected_recovery
        )

    def add_day(self, day: date, values: Mapping[str, DayValue]) -> tuple[Alarm, ...]:
        """Take one day's values in; answers the alarms that are new today (none, or one)."""
        known = [values.get(code) for code in self.watched]
        measured = np.array([one.value if one else np.nan for one in known], dtype=np.float64)
        variance = np.array([one.variance if one else 1.0 for one in known], dtype=np.float64)
        if not np.isfinite(measured).any():
            return ()
        causes = self.watcher.add_day(day.toordinal(), measured * self._signs, variance)
        return tuple(self._alarm(cause) for cause in causes)

    def answer(self) -> None:
        """A person has acknowledged or closed the alarm: judge from a new baseline."""
        self.watcher.rebase(np.zeros(1, dtype=np.int64))

    def alarms(self) -> tuple[Alarm, ...]:
        """Every alarm so far, with the metrics that joined it later."""
        return tuple(self._alarm(cause) for cause in self.watcher.causes.get(0, []))

    def _alarm(self, cause: Cause) -> Alarm:
        shifts: dict[str, Shift] = {}
        for signal in cause.signals:
            shift = self._shift(signal)
            shifts.setdefault(shift.code, shift)
        first = [self._shift(signal) for signal in cause.signals if signal.day == cause.detected_day]
        loudest = max(shift.z for shift in first)
        leads = min(
            (shift for shift in first if shift.z >= min(LEADS_FROM, loudest)),
            key=lambda shift: list(METRICS).index(shift.code),
        )
        ordered = (leads, *(shift for shift in shifts.values() if shift.code != leads.code))
        opening = next(signal for signal in cause.signals if self.watched[signal.series] == leads.code)
        return Alarm(
            code=leads.code,
            onset_day=date.fromordinal(opening.onset_day),
            detected_day=date.fromordinal(cause.detected_day),
            shifts=ordered,
            values=opening.values,
            false_alarms_per_26_weeks=self.settings.false_alarms_per_26_weeks,
            versions={"engine": ENGINE, "thresholds": shipped_table().version},
        )

    def _shift(self, signal: Signal) -> Shift:
        metric = METRICS[self.watched[signal.series]]
        sign = self._signs[signal.series]
        change = float(sign * signal.size)
        return Shift(
            code=metric.code,
            change=change,
            unit=metric.unit,
            days=signal.day - signal.onset_day + 1,
            z=abs(signal.size) / signal.scale,
            expected=float(sign * signal.base),
            now=float(sign * (signal.base + signal.size)),
            in_mdc=abs(change) / metric.mdc if metric.mdc else None,
            in_mic=abs(change) / metric.mic if metric.mic else None,
        )


def review_series(
    series: Mapping[str, DailySeries],
    *,
    settings: AlarmSettings | None = None,
    until: date | None = None,
    answered_on: Sequence[date] = (),
) -> tuple[Alarm, ...]:
    """Every alarm of one person's series, oldest first, each as it would have been told on its day.

    `series`: by metric code; `until`: the last day that is known; `answered_on`: days on which somebody
    answered an alarm, after which a new baseline holds. Raises KeyError for a code that `METRICS` does not
    know.
    """
    state = AlarmState(tuple(series), settings or AlarmSettings())
    days: dict[date, dict[str, DayValue]] = {}
    for code in state.watched:
        one = series[code] if until is None else series[code].until(until)
        for day, value, variance in zip(one.days, one.values, day_variance(one), strict=True):
            days.setdefault(day, {})[code] = DayValue(float(value), float(variance))
    answers = sorted(answered_on)
    for day in sorted(days):
        while answers and answers[0] < day:
            answers.pop(0)
            state.answer()
        state.add_day(day, days[day])
    return tuple(_with_artefacts(alarm, series) for alarm in state.alarms())


def _with_artefacts(alarm: Alarm, series: Mapping[str, DailySeries]) -> Alarm:
    codes = [shift.code for shift in alarm.shifts]
    artefacts = artefacts_of(series, codes, onset=alarm.onset_day, detected=alarm.detected_day)
    softened = any(flag.code in EXPLAINING for flag in artefacts)
    full = Alarm(
        alarm.code, alarm.onset_day, alarm.detected_day, alarm.shifts, alarm.values, artefacts, softened,
        false_alarms_per_26_weeks=alarm.false_alarms_per_26_weeks, versions=alarm.versions,
    )  # fmt: skip
    return Alarm(
        full.code, full.onset_day, full.detected_day, full.shifts, full.values, artefacts, softened,
        headline_of(full), reason_of(full), full.false_alarms_per_26_weeks, full.versions,
    )  # fmt: skip
