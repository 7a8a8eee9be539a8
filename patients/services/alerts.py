"""Alerts: raised on their own, seen, and closed with what was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from patients.errors import AlertAlreadyClosed, NoHold, OutcomeMissing
from patients.events import send_after_commit
from patients.models import Alert, ExerciseHold, Patient
from patients.red_flags import RedFlagHit, Severity
from patients.services.attention import review_attention
from patients.services.timeline import add_timeline_entry

# How soon an alert is due: a default of ours, to be signed by the clinic.
DUE_AFTER = {
    Severity.EMERGENCY: timedelta(minutes=15),
    Severity.SAME_DAY: timedelta(hours=4),
    Severity.TELL_THERAPIST: timedelta(days=2),
}
SEVERITY_WORDS = {
    Severity.EMERGENCY: "Emergency",
    Severity.SAME_DAY: "Same day",
    Severity.TELL_THERAPIST: "For the therapist",
}


@dataclass(frozen=True)
class AlertRule:
    """The rule that raised an alert: an id, its version and the headline that the therapist reads."""

    id: str
    version: int
    headline: str
    severity: Severity

    @classmethod
    def of(cls, hit: RedFlagHit) -> "AlertRule":
        return cls(id=hit.rule_id, version=hit.rule_version, headline=hit.headline, severity=hit.severity)


def raise_alert(
    patient: Patient,
    rule: AlertRule,
    *,
    text_shown: str,
    answers: Mapping[str, Any] | None = None,
    session_ref: UUID | None = None,
    holds_exercise: bool = False,
    at: datetime | None = None,
) -> Alert:
    """Store an alert in a transaction of its own, so that no later error can undo it.

    Raises RuntimeError inside another transaction (durable): danger is told before anything else is done.
    """
    now = at or timezone.now()
    with transaction.atomic(durable=True):
        alert = Alert.objects.create(
            patient=patient,
            severity=rule.severity.value,
            rule_id=rule.id,
            rule_version=rule.version,
            headline=rule.headline[:200],
            text_shown=text_shown,
            answers=dict(answers or {}),
            session_ref=session_ref,
            raised_at=now,
            due_at=now + DUE_AFTER[rule.severity],
        )
        if holds_exercise:
            _hold_exercise(patient, alert, at=now)
        _tell(patient, alert, at=now)
    return alert


def _hold_exercise(patient: Patient, alert: Alert, *, at: datetime) -> None:
    ExerciseHold.objects.get_or_create(
        patient=patient, lifted_at=None, defaults={"alert": alert, "since": at}
    )


def _tell(patient: Patient, alert: Alert, *, at: datetime) -> None:
    add_timeline_entry(
        patient,
        kind="alert",
        title=f"{SEVERITY_WORDS[Severity(alert.severity)]}: {alert.headline}",
        at=at,
        object_kind="alert",
        object_ref=alert.ref,
    )
    review_attention(patient, at=at)
    record("alert", patient=patient.pk, object_type="patients.Alert", object_ref=alert.ref)
    send_after_commit("alert.raised", patient, ref=alert.ref)


def acknowledge_alert(alert: Alert, *, by: Membership) -> Alert:
    """Say that a therapist has seen it. Seeing it twice keeps the first name and time."""
    with transaction.atomic():
        alert = Alert.objects.select_for_update().select_related("patient__clinic").get(pk=alert.pk)
        if alert.state == Alert.State.CLOSED:
            raise AlertAlreadyClosed(alert.ref)
        if alert.state == Alert.State.OPEN:
            alert.state = Alert.State.ACKNOWLEDGED
            alert.acknowledged_by, alert.acknowledged_at = by, timezone.now()
            alert.save(update_fields=["state", "acknowledged_by", "acknowledged_at", "updated_at"])
            _after_change(alert, "alert.acknowledged")
    return alert


def close_alert(alert: Alert, *, by: Membership, outcome: str, lift_hold: bool = False) -> Alert:
    """Close with what was done; an alert that nobody had acknowledged is acknowledged by the same person."""
    if not outcome.strip():
        raise OutcomeMissing
    with transaction.atomic():
        alert = Alert.objects.select_for_update().select_related("patient__clinic").get(pk=alert.pk)
        if alert.state == Alert.State.CLOSED:
            raise AlertAlreadyClosed(alert.ref)
        now = timezone.now()
        alert.acknowledged_by = alert.acknowledged_by or by
        alert.acknowledged_at = alert.acknowledged_at or now
        alert.state, alert.closed_by, alert.closed_at = Alert.State.CLOSED, by, now
        alert.outcome = outcome.strip()
        alert.save()
        if lift_hold:
            _lift(alert.patient, by=by, outcome=alert.outcome, at=now)
        add_timeline_entry(
            alert.patient,
            kind="alert_closed",
            title=f"Alert closed: {alert.headline}",
            summary=alert.outcome,
            at=now,
            object_kind="alert",
            object_ref=alert.ref,
            by=by,
        )
        _after_change(alert, "alert.closed")
    return alert


def lift_exercise_hold(patient: Patient, *, by: Membership, outcome: str) -> ExerciseHold:
    """Let the patient exercise again, with the reason. Raises NoHold when nothing was held."""
    if not outcome.strip():
        raise OutcomeMissing
    with transaction.atomic():
        hold = _lift(patient, by=by, outcome=outcome.strip(), at=timezone.now())
        if hold is None:
            raise NoHold
        review_attention(patient)
        send_after_commit("hold.lifted", patient, ref=hold.ref)
    return hold


def _lift(patient: Patient, *, by: Membership, outcome: str, at: datetime) -> ExerciseHold | None:
    hold = ExerciseHold.objects.select_for_update().filter(patient=patient, lifted_at=None).first()
    if hold is None:
        return None
    hold.lifted_at, hold.lifted_by, hold.outcome = at, by, outcome
    hold.save()
    record("change", patient=patient.pk, object_type="patients.ExerciseHold", object_ref=hold.ref)
    add_timeline_entry(
        patient,
        kind="hold_lifted",
        title="May exercise again",
        summary=outcome,
        at=at,
        object_kind="exercise_hold",
        object_ref=hold.ref,
        by=by,
    )
    return hold


def _after_change(alert: Alert, kind: str) -> None:
    patient = alert.patient
    review_attention(patient)
    record("change", patient=patient.pk, object_type="patients.Alert", object_ref=alert.ref)
    send_after_commit(kind, patient, ref=alert.ref)
