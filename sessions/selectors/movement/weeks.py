"""Two weeks of the episode side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sessions.motion_trend.metrics import Metric
from sessions.selectors.movement.change import monday_of, number, say_day
from sessions.selectors.movement.dashboard import Dashboard, MetricChart, Point

WEEK_DAYS = 7
MOST_WEEKS = 104


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday to Sunday, as the chooser names it."""

    monday: date
    words: str

    @property
    def words_inside(self) -> str:
        """As it is said within a sentence."""
        return self.words[:1].lower() + self.words[1:]

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=WEEK_DAYS - 1)


@dataclass(frozen=True, slots=True)
class WeekValue:
    """One metric in one week: the mean of its days. `low`, `high`: the mean band of a day, which averaging
    does not narrow, because a method errs the same way every day.
    """

    mean: float
    low: float | None
    high: float | None
    days: tuple[float | None, ...]

    @property
    def count(self) -> int:
        return sum(1 for day in self.days if day is not None)


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One metric in both weeks."""

    metric: Metric
    now: WeekValue | None
    then: WeekValue | None

    @property
    def difference(self) -> float | None:
        return self.now.mean - self.then.mean if self.now and self.then else None

    @property
    def difference_words(self) -> str:
        """ "+0.12, more than measurement error"."""
        if self.difference is None:
            return "–"
        if not round(self.difference, self.metric.decimals):
            return "no difference"
        size = number(self.metric, abs(self.difference))
        signed = f"{'+' if self.difference > 0 else '−'}{size}"
        if self.metric.mdc is None:
            return signed
        more = abs(self.difference) >= self.metric.mdc
        return f"{signed}, {'more' if more else 'less'} than measurement error"

    @property
    def state(self) -> str:
        """The state shape: only a difference beyond measurement error gets one."""
        if self.difference is None or self.metric.mdc is None or abs(self.difference) < self.metric.mdc:
            return "not-scored"
        return "significant" if self.difference * self.metric.worse_sign > 0 else "correct"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both weeks, what can be chosen, and every metric that was measured in one of them."""

    choices: tuple[Week, ...]
    now: Week
    then: Week
    rows: tuple[WeekRow, ...]


def compare_weeks(dashboard: Dashboard, *, now: date | None, then: date | None) -> Comparison | None:
    """This week against the second week after surgery (or the first week measured) unless others are asked.

    Days outside of the episode are brought inside. None while fewer than two weeks are there.
    """
    choices = _choices(dashboard)
    if len(choices) < 2:
        return None
    chosen_now = _chosen(choices, now) or _last_measured(dashboard, choices)
    chosen_then = _chosen(choices, then) or _baseline(dashboard, choices)
    rows = (_row(chart, chosen_now, chosen_then) for chart in dashboard.all_charts)
    return Comparison(choices, chosen_now, chosen_then, tuple(row for row in rows if row.now or row.then))


def _choices(dashboard: Dashboard) -> tuple[Week, ...]:
    monday, this = monday_of(dashboard.last), monday_of(dashboard.today)
    weeks: list[Week] = []
    while monday >= monday_of(dashboard.first) and len(weeks) < MOST_WEEKS:
        weeks.append(Week(monday, _week_words(monday, this, dashboard)))
        monday -= timedelta(days=WEEK_DAYS)
    return tuple(weeks)


def _week_words(monday: date, this: date, dashboard: Dashboard) -> str:
    if monday == this:
        return "This week"
    words = f"Week of {say_day(monday, dashboard.today)}"
    surgery = next((event.day for event in dashboard.events if event.words == "surgery"), None)
    if surgery is None or monday < monday_of(surgery):
        return words
    return f"{words} (surgery + {(monday - monday_of(surgery)).days // WEEK_DAYS})"


def _chosen(choices: Sequence[Week], day: date | None) -> Week | None:
    if day is None:
        return None
    return min(choices, key=lambda week: abs((week.monday - monday_of(day)).days))


def _measured_mondays(dashboard: Dashboard) -> list[date]:
    return sorted({monday_of(point.day) for chart in dashboard.all_charts for point in chart.points})


def _last_measured(dashboard: Dashboard, choices: Sequence[Week]) -> Week:
    measured = _measured_mondays(dashboard)
    return next((week for week in choices if measured and week.monday == measured[-1]), choices[0])


def _baseline(dashboard: Dashboard, choices: Sequence[Week]) -> Week:
    measured = _measured_mondays(dashboard)
    surgery = next((event.day for event in dashboard.events if event.words == "surgery"), None)
    wanted = monday_of(surgery) + timedelta(days=2 * WEEK_DAYS) if surgery else choices[-1].monday
    later = [monday for monday in measured if monday >= wanted] or measured
    return next((week for week in choices if later and week.monday == later[0]), choices[-1])


def _row(chart: MetricChart, now: Week, then: Week) -> WeekRow:
    return WeekRow(chart.metric, _value(chart.points, now), _value(chart.points, then))


def _value(points: Sequence[Point], week: Week) -> WeekValue | None:
    inside = [point for point in points if week.monday <= point.day <= week.sunday]
    if not inside:
        return None
    by_day: list[float | None] = [None] * WEEK_DAYS
    for weekday in range(WEEK_DAYS):
        values = [point.value for point in inside if point.day.weekday() == weekday]
        by_day[weekday] = sum(values) / len(values) if values else None
    shown = [value for value in by_day if value is not None]
    mean = sum(shown) / len(shown)
    halves = [
        (point.high - point.low) / 2 for point in inside if point.low is not None and point.high is not None
    ]
    half = sum(halves) / len(halves) if halves else None
    low, high = (None, None) if half is None else (max(0.0, mean - half), mean + half)
    return WeekValue(mean, low, high, tuple(by_day))
