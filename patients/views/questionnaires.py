"""The patient's own questions: answered on one page, put off, and read again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.errors import Conflict, HouseError, Invalid, NotFound, TooOften
from clinic.models import Role
from clinic.pace import Pace, count_sent, no_pace
from clinic.pages import status_of
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients import selectors, services
from patients.errors import QuestionsAnsweredAlready, QuestionsNotAsked, QuestionsNotFound
from patients.local_time import local_day
from patients.models import Patient, QuestionnaireRequest
from patients.questionnaire_forms import QuestionsForm
from patients.questionnaires import shipped_questionnaire
from patients.red_flags import RedFlagHit, shipped_rules
from patients.selectors import questionnaires as reads
from patients.views.patient_pages import ASKED_BACK, emergency_number_of

ANSWERS = Pace(most=40, in_s=600)


@no_pace
@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.PATIENT)
def own_questions(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """The questions that are due. What is written is heard also when the answers are refused."""
    patient = selectors.patient_of(request.membership)
    if request.method != "POST":
        return _page(request, patient)
    try:
        count_sent(request.user.pk, "questions", ANSWERS)
        told = services.answer_questions(patient, _sent_form(request, patient).given())
    except (Conflict, Invalid, NotFound, TooOften) as error:
        return _refused(request, clinic_slug, patient, error)
    return _thank(request, clinic_slug, patient, told)


def _sent_form(request: ClinicRequest, patient: Patient) -> QuestionsForm:
    """What was sent, valid. Raises Invalid, QuestionsNotFound, QuestionsNotAsked."""
    form = _form_of(request, patient)
    if not form.is_valid():
        raise Invalid("Please look at the questions that are marked.")
    return form


def _form_of(request: ClinicRequest, patient: Patient) -> QuestionsForm:
    try:
        asked = reads.request_of(patient, UUID(request.POST.get("asked", "")))
    except ValueError as error:
        raise QuestionsNotAsked from error
    return QuestionsForm(request.POST, request=asked, with_change=reads.has_answered(patient))


def _refused(request: ClinicRequest, clinic_slug: str, patient: Patient, error: HouseError) -> HttpResponse:
    words = request.POST.get("words", "")
    heard = services.hear_words(patient, words)
    if heard is not None and heard.alert and heard.answer:
        messages.warning(request, f"Your answers were not saved. {error.words}")
        return redirect("patients:stopped", clinic_slug, heard.alert.ref)
    if isinstance(error, QuestionsNotAsked):
        _tell_pain(request, error.hit)
    if isinstance(error, (TooOften, NotFound)):
        raise error
    if isinstance(error, Invalid):
        return _page(request, patient, form=_form_of(request, patient), refused=error)
    return _page(request, patient, refused=error, left_words=words.strip())


def _thank(
    request: ClinicRequest, clinic_slug: str, patient: Patient, told: services.AnsweredNow
) -> HttpResponse:
    heard = told.heard
    _tell_pain(request, told.pain.hit if told.pain else None)
    if heard and heard.alert and heard.answer:
        messages.success(request, "Your answers are saved.")
        return redirect("patients:stopped", clinic_slug, heard.alert.ref)
    words = request.POST.get("words", "").strip()
    left_words = "" if told.is_new or words == told.response.words else words
    if left_words or told.is_other:
        return _page(request, patient, refused=QuestionsAnsweredAlready(), left_words=left_words)
    if heard and heard.screening:
        # Not in the address: which questions are asked says something about the patient.
        request.session[ASKED_BACK] = list(heard.screening)
    return redirect("patients:own_answers", clinic_slug, told.response.ref)


def _tell_pain(request: ClinicRequest, hit: RedFlagHit | None) -> None:
    if hit is not None:
        messages.warning(request, f"{hit.headline}. {hit.action} We told your therapist.")


def _page(
    request: ClinicRequest,
    patient: Patient,
    *,
    form: QuestionsForm | None = None,
    refused: HouseError | None = None,
    left_words: str = "",
) -> HttpResponse:
    due = reads.due_request(patient)
    shown = form or (_new_form(patient, due) if due else None)
    standing = reads.standing_request(patient)
    return render(
        request,
        "patients/questions.html",
        {
            "patient": patient,
            "form": shown,
            "questions": shipped_questionnaire(),
            "refused": refused,
            "left_words": left_words,
            "next_on": standing.due_on if standing and not due else None,
            "rows": reads.rows_of(patient),
            "emergency_number": emergency_number_of(patient),
        },
        status=status_of(refused) if refused else 200,
    )


def _new_form(patient: Patient, due: QuestionnaireRequest) -> QuestionsForm:
    return QuestionsForm(request=due, with_change=reads.has_answered(patient))


@require_GET
@never_cache
@require_role(Role.PATIENT)
def own_answers(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """One's own answers: the thanks for them, and what comes next."""
    patient = selectors.patient_of(request.membership)
    response = reads.response_of(patient, ref)
    row = next((row for row in reads.rows_of(patient) if row.response.pk == response.pk), None)
    if row is None:
        raise QuestionsNotFound(ref)
    asked = frozenset(request.session.pop(ASKED_BACK, ()))
    standing = reads.standing_request(patient)
    return render(
        request,
        "patients/own_answers.html",
        {
            "patient": patient,
            "row": row,
            "questions": shipped_questionnaire(),
            "is_today": row.day == local_day(patient),
            "next_on": standing.due_on if standing else None,
            "asked_back": [one for one in shipped_rules().questions if one.id in asked],
        },
    )


@require_POST
@require_role(Role.PATIENT)
def put_off_questions(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    services.put_off_questions(selectors.patient_of(request.membership))
    messages.success(request, "All right. We will ask you again tomorrow.")
    return redirect("patients:today", clinic_slug)
