"""Conversations with the assistant, as the care team reads, answers and corrects them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.errors import Invalid
from clinic.models import Role
from clinic.models.membership import CLINICAL_ROLES
from clinic.pace import Pace, paced
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients.selectors import access_patient
from sessions.assistant_errors import ConversationNotFound
from sessions.forms_articles import CorrectionForm, PersonAnswerForm
from sessions.models import Conversation, Turn
from sessions.selectors.assistant import viewing
from sessions.services.assistant import answer_as_person
from sessions.services.assistant.articles import correct_answer

SPANS = {"30": 30, "90": 90, "365": 365}
USUAL_SPAN = "90"
SHOWN = 100


@require_GET
@never_cache
@require_role(*CLINICAL_ROLES)
def conversations(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    patient = access_patient(request.membership, ref, purpose="conversations")
    shown = list(viewing.conversations_of(patient)[: SHOWN + 1])
    return render(
        request,
        "sessions/assistant/conversations.html",
        {"patient": patient, "conversations": shown[:SHOWN], "has_more": len(shown) > SHOWN},
    )


@require_GET
@never_cache
@require_role(*CLINICAL_ROLES)
def conversation(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    shown = viewing.access_conversation(request.membership, ref, purpose="conversation")
    return _page(request, shown, PersonAnswerForm())


def _page(request: ClinicRequest, shown: Conversation, form: PersonAnswerForm) -> HttpResponse:
    return render(
        request,
        "sessions/assistant/conversation.html",
        {
            "conversation": shown,
            "patient": shown.patient,
            "turns": viewing.viewed_turns(shown),
            "form": form,
            "may_correct": request.membership.role == Role.THERAPIST,
        },
        status=400 if form.errors else 200,
    )


@require_POST
@require_role(*CLINICAL_ROLES)
@paced("conversation_answer", Pace(most=60, in_s=600))
def answer_conversation(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    shown = viewing.access_conversation(request.membership, ref, purpose="answer conversation")
    form = PersonAnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, form)
    answer_as_person(shown, by=request.membership, text=form.cleaned_data["text"])
    messages.success(request, "Sent. The patient sees it in the conversation and in their messages.")
    return redirect("sessions:conversation", clinic_slug, shown.ref)


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.THERAPIST)
def correct_turn(request: ClinicRequest, clinic_slug: str, ref: UUID, turn_ref: UUID) -> HttpResponse:
    shown = viewing.access_conversation(request.membership, ref, purpose="correct answer")
    viewed = _viewed_turn(shown, turn_ref)
    question, answer = (viewing.without_names(shown, words) for words in (viewed.asked, viewed.turn.text))
    form = CorrectionForm(request.POST or None, initial={"question": question[:200], "answer": answer})
    if request.method == "POST" and form.is_valid() and _correct(request, viewed.turn, form):
        return redirect("sessions:conversation", clinic_slug, shown.ref)
    return render(
        request,
        "sessions/assistant/correct.html",
        {"conversation": shown, "patient": shown.patient, "viewed": viewed, "form": form},
        status=400 if form.errors else 200,
    )


def _viewed_turn(shown: Conversation, turn_ref: UUID) -> viewing.ViewedTurn:
    found = next((each for each in viewing.viewed_turns(shown) if each.turn.ref == turn_ref), None)
    if found is None or not found.is_correctable:
        raise ConversationNotFound
    return found


def _correct(request: ClinicRequest, turn: Turn, form: CorrectionForm) -> bool:
    for_everybody = form.cleaned_data["for_whom"] == "everybody"
    try:
        correct_answer(
            turn,
            question=form.cleaned_data["question"],
            answer=form.cleaned_data["answer"],
            by=request.membership,
            for_everybody=for_everybody,
        )
    except Invalid as error:
        form.add_error(None, error.words)
        return False
    words = "A colleague approves it before others read it." if for_everybody else "This patient gets it now."
    messages.success(request, f"Saved. {words}")
    return True


@require_GET
@never_cache
@require_role(*CLINICAL_ROLES)
def asked_most(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    span = request.GET.get("days", USUAL_SPAN)
    days = SPANS.get(span, SPANS[USUAL_SPAN])
    return render(
        request,
        "sessions/assistant/asked.html",
        {"asked": viewing.asked_most(request.membership, days=days), "days": days, "spans": SPANS.values()},
    )


viewing_urlpatterns = [
    path("patients/<uuid:ref>/conversations/", conversations, name="conversations"),
    path("conversations/<uuid:ref>/", conversation, name="conversation"),
    path("conversations/<uuid:ref>/answer/", answer_conversation, name="answer_conversation"),
    path("conversations/<uuid:ref>/turns/<uuid:turn_ref>/correct/", correct_turn, name="correct_turn"),
    path("assistant/asked/", asked_most, name="asked_most"),
]
