"""Charts of the Movement page as points of an SVG: what shows without scripts, and on paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor, isfinite, log10

from sessions.models import MovementDay
from sessions.motion_trend.change_points import LEAST_DAYS, ChangePoint
from sessions.selectors.movement.change import monday_of, say_day
from sessions.selectors.movement.dashboard import Dashboard, Event, MetricChart, Point

WIDTH, HEIGHT = 760.0, 270.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 14.0, 24.0, 30.0
FLOOR = HEIGHT - BOTTOM
ROOM = 0.06
MOST_DAY_TICKS = 7
CELL, GAP, CALENDAR_LEFT, CALENDAR_TOP = 26.0, 4.0, 36.0, 22.0
MOST_CALENDAR_WEEKS = 26
FULL_DAY_H, HALF_DAY_H = 10.0, 5.0
SHAPES = {"health": "square", "timed": "triangle", "simulated": "hollow"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One day's value."""

    x: float
    y: float
    shape: str
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    position: float
    label: str


@dataclass(frozen=True, slots=True)
class Belt:
    """A stretch between two heights."""

    y: float
    height: float

    @property
    def floor(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class AlarmMark:
    onset_x: float
    width: float
    x: float
    is_open: bool
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that a chart's template draws; positions in the drawing's own units."""

    title: str
    unit: str
    marks: tuple[Mark, ...]
    bars: str
    band: str
    level: str
    expected: str
    normal: Belt | None
    noise: Belt | None
    important_y: float | None
    alarms: tuple[AlarmMark, ...]
    changes: tuple[Tick, ...]
    events: tuple[Tick, ...]
    days: tuple[Tick, ...]
    values: tuple[Tick, ...]
    words: str
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    floor: float = FLOOR
    plot_width: float = WIDTH - LEFT - RIGHT
    plot_height: float = FLOOR - TOP
    label_x: float = LEFT - 8


@dataclass(frozen=True, slots=True)
class Frame:
    """From days and values to positions."""

    first: date
    last: date
    low: float
    high: float

    def x(self, day: date) -> float:
        share = ((day - self.first).days + 0.5) / ((self.last - self.first).days + 1)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(FLOOR - min(max(share, 0.0), 1.0) * (FLOOR - TOP), 1)

    def belt(self, low: float, high: float) -> Belt:
        top = self.y(high)
        return Belt(top, round(self.y(low) - top, 1))

    def shows(self, day: date) -> bool:
        return self.first <= day <= self.last


def noise_band(chart: MetricChart) -> tuple[float, float] | None:
    """Where a change from the start may be measurement error; None without a known error or a trend."""
    then, mdc = chart.change.then, chart.metric.mdc
    return None if then is None or mdc is None else (max(0.0, then.value - mdc), then.value + mdc)


def important_line(chart: MetricChart) -> float | None:
    """The value at which the change from the start matters; None where nobody knows or no way is better."""
    then, mic, worse = chart.change.then, chart.metric.mic, chart.metric.worse_sign
    return None if then is None or mic is None or not worse else then.value - worse * mic


def draw_chart(chart: MetricChart, dashboard: Dashboard) -> Drawing:
    """One metric over the weeks that are shown."""
    first, last = dashboard.since, dashboard.last
    first = min(first, last - timedelta(days=6))
    points = [point for point in chart.points if first <= point.day <= last]
    frame = Frame(first, last, *_range(chart, points, first, last))
    noise, important = noise_band(chart), important_line(chart)
    normal = chart.metric.normal
    return Drawing(
        title=chart.metric.name,
        unit=chart.metric.unit,
        marks=tuple(_mark(chart, point, frame, dashboard.today) for point in points),
        bars=_bars(points, frame),
        band=_band(chart, frame),
        level=_line(frame, ((level.day, level.value) for level in chart.levels)),
        expected=_line(frame, expected_of(chart)),
        normal=frame.belt(normal.low, normal.high) if normal else None,
        noise=frame.belt(*noise) if noise else None,
        important_y=None if important is None else frame.y(important),
        alarms=_alarm_marks(chart, frame),
        changes=tuple(Tick(frame.x(one.day), "◆") for one in changes_of(chart) if frame.shows(one.day)),
        events=_event_ticks(dashboard.events, frame),
        days=_day_ticks(frame),
        values=tuple(Tick(frame.y(value), label) for value, label in nice_ticks(frame.low, frame.high)),
        words=f"{chart.change.sentence} {len(points)} days shown.",
    )


def expected_of(chart: MetricChart) -> list[tuple[date, float]]:
    """What the days before led one to expect, day by day."""
    if chart.trend is None:
        return []
    pairs = zip(chart.trend.days, chart.trend.expected, strict=True)
    return [(day, value) for day, value in pairs if value is not None and isfinite(value)]


def changes_of(chart: MetricChart) -> list[ChangePoint]:
    """The changes of level that show in hindsight, but for those which an alarm marks more exactly."""
    if chart.trend is None:
        return []
    onsets = [alarm.onset_day for alarm in chart.alarms]
    return [
        change
        for change in chart.trend.change_points
        if all(abs((change.day - onset).days) > LEAST_DAYS for onset in onsets)
    ]


def _range(chart: MetricChart, points: Sequence[Point], first: date, last: date) -> tuple[float, float]:
    values = [one for point in points for one in (point.value, point.low, point.high) if one is not None]
    for level in chart.levels:
        if first <= level.day <= last:
            values += [level.low, level.high]
    values += [value for day, value in expected_of(chart) if first <= day <= last]
    values += noise_band(chart) or ()
    important = important_line(chart)
    values += [] if important is None else [important]
    finite = [value for value in values if isfinite(value)]
    if not finite:
        return 0.0, 1.0
    low, high = min(finite), max(finite)
    room = max(high - low, abs(high) * 0.02, 1e-6) * ROOM
    return (max(0.0, low - room) if low >= 0 else low - room), high + 2 * room


def _mark(chart: MetricChart, point: Point, frame: Frame, today: date) -> Mark:
    words = f"{say_day(point.day, today)}: {point.words(chart.metric)}"
    return Mark(frame.x(point.day), frame.y(point.value), SHAPES.get(point.origin, "circle"), words)


def _bars(points: Iterable[Point], frame: Frame) -> str:
    bars = (
        f"M{frame.x(point.day)} {frame.y(point.high)}V{frame.y(point.low)}"
        for point in points
        if point.low is not None and point.high is not None
    )
    return "".join(bars)


def _band(chart: MetricChart, frame: Frame) -> str:
    levels = [level for level in chart.levels if frame.shows(level.day)]
    above = [f"{frame.x(level.day)},{frame.y(level.high)}" for level in levels]
    below = [f"{frame.x(level.day)},{frame.y(level.low)}" for level in reversed(levels)]
    return " ".join(above + below)


def _line(frame: Frame, values: Iterable[tuple[date, float]]) -> str:
    return " ".join(f"{frame.x(day)},{frame.y(value)}" for day, value in values if frame.shows(day))


def _alarm_marks(chart: MetricChart, frame: Frame) -> tuple[AlarmMark, ...]:
    shown = [alarm for alarm in chart.alarms if frame.shows(alarm.detected_day)]
    marks = []
    for alarm in shown:
        onset = frame.x(max(alarm.onset_day, frame.first))
        x = frame.x(alarm.detected_day)
        marks.append(AlarmMark(onset, round(x - onset, 1), x, alarm.state == "open", alarm.reason))
    return tuple(marks)


def _event_ticks(events: Iterable[Event], frame: Frame) -> tuple[Tick, ...]:
    return tuple(Tick(frame.x(event.day), event.words) for event in events if frame.shows(event.day))


def _day_ticks(frame: Frame) -> tuple[Tick, ...]:
    days = (frame.last - frame.first).days + 1
    step = max(1, -(-days // MOST_DAY_TICKS))
    step = step if step < 4 else 7 * -(-step // 7)
    shown = (frame.first + timedelta(days=n) for n in range(0, days, step))
    return tuple(Tick(frame.x(day), f"{day.day} {day:%b}") for day in shown)


def nice_ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Three to six round values between two numbers, with their labels."""
    rough = (high - low) / 5
    power = 10.0 ** floor(log10(rough))
    step = next(times * power for times in (1, 2, 2.5, 5, 10) if times * power >= rough)
    decimals = max(0, -floor(log10(step) + 1e-9) + (1 if f"{step / power:.1f}" == "2.5" else 0))
    start = int(-(-low // step))
    ticks = [n * step for n in range(start, start + 9) if n * step <= high]
    return [(value, f"{value:.{decimals}f}") for value in ticks]


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the calendar: `fill` none, little, half or full, by the hours that a sensor was worn."""

    x: float
    y: float
    day: date
    fill: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class DayCalendar:
    """Weeks as columns, Monday on top."""

    cells: tuple[DayCell, ...]
    months: tuple[Tick, ...]
    weekdays: tuple[Tick, ...]
    width: float
    words: str
    cell: float = CELL
    half: float = CELL / 2
    height: float = CALENDAR_TOP + 7 * (CELL + GAP)


def draw_days(dashboard: Dashboard) -> DayCalendar:
    """How many hours of each day a sensor was worn; the last half year at most."""
    last = monday_of(dashboard.last)
    first = max(monday_of(dashboard.since), last - timedelta(weeks=MOST_CALENDAR_WEEKS - 1))
    by_day = {one.day: one for one in dashboard.days}
    days = [first + timedelta(days=n) for n in range((dashboard.last - first).days + 1)]
    cells = tuple(
        _cell(day, by_day.get(day), first, dashboard.today) for day in days if day >= dashboard.since
    )
    weeks = (last - first).days // 7 + 1
    worn = [cell for cell in cells if cell.fill != "none"]
    return DayCalendar(
        cells=cells,
        months=_month_ticks(first, weeks),
        weekdays=tuple(
            Tick(CALENDAR_TOP + row * (CELL + GAP) + CELL / 2, name)
            for row, name in ((0, "Mon"), (2, "Wed"), (4, "Fri"), (6, "Sun"))
        ),
        width=CALENDAR_LEFT + weeks * (CELL + GAP),
        words=f"A sensor was worn on {len(worn)} of {len(cells)} days.",
    )


def _cell(day: date, found: MovementDay | None, first: date, today: date) -> DayCell:
    column, row = divmod((day - first).days, 7)
    hours = found.wear_minutes / 60 if found else 0.0
    return DayCell(
        x=CALENDAR_LEFT + column * (CELL + GAP),
        y=CALENDAR_TOP + row * (CELL + GAP),
        day=day,
        fill=_fill(hours),
        label=_hours_label(hours),
        words=f"{say_day(day, today)}: {hours_words(hours)}",
    )


def _fill(hours: float) -> str:
    if hours <= 0:
        return "none"
    if hours >= FULL_DAY_H:
        return "full"
    return "half" if hours >= HALF_DAY_H else "little"


def _hours_label(hours: float) -> str:
    if hours <= 0:
        return ""
    return f"{hours:.0f}" if hours >= 1 else "<1"


def hours_words(hours: float) -> str:
    """ "worn 9.5 h", "worn 12 min", "not worn"."""
    if hours <= 0:
        return "not worn"
    return f"worn {hours:.1f} h" if hours >= 1 else f"worn {max(1, round(hours * 60))} min"


def _month_ticks(first: date, weeks: int) -> tuple[Tick, ...]:
    ticks: list[Tick] = []
    month = 0
    for column in range(weeks):
        monday = first + timedelta(weeks=column)
        if monday.month != month:
            month = monday.month
            ticks.append(Tick(CALENDAR_LEFT + column * (CELL + GAP), f"{monday:%b}"))
    return tuple(ticks)


def week_points(values: Sequence[float | None], *, low: float, high: float) -> str:
    """Seven days as points of a small line, 120 by 36; days without a value are left out."""
    span = high - low or 1.0
    return " ".join(
        f"{8 + index * 17.3:.1f},{32 - (value - low) / span * 28:.1f}"
        for index, value in enumerate(values)
        if value is not None
    )
