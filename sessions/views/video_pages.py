"""Upload a film of a set, and follow its analysis."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from clinic.models import Role
from clinic.models.membership import CLINICAL_ROLES
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients.models import Patient
from patients.selectors import access_patient, has_consent
from sessions import selectors, services
from sessions.errors import VideoRefused
from sessions.forms import VideoForm
from sessions.services.videos import ROOM_FOR_FIELDS


@csrf_exempt
@require_http_methods(["GET", "POST"])
@never_cache
@require_role(*CLINICAL_ROLES)
def upload(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """The form, and the film. A film over the limit is refused by its announced length, before it is read.

    Checking the CSRF token reads the whole body, so the length is looked at first and the token right
    after it.
    """
    if request.method == "POST":
        try:
            services.check_size(_announced_length(request))
        except VideoRefused as refused:
            response = _page(request, ref, VideoForm(), refused=refused.words, status=413)
            response["Connection"] = "close"
            return response
    return _checked_upload(request, clinic_slug, ref)


def _announced_length(request: ClinicRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return max(0, int(length) - ROOM_FOR_FIELDS) if length.isascii() and length.isdigit() else 0


@csrf_protect
def _checked_upload(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    if request.method != "POST":
        return _page(request, ref, VideoForm())
    form = VideoForm(request.POST, request.FILES)
    patient = _patient(request, ref)
    if not form.is_valid():
        return _page(request, ref, form, status=400)
    try:
        job = services.upload_video(
            patient,
            form.cleaned_data["video"],
            exercise=form.cleaned_data["version"],
            view=form.cleaned_data["view"],
            side=form.cleaned_data["side"],
            by=request.membership,
        )
    except VideoRefused as refused:
        return _page(request, ref, form, refused=refused.words, status=400)
    return redirect("sessions:job", clinic_slug, job.ref)


def _patient(request: ClinicRequest, ref: UUID) -> Patient:
    return access_patient(request.membership, ref, purpose="video upload")


def _page(
    request: ClinicRequest, ref: UUID, form: VideoForm, *, refused: str = "", status: int = 200
) -> HttpResponse:
    patient = _patient(request, ref)
    return render(
        request,
        "sessions/upload.html",
        {
            "patient": patient,
            "form": form,
            "refused": refused,
            "largest_mb": services.largest_video_bytes() // 1_000_000,
            "is_kept": has_consent(patient, "video"),
        },
        status=status,
    )


@require_GET
@never_cache
@require_role(*Role.values)
def job(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """How far an analysis is; leads to the result when it is done."""
    found = selectors.access_job(request.membership, ref)
    is_part = request.headers.get("HX-Request") == "true"
    if found.state == found.State.DONE and not is_part:
        return redirect("sessions:review", clinic_slug, found.object_ref)
    template = "sessions/_job.html" if is_part else "sessions/job.html"
    return render(
        request,
        template,
        {
            "job": found,
            "patient": found.patient,
            "updates_path": f"/ws/c/{clinic_slug}/sessions/{found.object_ref}/updates/",
        },
    )
