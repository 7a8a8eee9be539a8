"""What the attention rules need to know of one patient."""

from datetime import datetime, timedelta

from django.utils import timezone

from patients.attention_rules import LOOK_BACK_DAYS, WEEK_DAYS, AttentionFacts, OpenAlert, PainPoint
from patients.local_time import local_day, start_of_day, zone_of
from patients.models import Alert, DaySummary, ExerciseHold, Message, PainReport, Patient
from patients.selectors.questionnaires import days_overdue, worsening_now


def attention_facts(patient: Patient, *, at: datetime | None = None) -> AttentionFacts:
    """Read the facts on the patient's own day."""
    today = local_day(patient, at=at or timezone.now())
    return AttentionFacts(
        today=today,
        alerts=_open_alerts(patient),
        on_hold=ExerciseHold.objects.filter(patient=patient, lifted_at=None).exists(),
        pains=pain_points(patient, days=WEEK_DAYS + LOOK_BACK_DAYS, at=at or timezone.now()),
        exercise_days=frozenset(
            DaySummary.objects.filter(
                patient=patient, day__gte=today - timedelta(days=LOOK_BACK_DAYS), sessions_done__gt=0
            ).values_list("day", flat=True)
        ),
        planned_days_per_week=patient.planned_days_per_week,
        plan_started_on=patient.plan_started_on,
        unread_messages=Message.objects.filter(patient=patient, from_patient=True, read_at=None).count(),
        worsened=worsening_now(patient, at=at),
        questions_overdue_days=days_overdue(patient, at=at),
    )


def _open_alerts(patient: Patient) -> list[OpenAlert]:
    alerts = Alert.objects.filter(patient=patient).exclude(state=Alert.State.CLOSED)
    return [
        OpenAlert(
            severity=alert.severity,
            headline=alert.headline,
            acknowledged=alert.state == Alert.State.ACKNOWLEDGED,
            ref=str(alert.ref),
        )
        for alert in alerts.order_by("raised_at")
    ]


def pain_points(patient: Patient, *, days: int, at: datetime) -> list[PainPoint]:
    """Pain answers of the patient's last `days` days, oldest first."""
    zone = zone_of(patient)
    first_day = local_day(patient, at=at) - timedelta(days=days)
    reports = PainReport.objects.filter(patient=patient, at__gte=start_of_day(patient, first_day))
    return [
        PainPoint(day=reported.astimezone(zone).date(), value=value, moment=moment)
        for reported, value, moment in reports.order_by("at").values_list("at", "value", "moment")
    ]
