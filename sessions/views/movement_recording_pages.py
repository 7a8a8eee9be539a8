"""The therapist's pages of one sensor recording and its bouts: look, signal, note, analyse again, delete."""

from collections.abc import AsyncIterator
from math import isfinite
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from redis.exceptions import RedisError

from clinic.audit import record
from clinic.errors import Invalid
from clinic.models import Role
from clinic.models.membership import CLINICAL_ROLES, STAFF_ROLES
from clinic.pace import Pace, count_sent, paced
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from sessions import services
from sessions.errors import RecordingNotFound
from sessions.models import Recording
from sessions.motion_files import motion_storage
from sessions.selectors.movement.access import access_recording, check_recording_access
from sessions.selectors.movement.bout_view import BoutView, bout_view, viewer_config
from sessions.selectors.movement.dashboard import placement_words
from sessions.selectors.movement.lab_view import curves_config, lab_shown
from sessions.selectors.movement.recording_view import (
    SORT_WORDS,
    SORTS,
    RecordingView,
    duration_words,
    recording_title,
    recording_view,
    steps_within,
)
from sessions.selectors.movement.reference_view import reference_of, reference_view
from sessions.selectors.movement.signal_view import (
    MOST_CSV_S,
    LongWindow,
    signal_as_csv,
    signal_window,
)
from sessions.views.movement_rows import bout_rows

SIGNAL_PACE = Pace(most=150, in_s=60)
ANALYSES_AN_HOUR = Pace(most=60, in_s=3600)
LOOK_S = 600
DATA_PACE = Pace(most=20, in_s=60)
MOST_POINTS = 4000
LEAST_POINTS = 50
MOST_SECONDS = 10_000_000.0
LONGEST_WHOLE_S = 15 * 60.0
CHUNK_BYTES = 512 * 1024
FORMATS = ("parquet", "csv")
PARQUET = "application/vnd.apache.parquet"


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def recording(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """What a recording is, how good it is and what was found in it."""
    found = access_recording(request.membership, ref, purpose="recording")
    return _recording_page(request, clinic_slug, found)


def _recording_page(
    request: ClinicRequest,
    clinic_slug: str,
    found: Recording,
    *,
    errors: dict[str, str] | None = None,
    note: str | None = None,
    part: tuple[str, str] | None = None,
) -> HttpResponse:
    asked = request.GET.get("sort", "")
    sort = asked if asked in SORTS else "time"
    view = recording_view(found, sort=sort)
    errors = errors or {}
    reference = reference_view(found)
    start, end = part or ((reference.start, reference.end) if reference else ("", ""))
    return render(
        request,
        "sessions/movement/recording.html",
        {
            "recording": found,
            "patient": found.patient,
            "title": recording_title(found),
            "view": view,
            "lab": lab_shown(view.lab) if view.lab else None,
            "curves": curves_config(found),
            "bouts": bout_rows(view.bouts, clinic_slug),
            "sorts": list(SORT_WORDS.items()),
            "sort": sort,
            "signal": _signal_of_test(view, clinic_slug),
            "may_change": request.membership.role in CLINICAL_ROLES,
            "may_delete": request.membership.role == Role.THERAPIST,
            "csv_allowed": (found.duration_s or 0.0) <= MOST_CSV_S,
            "reference": reference,
            "reference_start": start[:10],
            "reference_end": end[:10],
            "reference_error": errors.get("reference", ""),
            "may_set_reference": request.membership.role == Role.THERAPIST and not view.is_waiting,
            "note_value": found.note if note is None else note,
            "note_error": errors.get("note", ""),
            "delete_error": errors.get("reason", ""),
        },
        status=400 if errors else 200,
    )


def _signal_of_test(view: RecordingView, clinic_slug: str) -> dict[str, Any] | None:
    """The whole signal of a short recording, with phases; a day's is seen bout by bout."""
    found = view.recording
    length = found.duration_s
    if not found.has_file or found.modality != Recording.Modality.IMU or length is None:
        return None
    if view.is_waiting or length > LONGEST_WHOLE_S or length <= 0:
        return None
    return viewer_config(
        found,
        url=reverse("sessions:recording_signal", args=[clinic_slug, found.ref]),
        start_s=0.0,
        end_s=length,
        steps=steps_within(view.recording),
        phases=tuple(phase for test in view.tests for phase in test.phases),
    )


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def bout(request: ClinicRequest, clinic_slug: str, ref: UUID, index: int) -> HttpResponse:
    """One bout: its signal with the steps, and each measure with its band or the reason why there is none."""
    found = access_recording(request.membership, ref, purpose="bout")
    view = bout_view(found, index)
    return render(
        request,
        "sessions/movement/bout.html",
        {
            "recording": found,
            "patient": found.patient,
            "view": view,
            "number": view.bout.index + 1,
            "length": duration_words(view.bout.duration_s),
            "placement": placement_words(view.bout.placement),
            "signal": _signal_of_bout(view, clinic_slug),
            "may_export": request.membership.role in CLINICAL_ROLES,
            "csv_address": _csv_address(view, clinic_slug),
        },
    )


def _signal_of_bout(view: BoutView, clinic_slug: str) -> dict[str, Any] | None:
    if not view.recording.has_file:
        return None
    return viewer_config(
        view.recording,
        url=reverse("sessions:recording_signal", args=[clinic_slug, view.recording.ref]),
        start_s=view.bout.start_s,
        end_s=view.bout.end_s,
        steps=view.steps,
    )


def _csv_address(view: BoutView, clinic_slug: str) -> str:
    address = reverse("sessions:recording_data", args=[clinic_slug, view.recording.ref, "csv"])
    return f"{address}?start={view.bout.start_s:.3f}&end={view.bout.end_s:.3f}"


def asked_seconds(request: HttpRequest, name: str) -> float | None:
    """A time of the recording as asked; None when it was left out. Raises Invalid for anything else."""
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        value = float(text) if len(text) <= 32 else float("nan")
    except ValueError:
        value = float("nan")
    if not isfinite(value) or not -MOST_SECONDS <= value <= MOST_SECONDS:
        raise Invalid("Times are seconds of the recording.")
    return value


def asked_window(request: HttpRequest) -> tuple[float | None, float | None]:
    """From and to, in seconds of the recording. Raises Invalid unless the one is before the other."""
    start_s, end_s = asked_seconds(request, "start"), asked_seconds(request, "end")
    if start_s is not None and end_s is not None and end_s <= start_s:
        raise Invalid("The end must be after the start.")
    return start_s, end_s


def asked_points(request: HttpRequest) -> int:
    """How many points a drawing wants, within what we draw; anything odd is the default."""
    text = request.GET.get("points", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 1500
    return min(max(asked, LEAST_POINTS), MOST_POINTS)


def asked_sensor(request: HttpRequest) -> int:
    """Which of a file's sensors; anything odd is the first."""
    text = request.GET.get("sensor", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else 0


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def recording_signal(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """A stretch of the samples as JSON, thinned to what a screen shows. Paced; a look is audited once."""
    count_sent(request.membership.user_id, "signal", SIGNAL_PACE)
    found = check_recording_access(request.membership, ref, purpose="signal")
    _note_look(request, found)
    start_s, end_s = asked_window(request)
    window = signal_window(
        found,
        start_s=start_s,
        end_s=end_s,
        most_points=asked_points(request),
        sensor=asked_sensor(request),
    )
    return JsonResponse(window)


def _note_look(request: ClinicRequest, found: Recording) -> None:
    """One line in ten minutes for somebody who zooms, also for one who never opened the page."""
    try:
        is_first = cache.add(f"signal-look:{request.membership.pk}:{found.pk}", 1, timeout=LOOK_S)
    except RedisError:
        is_first = True
    if is_first:
        record(
            "view",
            patient=found.patient_id,
            object_type="sessions.Recording",
            object_ref=found.ref,
            purpose="signal",
        )


@require_POST
@require_role(*CLINICAL_ROLES)
def note_recording(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Note the shoe, the walking aid, what was different."""
    found = check_recording_access(request.membership, ref, purpose="note")
    note = request.POST.get("note", "")
    try:
        services.note_recording(found, note=note, by=request.membership)
    except Invalid as error:
        return _recording_page(request, clinic_slug, found, errors={"note": error.words}, note=note)
    messages.success(request, "The note is kept.")
    return redirect("sessions:recording", clinic_slug, ref)


@require_POST
@require_role(*CLINICAL_ROLES)
@paced("analyse_recording", ANALYSES_AN_HOUR)
def analyse_recording(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Analyse a recording once more, for instance after the height was entered."""
    found = check_recording_access(request.membership, ref, purpose="analyse again")
    services.reanalyse_recording(found)
    messages.success(request, "The recording is analysed again. The page updates by itself.")
    return redirect("sessions:recording", clinic_slug, ref)


@require_POST
@require_role(Role.THERAPIST)
@paced("analyse_recording", ANALYSES_AN_HOUR)
def set_reference(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Choose what muscle signals are told against: another lab recording of the patient, or a part of one."""
    found = check_recording_access(request.membership, ref, purpose="reference contraction")
    asked = request.POST.get("reference", "")
    part = (request.POST.get("start", "").strip(), request.POST.get("end", "").strip())
    reference = reference_of(found, asked) if asked else None
    try:
        services.choose_reference(
            found,
            reference=reference,
            start_s=seconds_of(part[0]),
            end_s=seconds_of(part[1]),
            by=request.membership,
        )
    except Invalid as error:
        return _recording_page(request, clinic_slug, found, errors={"reference": error.words}, part=part)
    messages.success(request, "The recording is analysed again. The page updates by itself.")
    return redirect("sessions:recording", clinic_slug, ref)


def seconds_of(text: str) -> float | None:
    """Seconds as people write them, with a comma too; None for nothing, not a number for what is none."""
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError:
        return float("nan")


@require_POST
@require_role(Role.THERAPIST)
def delete_recording(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Delete a recording with what came from it, for a reason that the audit trail keeps."""
    found = check_recording_access(request.membership, ref, purpose="delete")
    patient = found.patient
    if patient is None:
        raise RecordingNotFound
    try:
        services.delete_recording(found, reason=request.POST.get("reason", ""), by=request.membership)
    except Invalid as error:
        return _recording_page(request, clinic_slug, found, errors={"reason": error.words})
    messages.success(request, "The recording is deleted.")
    return redirect("sessions:movement", clinic_slug, patient.ref)


@require_GET
@never_cache
@require_role(*CLINICAL_ROLES)
def recording_data(request: ClinicRequest, clinic_slug: str, ref: UUID, file_format: str) -> HttpResponseBase:
    """The samples to take along: the whole file as Parquet, or up to an hour as CSV. Audited as an export.

    A laboratory's file is not given out again: it may name its subject.
    """
    if file_format not in FORMATS:
        raise Invalid
    count_sent(request.membership.user_id, "samples", DATA_PACE)
    found = check_recording_access(request.membership, ref, purpose="export")
    if not found.has_file or found.modality != Recording.Modality.IMU:
        raise RecordingNotFound
    if file_format == "csv":
        response = _csv(found, *asked_window(request))
    else:
        response = StreamingHttpResponse(_chunks(found.file_key), content_type=PARQUET)
        response["Content-Length"] = str(found.file_bytes)
    response["Content-Disposition"] = f'attachment; filename="recording-{found.ref}.{file_format}"'
    record(
        "export",
        patient=found.patient_id,
        object_type="sessions.Recording",
        object_ref=found.ref,
        purpose=file_format,
    )
    return response


def _csv(found: Recording, start_s: float | None, end_s: float | None) -> HttpResponseBase:
    try:
        content = signal_as_csv(found, start_s=start_s, end_s=end_s)
    except LongWindow as error:
        raise Invalid("CSV holds up to an hour. Take a bout, or the whole recording as Parquet.") from error
    return HttpResponse(content, content_type="text/csv; charset=utf-8")


async def _chunks(key: str) -> AsyncIterator[bytes]:
    file = await sync_to_async(motion_storage().open)(key)
    try:
        while chunk := await sync_to_async(file.read)(CHUNK_BYTES):
            yield chunk
    finally:
        await sync_to_async(file.close)()
