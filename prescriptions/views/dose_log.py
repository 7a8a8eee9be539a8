"""The log of one patient's doses: each decision, who took it, why, and what came of it."""

import csv
import io
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from clinic.audit import record
from clinic.models.membership import STAFF_ROLES
from clinic.pace import Pace, count_sent
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients.models import Patient
from patients.selectors import access_patient, check_patient_access
from prescriptions import selectors
from prescriptions.models import DoseDecision
from prescriptions.selectors.dose_log import exercises_decided, undoable_decisions

State = DoseDecision.State
PAGE_ROWS = 30
EXPORTS = Pace(most=60, in_s=3600)
# What the reader may choose. Without a choice: what a person decided about, or still has to.
CHOICES = (
    ("", "Proposals"),
    (State.PROPOSED, "Waiting"),
    (State.ACCEPTED, "Accepted"),
    (State.EDITED, "Edited"),
    (State.REJECTED, "Rejected"),
    (State.UNDONE, "Taken back"),
    (State.KEPT, "Kept"),
    ("all", "Everything"),
)


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def dose_log(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    patient = access_patient(request.membership, ref, purpose="dose log")
    exercises = exercises_decided(patient)
    state, code = _asked(request, exercises)
    page = Paginator(_decisions(patient, state, code), PAGE_ROWS).get_page(request.GET.get("page"))
    undoable = undoable_decisions(patient)
    rows = selectors.decision_rows(list(page.object_list))
    shown = {
        "patient": patient,
        "rows": [(row, row.decision.ref in undoable) for row in rows],
        "page": page,
        "choices": CHOICES,
        "state": state,
        "code": code,
        "exercises": exercises,
        "plan": selectors.active_prescription(patient),
    }
    return render(request, "prescriptions/adapting/log.html", shown)


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def dose_log_export(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """The whole log as CSV. Audited as an export."""
    patient = check_patient_access(request.membership, ref, purpose="export dose log")
    count_sent(request.user.pk, "dose_log_export", EXPORTS)
    out = io.StringIO()
    csv.writer(out).writerows(selectors.decisions_csv_rows(patient))
    record("export", patient=patient.pk, object_type="prescriptions.DoseDecision", purpose="csv")
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="doses.csv"'
    return answer


def _asked(request: HttpRequest, exercises: list[tuple[str, str]]) -> tuple[str, str]:
    """The state and the exercise that were asked for; anything unknown is no choice."""
    state, code = request.GET.get("show", ""), request.GET.get("exercise", "")
    known = {one for one, _ in CHOICES}
    return state if state in known else "", code if code in {one for one, _ in exercises} else ""


def _decisions(patient: Patient, state: str, code: str) -> QuerySet[DoseDecision]:
    if state == "all":
        return selectors.decisions_of(patient, exercise_code=code)
    found = selectors.decisions_of(patient, state=state, exercise_code=code)
    return found if state else found.exclude(state__in=(State.KEPT, State.SUPERSEDED))
