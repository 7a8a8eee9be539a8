"""Send sensor files, follow their reading, and say what the columns of an unknown table are."""

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from clinic.audit import record
from clinic.models import Role
from clinic.models.membership import CLINICAL_ROLES
from clinic.pace import Pace, paced
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients.models import Patient
from patients.selectors import access_patient, has_consent, patient_of
from patients.services import give_consent
from sessions import services
from sessions.errors import ColumnsNotAsked, MovementUploadRefused
from sessions.forms_movement_upload import ColumnsForm, MovementUploadForm, initial_columns
from sessions.models import MovementUpload
from sessions.selectors.movement.uploads import access_movement_upload, movement_uploads_of
from sessions.services.movement.uploads import NO_ROOM, UPLOAD, PrivateFile
from sessions.services.videos import ROOM_FOR_FIELDS

UPLOADS_AN_HOUR = Pace(most=30, in_s=3600)
COLUMNS_AN_HOUR = Pace(most=60, in_s=3600)
FindPatient = Callable[[], Patient]


@csrf_exempt
@require_http_methods(["GET", "POST"])
@never_cache
@require_role(*CLINICAL_ROLES)
@paced("movement_upload", UPLOADS_AN_HOUR)
def movement_upload(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """A therapist sends files of a patient."""
    return _upload(request, lambda: access_patient(request.membership, ref, purpose="sensor file upload"))


@csrf_exempt
@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.PATIENT)
@paced("movement_upload", UPLOADS_AN_HOUR)
def own_movement_upload(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """A patient sends their own files."""
    return _upload(request, lambda: patient_of(request.membership))


def _upload(request: ClinicRequest, find_patient: FindPatient) -> HttpResponse:
    """The form, and the files. Too much is refused by its announced length, before anything is read.

    Checking the CSRF token reads the whole body, so the length is looked at first, and the files go straight
    to private disk while the token is checked.
    """
    if request.method == "POST":
        try:
            services.check_movement_size(_announced_length(request))
        except MovementUploadRefused as refused:
            response = _page(request, find_patient(), refused=refused, status=413)
            response["Connection"] = "close"
            return response
        return _receive(request, find_patient)
    return _checked_upload(request, find_patient)


def _receive(request: ClinicRequest, find_patient: FindPatient) -> HttpResponse:
    """Take the files; whatever happens on the way, none stays that nobody kept."""
    handler = services.PrivateUploadHandler(request)
    request.upload_handlers = [handler]
    try:
        return _checked_upload(request, find_patient)
    finally:
        handler.discard()


def _announced_length(request: ClinicRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return max(0, int(length) - ROOM_FOR_FIELDS) if length.isascii() and length.isdigit() else 0


@csrf_protect
def _checked_upload(request: ClinicRequest, find_patient: FindPatient) -> HttpResponse:
    patient = find_patient()
    if request.method != "POST":
        return _page(request, patient)
    form = MovementUploadForm(request.POST, asks_consent=not has_consent(patient, "motion"))
    if not form.is_valid():
        return _page(request, patient, form=form, status=400)
    try:
        upload = _take(request, patient, form)
    except MovementUploadRefused as refused:
        status = 413 if refused.code in ("too_large", "disk_full") else 400
        return _page(request, patient, form=form, refused=refused, status=status)
    return redirect("sessions:movement_upload_status", request.clinic.slug, upload.job.ref)


def _take(request: ClinicRequest, patient: Patient, form: MovementUploadForm) -> MovementUpload:
    handlers = request.upload_handlers
    if any(getattr(handler, "is_over", False) for handler in handlers):
        services.check_movement_size(services.largest_movement_bytes() + 1)
    if any(getattr(handler, "is_full", False) for handler in handlers):
        raise MovementUploadRefused("disk_full", NO_ROOM)
    said = form.cleaned_data
    if form.asks_consent and request.membership.role == Role.PATIENT:
        give_consent(patient, "motion")
    files = [file for file in request.FILES.getlist("files") if isinstance(file, PrivateFile)]
    return services.upload_movement(
        patient, files, placement=said["placement"], activity=said["activity"], note=said["note"],
        by=request.membership,
    )  # fmt: skip


def _page(
    request: ClinicRequest,
    patient: Patient,
    *,
    form: MovementUploadForm | None = None,
    refused: MovementUploadRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    asks_consent = not has_consent(patient, "motion")
    limit = services.largest_movement_bytes()
    context = {
        "patient": patient,
        "is_own": request.membership.role == Role.PATIENT,
        "form": form or MovementUploadForm(asks_consent=asks_consent),
        "asks_consent": asks_consent,
        "refused": refused,
        "largest": services.told_bytes(limit),
        "largest_mb": limit // 1_000_000,
        "uploads": movement_uploads_of(patient),
    }
    return render(request, "sessions/movement_upload/upload.html", context, status=status)


@require_GET
@never_cache
@require_role(*Role.values)
def movement_upload_status(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """How far the reading of an upload is, and what came of it."""
    upload = access_movement_upload(request.membership, ref)
    is_part = request.headers.get("HX-Request") == "true"
    template = "_status.html" if is_part else "status.html"
    return render(request, f"sessions/movement_upload/{template}", _told(request, upload))


def _told(request: ClinicRequest, upload: MovementUpload) -> dict[str, object]:
    return {
        "upload": upload,
        "job": upload.job,
        "patient": upload.patient,
        "files": upload.files.all(),
        "is_own": request.membership.role == Role.PATIENT,
    }


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(*CLINICAL_ROLES, Role.PATIENT)
@paced("movement_columns", COLUMNS_AN_HOUR)
def movement_columns(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Say which column of an unknown table is what."""
    upload = access_movement_upload(request.membership, ref)
    if not upload.needs_columns:
        return redirect("sessions:movement_upload_status", clinic_slug, ref)
    head = upload.head
    record("view", patient=upload.patient_id, object_type=UPLOAD, object_ref=upload.ref, purpose="columns")
    form = ColumnsForm(
        request.POST or None, columns=head["columns"], separator=head["separator"],
        initial=initial_columns(upload.problem.get("guess", {}), head),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        # Somebody else may have named them meanwhile: the status says what came of it.
        with suppress(ColumnsNotAsked):
            services.name_columns(upload, form.plan(), by=request.membership)
        return redirect("sessions:movement_upload_status", clinic_slug, ref)
    context = {**_told(request, upload), "form": form, "head": head, "problem": upload.problem}
    return render(
        request, "sessions/movement_upload/columns.html", context, status=400 if form.errors else 200
    )
