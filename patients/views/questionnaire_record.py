"""The therapist's side of questionnaires: ask, read over time, take back, save as a table."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from clinic.audit import record
from clinic.errors import Conflict, Invalid
from clinic.models.membership import STAFF_ROLES, Role
from clinic.pace import Pace, count_sent
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients import selectors, services
from patients.models import Patient
from patients.questionnaire_chart import ScoreChart, draw_scores
from patients.questionnaire_export import answers_as_csv
from patients.questionnaire_forms import AskForm, rhythm_words
from patients.questionnaires import shipped_questionnaire
from patients.selectors import questionnaires as reads

EXPORTS = Pace(most=20, in_s=600)


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def questionnaires(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    patient = selectors.access_patient(request.membership, ref, purpose="questionnaires")
    return _page(request, patient)


@require_POST
@require_role(Role.THERAPIST, Role.ASSISTANT)
def ask_questions(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    patient = selectors.check_patient_access(request.membership, ref, purpose="questionnaires")
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            services.ask_questions(
                patient,
                by=request.membership,
                activities=form.activities(),
                every_weeks=form.cleaned_data["every_weeks"],
            )
        except Invalid as error:
            form.add_error(None, error.words)
        except Conflict as error:
            messages.warning(request, error.words)
            return redirect("patients:questionnaires", clinic_slug, ref)
        else:
            messages.success(request, "Asked. The patient sees it on Today.")
            return redirect("patients:questionnaires", clinic_slug, ref)
    return _page(request, patient, form=form)


@require_POST
@require_role(Role.THERAPIST, Role.ASSISTANT)
def withdraw_questions(
    request: ClinicRequest, clinic_slug: str, ref: UUID, request_ref: UUID
) -> HttpResponse:
    patient = selectors.check_patient_access(request.membership, ref, purpose="questionnaires")
    try:
        services.withdraw_questions(reads.request_of(patient, request_ref), by=request.membership)
    except Conflict as error:
        messages.warning(request, error.words)
    else:
        messages.success(request, "Taken back. What was answered stays.")
    return redirect("patients:questionnaires", clinic_slug, ref)


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def questionnaires_csv(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """The answers without the free words. Audited as an export."""
    patient = selectors.check_patient_access(request.membership, ref, purpose="questionnaires")
    count_sent(request.user.pk, "questionnaires_export", EXPORTS)
    record(
        "export",
        patient=patient.pk,
        object_type="patients.QuestionnaireResponse",
        object_ref=patient.ref,
        purpose="csv",
    )
    answer = HttpResponse(answers_as_csv(reads.rows_of(patient)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="answers.csv"'
    return answer


def _page(request: ClinicRequest, patient: Patient, *, form: AskForm | None = None) -> HttpResponse:
    rows = reads.rows_of(patient)
    standing, last = reads.standing_request(patient), reads.last_request(patient)
    return render(
        request,
        "patients/questionnaires.html",
        {
            "patient": patient,
            "standing": standing,
            "rhythm": rhythm_words(standing.every_weeks).lower() if standing else "",
            "overdue": reads.days_overdue(patient),
            "rows": rows,
            "charts": charts_of(rows),
            "questions": shipped_questionnaire(),
            "worsening": reads.worsening_now(patient),
            "form": form or AskForm(activities=last.activities if last else ()),
            "may_ask": reads.may_ask(request.membership),
        },
        status=400 if form is not None else 200,
    )


def charts_of(rows: list[reads.Row]) -> list[ScoreChart]:
    """Pain and activities over time; the activities from when they were last chosen anew."""
    asks = shipped_questionnaire()
    oldest_first = rows[::-1]
    same = [row for row in oldest_first if row.answered.activities == rows[0].answered.activities]
    pains = [(row.day, row.pain) for row in oldest_first if row.pain is not None]
    functions = [(row.day, row.function) for row in same if row.function is not None]
    drawn = (
        draw_scores(asks.pain.title, pains, bands=asks.pain.bands, better="less is better"),
        draw_scores(asks.function.title, functions, bands=asks.function.bands, better="more is better"),
    )
    return [chart for chart in drawn if chart is not None]
