"""The caseload page."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from clinic.models.membership import STAFF_ROLES
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients import selectors
from patients.models import Patient
from patients.selectors.caseload import SORTS, CaseloadRow

ACTIONS = {
    "pain_high": ("Change dose", "prescriptions:prescription"),
    "pain_rising": ("Change dose", "prescriptions:prescription"),
    "no_plan": ("Write plan", "prescriptions:prescription"),
    "new_message": ("Reply", "patients:patient_messages"),
    "score_worsened": ("See answers", "patients:questionnaires"),
    "questions_overdue": ("Message", "patients:patient_messages"),
    "missed_sessions": ("Message", "patients:patient_messages"),
    "note_unsigned": ("See notes", "notes:patient_notes"),
    "dose_proposal": ("See doses", "prescriptions:prescription"),
    "note_to_cosign": ("See notes", "notes:patient_notes"),
}
SORT_WORDS = {"attention": "Worst first", "name": "Name", "newest": "Newest"}


@dataclass(frozen=True)
class NextAction:
    """The button at the end of a row."""

    label: str
    address: str


def next_action(row: CaseloadRow, *, clinic_slug: str) -> NextAction:
    """What to do first about a row."""
    ref = row.patient.ref
    reason = row.foremost
    code, about = (reason.code, reason.object_ref) if reason else ("", None)
    if code == "alert_open" and about:
        return NextAction("Answer alert", reverse("patients:alert", args=[clinic_slug, about]))
    if code == "form_worsening" and about:
        return NextAction("See session", address_of_session(clinic_slug, row.patient, about))
    label, page = ACTIONS.get(code, ("Open", "patients:patient"))
    return NextAction(label, reverse(page, args=[clinic_slug, ref]))


def address_of_session(clinic_slug: str, patient: Patient, session_ref: UUID) -> str:
    """The review belongs to an app that this one does not import; without it, the patient's page."""
    try:
        return reverse("sessions:review", args=[clinic_slug, session_ref])
    except NoReverseMatch:
        return reverse("patients:patient", args=[clinic_slug, patient.ref])


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(*STAFF_ROLES)
def caseload(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """A name is searched by POST only: an address ends up in logs and in the browser's history."""
    data = request.POST if request.method == "POST" else request.GET
    asked = selectors.CaseloadQuery.of(
        chip=data.get("show", ""),
        sort=data.get("sort", ""),
        search=request.POST.get("q", ""),
        page=data.get("page", ""),
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
