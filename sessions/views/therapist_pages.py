"""The therapist's pages of a session: review, comment, watch live, landmarks for the replay, export."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.audit import record
from clinic.errors import Invalid
from clinic.models import Role
from clinic.models.membership import CLINICAL_ROLES
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from sessions import review_panels, selectors, services
from sessions.errors import SetNotFound
from sessions.forms import CommentForm
from sessions.models import TherapySession
from sessions.motions import motion_file
from sessions.selectors.export import EXPORT_FORMATS, session_as_csv, session_as_json
from sessions.selectors.recordings import whole_recording
from sessions.selectors.review import review_config, review_of

SET_PLACEHOLDER = UUID(int=0)


@require_GET
@never_cache
@require_role(*Role.values)
def session(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """A session: the review for staff; patients are led to their own page of it."""
    if request.membership.role == Role.PATIENT:
        own = selectors.own_session(request.membership, ref)
        return redirect("sessions:live" if own.is_open else "sessions:summary", clinic_slug, ref)
    found = selectors.access_session(request.membership, ref, purpose="session review")
    return _review_page(request, clinic_slug, found, CommentForm())


def _review_page(
    request: ClinicRequest, clinic_slug: str, found: TherapySession, form: CommentForm
) -> HttpResponse:
    review = review_of(found)
    motion = reverse("sessions:motion", args=[clinic_slug, found.ref, SET_PLACEHOLDER])
    return render(
        request,
        "sessions/review.html",
        {
            "session": found,
            "patient": found.patient,
            "review": review,
            "panels": review_panels.panels_for(request, found),
            "config": review_config(review, motion_url=motion.replace(str(SET_PLACEHOLDER), "{set}")),
            "form": form,
            "updates_path": f"/ws/c/{clinic_slug}/sessions/{found.ref}/updates/",
        },
        status=400 if form.errors else 200,
    )


@require_POST
@require_role(*CLINICAL_ROLES)
def comment(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """A line about the session, which its patient reads."""
    found = selectors.check_session_access(request.membership, ref, purpose="comment")
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            services.comment_on_session(found, by=request.membership, body=form.cleaned_data["body"])
        except Invalid as error:
            form.add_error("body", error.words)
        else:
            messages.success(request, "Sent to the patient.")
            return redirect("sessions:review", clinic_slug, ref)
    shown = selectors.access_session(request.membership, ref, purpose="comment")
    return _review_page(request, clinic_slug, shown, form)


@require_GET
@never_cache
@require_role(*Role.values)
def motion(request: ClinicRequest, clinic_slug: str, ref: UUID, set_ref: UUID) -> HttpResponse:
    """The stored landmarks of one set as a motion file, for the replay. Audited; never a public address."""
    exercise_set = selectors.access_set(request.membership, set_ref, purpose="replay")
    recording = selectors.recording_of(exercise_set)
    if recording is None or exercise_set.session.ref != ref:
        raise SetNotFound
    content = motion_file(
        whole_recording(recording), width=recording.header["width"], height=recording.header["height"]
    )
    return HttpResponse(content, content_type="application/octet-stream")


@require_GET
@never_cache
@require_role(*CLINICAL_ROLES)
def watch(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Watch a session while it happens: numbers and cues, with the patient's consent, and they are told."""
    found = selectors.access_watch(request.membership, ref)
    record(
        "view",
        patient=found.patient_id,
        object_type="sessions.TherapySession",
        object_ref=found.ref,
        purpose="watch live",
    )
    return render(
        request,
        "sessions/watch.html",
        {
            "session": found,
            "patient": found.patient,
            "ws_path": f"/ws/c/{clinic_slug}/sessions/{found.ref}/watch/",
        },
    )


@require_http_methods(["GET"])
@never_cache
@require_role(*Role.values)
def export(request: ClinicRequest, clinic_slug: str, ref: UUID, file_format: str) -> HttpResponse:
    """Download a session as CSV (one row a repetition) or JSON. Audited as an export."""
    if file_format not in EXPORT_FORMATS:
        raise Invalid
    found = selectors.check_session_access(request.membership, ref, purpose="export")
    if file_format == "csv":
        response = HttpResponse(session_as_csv(found), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(session_as_json(found), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="session-{found.ref}.{file_format}"'
    record(
        "export",
        patient=found.patient_id,
        object_type="sessions.TherapySession",
        object_ref=found.ref,
        purpose=file_format,
    )
    return response
