"""The queue of alerts: what waits for an answer, the worst and oldest first."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from clinic.audit import record
from clinic.models.membership import STAFF_ROLES, Role
from clinic.pace import Pace, count_sent
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients import selectors
from patients.escalation_export import alerts_as_csv
from patients.selectors.escalations import EscalationQuery

EXPORTS = Pace(most=20, in_s=600)
EXPORTED_DAYS = 365


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def escalations(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Alerts of one's own patients. An admin sees beside it how soon the clinic answers, in numbers only."""
    asked = EscalationQuery.of(
        show=request.GET.get("show", ""),
        severity=request.GET.get("severity", ""),
        source=request.GET.get("source", ""),
    )
    is_admin = request.membership.role == Role.CLINIC_ADMIN
    return render(
        request,
        "patients/escalations.html",
        {
            "queue": selectors.queue_of(request.membership, asked),
            "times": selectors.answer_times(None if is_admin else request.membership),
            "is_admin": is_admin,
        },
    )


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def escalations_csv(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Closed alerts of a year with the minutes they took, of one's own patients. Audited as an export."""
    count_sent(request.user.pk, "escalations_export", EXPORTS)
    since = timezone.now() - timedelta(days=EXPORTED_DAYS)
    rows = selectors.closed_alerts_of(request.membership, since=since)
    record("export", patients={row.patient_id for row in rows}, object_type="patients.Alert", purpose="csv")
    answer = HttpResponse(alerts_as_csv(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="escalations.csv"'
    return answer
