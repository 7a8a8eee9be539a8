"""Reading the audit trail of the clinic in scope."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from clinic.audit.models import AuditEvent, AuditEventPatient
from clinic.audit.patients import directory
from clinic.audit.words import door_words, role_words, what_words
from clinic.models import Clinic, Membership
from clinic.selectors import names_of_members
from clinic.tenancy.scope import current_clinic_id

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the reviewer asked for; empty means everything. Days are the clinic's, both included."""

    patients: tuple[int, ...] | None = None
    member: UUID | None = None
    action: str = ""
    from_day: date | None = None
    to_day: date | None = None

    def as_detail(self) -> dict[str, object]:
        """For the audit line of looking at the audit trail."""
        asked = {
            "patients": list(self.patients) if self.patients is not None else None,
            "member": self.member and str(self.member),
            "action": self.action,
            "from": self.from_day and self.from_day.isoformat(),
            "to": self.to_day and self.to_day.isoformat(),
        }
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One event, with names for its ids."""

    event: AuditEvent
    who: str
    patients: tuple[str, ...] = field(default=())

    @property
    def role(self) -> str:
        return role_words(self.event)

    @property
    def what(self) -> str:
        return what_words(self.event)

    @property
    def door(self) -> str:
        return door_words(self.event)


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of lines, newest first. `older` is the sequence to ask for next, None on the last page."""

    lines: tuple[AuditLine, ...]
    older: int | None


def events(wanted: AuditFilter, *, clinic: Clinic) -> QuerySet[AuditEvent]:
    """The clinic's events that fit the filter, newest first."""
    found = AuditEvent.objects.filter(clinic_id=current_clinic_id()).order_by("-sequence")
    if wanted.patients is not None:
        shown = AuditEventPatient.objects.filter(patient_id__in=wanted.patients)
        found = found.filter(pk__in=shown.values("event_id"))
    if wanted.member is not None:
        members = Membership.objects.filter(ref=wanted.member)
        found = found.filter(actor_membership_id__in=members.values("pk"))
    if wanted.action:
        found = found.filter(action=wanted.action)
    if wanted.from_day is not None:
        found = found.filter(at__gte=_midnight(wanted.from_day, clinic))
    if wanted.to_day is not None:
        found = found.filter(at__lt=_midnight(wanted.to_day + timedelta(days=1), clinic))
    return found


def audit_page(
    wanted: AuditFilter, *, clinic: Clinic, before: int | None = None, size: int = PAGE_SIZE
) -> AuditPage:
    """One page; `before` is the sequence that the page starts below."""
    found = events(wanted, clinic=clinic)
    if before is not None:
        found = found.filter(sequence__lt=before)
    rows = list(found[: size + 1])
    older = rows[size - 1].sequence if len(rows) > size else None
    return AuditPage(lines=with_names(rows[:size]), older=older)


def with_names(rows: list[AuditEvent]) -> tuple[AuditLine, ...]:
    """Names for the ids of these events: one query for members, one for patients."""
    members = names_of_members(row.actor_membership_id for row in rows if row.actor_membership_id)
    patients = directory().names({one for row in rows for one in row.patients})
    return tuple(
        AuditLine(
            event=row,
            who=_who(row, members),
            patients=tuple(patients.get(one, f"Patient {one}") for one in row.patients),
        )
        for row in rows
    )


def who_looked(patient_id: int, *, limit: int = 200) -> tuple[AuditLine, ...]:
    """For the patient: who opened, changed or exported their record, newest first."""
    shown = AuditEventPatient.objects.filter(patient_id=patient_id).order_by("-at")[:limit]
    ids = [row.event_id for row in shown]
    found = AuditEvent.objects.filter(clinic_id=current_clinic_id(), pk__in=ids).order_by("-sequence")
    return with_names(list(found))


def _who(row: AuditEvent, members: dict[int, Membership]) -> str:
    member = members.get(row.actor_membership_id or 0)
    if member is not None:
        return member.display_name
    return {"task": "The system", "command": "The system"}.get(row.via, "Unknown")


def _midnight(day: date, clinic: Clinic) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(clinic.time_zone))
