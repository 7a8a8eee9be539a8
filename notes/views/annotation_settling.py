"""Where two annotators differ: the page that decides, and the list of what they differed on."""

import json
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from clinic.errors import Conflict, Invalid
from clinic.models.membership import STAFF_ROLES
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from notes.annotating.differences import Difference
from notes.annotation_errors import NotOpenForThis, WordsNotFound
from notes.forms_annotation import SpanForm
from notes.models import ProjectDocument
from notes.selectors.annotation import progress
from notes.selectors.annotation.access import (
    Part,
    access_as,
    access_project,
    check_may_settle,
    document_of,
    note_look,
)
from notes.selectors.annotation.agreement import TwoSides, disagreements_for, two_sides_of
from notes.services.annotation.settling import TAKES, Choice, settle_document
from notes.views.annotation_posts import span_by_words
from notes.views.annotation_projects import check_text_reader
from notes.views.annotation_words import assertions_for_script, labels_for_script, passage

KINDS = {
    "only_a": "only A marked it",
    "only_b": "only B marked it",
    "label": "different label",
    "assertion": "is it so?",
    "borders": "different words",
}
LONGEST_OWN = 20_000
DISAGREEMENTS_A_PAGE = 10


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(*STAFF_ROLES)
def settle_page(request: ClinicRequest, clinic_slug: str, ref: UUID, document_ref: UUID) -> HttpResponse:
    """Decide each difference. For an adjudicator who has not marked the document."""
    access = access_as(request.membership, ref, Part.ADJUDICATOR)
    document = document_of(access.project, document_ref)
    check_may_settle(access, document)
    if document.state != ProjectDocument.State.TO_SETTLE:
        raise NotOpenForThis
    sides = two_sides_of(document)
    error = ""
    if request.method == "POST":
        try:
            settle_document(access, document, _choices(request, sides))
            messages.success(request, f"{document.name} is settled.")
            following = progress.to_settle_for(access).first()
            if following is None:
                return redirect("notes:annotation_project", clinic_slug, ref)
            return redirect("notes:settle_document", clinic_slug, ref, following.ref)
        except (Invalid, Conflict) as refused:
            error = refused.words
    note_look(document, purpose="settling")
    return render(
        request,
        "notes/annotation/settle.html",
        {"access": access, "project": access.project, "document": document, "error": error,
         "differences": [_told(sides, at, one, request) for at, one in enumerate(sides.differences)],
         "agreed": len(sides.agreed), "span_form": SpanForm(),
         "labels": labels_for_script(), "assertions": assertions_for_script(),
         "config": {"labels": labels_for_script(), "assertions": assertions_for_script(),
                    "text": document.text,
                    "places": [[one.start, one.end] for one in sides.differences]}},
        status=400 if error else 200,
    )  # fmt: skip


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def annotation_disagreements(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """What annotators differed on, without their names. For members; nothing before it may be seen."""
    access = access_project(request.membership, ref)
    check_text_reader(access)
    page = Paginator(disagreements_for(access), DISAGREEMENTS_A_PAGE).get_page(request.GET.get("page"))
    shown = [
        (one.document, [_told(one, at, difference) for at, difference in enumerate(one.differences)])
        for one in page
    ]
    for one in page:
        note_look(one.document, purpose="disagreements")
    return render(
        request,
        "notes/annotation/disagreements.html",
        {"access": access, "project": access.project, "page": page, "shown": shown},
    )


def _told(
    sides: TwoSides, at: int, one: Difference, request: ClinicRequest | None = None
) -> dict[str, object]:
    text = sides.document.text
    take = request.POST.get(f"take-{at}", "") if request is not None else ""
    return {
        "at": at, "number": at + 1, "kind": KINDS[one.kind], "take": take,
        "a": passage(text, sides.a, start=one.start, end=one.end),
        "b": passage(text, sides.b, start=one.start, end=one.end),
        "words": text[one.start : one.end],
    }  # fmt: skip


def _choices(request: ClinicRequest, sides: TwoSides) -> dict[int, Choice]:
    chosen = {}
    for at, difference in enumerate(sides.differences):
        take = request.POST.get(f"take-{at}", "")
        if take in TAKES:
            own = _own(request, at, difference, sides.document.text) if take == "own" else []
            chosen[at] = Choice(take, own)
    return chosen


def _own(request: ClinicRequest, at: int, difference: Difference, text: str) -> object:
    """Spans from the page's script as JSON, or one span by its words. Raises Invalid, WordsNotFound."""
    sent = request.POST.get(f"own-{at}", "")
    if sent and len(sent) <= LONGEST_OWN:
        try:
            return json.loads(sent)
        except (ValueError, RecursionError) as error:
            raise Invalid from error
    words = request.POST.get(f"words-{at}", "").strip()
    around = (max(0, difference.start - 200), min(len(text), difference.end + 200))
    try:
        start, end = span_by_words(text, words, occurrence=1, within=(difference.start, around[1]))
    except WordsNotFound:
        start, end = span_by_words(text, words, occurrence=1, within=around)
    label, assertion = request.POST.get(f"label-{at}", ""), request.POST.get(f"assertion-{at}", "present")
    return [{"start": start, "end": end, "label": label, "assertion": assertion}]


settling_patterns: list[URLPattern] = [
    path("annotation/<uuid:ref>/documents/<uuid:document_ref>/settle/", settle_page, name="settle_document"),
    path("annotation/<uuid:ref>/disagreements/", annotation_disagreements, name="annotation_disagreements"),
]
