"""A therapist asks a patient for a test, and ends it. Both are buttons on the Movement page."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from clinic.models import Role
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients.selectors.access import check_patient_access
from sessions import services
from sessions.selectors.movement.requests import access_request


@require_POST
@require_role(Role.THERAPIST)
def ask_for_test(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Ask for a test from now on."""
    patient = check_patient_access(request.membership, ref, purpose="ask for a test")
    days = request.POST.get("every_days", "")
    asked = services.ask_for_test(
        patient,
        kind=request.POST.get("kind", ""),
        every_days=int(days) if days.isascii() and days.isdigit() and len(days) <= 3 else 0,
        by=request.membership,
    )
    words = asked.get_every_days_display().lower()
    messages.success(request, f"{patient.given_name} is asked for the {asked.get_kind_display()}, {words}.")
    return redirect("sessions:movement", clinic_slug, ref)


@require_POST
@require_role(Role.THERAPIST)
def end_test_request(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Ask no more."""
    asked = access_request(request.membership, ref, purpose="end a request")
    services.end_request(asked, by=request.membership)
    messages.success(request, f"The {asked.get_kind_display()} is not asked for any more.")
    return redirect("sessions:movement", clinic_slug, asked.patient.ref)
