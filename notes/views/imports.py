"""Notes that were written elsewhere: send their files, look at what was read, file it or throw it away."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.models.membership import CLINICAL_ROLES
from clinic.pace import Pace, count_sent
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from notes.errors import AlreadyImported, FileNotReadable, NoteNotFound
from notes.forms_import import VisitDayForm
from notes.models import VisitNote
from notes.note_files import LIMITS
from notes.selectors.access import access_note, check_draft_access, may_write
from notes.selectors.imported import imported_note_of, imported_notes_of
from notes.services import imports
from notes.uploads import MOST_FILES
from patients.models import Patient
from patients.selectors import access_patient, check_patient_access

FILES_AN_HOUR = Pace(most=120, in_s=3600)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file."""

    name: str
    words: str = ""
    cure: str = ""
    note: VisitNote | None = None
    there: str = ""


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(*CLINICAL_ROLES)
def import_note(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """The form, and the files: each becomes a draft, or words about why not."""
    if request.method == "GET":
        return _form(request, access_patient(request.membership, ref, purpose="note import"))
    patient = check_patient_access(request.membership, ref, purpose="note import")
    files = [file for file in request.FILES.getlist("files") if isinstance(file, UploadedFile)]
    if not files or len(files) > MOST_FILES:
        words = "Choose a file first." if not files else f"Send at most {MOST_FILES} files at once."
        return _form(request, patient, [Outcome(name="", words=words)], status=400)
    count_sent(request.user.pk, "note_import", FILES_AN_HOUR, amount=len(files))
    outcomes = [_take(request, patient, file) for file in files]
    if len(outcomes) == 1 and outcomes[0].note is not None:
        return redirect("notes:imported_note", clinic_slug, outcomes[0].note.ref)
    return _form(request, patient, outcomes, status=200 if any(one.note for one in outcomes) else 400)


def _take(request: ClinicRequest, patient: Patient, file: UploadedFile) -> Outcome:
    name = str(file.name or "file")
    try:
        # One byte more than is taken: the reader says that it is too much.
        note = imports.import_note(
            patient, data=file.read(LIMITS.bytes + 1), name=name, by=request.membership
        )
    except FileNotReadable as refused:
        return Outcome(name, refused.words, refused.cure)
    except AlreadyImported as known:
        there = reverse("notes:imported_note", args=[request.clinic.slug, known.note_ref])
        return Outcome(name, known.words, there=there)
    return Outcome(name, note=note)


def _form(
    request: ClinicRequest, patient: Patient, outcomes: list[Outcome] | None = None, *, status: int = 200
) -> HttpResponse:
    context = {
        "patient": patient,
        "outcomes": outcomes or [],
        "imported": imported_notes_of(patient),
        "most_files": MOST_FILES,
        "most_mb": LIMITS.bytes // 1_000_000,
        "most_pages": LIMITS.pages,
    }
    return render(request, "notes/imports/form.html", context, status=status)


@require_GET
@never_cache
@require_role(*CLINICAL_ROLES)
def imported_note(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """What was read of a file, page by page, and the place of each fact."""
    note = access_note(request.membership, ref, purpose="imported note")
    return _page(request, note)


def _page(request: ClinicRequest, note: VisitNote, form: VisitDayForm | None = None) -> HttpResponse:
    if note.kind != VisitNote.Kind.IMPORTED:
        raise NoteNotFound
    may_change = may_write(request.membership, note)
    warnings = [one for one in note.source_warnings if one != imports.NO_DAY or not may_change]
    context = {
        "note": note,
        "patient": note.patient,
        "imported": imported_note_of(note),
        "may_write": may_change,
        "day_words": imports.NO_DAY if len(warnings) < len(note.source_warnings) else "",
        "warnings": warnings,
        "form": form or VisitDayForm(initial={"occurred_on": note.occurred_on}),
    }
    status = 400 if form is not None and form.errors else 200
    return render(request, "notes/imports/note.html", context, status=status)


@require_POST
@require_role(*CLINICAL_ROLES)
def set_visit_day(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Put the day of the visit right."""
    note = check_draft_access(request.membership, ref, purpose="day of the visit")
    form = VisitDayForm(request.POST)
    if not form.is_valid():
        return _page(request, note, form)
    imports.set_visit_day(note, day=form.cleaned_data["occurred_on"], by=request.membership)
    messages.success(request, "The day of the visit is stored.")
    return redirect("notes:imported_note", clinic_slug, ref)


import_patterns = [
    path("patients/<uuid:ref>/notes/import/", import_note, name="import_note"),
    path("notes/<uuid:ref>/imported/", imported_note, name="imported_note"),
    path("notes/<uuid:ref>/imported/day/", set_visit_day, name="set_visit_day"),
]
