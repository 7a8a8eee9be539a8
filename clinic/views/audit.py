"""The audit trail, for the clinic's admins."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from clinic.audit import Action, record
from clinic.audit.export import LIMIT, as_csv
from clinic.audit.selectors import audit_page, events, with_names
from clinic.errors import Invalid
from clinic.forms import AuditFilterForm
from clinic.models import Role
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest

LONGEST_NUMBER = 18


@require_role(Role.CLINIC_ADMIN)
@require_http_methods(["GET", "POST"])
def audit_review(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """A page of the trail, filtered. Looking at it is written down too."""
    asked = _asked(request)
    form = AuditFilterForm(asked)
    wanted = form.wanted()
    page = audit_page(wanted, clinic=request.clinic, before=_sequence(asked.get("before", "")))
    shown = {one for line in page.lines for one in line.event.patients}
    record(Action.LIST, object_type="audit_event", patients=shown, detail=wanted.as_detail())
    return render(request, "clinic/audit.html", {"form": form, "page": page})


def _asked(request: ClinicRequest) -> QueryDict:
    """The filter. The page posts it, so that no patient's name stands in an address or a log."""
    return request.POST if request.method == "POST" else request.GET


def _sequence(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else None


@require_role(Role.CLINIC_ADMIN)
@require_http_methods(["GET", "POST"])
def audit_export(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """What the filter shows, as CSV. Raises Invalid when there are too many lines for one file."""
    wanted = AuditFilterForm(_asked(request)).wanted()
    rows = list(events(wanted, clinic=request.clinic)[: LIMIT + 1])
    if len(rows) > LIMIT:
        raise Invalid(f"There are more than {LIMIT} lines. Please choose fewer days.")
    shown = {one for row in rows for one in row.patients}
    detail = {**wanted.as_detail(), "rows": len(rows)}
    record(Action.EXPORT, object_type="audit_event", patients=shown, detail=detail)
    response = HttpResponse(as_csv(with_names(rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{clinic_slug}.csv"'
    return response
