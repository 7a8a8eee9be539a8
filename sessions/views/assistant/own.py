"""The patient's chat: ask, be walked through, be told at once, start over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.errors import Invalid, NotFound
from clinic.models import Role
from clinic.pace import no_pace
from clinic.page_devices import with_microphone
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients.models import Patient
from patients.selectors import patient_of
from patients.services.listening import WORDS_KEPT
from sessions.assistant_errors import AssistantIsOff
from sessions.effort import EFFORT_CHOICES
from sessions.forms_assistant import HelpfulForm, SayForm, without_nul
from sessions.models import Turn
from sessions.selectors.assistant.chat_page import (
    MOST_SHOWN_TURNS,
    SHOWN_TURNS,
    chat_page,
    own_turn,
)
from sessions.selectors.assistant.conversation import open_conversation
from sessions.selectors.assistant.settings import assistant_settings
from sessions.services.assistant.talking import say, settle_waiting
from sessions.services.assistant.threads import end_conversation, mark_helpful


@no_pace
@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.PATIENT)
def assistant(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """The page; sending says something. What may be danger is never slowed down."""
    patient = patient_of(request.membership)
    return _said(request, patient) if request.method == "POST" else _page(request, patient)


def _said(request: ClinicRequest, patient: Patient) -> HttpResponse:
    form = SayForm(without_nul(request.POST))
    try:
        if not form.is_valid():
            raise Invalid(form.first_error)
        turn = say(patient, text=form.words, by=request.membership, after=form.cleaned_data["after"])
    except (Invalid, AssistantIsOff) as error:
        return _not_said(request, patient, error.words)
    if _is_script(request):
        return _thread(request, patient)
    return _back_to(request, turn)


def _is_script(request: ClinicRequest) -> bool:
    """Whether the page's script asks, which wants the thread and no page."""
    return request.headers.get("HX-Request") == "true"


def _back_to(request: ClinicRequest, turn: Turn) -> HttpResponse:
    return redirect(f"{reverse('sessions:assistant', args=[request.clinic.slug])}#turn-{turn.ref}")


def _not_said(request: ClinicRequest, patient: Patient, words: str) -> HttpResponse:
    """Why it was not said. The words stay in their box."""
    if _is_script(request):
        return HttpResponse(words, content_type="text/plain; charset=utf-8", status=400)
    return _page(request, patient, words=request.POST.get("text", ""), problem=words, status=400)


def _page(
    request: ClinicRequest, patient: Patient, *, words: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    chosen = assistant_settings()
    shown = _context(request, patient) | {"words": words, "problem": problem, "longest": WORDS_KEPT}
    name = "sessions/assistant/own.html" if chosen.is_on else "sessions/assistant/own_off.html"
    page = render(request, name, shown | {"may_speak": chosen.voice_in_allowed}, status=status)
    return with_microphone(page) if chosen.is_on and chosen.voice_in_allowed else page


def _context(request: ClinicRequest, patient: Patient) -> dict[str, Any]:
    conversation = open_conversation(patient)
    if conversation is not None:
        settle_waiting(conversation)
    most = MOST_SHOWN_TURNS if request.GET.get("show") == "all" else SHOWN_TURNS
    return {
        "patient": patient,
        "chat": chat_page(patient, about=request.GET.get("about", ""), most=most),
        "shows_all": most == MOST_SHOWN_TURNS,
        "efforts": EFFORT_CHOICES,
    }


@require_GET
@never_cache
@require_role(Role.PATIENT)
def assistant_thread(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """The thread alone, for the page's script."""
    return _thread(request, patient_of(request.membership))


def _thread(request: ClinicRequest, patient: Patient) -> HttpResponse:
    return render(request, "sessions/assistant/_own_fresh.html", _context(request, patient))


@require_POST
@require_role(Role.PATIENT)
def assistant_helpful(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Whether an answer helped, as the patient says."""
    patient = patient_of(request.membership)
    turn = own_turn(patient, ref)
    if turn is None:
        raise NotFound
    form = HelpfulForm(request.POST)
    if not form.is_valid():
        raise Invalid
    mark_helpful(turn, form.cleaned_data["helpful"] == "yes")
    if _is_script(request):
        return _thread(request, patient)
    messages.success(request, "Thank you. Your care team sees this.")
    return _back_to(request, turn)


@require_POST
@require_role(Role.PATIENT)
def assistant_new(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """End the conversation, so that the next words begin another."""
    conversation = open_conversation(patient_of(request.membership))
    if conversation is not None:
        end_conversation(conversation)
    return redirect("sessions:assistant", clinic_slug)


own_urlpatterns = [
    path("assistant/", assistant, name="assistant"),
    path("assistant/thread/", assistant_thread, name="assistant_thread"),
    path("assistant/new/", assistant_new, name="assistant_new"),
    path("assistant/turns/<uuid:ref>/helpful/", assistant_helpful, name="assistant_helpful"),
]
