"""Lists of notes, and the page on which one begins."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from clinic.errors import Invalid
from clinic.models.membership import CLINICAL_ROLES, STAFF_ROLES
from clinic.pace import Pace, paced
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from notes.forms import NewNoteForm
from notes.models import VisitNote
from notes.selectors.lists import SORTS, NoteQuery, patient_note_page, work_of
from notes.selectors.sessions import sessions_without_note
from notes.selectors.settings import offered_templates
from notes.services.drafts import begin_note
from notes.services.templates import ensure_shipped_templates
from patients.local_time import local_day
from patients.models import Patient
from patients.selectors import access_patient, check_patient_access

# The newest ones are shown at first; the rest is one click away.
SESSIONS_SHOWN = 5
CHIPS = {
    "all": "All",
    "cosign": "To co-sign",
    "drafts": "My drafts",
    "sessions": "Sessions without a note",
    "team": "Colleagues'",
    "signed": "Signed lately",
}


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*STAFF_ROLES)
@paced("note_search", Pace(most=60, in_s=60))
def patient_notes(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """A patient's notes. Words are searched by POST only: an address ends up in logs and in the history."""
    patient = check_patient_access(request.membership, ref, purpose="notes")
    data = request.POST if request.method == "POST" else request.GET
    asked = NoteQuery.of(
        state=data.get("show", ""),
        kind=data.get("kind", ""),
        author=data.get("author", ""),
        sort=data.get("sort", ""),
        search=request.POST.get("q", ""),
        page=data.get("page", ""),
    )
    return render(
        request,
        "notes/patient_notes.html",
        {
            "patient": patient,
            "notes": patient_note_page(patient, asked),
            "sorts": [(code, title) for code, (title, _) in SORTS.items()],
            "kinds": VisitNote.Kind.choices,
        },
    )


@never_cache
@require_GET
@require_role(*CLINICAL_ROLES)
def my_notes(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """What is still to be written and signed, the oldest first."""
    asked = request.GET.get("show", "all")
    work = work_of(request.membership)
    sessions = sessions_without_note(request.membership)
    counts = {
        "cosign": len(work.to_cosign),
        "drafts": len(work.drafts),
        "sessions": len(sessions),
        "team": len(work.others),
        "signed": len(work.signed),
    }
    return render(
        request,
        "notes/my_notes.html",
        {
            "work": work,
            "sessions": sessions if asked == "sessions" else sessions[:SESSIONS_SHOWN],
            "session_count": len(sessions),
            "show": asked if asked in CHIPS else "all",
            "chips": [(code, title, counts.get(code)) for code, title in CHIPS.items()],
            "nothing": not any(counts.values()),
        },
    )


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*CLINICAL_ROLES)
@paced("new_note", Pace(most=60, in_s=3600))
def new_note(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Choose how a note begins: with a template, from a session, or from a file."""
    if request.method == "POST":
        patient = check_patient_access(request.membership, ref, purpose="new note")
    else:
        patient = access_patient(request.membership, ref, purpose="new note")
    ensure_shipped_templates()
    form = NewNoteForm(request.POST or None, templates=offered_templates(), today=local_day(patient))
    if request.method == "POST" and form.is_valid():
        template = form.cleaned_data["template"]
        try:
            note = begin_note(
                patient,
                kind=template.kind,
                template=template,
                occurred_on=form.cleaned_data["occurred_on"],
                by=request.membership,
            )
        except Invalid as error:
            form.add_error("occurred_on", error.words)
        else:
            return redirect("notes:edit_note", clinic_slug, note.ref)
    return _new_note_page(request, patient, form)


def _new_note_page(request: ClinicRequest, patient: Patient, form: NewNoteForm) -> HttpResponse:
    drafts = VisitNote.objects.filter(
        patient=patient, status=VisitNote.Status.DRAFT, author=request.membership
    )
    return render(
        request,
        "notes/new_note.html",
        {
            "patient": patient,
            "form": form,
            "templates": list(form.fields["template"].queryset),  # type: ignore[attr-defined]
            "sessions": sessions_without_note(request.membership, patient=patient),
            "drafts": drafts.defer("text")[:5],
        },
        status=400 if form.errors else 200,
    )


list_patterns = [
    path("patients/<uuid:ref>/notes/", patient_notes, name="patient_notes"),
    path("patients/<uuid:ref>/notes/new/", new_note, name="new_note"),
    path("notes/", my_notes, name="my_notes"),
]
