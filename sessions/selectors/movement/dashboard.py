"""What a patient's Movement page shows: every measure over the episode, and what has become of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Max, Min

from patients.local_time import local_day
from patients.models import EpisodeOfCare, Patient
from sessions.models import MovementAlarm, MovementDay, MovementMeasure, Recording, TimedTest
from sessions.motion_trend.metrics import METRICS, Metric
from sessions.motion_trend.types import Placement
from sessions.selectors.movement.access import recordings_for
from sessions.selectors.movement.change import Change, Level, Verdict, change_of, change_of_tests, number
from sessions.selectors.movement.series import movement_days, timed_tests_of
from sessions.selectors.movement.trend import TrendView, trend_of, trends_of

FOREMOST = ("walking_speed_m_s", "cadence_spm", "step_length_m", "step_time_asymmetry_pct")
FURTHER = (
    "step_length_asymmetry_pct",
    "stride_time_variability_pct",
    "double_support_pct",
    "step_count",
    "walking_minutes",
)
TIMED = ("walk_10m_speed_m_s", "chair_stand_count", "tug_s")
SHOWN = FOREMOST + FURTHER + TIMED
WEEKS = (2, 4, 8)
MOST_NOTES = 12
MOST_TESTS = 30
COUNTED = {
    MovementMeasure.Origin.BOUTS: ("bout", "bouts"),
    MovementMeasure.Origin.TIMED: ("test", "tests"),
    MovementMeasure.Origin.HEALTH: ("reading", "readings"),
    MovementMeasure.Origin.SIMULATED: ("bout", "bouts"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One day's value with its band."""

    day: date
    value: float
    low: float | None
    high: float | None
    n: int
    origin: str
    recording_ref: UUID | None
    device: str
    flags: tuple[str, ...]
    simulated: bool

    @property
    def origin_words(self) -> str:
        return str(MovementMeasure.Origin(self.origin).label)

    @property
    def counted(self) -> str:
        """What stands behind it: "6 bouts"."""
        one, many = COUNTED[MovementMeasure.Origin(self.origin)]
        return f"{self.n} {one if self.n == 1 else many}"

    def band_words(self, metric: Metric) -> str:
        """ "0.91–1.05", or nothing without a band."""
        if self.low is None or self.high is None:
            return ""
        return f"{number(metric, self.low)}–{number(metric, self.high)}"

    def words(self, metric: Metric) -> str:
        """ "0.98 m/s (0.91–1.05), 6 bouts"."""
        band = self.band_words(metric)
        unit = f" {metric.unit}" if metric.unit else ""
        return f"{number(metric, self.value)}{unit}{f' ({band})' if band else ''}, {self.counted}"


@dataclass(frozen=True, slots=True)
class MetricChart:
    """One metric: its days, its trend, and what has become of it."""

    metric: Metric
    points: tuple[Point, ...]
    trend: TrendView | None
    change: Change
    alarms: tuple[MovementAlarm, ...]

    @property
    def code(self) -> str:
        return self.metric.code

    @property
    def levels(self) -> tuple[Level, ...]:
        """The trend day by day."""
        return levels_of(self.trend)


@dataclass(frozen=True, slots=True)
class DeviceUse:
    """One device, or one way in, and when it was used."""

    name: str
    placement: str
    first: date
    last: date
    count: int


@dataclass(frozen=True, slots=True)
class Note:
    """What was noted about a recording: shoe, walking aid."""

    day: date
    words: str
    recording_ref: UUID


@dataclass(frozen=True, slots=True)
class Event:
    """A day that the charts mark."""

    day: date
    words: str


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The whole page. `first` to `last` is the episode as far as it was measured; `weeks` None shows all."""

    patient: Patient
    today: date
    first: date
    last: date
    weeks: int | None
    charts: tuple[MetricChart, ...]
    further: tuple[MetricChart, ...]
    timed: tuple[MetricChart, ...]
    tests: tuple[TimedTest, ...]
    days: tuple[MovementDay, ...]
    alarms: tuple[MovementAlarm, ...]
    devices: tuple[DeviceUse, ...]
    notes: tuple[Note, ...]
    events: tuple[Event, ...]
    has_recordings: bool

    @property
    def all_charts(self) -> tuple[MetricChart, ...]:
        return self.charts + self.further + self.timed

    @property
    def has_data(self) -> bool:
        return any(chart.points for chart in self.all_charts) or bool(self.days)

    @property
    def simulated(self) -> bool:
        """Whether any of it was made, not measured."""
        points = (point for chart in self.all_charts for point in chart.points)
        return self.patient.simulated or any(point.simulated for point in points)

    @property
    def answer(self) -> Change | None:
        """The change that the page is headed with: walking speed, else the first that says something."""
        measured = [chart.change for chart in self.all_charts if chart.points]
        told = (change for change in measured if change.verdict != Verdict.EARLY)
        return next(told, measured[0] if measured else None)

    @property
    def open_alarms(self) -> tuple[MovementAlarm, ...]:
        return tuple(alarm for alarm in self.alarms if alarm.state == MovementAlarm.State.OPEN)

    @property
    def since(self) -> date:
        """The first day of the weeks that are shown."""
        if self.weeks is None:
            return self.first
        return max(self.first, self.last - timedelta(days=7 * self.weeks - 1))


def dashboard_of(patient: Patient, *, weeks: int | None) -> Dashboard:
    """Everything that the Movement page shows, in a number of queries that does not grow with the days."""
    today = local_day(patient)
    points = points_of(patient, SHOWN)
    days = tuple(movement_days(patient))
    alarms = alarms_of(patient)
    events, since = _events(patient)
    trends = trends_of(patient, SHOWN)
    charts = {
        code: _chart(code, points[code], trends.get(code), alarms, since=since, today=today) for code in SHOWN
    }
    measured = [point.day for found in points.values() for point in found] + [one.day for one in days]
    return Dashboard(
        patient=patient,
        today=today,
        first=min(measured, default=today),
        last=max([today, *measured]),
        weeks=weeks,
        charts=tuple(charts[code] for code in FOREMOST),
        further=tuple(charts[code] for code in FURTHER if points[code]),
        timed=tuple(charts[code] for code in TIMED if len(points[code]) > 1),
        tests=tuple(timed_tests_of(patient)[:MOST_TESTS]),
        days=days,
        alarms=alarms,
        devices=devices_used(patient),
        notes=_notes(patient),
        events=events,
        has_recordings=recordings_for(patient).exists(),
    )


def points_of(patient: Patient, codes: Sequence[str]) -> dict[str, tuple[Point, ...]]:
    """The daily values of several metrics, oldest first, in one query."""
    found: dict[str, list[Point]] = defaultdict(list)
    rows = MovementMeasure.objects.filter(patient=patient, code__in=codes).order_by("day", "id")
    for row in rows.select_related("recording", "device"):
        found[row.code].append(_point(row))
    return {code: tuple(found[code]) for code in codes}


def points_of_day(patient: Patient, codes: Sequence[str], day: date) -> tuple[tuple[str, Point], ...]:
    """One day's values as (code, value), in the order of `codes`."""
    rows = MovementMeasure.objects.filter(patient=patient, code__in=codes, day=day).order_by("id")
    found = [(row.code, _point(row)) for row in rows.select_related("recording", "device")]
    return tuple(sorted(found, key=lambda pair: codes.index(pair[0])))


def _point(row: MovementMeasure) -> Point:
    return Point(
        day=row.day,
        value=row.value,
        low=row.low,
        high=row.high,
        n=row.n,
        origin=row.origin,
        recording_ref=row.recording.ref if row.recording else None,
        device=row.device.name if row.device else "",
        flags=tuple(flag_words(row.flags)),
        simulated=row.origin == MovementMeasure.Origin.SIMULATED
        or bool(row.recording and row.recording.simulated),
    )


def flag_words(flags: object) -> list[str]:
    """The words of stored flags; what is not a flag is left out."""
    if not isinstance(flags, list):
        return []
    return [str(flag["words"]) for flag in flags if isinstance(flag, dict) and flag.get("words")]


def _chart(
    code: str,
    points: tuple[Point, ...],
    trend: TrendView | None,
    alarms: Sequence[MovementAlarm],
    *,
    since: date | None,
    today: date,
) -> MetricChart:
    change = _change(code, points, trend, since=since, today=today)
    mine = tuple(alarm for alarm in alarms if code in codes_of(alarm))
    return MetricChart(METRICS[code], points, trend, change, mine)


def _change(
    code: str, points: Sequence[Point], trend: TrendView | None, *, since: date | None, today: date
) -> Change:
    if code in TIMED:
        return change_of_tests(METRICS[code], _tests_by_day(points), since=since, today=today)
    measured = sorted({point.day for point in points})
    return change_of(METRICS[code], levels_of(trend), measured_days=measured, since=since, today=today)


def _tests_by_day(points: Sequence[Point]) -> list[Level]:
    """The last test of each day; one without a known band has none."""
    last = {point.day: point for point in points}
    return [_as_level(one) for one in last.values()]


def _as_level(point: Point) -> Level:
    low = point.value if point.low is None else point.low
    return Level(point.day, point.value, low, point.value if point.high is None else point.high)


def change_since_start(patient: Patient, code: str, points: Sequence[Point], *, today: date) -> Change:
    """What has become of one metric since surgery, or since it was first measured."""
    _, since = _events(patient)
    return _change(code, points, trend_of(patient, code), since=since, today=today)


def levels_of(trend: TrendView | None) -> tuple[Level, ...]:
    """A trend as levels with their bands, oldest first."""
    if trend is None:
        return ()
    columns = zip(trend.days, trend.level, trend.low, trend.high, strict=True)
    return tuple(
        Level(day, level, low, high)
        for day, level, low, high in columns
        if level is not None and low is not None and high is not None
    )


def codes_of(alarm: MovementAlarm) -> set[str]:
    """The metrics in which an alarm shows."""
    told = {str(one.get("code")) for one in alarm.metrics if isinstance(one, dict)}
    return told | {alarm.code}


def alarms_of(patient: Patient) -> tuple[MovementAlarm, ...]:
    """A patient's alarms, newest first, with the alerts that they raised."""
    return tuple(MovementAlarm.objects.filter(patient=patient).select_related("alert"))


def devices_used(patient: Patient) -> tuple[DeviceUse, ...]:
    """What measured, where it was worn, and when: a change of device may look like a change of gait.

    A laboratory's measurement is left out: no daily value comes from it.
    """
    rows = (
        recordings_for(patient)
        .exclude(started_at=None)
        .exclude(modality=Recording.Modality.LAB)
        .order_by()
        .values("source", "modality", "device__name", "placement")
        .annotate(first=Min("started_at"), last=Max("started_at"), count=Count("id"))
    )
    uses = (
        DeviceUse(
            name=row["device__name"] or _way_in(row["modality"], row["source"]),
            placement=placement_words(row["placement"]),
            first=local_day(patient, at=row["first"]),
            last=local_day(patient, at=row["last"]),
            count=row["count"],
        )
        for row in rows
    )
    return tuple(sorted(uses, key=lambda use: (use.last, use.count), reverse=True))


def _way_in(modality: str, source: str) -> str:
    if modality == Recording.Modality.HEALTH:
        return "Apple Health export"
    return str(Recording.Source(source).label)


def placement_words(placement: str) -> str:
    """ "Lower back"; empty where it is not known."""
    if placement == Placement.UNKNOWN or placement not in set(Placement):
        return ""
    return Placement(placement).words


def _notes(patient: Patient) -> tuple[Note, ...]:
    noted = recordings_for(patient).exclude(note="").exclude(started_at=None)[:MOST_NOTES]
    return tuple(Note(local_day(patient, at=one.started_at), one.note, one.ref) for one in noted)


def _events(patient: Patient) -> tuple[tuple[Event, ...], date | None]:
    """Days to mark, and the day from which change is counted: the surgery, where there was one."""
    episode = EpisodeOfCare.objects.filter(patient=patient).order_by("status", "-id").first()
    events = []
    since = None
    if episode and episode.surgery_date:
        events.append(Event(episode.surgery_date, "surgery"))
        since = episode.surgery_date
    elif episode and episode.onset_date:
        events.append(Event(episode.onset_date, "onset"))
    if patient.plan_started_on:
        events.append(Event(patient.plan_started_on, "plan"))
    return tuple(events), since
