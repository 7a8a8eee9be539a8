"""How a clinic's notes begin, and the phrases that its people type."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.errors import Invalid
from clinic.models import Membership, Role
from clinic.models.membership import STAFF_ROLES
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from notes.forms import DictationForm, PhraseForm, TemplateForm
from notes.models import NoteTemplate, Phrase
from notes.section_rows import SectionRow, blank_rows, rows_after, rows_of
from notes.selectors.settings import (
    clinic_phrases,
    is_dictation_allowed,
    offered_templates,
    own_phrases,
    phrase_by_ref,
    retired_templates,
    template_by_ref,
)
from notes.services import phrases as phrase_services
from notes.services import templates as template_services
from notes.services.settings import allow_dictation
from notes.services.templates import MOST_SECTIONS
from notes.shipped_templates import Section


@never_cache
@require_GET
@require_role(Role.CLINIC_ADMIN)
def note_settings(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """The clinic's templates, whether notes may be dictated, and where its phrases are."""
    template_services.ensure_shipped_templates()
    shown = {
        "templates": list(offered_templates()),
        "retired": list(retired_templates()),
        "phrase_count": clinic_phrases().count(),
        "dictation": DictationForm(initial={"dictation_allowed": is_dictation_allowed()}),
    }
    return render(request, "notes/settings.html", shown)


@require_POST
@require_role(Role.CLINIC_ADMIN)
def set_dictation(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Allow dictation in the clinic's notes, or stop allowing it."""
    form = DictationForm(request.POST)
    form.full_clean()
    is_allowed = form.cleaned_data["dictation_allowed"]
    allow_dictation(is_allowed=is_allowed)
    messages.success(
        request, "Notes may be dictated now." if is_allowed else "Notes are not dictated any more."
    )
    return redirect("notes:note_settings", clinic_slug)


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(Role.CLINIC_ADMIN)
def new_template(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Write a template."""
    return _template_page(request, clinic_slug, None)


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(Role.CLINIC_ADMIN)
def edit_template(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Change a template; notes that were begun with it keep their words."""
    return _template_page(request, clinic_slug, template_by_ref(ref))


def _template_page(request: ClinicRequest, clinic_slug: str, template: NoteTemplate | None) -> HttpResponse:
    initial = {"title": template.title, "kind": template.kind} if template else None
    if request.method != "POST":
        rows = [*rows_of(template.sections if template else []), *blank_rows(1 if template else 4)]
        return _show_template(request, template, TemplateForm(initial=initial), rows)
    act, rows = request.POST.get("act", "save"), _posted_rows(request.POST)
    if act != "save":
        # The order is changed on the page; nothing is stored before Save.
        return _show_template(
            request, template, TemplateForm(initial=request.POST.dict()), rows_after(act, rows)
        )
    form = TemplateForm(request.POST)
    if form.is_valid():
        try:
            template_services.write_template(
                template,
                title=form.cleaned_data["title"],
                kind=form.cleaned_data["kind"],
                sections=[Section(row.heading, row.prompt) for row in rows],
            )
        except Invalid as error:
            field = next((name for name in error.fields if name in form.fields), None)
            form.add_error(field, error.words)
        else:
            messages.success(request, "Saved. New notes begin with it.")
            return redirect("notes:note_settings", clinic_slug)
    return _show_template(request, template, form, rows, status=400)


def _posted_rows(posted: QueryDict) -> list[SectionRow]:
    headings, prompts = posted.getlist("heading"), posted.getlist("prompt")
    pairs = zip(headings, prompts, strict=False)
    return [SectionRow(heading, prompt) for heading, prompt in pairs][: MOST_SECTIONS + 5]


def _show_template(
    request: ClinicRequest,
    template: NoteTemplate | None,
    form: TemplateForm,
    rows: Sequence[SectionRow],
    *,
    status: int = 200,
) -> HttpResponse:
    shown = {"template": template, "form": form, "rows": rows}
    return render(request, "notes/edit_template.html", shown, status=status)


@require_POST
@require_role(Role.CLINIC_ADMIN)
def retire_template(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Offer a template no longer; the page offers to take it back."""
    template = template_services.retire_template(template_by_ref(ref))
    messages.success(request, f"“{template.title}” is offered no longer. You can offer it again below.")
    return redirect("notes:note_settings", clinic_slug)


@require_POST
@require_role(Role.CLINIC_ADMIN)
def offer_template(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Offer a retired template again."""
    try:
        template = template_services.restore_template(template_by_ref(ref))
    except Invalid as error:
        messages.error(request, error.words)
    else:
        messages.success(request, f"“{template.title}” is offered again.")
    return redirect("notes:note_settings", clinic_slug)


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*STAFF_ROLES)
def phrases(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Phrases: an admin's are the clinic's, everybody else's are their own."""
    owner = _owner(request)
    form = PhraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        refused = _write(None, form, owner=owner)
        if not refused:
            messages.success(request, "Saved. Type a dot and the short form in a note.")
            return redirect("notes:phrases", clinic_slug)
    return _phrases_page(request, form, owner)


def _owner(request: ClinicRequest) -> Membership | None:
    return None if request.membership.role == Role.CLINIC_ADMIN else request.membership


def _write(phrase: Phrase | None, form: PhraseForm, *, owner: Membership | None) -> bool:
    """Store a phrase; answers whether it was refused, with the words in the form."""
    try:
        phrase_services.write_phrase(
            phrase, short=form.cleaned_data["short"], text=form.cleaned_data["text"], owner=owner
        )
    except Invalid as error:
        for name, words in (error.fields or {"text": error.words}).items():
            form.add_error(name, words)
    return bool(form.errors)


def _phrases_page(
    request: ClinicRequest, form: PhraseForm, owner: Membership | None, *, deleted: str = ""
) -> HttpResponse:
    shown = {
        "form": form,
        "phrases": list(clinic_phrases() if owner is None else own_phrases(owner)),
        "shared": [] if owner is None else list(clinic_phrases()),
        "is_clinics": owner is None,
        "deleted": deleted,
    }
    return render(request, "notes/phrases.html", shown, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*STAFF_ROLES)
def edit_phrase(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Change a phrase of one's own, or as an admin the clinic's."""
    owner = _owner(request)
    phrase = phrase_by_ref(ref, owner=owner)
    form = PhraseForm(request.POST or None, initial={"short": phrase.short, "text": phrase.text})
    if request.method == "POST" and form.is_valid() and not _write(phrase, form, owner=owner):
        messages.success(request, "Saved.")
        return redirect("notes:phrases", clinic_slug)
    status = 400 if form.errors else 200
    return render(request, "notes/edit_phrase.html", {"form": form, "phrase": phrase}, status=status)


@require_POST
@require_role(*STAFF_ROLES)
def delete_phrase(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Take a phrase away. The answer holds it once more, so that one press puts it back."""
    owner = _owner(request)
    phrase = phrase_by_ref(ref, owner=owner)
    kept = {"short": phrase.short, "text": phrase.text}
    phrase_services.delete_phrase(phrase)
    return _phrases_page(request, PhraseForm(initial=kept), owner, deleted=kept["short"])


settings_patterns = [
    path("settings/notes/", note_settings, name="note_settings"),
    path("settings/notes/dictation/", set_dictation, name="set_dictation"),
    path("settings/notes/templates/new/", new_template, name="new_template"),
    path("settings/notes/templates/<uuid:ref>/", edit_template, name="edit_template"),
    path("settings/notes/templates/<uuid:ref>/retire/", retire_template, name="retire_template"),
    path("settings/notes/templates/<uuid:ref>/offer/", offer_template, name="offer_template"),
    path("notes/phrases/", phrases, name="phrases"),
    path("notes/phrases/<uuid:ref>/", edit_phrase, name="edit_phrase"),
    path("notes/phrases/<uuid:ref>/delete/", delete_phrase, name="delete_phrase"),
]
