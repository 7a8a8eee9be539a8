"""Daily series, days, bouts and tests of a patient, each in one query."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from patients.models import Patient
from sessions.models import MovementDay, MovementMeasure, Recording, TimedTest, WalkingBout


def series_for(
    patient: Patient,
    code: str,
    *,
    since: date | None = None,
    until: date | None = None,
    origin: str | None = None,
) -> QuerySet[MovementMeasure]:
    """One metric's daily values, oldest first. A day may have one of each origin, and several tests."""
    rows = MovementMeasure.objects.filter(patient=patient, code=code)
    if origin is not None:
        rows = rows.filter(origin=origin)
    if since is not None:
        rows = rows.filter(day__gte=since)
    if until is not None:
        rows = rows.filter(day__lte=until)
    return rows.order_by("day", "id")


def series_of(
    patient: Patient, codes: Iterable[str], *, since: date | None = None
) -> dict[str, list[MovementMeasure]]:
    """Several metrics' daily values, oldest first, in one query."""
    rows = MovementMeasure.objects.filter(patient=patient, code__in=list(codes))
    if since is not None:
        rows = rows.filter(day__gte=since)
    found: dict[str, list[MovementMeasure]] = {}
    for row in rows.order_by("day", "id"):
        found.setdefault(row.code, []).append(row)
    return found


def movement_days(
    patient: Patient, *, since: date | None = None, until: date | None = None
) -> QuerySet[MovementDay]:
    """A patient's days with sensor data, oldest first."""
    days = MovementDay.objects.filter(patient=patient)
    if since is not None:
        days = days.filter(day__gte=since)
    if until is not None:
        days = days.filter(day__lte=until)
    return days.order_by("day")


def bouts_of(recording: Recording) -> QuerySet[WalkingBout]:
    """A recording's bouts in order of time, without their steps."""
    return WalkingBout.objects.filter(recording=recording).defer("steps").order_by("index")


def timed_tests_of(patient: Patient) -> QuerySet[TimedTest]:
    """A patient's timed tests, newest first."""
    return TimedTest.objects.filter(patient=patient).select_related("recording").order_by("-at", "-id")
