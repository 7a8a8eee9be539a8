"""The annotating page: one person, one document, their own spans."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from clinic.errors import Conflict, Invalid
from clinic.models.membership import STAFF_ROLES
from clinic.pace import Pace, paced
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from notes.annotating.guideline import blocks_of
from notes.annotating.spans import stored_spans, undecided
from notes.annotation_errors import NothingToAnnotate, ProposalsUndecided, StaleAnnotation
from notes.forms_annotation import SpanForm
from notes.label_words import LABELS
from notes.marked_text import marked_pieces
from notes.models import Annotation
from notes.selectors.annotation import progress
from notes.selectors.annotation.access import (
    Part,
    ProjectAccess,
    access_as,
    document_of,
    note_look,
    own_annotation,
)
from notes.services.annotation.marking import hand_in, save_annotation, take_next
from notes.views.annotation_posts import sent_changes, sent_save
from notes.views.annotation_words import assertions_for_script, labels_for_script
from notes.views.json_answers import answers_json

SAVES = Pace(most=120, in_s=60)


@require_POST
@require_role(*STAFF_ROLES)
def next_document(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Go on with what was begun, or take the most uncertain document with a free place."""
    try:
        return _to_next(clinic_slug, access_as(request.membership, ref, Part.ANNOTATOR))
    except NothingToAnnotate as error:
        messages.info(request, error.words)
        return redirect("notes:annotation_project", clinic_slug, ref)


def _to_next(clinic_slug: str, access: ProjectAccess) -> HttpResponse:
    annotation = take_next(access)
    return redirect("notes:annotate_document", clinic_slug, access.project.ref, annotation.document.ref)


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(*STAFF_ROLES)
@paced("annotation_save", SAVES)
def annotate_document(
    request: ClinicRequest, clinic_slug: str, ref: UUID, document_ref: UUID
) -> HttpResponse:
    """Mark spans, decide proposals, hand in. Works without a script by the forms below the text."""
    access = access_as(request.membership, ref, Part.ANNOTATOR)
    annotation = own_annotation(access, document_of(access.project, document_ref))
    if request.method == "GET":
        note_look(annotation.document, purpose="annotation")
        return _page(request, access, annotation)
    try:
        if request.POST.get("action") == "hand_in":
            return _hand_in(request, clinic_slug, access, annotation)
        changes = sent_changes(request.POST, annotation)
        save_annotation(annotation, **changes)
    except ProposalsUndecided as left:
        return _page(request, access, annotation, asks=left, status=409)
    except (Invalid, Conflict) as error:
        annotation.refresh_from_db()
        return _page(request, access, annotation, error=error.words, status=400)
    return redirect(request.path)


def _hand_in(
    request: ClinicRequest, clinic_slug: str, access: ProjectAccess, annotation: Annotation
) -> HttpResponse:
    revision = request.POST.get("revision", "")
    hand_in(
        annotation,
        revision=int(revision) if revision.isdecimal() and len(revision) < 9 else -1,
        reject_undecided=request.POST.get("reject_undecided") == "yes",
    )
    work = progress.own_work(access)
    messages.success(request, f"Handed in. {work.done} of {work.total} done.")
    try:
        return _to_next(clinic_slug, access)
    except NothingToAnnotate:
        return redirect("notes:annotation_project", clinic_slug, access.project.ref)


@require_POST
@answers_json
@require_role(*STAFF_ROLES)
@paced("annotation_save", SAVES)
def save_marks(request: ClinicRequest, clinic_slug: str, ref: UUID, document_ref: UUID) -> HttpResponse:
    """The page's own autosave: {revision, entities, rejected, seconds}."""
    access = access_as(request.membership, ref, Part.ANNOTATOR)
    annotation = own_annotation(access, document_of(access.project, document_ref))
    try:
        saved = save_annotation(annotation, **sent_save(request))
    except StaleAnnotation as stale:
        body = {"kind": "stale_annotation", "words": stale.words, "revision": stale.current_revision}
        return JsonResponse(body, status=409)
    return JsonResponse({"revision": saved.revision})


def _page(
    request: ClinicRequest,
    access: ProjectAccess,
    annotation: Annotation,
    *,
    error: str = "",
    asks: ProposalsUndecided | None = None,
    status: int = 200,
) -> HttpResponse:
    document = annotation.document
    spans = stored_spans(annotation.entities)
    left = undecided(annotation.proposals, spans=spans, rejected=annotation.rejected)
    is_open = annotation.state == Annotation.State.OPEN and document.state == document.State.OPEN
    return render(
        request,
        "notes/annotation/annotate.html",
        {
            "access": access, "project": access.project, "document": document, "annotation": annotation,
            "own": progress.own_work(access), "error": error, "asks": asks, "is_open": is_open,
            "pieces": marked_pieces(document.text, spans),
            "spans": [_told(document.text, one) for one in spans],
            "proposals": [_told(document.text, one) for one in left],
            "span_form": SpanForm(), "blocks": blocks_of(access.project.guideline),
            "labels": labels_for_script(), "assertions": assertions_for_script(),
            "config": _config(request, access, annotation) if is_open else None,
        },
        status=status,
    )  # fmt: skip


def _told(text: str, span: object) -> dict[str, object]:
    start, end, label = span.start, span.end, span.label  # type: ignore[attr-defined]
    return {
        "span": span, "words": text[start:end], "label": LABELS[label],
        "place": f"{start}-{end}-{label}",
    }  # fmt: skip


def _config(request: ClinicRequest, access: ProjectAccess, annotation: Annotation) -> dict[str, object]:
    names = [request.clinic.slug, access.project.ref, annotation.document.ref]
    return {
        "text": annotation.document.text,
        "entities": annotation.entities,
        "proposals": annotation.proposals,
        "rejected": annotation.rejected,
        "revision": annotation.revision,
        "labels": labels_for_script(),
        "assertions": assertions_for_script(),
        "saveUrl": reverse("notes:save_annotation", args=names),
    }


DOCUMENT = "annotation/<uuid:ref>/documents/<uuid:document_ref>/"
marking_patterns: list[URLPattern] = [
    path("annotation/<uuid:ref>/next/", next_document, name="next_annotation_document"),
    path(DOCUMENT, annotate_document, name="annotate_document"),
    path(f"{DOCUMENT}save/", save_marks, name="save_annotation"),
]
