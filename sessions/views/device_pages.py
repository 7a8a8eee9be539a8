"""The sensors that may send for a patient: the therapist's page and the patient's own."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from clinic.models import Role
from clinic.models.membership import CLINICAL_ROLES
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients.models import Patient
from patients.selectors import access_patient, has_consent, patient_of
from patients.services.people import give_consent
from sessions import services
from sessions.errors import DeviceNotFound, TooManyDevices
from sessions.forms_devices import DeviceForm
from sessions.models import Device
from sessions.selectors.movement import devices_of

Again = Callable[[], HttpResponse]


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(*CLINICAL_ROLES)
def devices(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """A patient's sensors: add one, take a key back."""
    patient = access_patient(request.membership, ref, purpose="sensors")
    return _answer(
        request, patient, template="sessions/devices/devices.html", again=lambda: redirect(request.path)
    )


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.PATIENT)
def own_devices(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """The signed-in patient's own sensors."""
    patient = patient_of(request.membership)
    if "consent" in request.POST:
        give_consent(patient, "motion")
        return redirect(request.path)
    return _answer(
        request, patient, template="sessions/devices/own_devices.html", again=lambda: redirect(request.path)
    )


def _answer(request: ClinicRequest, patient: Patient, *, template: str, again: Again) -> HttpResponse:
    if "revoke" in request.POST:
        device = services.revoke_device(_device(patient, request.POST["revoke"]), by=request.membership)
        messages.success(request, f"{device.name} cannot send any more.")
        return again()
    is_own = request.membership.role == Role.PATIENT
    form = DeviceForm(request.POST if request.method == "POST" else None, is_own=is_own)
    made: dict[str, object] = {}
    if request.method == "POST" and form.is_valid():
        try:
            device, token = services.register_device(patient, **form.cleaned_data, by=request.membership)
            made, form = {"token": token, "token_of": device}, DeviceForm(is_own=is_own)
        except TooManyDevices as error:
            form.add_error(None, error.words)
    return render(
        request,
        template,
        {
            "patient": patient,
            "devices": devices_of(patient),
            "form": form,
            "has_consent": has_consent(patient, "motion"),
            "batches_address": request.build_absolute_uri(
                reverse("device_batches", args=[request.clinic.slug])
            ),
            **made,
        },
        status=400 if form.errors else 200,
    )


def _device(patient: Patient, ref: str) -> Device:
    try:
        found = Device.objects.filter(patient=patient, ref=UUID(ref)).first()
    except ValueError:
        found = None
    if found is None:
        raise DeviceNotFound
    return found
