"""A note that is read: its page, its versions, and the note on paper."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from clinic.audit import record
from clinic.models.membership import CLINICAL_ROLES, STAFF_ROLES
from clinic.pace import Pace, count_sent
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from notes.models import VisitNote
from notes.note_pdf import pdf_of
from notes.selectors.access import access_note, check_draft_access, check_note_access
from notes.selectors.note_page import clinic_zone, note_page
from notes.selectors.printed import printed_note
from notes.selectors.versions import compared_versions
from notes.services import drafts
from notes.signatures import moment

# A long note takes seconds to be laid out.
PDFS = Pace(most=20, in_s=300)


@never_cache
@require_GET
@require_role(*STAFF_ROLES)
def note(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Read a note, with its addenda. An addendum is read where its note is, but for discarded ones."""
    found = access_note(request.membership, ref, purpose="read note")
    stands_with_its_note = found.is_locked and found.status != VisitNote.Status.DISCARDED
    if found.addendum_to is not None and stands_with_its_note:
        place = f"#addendum-{found.ref}"
        return redirect(_address(request, clinic_slug, found.addendum_to) + place)
    page = note_page(found, reader=request.membership)
    return render(request, "notes/note.html", {"note": found, "patient": found.patient, "page": page})


def _address(request: ClinicRequest, clinic_slug: str, found: VisitNote) -> str:
    return redirect("notes:note", clinic_slug, found.ref).url


@never_cache
@require_GET
@require_role(*STAFF_ROLES)
def versions(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Every kept text of a note, and what became of one in another."""
    found = access_note(request.membership, ref, purpose="versions of a note")
    compared = compared_versions(
        found, reader=request.membership, old=request.GET.get("old", ""), new=request.GET.get("new", "")
    )
    return render(
        request, "notes/versions.html", {"note": found, "patient": found.patient, "compared": compared}
    )


@require_POST
@require_role(*CLINICAL_ROLES)
def restore_version(request: ClinicRequest, clinic_slug: str, ref: UUID, index: int) -> HttpResponse:
    """Make an older text the draft's."""
    found = check_draft_access(request.membership, ref, purpose="restore version")
    drafts.take_over_draft(found, by=request.membership)
    drafts.restore_version(found, number=index, by=request.membership)
    messages.success(request, f"Version {index} is the draft now. The text before it is kept as a version.")
    return redirect("notes:edit_note", clinic_slug, ref)


@require_POST
@require_role(*CLINICAL_ROLES)
def settle_version(request: ClinicRequest, clinic_slug: str, ref: UUID, index: int) -> HttpResponse:
    """A text that could not be saved was looked at and is not wanted."""
    found = check_draft_access(request.membership, ref, purpose="put a text aside")
    drafts.settle_version(found, number=index, by=request.membership)
    messages.success(request, f"Version {index} is put aside. It stays in the list.")
    return redirect("notes:versions", clinic_slug, ref)


@never_cache
@require_GET
@require_role(*STAFF_ROLES)
def print_note(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """The note for the browser's own print. Audited as a print."""
    found = check_note_access(request.membership, ref, purpose="print note")
    record(
        "print",
        patient=found.patient_id,
        object_type=drafts.NOTE,
        object_ref=found.ref,
        purpose="print note",
    )
    page = note_page(found, reader=request.membership)
    shown = {
        "note": found,
        "patient": found.patient,
        "page": page,
        "printed": moment(timezone.now(), zone=clinic_zone(found)),
    }
    return render(request, "notes/print_note.html", shown)


@never_cache
@require_GET
@require_role(*STAFF_ROLES)
def note_pdf(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """The note as a file. Audited as an export; the file's name names nobody."""
    found = check_note_access(request.membership, ref, purpose="note as PDF")
    count_sent(request.user.pk, "note_pdf", PDFS)
    content = pdf_of(printed_note(found))
    record(
        "export", patient=found.patient_id, object_type=drafts.NOTE, object_ref=found.ref, purpose="note pdf"
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="note-{found.ref}.pdf"'
    return response


note_patterns = [
    path("notes/<uuid:ref>/", note, name="note"),
    path("notes/<uuid:ref>/versions/", versions, name="versions"),
    path("notes/<uuid:ref>/versions/<int:index>/restore/", restore_version, name="restore_version"),
    path("notes/<uuid:ref>/versions/<int:index>/settle/", settle_version, name="settle_version"),
    path("notes/<uuid:ref>/print/", print_note, name="print_note"),
    path("notes/<uuid:ref>/note.pdf", note_pdf, name="note_pdf"),
]
