"""Texts into a project: pasted, uploaded or chosen, then looked at for names."""

import re
from bisect import bisect_left
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from clinic.errors import Conflict, Invalid
from clinic.models.membership import STAFF_ROLES
from clinic.pace import Pace, paced
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from notes.annotating.files import read_file
from notes.annotation_errors import UploadRefused
from notes.deidentification import Kind, Suspect
from notes.forms_annotation import FileForm, PasteForm
from notes.models import ProjectDocument, VisitNote
from notes.note_text import with_plain_line_ends
from notes.selectors.access import notes_for
from notes.selectors.annotation import progress
from notes.selectors.annotation.access import (
    Part,
    ProjectAccess,
    access_as,
    check_may_clear,
    document_of,
    note_look,
)
from notes.selectors.annotation.own_names import names_of_the_clinic
from notes.services.annotation.documents import (
    Added,
    Decision,
    add_documents,
    add_signed_notes,
    add_text,
    clear_document,
    leave_out,
    suspects_of,
)

UPLOADS = Pace(most=30, in_s=3600)
NOTES_OFFERED = 200
MOST_FURTHER = 200
MOST_PLACES = 5000
PLACE = re.compile(r"(\d{1,6})-(\d{1,6})-([A-Z]{1,10})")


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(*STAFF_ROLES)
@paced("annotation_upload", UPLOADS)
def add_annotation_documents(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Add texts. For the project's leads; each text is looked at for names next."""
    access = access_as(request.membership, ref, Part.LEAD)
    how = request.POST.get("how", "")
    paste = PasteForm(request.POST if how == "paste" else None)
    file = FileForm(request.POST if how == "file" else None, request.FILES if how == "file" else None)
    offered = _offered(request)
    problems: list[str] = []
    if request.method == "POST":
        try:
            added = _add(request, access, paste=paste, file=file, offered=offered)
            if added is not None:
                _tell(request, added)
                return redirect("notes:annotation_project", clinic_slug, ref)
        except UploadRefused as error:
            problems = [error.words, *error.problems]
    return render(
        request,
        "notes/annotation/add.html",
        {"access": access, "project": access.project, "paste": paste, "file": file, "offered": offered,
         "problems": problems},
        status=400 if request.method == "POST" else 200,
    )  # fmt: skip


def _offered(request: ClinicRequest) -> list[VisitNote]:
    signed = notes_for(request.membership).filter(status=VisitNote.Status.SIGNED)
    return list(signed.order_by("-signed_at")[:NOTES_OFFERED])


def _add(
    request: ClinicRequest,
    access: ProjectAccess,
    *,
    paste: PasteForm,
    file: FileForm,
    offered: list[VisitNote],
) -> Added | None:
    how, project, by = request.POST.get("how"), access.project, request.membership
    if how == "paste" and paste.is_valid():
        return add_text(project, with_plain_line_ends(paste.cleaned_data["text"]), by=by)
    if how == "file" and file.is_valid():
        sent = file.cleaned_data["file"]
        return add_documents(project, read_file(sent.name, sent.read()), by=by)
    if how == "notes":
        wanted = set(request.POST.getlist("note"))
        chosen = [one for one in offered if str(one.ref) in wanted]
        if not chosen:
            raise UploadRefused(["Choose at least one note."])
        return add_signed_notes(project, chosen, by=by)
    return None


def _tell(request: ClinicRequest, added: Added) -> None:
    known = f" {added.known} stood in the project already." if added.known else ""
    texts = "text was" if added.documents == 1 else "texts were"
    messages.success(request, f"{added.documents} {texts} added. Check each for names next.{known}")


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(*STAFF_ROLES)
def check_annotation_document(
    request: ClinicRequest, clinic_slug: str, ref: UUID, document_ref: UUID
) -> HttpResponse:
    """What may name a person in a text, to be replaced or kept. For the project's leads."""
    access = access_as(request.membership, ref, Part.LEAD)
    document = document_of(access.project, document_ref)
    if document.state != ProjectDocument.State.TO_CLEAR:
        return _next_to_check(clinic_slug, access)
    check_may_clear(access, document)
    error = ""
    if request.method == "POST":
        try:
            clear_document(document, _decisions(document, request.POST), by=request.membership)
            return _next_to_check(clinic_slug, access)
        except (Conflict, Invalid) as refused:
            error = refused.words
    note_look(document, purpose="names")
    found = suspects_of(document, own_names=names_of_the_clinic())
    return render(
        request,
        "notes/annotation/check.html",
        {"access": access, "project": access.project, "document": document, "error": error,
         "suspects": [_row(document.text, at, one) for at, one in enumerate(found)],
         "left": progress.to_clear(access).count(), "kinds": list(Kind),
         "config": {"text": document.text, "kinds": [kind.value for kind in Kind]}},
        status=400 if error else 200,
    )  # fmt: skip


def _row(text: str, at: int, one: Suspect) -> dict[str, object]:
    before = max(text.rfind("\n", 0, one.start), one.start - 80, -1)
    after = text.find("\n", one.end)
    return {
        "number": at + 1,
        "place": f"{one.start}-{one.end}-{one.kind.value}",
        "kind": one.kind,
        "before": text[max(before, 0) : one.start].lstrip("\n"),
        "words": text[one.start : one.end],
        "after": text[one.end : min(one.end + 80, len(text) if after < 0 else after)],
    }


def _next_to_check(clinic_slug: str, access: ProjectAccess) -> HttpResponse:
    following = progress.to_clear(access).only("ref", "project").first()
    if following is None:
        return redirect("notes:annotation_project", clinic_slug, access.project.ref)
    return redirect("notes:check_annotation_document", clinic_slug, access.project.ref, following.ref)


def _decisions(document: ProjectDocument, sent: QueryDict) -> list[Decision]:
    """Every suspect is replaced unless it was ticked to stay; so are selected places and further words."""
    text = document.text
    kept = {_place(text, place) for place in sent.getlist("keep")}
    found = suspects_of(document, own_names=names_of_the_clinic())
    replaced = [one for one in found if one not in kept]
    replaced += [_place(text, place) for place in sent.getlist("replace")]
    replaced += _further(text, sent.get("further", ""))
    merged = _merged(replaced)
    stays = [one for one in found if one in kept and not _meets(one, merged)]
    return [Decision(one, is_replaced=True) for one in merged] + [
        Decision(one, is_replaced=False) for one in stays
    ]


def _further(text: str, lines: str) -> list[Suspect]:
    """Every place of the words that were typed, one a line."""
    wanted = dict.fromkeys(filter(None, (line.strip() for line in lines.splitlines()[:MOST_FURTHER])))
    places: list[Suspect] = []
    for words in wanted:
        places += [Suspect(*one.span(), Kind.OTHER) for one in re.finditer(re.escape(words), text)]
        if len(places) > MOST_PLACES:
            raise Invalid("The words stand in too many places. Give longer words.")
    return places


def _meets(one: Suspect, merged: list[Suspect]) -> bool:
    """Whether a suspect overlaps one of those that are in order and overlap nowhere."""
    at = bisect_left(merged, one.end, key=lambda other: other.start) - 1
    return at >= 0 and merged[at].end > one.start


def _merged(suspects: list[Suspect]) -> list[Suspect]:
    """Overlapping places as one: what only one of them covers is replaced too."""
    merged: list[Suspect] = []
    for one in sorted(suspects):
        last = merged[-1] if merged else None
        if last is not None and _overlap(last, one):
            kind = last.kind if last.kind is not Kind.OTHER else one.kind
            merged[-1] = Suspect(last.start, max(last.end, one.end), kind)
        else:
            merged.append(one)
    return merged


def _overlap(one: Suspect, other: Suspect) -> bool:
    return one.start < other.end and other.start < one.end


def _place(text: str, place: str) -> Suspect:
    found = PLACE.fullmatch(place)
    if found is None or found[3] not in list(Kind) or not int(found[1]) < int(found[2]) <= len(text):
        raise Invalid("A marked place does not stand in the text. Load the page again.")
    return Suspect(int(found[1]), int(found[2]), Kind(found[3]))


@require_POST
@require_role(*STAFF_ROLES)
def leave_out_document(
    request: ClinicRequest, clinic_slug: str, ref: UUID, document_ref: UUID
) -> HttpResponse:
    """Take a document out of the work. For the project's leads."""
    access = access_as(request.membership, ref, Part.LEAD)
    document = leave_out(document_of(access.project, document_ref), by=request.membership)
    gone = " Its text was deleted." if not document.text else ""
    messages.success(request, f"{document.name} is left out.{gone}")
    return redirect("notes:annotation_project", clinic_slug, ref)


DOCUMENT = "annotation/<uuid:ref>/documents/<uuid:document_ref>/"
document_patterns: list[URLPattern] = [
    path("annotation/<uuid:ref>/documents/add/", add_annotation_documents, name="add_annotation_documents"),
    path(f"{DOCUMENT}check/", check_annotation_document, name="check_annotation_document"),
    path(f"{DOCUMENT}leave-out/", leave_out_document, name="leave_out_document"),
]
