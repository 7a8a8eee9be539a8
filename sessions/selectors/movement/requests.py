"""Which tests a patient was asked for, when each was done last, and whether it is time again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max

from clinic.models import Membership
from patients.local_time import local_day
from patients.models import Patient
from patients.selectors.access import check_patient_access
from sessions.errors import RequestNotFound
from sessions.models import MovementRequest, Recording
from sessions.selectors.movement.own import own_recordings


@dataclass(frozen=True, slots=True)
class AskedTest:
    """A request with the patient's days: `due` from when on the test is wanted, `last` when it was done."""

    request: MovementRequest
    since: date
    last: date | None
    due: date
    today: date

    @property
    def kind(self) -> str:
        return self.request.kind

    @property
    def name(self) -> str:
        return str(self.request.get_kind_display())

    @property
    def every(self) -> str:
        """ "every week"."""
        return str(self.request.get_every_days_display()).lower()

    @property
    def is_due(self) -> bool:
        return self.today >= self.due

    @property
    def is_late(self) -> bool:
        """Whether half an interval more has gone by, one day at least: a day later is no lateness."""
        return (self.today - self.due).days > max(1, self.request.every_days // 2)

    @property
    def days_since(self) -> int:
        """Since the test was done, or else asked for."""
        return (self.today - (self.last or self.since)).days


def asked_tests(patient: Patient, *, at: datetime | None = None) -> list[AskedTest]:
    """What a patient is asked for now, oldest first, in two queries."""
    requests = list(
        MovementRequest.objects.filter(patient=patient, ended_at=None)
        .select_related("asked_by")
        .order_by("id")
    )
    if not requests:
        return []
    done = own_recordings(patient).filter(activity__in=[one.kind for one in requests])
    latest = done.exclude(state=Recording.State.FAILED).order_by().values("activity")
    days = {
        row["activity"]: local_day(patient, at=row["last"]) for row in latest.annotate(last=Max("created_at"))
    }
    today = local_day(patient, at=at)
    return [_asked(one, patient, last=days.get(one.kind), today=today) for one in requests]


def _asked(request: MovementRequest, patient: Patient, *, last: date | None, today: date) -> AskedTest:
    since = local_day(patient, at=request.created_at)
    due = max(since, last + timedelta(days=request.every_days)) if last else since
    return AskedTest(request=request, since=since, last=last, due=due, today=today)


def access_request(membership: Membership, ref: UUID | str, *, purpose: str) -> MovementRequest:
    """A request whose patient this member may open. Raises RequestNotFound, and what that check raises."""
    found = MovementRequest.objects.select_related("patient").filter(ref=ref).first()
    if found is None:
        raise RequestNotFound
    check_patient_access(membership, found.patient.ref, purpose=purpose)
    return found
