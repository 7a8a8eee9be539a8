"""What prescriptions show on the pages of `patients`."""

from typing import Any

from django.http import HttpRequest

from patients.local_time import local_day
from patients.models import Patient
from patients.panels import Place, register
from patients.red_flags import PAIN_RULE
from patients.selectors import open_hold, pain_reports_of
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
    return {
        "plan": plan,
        "hold": open_hold(patient),
        "count": len(plan.left or plan.due or plan.exercises),
        "hurts": _hurts_too_much(patient),
    }


def _hurts_too_much(patient: Patient) -> bool:
    """Whether the last pain answer of today was over the limit, at which a patient was told to rest."""
    said = pain_reports_of(patient, since=local_day(patient)).values_list("value", flat=True).last()
    return said is not None and said > PAIN_RULE.limit


def proposals(request: HttpRequest, patient: Patient) -> dict[str, Any] | None:
    """What waits for a therapist; None while nothing does."""
    shown = [shown_proposal(card) for card in open_proposals_of(patient)]
    return {"patient": patient, "shown": shown} if shown else None


def plan_card(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    """The plan with doses on the patient's page."""
    prescription = active_prescription(patient)
    items = [planned(item) for item in exercises_of(prescription)] if prescription else []
    return {"patient": patient, "prescription": prescription, "items": items, "minutes": minutes_of(items)}
