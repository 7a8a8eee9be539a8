"""What sessions and plans tell the patient's record: days exercised, and how often is planned."""

from datetime import date

from django.db import transaction

from patients.models import DaySummary, Patient
from patients.services.attention import review_attention


def set_exercise_day(
    patient: Patient, day: date, *, sessions_done: int, repetitions_scored: int, repetitions_correct: int
) -> DaySummary:
    """Say what the patient did on one of their days; the last word counts (re-analysis)."""
    done = {
        "sessions_done": sessions_done,
        "repetitions_scored": repetitions_scored,
        "repetitions_correct": repetitions_correct,
    }
    with transaction.atomic():
        summary, _ = DaySummary.objects.update_or_create(patient=patient, day=day, defaults=done)
        review_attention(patient)
    return summary


def set_planned_days(patient: Patient, *, days_per_week: int, since: date | None) -> None:
    """Say how many days a week are planned; 0 when no plan is active."""
    with transaction.atomic():
        patient.planned_days_per_week, patient.plan_started_on = days_per_week, since
        patient.save(update_fields=["planned_days_per_week", "plan_started_on", "updated_at"])
        review_attention(patient)
