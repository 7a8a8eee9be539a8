"""The card about questionnaires on a patient's record."""

from typing import Any

from django.http import HttpRequest

from patients.models import Patient
from patients.panels import Place, register
from patients.questionnaires import shipped_questionnaire
from patients.selectors import questionnaires as reads


def register_panel() -> None:
    """Called once when the app is ready."""
    register(
        Place.PATIENT_TREND,
        "questionnaires",
        template="patients/_questionnaire_panel.html",
        selector=answers,
        order=5,
    )


def answers(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    """The newest answers with what changed since the start, and whether more are awaited."""
    rows = reads.rows_of(patient)
    return {
        "patient": patient,
        "row": rows[0] if rows else None,
        "standing": reads.standing_request(patient),
        "overdue": reads.days_overdue(patient),
        "questions": shipped_questionnaire(),
    }
