"""The clinic's notes read again: start it, see how far it is, stop it, let it go on."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from clinic.models import Role
from clinic.pace import Pace, paced
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from notes.reading import reader_for_clinic
from notes.selectors.runs import readers_of_notes, run_with_ref, runs_shown
from notes.services import backfill

RUNS_AN_HOUR = Pace(most=30, in_s=3600)


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.CLINIC_ADMIN)
@paced("reading_runs", RUNS_AN_HOUR)
def reading_runs(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """The runs, newest first; posted, a new one begins."""
    if request.method == "POST":
        backfill.start_reading(by=request.membership)
        messages.success(request, "The notes are being read again.")
        return redirect("notes:reading_runs", clinic_slug)
    runs = runs_shown()
    reader = reader_for_clinic()
    context = {
        "runs": runs,
        "is_open": any(one.is_open for one in runs),
        "reader": reader,
        "readers": readers_of_notes(),
    }
    return render(request, "notes/reading_runs.html", context)


@require_POST
@require_role(Role.CLINIC_ADMIN)
@paced("reading_runs", RUNS_AN_HOUR)
def stop_reading(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Stop after the note that is being read."""
    backfill.stop_reading(run_with_ref(ref), by=request.membership)
    messages.success(request, "Stopped. It can go on from here at any time.")
    return redirect("notes:reading_runs", clinic_slug)


@require_POST
@require_role(Role.CLINIC_ADMIN)
@paced("reading_runs", RUNS_AN_HOUR)
def resume_reading(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Go on where it stopped."""
    backfill.resume_reading(run_with_ref(ref), by=request.membership)
    messages.success(request, "It goes on where it stopped.")
    return redirect("notes:reading_runs", clinic_slug)


reading_patterns = [
    path("settings/notes/reading/", reading_runs, name="reading_runs"),
    path("settings/notes/reading/<uuid:ref>/stop/", stop_reading, name="stop_reading"),
    path("settings/notes/reading/<uuid:ref>/resume/", resume_reading, name="resume_reading"),
]
