"""What prescriptions show on the pages of `patients`."""

from typing import Any

from django.http import HttpRequest

from patients.models import Patient
from patients.panels import Place, register
from patients.selectors import open_hold
from prescriptions.selectors import (
    active_prescription,
    dose_news,
    exercises_of,
    minutes_of,
    open_proposals_of,
    planned,
    today_plan,
)
from prescriptions.views.proposal_rows import shown_proposal


def register_panels() -> None:
    """Called once when the app is ready."""
    register(
        Place.TODAY, "dose_news", template="prescriptions/_dose_news.html", selector=dose_changes, order=5
    )
    register(Place.TODAY, "plan", template="prescriptions/_today_plan.html", selector=todays_plan, order=10)
    register(
        Place.PATIENT_PLAN,
        "proposals",
        template="prescriptions/adapting/_panel.html",
        selector=proposals,
        order=5,
    )
    register(
        Place.PATIENT_PLAN, "plan", template="prescriptions/_plan_card.html", selector=plan_card, order=10
    )


def dose_changes(request: HttpRequest, patient: Patient) -> dict[str, Any] | None:
    """What the therapist changed within the last week; None without a change."""
    news = dose_news(patient)
    return {"news": news} if news else None


def todays_plan(request: HttpRequest, patient: Patient) -> dict[str, Any] | None:
    """Today's exercises and the big start button; None without a plan."""
    plan = today_plan(patient)
    if plan is None:
        return None
    return {"plan": plan, "hold": open_hold(patient), "count": len(plan.left or plan.due or plan.exercises)}


def proposals(request: HttpRequest, patient: Patient) -> dict[str, Any] | None:
    """What waits for a therapist; None while nothing does."""
    shown = [shown_proposal(card) for card in open_proposals_of(patient)]
    return {"patient": patient, "shown": shown} if shown else None


def plan_card(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    """The plan with doses on the patient's page."""
    prescription = active_prescription(patient)
    items = [planned(item) for item in exercises_of(prescription)] if prescription else []
    return {"patient": patient, "prescription": prescription, "items": items, "minutes": minutes_of(items)}
