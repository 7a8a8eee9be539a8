"""Named reads of pain reports."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from patients.local_time import day_bounds, local_day, start_of_day
from patients.models import DaySummary, PainReport, Patient
from patients.red_flags import usual_pain

USUAL_DAYS, USUAL_REPORTS = 28, 10


def usual_pain_of(patient: Patient, *, before: datetime) -> int | None:
    """The middle of the last ten pain values given before exercise in the four weeks to `before`, or None."""
    reports = PainReport.objects.filter(
        patient=patient,
        moment=PainReport.Moment.BEFORE,
        at__lt=before,
        at__gte=before - timedelta(days=USUAL_DAYS),
    )
    return usual_pain(list(reports.order_by("-at").values_list("value", flat=True)[:USUAL_REPORTS]))


def pain_reports_of(patient: Patient, *, since: date) -> QuerySet[PainReport]:
    """Reports from `since` (the patient's day) on, oldest first."""
    return PainReport.objects.filter(patient=patient, at__gte=start_of_day(patient, since)).order_by("at")


def next_morning_due(patient: Patient, *, at: datetime | None = None) -> bool:
    """Whether to ask how the pain is this morning: exercised yesterday, not asked yet today."""
    now = at or timezone.now()
    today = local_day(patient, at=now)
    yesterday = DaySummary.objects.filter(patient=patient, day=today - timedelta(days=1), sessions_done__gt=0)
    if not yesterday.exists():
        return False
    first, after = day_bounds(patient, today)
    asked = PainReport.objects.filter(
        patient=patient, moment=PainReport.Moment.NEXT_MORNING, at__gte=first, at__lt=after
    )
    return not asked.exists()
