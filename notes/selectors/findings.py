"""Findings of signed notes: one patient's over time, and those of everybody whom a member may open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from clinic.models import Membership, Role
from notes.finding_query import FindingQuery
from notes.finding_words import say_finding, say_subject, say_value
from notes.models import Finding, VisitNote
from patients.models import Patient
from patients.selectors import patients_for

LOOKUPS = {"lt": "high__lt", "le": "high__lte", "gt": "high__gt", "ge": "high__gte"}
SORTS = {
    "newest": ("Newest first", ("-observed_on", "-pk")),
    "lowest": ("Lowest value first", ("high", "-observed_on", "-pk")),
    "highest": ("Highest value first", ("-high", "-observed_on", "-pk")),
    "patient": ("Patient", ("patient__family_name", "patient__given_name", "-observed_on", "-pk")),
}
WHAT = ("kind", "region", "side", "motion", "measure", "unit")
UNITS = {"deg": "°", "0-10": "of 10", "0-5": "of 5", "count": "times"}
# Half a step of what notes write: "exactly 90" finds 90, "exactly 3.67" finds 4-.
SAME = 0.01


@dataclass(frozen=True, slots=True)
class Point:
    """One value on one day, and the words in the note that it stands on."""

    day: date
    low: float
    high: float
    words: str
    note: VisitNote
    start: int


@dataclass(frozen=True, slots=True)
class Series:
    """The same thing measured again and again, oldest first."""

    code: str
    kind: str
    name: str
    unit: str
    points: list[Point]

    @property
    def latest(self) -> Point:
        return self.points[-1]

    @property
    def change(self) -> str:
        """The first and the last value with their days in words; empty for one value."""
        if len(self.points) < 2:
            return ""
        first, last = (
            f"{one.words} on {one.day.day} {one.day:%b %Y}" for one in (self.points[0], self.latest)
        )
        return f"{first}, {last}"


def shown_findings() -> QuerySet[Finding]:
    """What counts: values of notes that are signed, co-signed where needed, and not entered in error."""
    return Finding.objects.filter(note__status=VisitNote.Status.SIGNED, withdrawn_at__isnull=True)


def series_of(patient: Patient) -> list[Series]:
    """A patient's values by what was measured; goals are left out. The longest kept come first."""
    rows = shown_findings().filter(patient=patient, is_goal=False).select_related("note")
    by_what: dict[tuple[str, ...], list[Finding]] = {}
    for row in rows.order_by("observed_on", "note_id", "start"):
        by_what.setdefault(tuple(getattr(row, name) for name in WHAT), []).append(row)
    series = [_series(number, found) for number, found in enumerate(by_what.values())]
    return sorted(series, key=lambda one: (_order(one.kind), -len(one.points), one.name))


def _order(kind: str) -> int:
    return [choice.value for choice in Finding.Kind].index(kind)


def _series(number: int, rows: list[Finding]) -> Series:
    first = rows[0]
    points = [Point(row.observed_on, row.low, row.high, say_value(row), row.note, row.start) for row in rows]
    name = say_subject(first) or f"{first.get_kind_display()}, not said of what"
    unit = f"of {first.out_of:g}" if first.unit == "points" and first.out_of else first.unit
    return Series(f"f{number}", first.kind, name[:1].upper() + name[1:], UNITS.get(unit, unit), points)


def address_of(slug: str, note: VisitNote, start: int) -> str:
    """The note's page, at the words."""
    return f"{reverse('notes:note', args=[slug, note.ref])}#f{start}"


def chart_config(series: Iterable[Series], *, slug: str) -> dict[str, object]:
    """Settings of the charts, as `<pl-movement>` reads them; a range is drawn to its far end."""
    shown = [one for one in series if len(one.points) > 1]
    days = [point.day for one in shown for point in one.points]
    return {
        "first": min(days).isoformat() if days else "",
        "last": max(days).isoformat() if days else "",
        "weeks": None,
        "charts": [_chart(one, slug) for one in shown],
    }


def _chart(series: Series, slug: str) -> dict[str, object]:
    points = [
        {
            "day": point.day.isoformat(),
            "value": point.high,
            "low": point.low if point.low != point.high else None,
            "high": point.high if point.low != point.high else None,
            "words": point.words,
            "origin": "timed",
            "url": address_of(slug, point.note, point.start),
        }
        for point in series.points
    ]
    line = {point["day"]: point["value"] for point in points}
    return {
        "code": series.code,
        "name": series.name,
        "unit": series.unit,
        "decimals": 1,
        "points": points,
        "trend": {
            "days": list(line),
            "level": list(line.values()),
            "low": [None] * len(line),
            "high": [None] * len(line),
            "expected": [None] * len(line),
        },
        "reference": None,
        "normal": None,
        "alarms": [],
        "changes": [],
        "events": [],
    }


def search_findings(
    membership: Membership, query: FindingQuery, *, sort: str = "newest"
) -> QuerySet[Finding]:
    """Values of the patients whom this member treats. A range is compared by its far end.

    "Latest only" compares the newest value of each thing measured, so that a knee which bends by now is not
    found for how it was. The clinic's admin treats nobody and finds nothing.
    """
    rows = shown_findings()
    if membership.role not in (Role.THERAPIST, Role.ASSISTANT):
        return rows.none()
    rows = rows.filter(patient__in=patients_for(membership))
    if not query.with_goals:
        rows = rows.filter(is_goal=False)
    rows = rows.filter(**_what(query))
    if query.latest_only:
        newest = rows.order_by("patient_id", *WHAT, "-observed_on", "-note_id", "-start")
        rows = rows.filter(pk__in=newest.distinct("patient_id", *WHAT).values("pk"))
    rows = rows.filter(**_values(query))
    return rows.select_related("note", "patient").order_by(*SORTS.get(sort, SORTS["newest"])[1])


def _what(query: FindingQuery) -> dict[str, object]:
    asked: dict[str, object] = {
        f"{name}__iexact": getattr(query, name)
        for name in ("kind", "region", "side", "motion", "measure")
        if getattr(query, name)
    }
    if query.since:
        asked["observed_on__gte"] = query.since
    return asked


def _values(query: FindingQuery) -> dict[str, float]:
    if query.low is not None and query.high is not None:
        return {"high__gte": query.low, "high__lte": query.high}
    if query.value is None or not query.comparison:
        return {}
    if query.comparison == "eq":
        return {"high__gte": query.value - SAME, "high__lte": query.value + SAME}
    return {LOOKUPS[query.comparison]: query.value}


def told_findings(rows: Iterable[Finding], *, slug: str) -> Iterator[dict[str, object]]:
    """Rows of the search page."""
    for row in rows:
        yield {
            "finding": row,
            "patient": row.patient,
            "words": say_finding(row),
            "address": address_of(slug, row.note, row.start),
        }
