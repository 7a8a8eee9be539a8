"""The editor: its page, its autosave, and marks while somebody types."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.audit import record
from clinic.models import Role
from clinic.models.membership import CLINICAL_ROLES
from clinic.pace import Pace, paced
from clinic.page_devices import with_microphone
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from notes.errors import DraftTakenOver, NoteTooLong, NotYourDraft, StaleDraft
from notes.fact_lines import fact_lines
from notes.marked_text import marked_pieces
from notes.models import VisitNote
from notes.note_text import with_plain_line_ends
from notes.selectors.access import access_note, check_draft_access, check_note_access, may_write
from notes.selectors.editor import editor_config
from notes.selectors.facts import facts_of
from notes.selectors.marks import marks_of
from notes.selectors.red_flags import red_flags_in
from notes.services import drafts
from notes.services.fact_corrections import correct_facts
from notes.views.editor_posts import SentDraft, sent_draft, sent_marks
from notes.views.json_answers import answers_json, kind_of

NOTE = "notes.VisitNote"


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*CLINICAL_ROLES)
def edit_note(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """The draft's page; works as a plain form too: save, sign, take over."""
    if request.method == "POST":
        return _posted(request, clinic_slug, ref)
    note = access_note(request.membership, ref, purpose="edit note")
    if note.is_locked or not may_write(request.membership, note):
        return redirect("notes:note", clinic_slug, note.ref)
    return _page(request, clinic_slug, note)


def _posted(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    note = check_note_access(request.membership, ref, purpose="edit note")
    if request.POST.get("act") == "take_over":
        drafts.take_over_draft(_writable(request, note), by=request.membership)
        return redirect("notes:edit_note", clinic_slug, note.ref)
    text = with_plain_line_ends(request.POST.get("text", ""))
    try:
        _check_writer(request, note)
        drafts.save_draft(note, text=text, revision=_revision(request), by=request.membership)
    except NoteTooLong as error:
        return _page(request, clinic_slug, note, own_text=text, refused=error.words, status=400)
    except StaleDraft as error:
        current = access_note(request.membership, ref, purpose="merge note")
        return _page(request, clinic_slug, current, own_text=text, refused=error.words, status=409)
    if request.POST.get("act") == "sign":
        return redirect("notes:sign_note", clinic_slug, note.ref)
    messages.success(request, "Saved.")
    return redirect("notes:edit_note", clinic_slug, note.ref)


def _revision(request: ClinicRequest) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else 0


def _page(
    request: ClinicRequest,
    clinic_slug: str,
    note: VisitNote,
    *,
    own_text: str | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The editor; the same page with both texts where one was refused, read-only where somebody writes."""
    held = drafts.held_by_other(note, by=request.membership)
    template = "notes/edit_held.html" if held and own_text is None else "notes/edit.html"
    own_page = reverse("notes:edit_note", args=[clinic_slug, note.ref])
    config = editor_config(note, membership=request.membership) | {
        "urls": {
            "autosave": reverse("notes:autosave", args=[clinic_slug, note.ref]),
            "marks": reverse("notes:marks", args=[clinic_slug, note.ref]),
            "sign": reverse("notes:sign_note", args=[clinic_slug, note.ref]),
            "versions": reverse("notes:versions", args=[clinic_slug, note.ref]),
            "sign_in": f"{reverse('account_login')}?next={own_page}",
            "edit": own_page,
        }
    }
    facts = facts_of(note)
    shown = {
        "note": note,
        "patient": note.patient,
        "config": config,
        "red_flags": red_flags_in(note.text),
        "facts": fact_lines(note.text, facts),
        "pieces": marked_pieces(note.text, facts) if held else [],
        "held_seconds": _seconds_since(note.editor_seen_at) if held else 0,
        "own_text": own_text,
        "refused": refused,
    }
    page = render(request, template, shown, status=status)
    return with_microphone(page) if config["dictation"] and not held else page


def _seconds_since(moment: datetime | None) -> int:
    return int((timezone.now() - moment).total_seconds()) if moment else 0


@never_cache
@require_http_methods(["GET", "POST"])
@answers_json
@require_role(*CLINICAL_ROLES)
@paced("note_autosave", Pace(most=90, in_s=60))
def autosave(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """GET: where the draft stands, with a fresh form token. POST: save it, or give a sign of life."""
    if request.method == "GET":
        note = check_draft_access(request.membership, ref, purpose="edit note")
        return JsonResponse(_state(request, note))
    sent = sent_draft(request)
    note = check_note_access(request.membership, ref, purpose="edit note")
    _check_writer(request, note)
    try:
        return JsonResponse(_kept(request, note, sent))
    except StaleDraft as error:
        return _both_texts(request, note, error)


def _kept(request: ClinicRequest, note: VisitNote, sent: SentDraft) -> dict[str, Any]:
    by = request.membership
    if sent.let_go:
        drafts.let_go_of_draft(note, by=by)
        return {"revision": note.revision}
    if sent.take_over:
        drafts.take_over_draft(note, by=by)
    refused = []
    if sent.text is None:
        saved = drafts.hold_draft(note, by=by)
    else:
        saved = drafts.save_draft(note, text=sent.text, revision=sent.revision, by=by)
        refused = correct_facts(saved, facts=sent.facts, revision=saved.revision, by=by)
    if sent.settle is not None:
        drafts.settle_version(note, number=sent.settle, by=by)
    return _state(request, saved) | {
        "saved_at": timezone.localtime().strftime("%H:%M"),
        "refused": [[one.start, one.end] for one in refused],
    }


def _state(request: ClinicRequest, note: VisitNote) -> dict[str, Any]:
    held = drafts.held_by_other(note, by=request.membership) and note.editor is not None
    return {
        "revision": note.revision,
        "token": get_token(request),
        "editor": note.editor.display_name if held and note.editor else "",
        "reading": note.reading,
    }


def _both_texts(request: ClinicRequest, note: VisitNote, error: StaleDraft) -> HttpResponse:
    """The stored text goes to the page that was refused: its person may read it, and has to merge."""
    stored = VisitNote.objects.select_related("editor").get(pk=note.pk)
    record("view", patient=note.patient_id, object_type=NOTE, object_ref=note.ref, purpose="merge note")
    other = error.editor_name if isinstance(error, DraftTakenOver) else ""
    return JsonResponse(
        {
            "kind": kind_of(error),
            "words": error.words,
            "revision": stored.revision,
            "text": stored.text,
            "version": error.kept_version,
            "editor": other,
            "by": stored.editor.display_name if stored.editor else "",
        },
        status=409,
    )


@never_cache
@require_POST
@answers_json
@require_role(*CLINICAL_ROLES)
@paced("note_marks", Pace(most=150, in_s=60))
def marks(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """What the text on the screen says. Nothing of it is stored or logged."""
    text, corrections = sent_marks(request)
    note = check_draft_access(request.membership, ref, purpose="edit note")
    return JsonResponse(marks_of(note, text, corrections).to_dict())


@never_cache
@require_GET
@require_role(*CLINICAL_ROLES)
def red_flags(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """What the saved text says of danger, for the editor's list."""
    note = check_draft_access(request.membership, ref, purpose="edit note")
    return render(request, "notes/_red_flags.html", {"note": note, "red_flags": red_flags_in(note.text)})


def _writable(request: ClinicRequest, note: VisitNote) -> VisitNote:
    _check_writer(request, note)
    return note


def _check_writer(request: ClinicRequest, note: VisitNote) -> None:
    """A locked note passes for whoever could have written in it: the service keeps the text that comes too
    late, and says so.
    """
    is_writer = request.membership.role == Role.THERAPIST or note.author_id == request.membership.pk
    if not is_writer:
        raise NotYourDraft


editor_patterns = [
    path("notes/<uuid:ref>/edit/", edit_note, name="edit_note"),
    path("notes/<uuid:ref>/autosave/", autosave, name="autosave"),
    path("notes/<uuid:ref>/marks/", marks, name="marks"),
    path("notes/<uuid:ref>/red-flags/", red_flags, name="red_flags"),
]
