"""What ends a draft or follows a signature: sign, co-sign, give back, add, discard, mark as an error."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from clinic.errors import Conflict, HouseError, Invalid
from clinic.models import Role
from clinic.models.membership import CLINICAL_ROLES
from clinic.pace import Pace, paced
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from notes.errors import NotYourDraft, NotYoursToSign
from notes.forms import ReasonForm, SignForm
from notes.models import VisitNote
from notes.selectors.access import access_note, check_draft_access, check_note_access, may_write
from notes.selectors.lists import possible_cosigners
from notes.selectors.note_page import SIGNED_ONCE, note_page, rights_of
from notes.selectors.red_flags import red_flags_in
from notes.selectors.signing_review import signing_review
from notes.services import drafts, signing
from notes.services.addenda import add_addendum as begin_addendum


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*CLINICAL_ROLES)
@paced("sign_note", Pace(most=60, in_s=300))
def sign_note(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Look at what will be kept, then sign it."""
    found = access_note(request.membership, ref, purpose="sign note")
    if found.is_locked:
        return redirect("notes:note", clinic_slug, ref)
    if not may_write(request.membership, found):
        raise NotYourDraft
    cosigners = possible_cosigners(found.patient, but=request.membership)
    form = SignForm(request.POST or None, cosigners=cosigners, initial={"revision": found.revision})
    if request.method == "POST" and form.is_valid():
        try:
            signed = signing.sign_note(
                found,
                by=request.membership,
                revision=form.cleaned_data["revision"],
                cosigner=form.cleaned_data["cosigner"],
                flags=form.flags_answer(),
            )
        except (Invalid, Conflict) as error:
            return _signing_page(request, found, form, refused=error)
        return _after_signing(request, clinic_slug, signed)
    return _signing_page(request, found, form)


def _after_signing(request: ClinicRequest, clinic_slug: str, signed: VisitNote) -> HttpResponse:
    if signed.cosigner is not None:
        messages.success(request, f"Signed. It waits for {signed.cosigner.display_name}'s co-signature.")
    else:
        messages.success(request, "Signed. The text is locked; what comes later is an addendum.")
    return redirect("notes:note", clinic_slug, signed.ref)


def _signing_page(
    request: ClinicRequest, found: VisitNote, form: SignForm, *, refused: HouseError | None = None
) -> HttpResponse:
    found.refresh_from_db(fields=["text", "revision", "editor", "editor_seen_at"])
    shown = SignForm(
        cosigners=possible_cosigners(found.patient, but=request.membership),
        initial={"revision": found.revision, "cosigner": form.data.get("cosigner")},
    )
    status = 409 if isinstance(refused, Conflict) else 400 if refused or form.errors else 200
    return render(
        request,
        "notes/sign_note.html",
        {
            "note": found,
            "patient": found.patient,
            "form": shown,
            "refused": refused.words if refused else "",
            "review": signing_review(found),
            "red_flags": red_flags_in(found.text),
            "sent": form.data,
            "needs_cosigner": request.membership.role == Role.ASSISTANT,
        },
        status=status,
    )


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(Role.THERAPIST)
def cosign_note(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Read an assistant's note, then sign with them or give it back."""
    found = access_note(request.membership, ref, purpose="co-sign note")
    if not rights_of(request.membership, found).may_cosign:
        return redirect("notes:note", clinic_slug, ref)
    form = ReasonForm(request.POST if request.POST.get("act") == "give_back" else None)
    if request.POST.get("act") == "cosign":
        signing.cosign_note(found, by=request.membership)
        messages.success(request, "Signed with the assistant. The note is complete.")
        return redirect("notes:my_notes", clinic_slug)
    if form.is_bound and form.is_valid():
        signing.give_back(found, by=request.membership, reason=form.cleaned_data["reason"])
        messages.success(request, "Given back. The assistant finds it among their drafts, with your words.")
        return redirect("notes:my_notes", clinic_slug)
    page = note_page(found, reader=request.membership)
    return render(
        request,
        "notes/cosign_note.html",
        {"note": found, "patient": found.patient, "page": page, "form": form},
        status=400 if form.errors else 200,
    )


@require_POST
@require_role(*CLINICAL_ROLES)
@paced("new_note", Pace(most=60, in_s=3600))
def add_addendum(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Begin an addendum to a signed note."""
    found = check_note_access(request.membership, ref, purpose="addendum")
    addendum = begin_addendum(found, by=request.membership)
    return redirect("notes:edit_note", clinic_slug, addendum.ref)


@require_POST
@require_role(*CLINICAL_ROLES)
def discard_note(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Throw a draft away; the note's page offers to take it back."""
    found = check_draft_access(request.membership, ref, purpose="discard draft")
    drafts.discard_draft(found, by=request.membership)
    messages.success(request, "Discarded. You can take it back here.")
    return redirect("notes:note", clinic_slug, ref)


@require_POST
@require_role(*CLINICAL_ROLES)
def restore_note(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Take a discarded draft back."""
    found = check_note_access(request.membership, ref, purpose="take draft back")
    if found.status == VisitNote.Status.DISCARDED and not rights_of(request.membership, found).may_take_back:
        raise NotYourDraft
    drafts.restore_draft(found, by=request.membership)
    messages.success(request, "The draft is back.")
    return redirect("notes:edit_note", clinic_slug, ref)


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*CLINICAL_ROLES)
def mark_error(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Say that a signed note was written in error. It stays readable; its findings count no more."""
    found = access_note(request.membership, ref, purpose="entered in error")
    if found.status not in SIGNED_ONCE:
        return redirect("notes:note", clinic_slug, ref)
    if not rights_of(request.membership, found).may_withdraw:
        raise NotYoursToSign
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        signing.mark_entered_in_error(found, by=request.membership, reason=form.cleaned_data["reason"])
        messages.success(request, "Marked as entered in error. Its findings count no more.")
        return redirect("notes:note", clinic_slug, ref)
    return render(
        request,
        "notes/mark_error.html",
        {"note": found, "patient": found.patient, "form": form},
        status=400 if form.errors else 200,
    )


ending_patterns = [
    path("notes/<uuid:ref>/sign/", sign_note, name="sign_note"),
    path("notes/<uuid:ref>/cosign/", cosign_note, name="cosign_note"),
    path("notes/<uuid:ref>/addendum/", add_addendum, name="add_addendum"),
    path("notes/<uuid:ref>/discard/", discard_note, name="discard_note"),
    path("notes/<uuid:ref>/restore/", restore_note, name="restore_note"),
    path("notes/<uuid:ref>/error/", mark_error, name="mark_error"),
]
