"""The patient's own pages about the plan: one exercise, and the plan on paper."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from clinic.models import Role
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients.selectors import open_hold, patient_of
from prescriptions import selectors
from prescriptions.quantity_words import VIEW_TITLES
from prescriptions.views.editor import handout_page


@require_GET
@never_cache
@require_role(Role.PATIENT)
def today_exercise(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    patient = patient_of(request.membership)
    item = selectors.access_prescribed_exercise(request.membership, ref, purpose="own plan")
    spec = item.exercise_version.spec
    cameras = [
        (VIEW_TITLES.get(name, name), view.get("camera", ""), view.get("default", False))
        for name, view in spec.get("views", {}).items()
    ]
    return render(
        request,
        "prescriptions/today_exercise.html",
        {
            "patient": patient,
            "planned": selectors.planned(item),
            "spec": spec,
            "cameras": cameras,
            "camera_note": selectors.camera_note(spec),
            "hold": open_hold(patient),
        },
    )


@require_GET
@never_cache
@require_role(Role.PATIENT)
def handout(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    return handout_page(request, patient_of(request.membership))
