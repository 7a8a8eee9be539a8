"""The patient's own clock: it decides what "today" is."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

from patients.models import Patient


@lru_cache(maxsize=512)
def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name; raises ZoneInfoNotFoundError for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError) as error:
        raise ZoneInfoNotFoundError(name) from error


def zone_of(patient: Patient) -> ZoneInfo:
    """The patient's zone, else the clinic's."""
    return zone_named(patient.time_zone or patient.clinic.time_zone or "UTC")


def local_day(patient: Patient, *, at: datetime | None = None) -> date:
    """The day on the patient's calendar at `at` (now when left out)."""
    return (at or timezone.now()).astimezone(zone_of(patient)).date()


def start_of_day(patient: Patient, day: date) -> datetime:
    """Midnight of `day` on the patient's clock, in UTC."""
    return datetime.combine(day, time.min, tzinfo=zone_of(patient)).astimezone(UTC)


def day_bounds(patient: Patient, day: date) -> tuple[datetime, datetime]:
    """First moment of `day`, and of the day after it."""
    return start_of_day(patient, day), start_of_day(patient, day + timedelta(days=1))
