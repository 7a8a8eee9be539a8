"""The caseload page."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from clinic.models.membership import STAFF_ROLES
from clinic.tenancy.access import require_role
from patients import selectors
from patients.selectors.caseload import SORTS, CaseloadRow

SORT_WORDS = {"attention": "Worst first", "name": "Name", "newest": "Newest"}


@dataclass(frozen=True)
class NextAction:
    """The button at the end of a row."""

    label: str
    address: str


def next_action(row: CaseloadRow, *, clinic_slug: str) -> NextAction:
    """What to do first about a row's heaviest reason."""
    ref = row.patient.ref
    if row.first_code == "alert_open" and row.first_ref:
        return NextAction("Answer alert", reverse("patients:alert", args=[clinic_slug, row.first_ref]))
    if row.first_code == "form_worsening" and row.first_ref:
        return NextAction("See session", _session_address(clinic_slug, row))
    if row.first_code in ("pain_high", "pain_rising"):
        return NextAction("Change dose", reverse("prescriptions:prescription", args=[clinic_slug, ref]))
    if row.first_code == "new_message":
        return NextAction("Reply", reverse("patients:patient_messages", args=[clinic_slug, ref]))
    if row.first_code == "no_plan":
        return NextAction("Write plan", reverse("prescriptions:prescription", args=[clinic_slug, ref]))
    if row.first_code == "missed_sessions":
        return NextAction("Message", reverse("patients:patient_messages", args=[clinic_slug, ref]))
    return NextAction("Open", reverse("patients:patient", args=[clinic_slug, ref]))


def _session_address(clinic_slug: str, row: CaseloadRow) -> str:
    try:
        return reverse("sessions:review", args=[clinic_slug, row.first_ref])
    except NoReverseMatch:
        return reverse("patients:patient", args=[clinic_slug, row.patient.ref])


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def caseload(request: HttpRequest, clinic_slug: str) -> HttpResponse:
    asked = selectors.CaseloadQuery.of(
        chip=request.GET.get("show", ""),
        sort=request.GET.get("sort", ""),
        search=request.GET.get("q", ""),
        page=request.GET.get("page", ""),
    )
    found = selectors.caseload_of(request.membership, asked)
    return render(
        request,
        "patients/caseload.html",
        {
            "caseload": found,
            "rows": [(row, next_action(row, clinic_slug=clinic_slug)) for row in found.rows],
            "quiet": [(row, next_action(row, clinic_slug=clinic_slug)) for row in found.quiet],
            "sorts": [(code, SORT_WORDS[code]) for code in SORTS],
        },
    )
