"""A patient's plan as the assistant quotes it."""

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from patients.local_time import local_day
from patients.models import DaySummary, Patient
from patients.selectors.record import open_hold
from prescriptions.movement.figure import DRAWINGS
from prescriptions.selectors import PlannedExercise, TodayPlan, today_plan
from prescriptions.selectors.adapting.bounds import bounds_by_line
from sessions.rehab_bot.types import Plan, PlanExercise

DAYS_IN_WEEK = 7


def plan_of(patient: Patient, *, at: datetime | None = None) -> Plan:
    """What the patient is asked to do on their own day; without exercises when there is no plan."""
    when = at or timezone.now()
    on_hold = open_hold(patient) is not None
    today = today_plan(patient, at=when)
    if today is None:
        return Plan(on_hold=on_hold)
    return Plan(
        exercises=_exercises(patient, today),
        minutes=today.minutes,
        is_rest_day=today.is_rest_day,
        is_done=today.is_done,
        on_hold=on_hold,
        note_to_patient=today.prescription.note_to_patient,
        days_missed=days_missed(patient, today=local_day(patient, at=when)),
        therapist_name=today.prescription.written_by.display_name,
    )


def days_missed(patient: Patient, *, today: date) -> int:
    """Days before today without exercise, beyond the pause that the plan leaves between its days.

    A plan of 3 days a week leaves pauses of 2 days: the third day without exercise is the first missed.
    """
    per_week, since = patient.planned_days_per_week, patient.plan_started_on
    if not per_week or since is None:
        return 0
    days = DaySummary.objects.filter(patient=patient, sessions_done__gt=0, day__lt=today)
    last = days.order_by("-day").values_list("day", flat=True).first()
    first_free = since if last is None else max(last + timedelta(days=1), since)
    pause = -(-DAYS_IN_WEEK // per_week) - 1
    return max(0, (today - first_free).days - pause)


def _exercises(patient: Patient, today: TodayPlan) -> tuple[PlanExercise, ...]:
    bounds = bounds_by_line(each.prescribed.pk for each in today.exercises)
    slug = patient.clinic.slug
    return tuple(
        _exercise(each, slug=slug, pain_limit=bounds[each.prescribed.pk].pain_limit)
        for each in today.exercises
    )


def _exercise(each: PlannedExercise, *, slug: str, pain_limit: int) -> PlanExercise:
    prescribed = each.prescribed
    spec: dict[str, Any] = prescribed.exercise_version.spec
    return PlanExercise(
        ref=str(prescribed.ref),
        code=each.code,
        name=each.name,
        sets=prescribed.sets,
        repetitions=prescribed.repetitions,
        hold_s=prescribed.hold_s,
        rest_s=prescribed.rest_s,
        days_per_week=prescribed.days_per_week,
        side=prescribed.side,
        resistance=prescribed.resistance,
        dose_words=each.dose_words,
        days_words=each.days_words,
        is_hold=spec.get("kind") == "hold",
        is_due=each.is_due,
        is_done=each.is_done,
        sets_done=each.sets_done,
        patient_note=prescribed.patient_note,
        summary=str(spec.get("summary", "")),
        start_position=str(spec.get("start_position", "")),
        instructions=tuple(map(str, spec.get("instructions", ()))),
        tips=tuple(map(str, spec.get("tips", ()))),
        safety=str(spec.get("safety", "")),
        pain_limit=pain_limit,
        figure_url=_figure_url(each, slug=slug),
    )


def _figure_url(each: PlannedExercise, *, slug: str) -> str:
    """The patient's page of the exercise, where it moves; an exercise of the clinic's own has no figure."""
    if each.code not in DRAWINGS:
        return ""
    return reverse("prescriptions:today_exercise", args=[slug, each.prescribed.ref])
