"""The alarm over a patient's days: one MovementAlarm a cause, one alert for it; after that a new baseline."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

import structlog
from django.db import connection, transaction
from django.utils import timezone

from patients.local_time import local_day
from patients.models import Alert, Patient
from patients.red_flags import Severity
from patients.services import AlertRule, raise_alert
from sessions.models import MovementAlarm, MovementMeasure
from sessions.motion_trend.alarm import Alarm, AlarmSettings, review_series
from sessions.motion_trend.metrics import WATCHED
from sessions.selectors.movement.trend import daily_series_of
from sessions.services.movement.settings import movement_settings

log = structlog.get_logger(__name__)

RULE_ID, RULE_VERSION = "movement_alarm", 1
NOTHING_SHOWN = "Nothing: an alarm from sensors is for the therapist."
FRESH_DAYS = 14
SAME_CAUSE_DAYS = 7
REVIEWED_DAYS = 400
SAME_DAY_PERCENT = 15.0
SAME_DAY_IMPORTANT_CHANGES = 1.5
RETRY_AFTER = timedelta(minutes=10)


def review_trend(patient: Patient, *, at: datetime | None = None) -> list[MovementAlarm]:
    """Judge a patient's daily measures as they are known at `at`, and raise an alert for what is new.

    Twice on the same days changes nothing. An alert is raised in a transaction of its own: inside another one
    the review waits until that one has committed, and answers nothing.
    """
    if _is_inside_transaction():
        transaction.on_commit(partial(review_trend, patient, at=at))
        return []
    today = local_day(patient, at=at)
    _close_answered(patient)
    series = daily_series_of(patient, WATCHED, since=today - timedelta(days=REVIEWED_DAYS), until=today)
    if not series:
        return []
    told = review_series(series, settings=_settings(), until=today, answered_on=_answered_on(patient))
    new = _store_new(patient, told, today=today)
    for alarm, stored in new:
        _raise(stored, _severity(alarm), alarm.headline, at=at)
    _raise_what_was_left(patient)
    return [stored for _, stored in new]


def review_trends(*, at: datetime | None = None) -> int:
    """Judge every patient of the clinic who was measured lately; answered alarms close, late data count.

    Days that cannot be judged must not keep the other patients' alarms back.
    """
    since = timezone.now() - timedelta(days=2 * FRESH_DAYS)
    lately = MovementMeasure.objects.filter(day__gte=since.date()).values_list("patient_id", flat=True)
    running = MovementAlarm.objects.filter(state=MovementAlarm.State.OPEN).values_list(
        "patient_id", flat=True
    )
    ids = sorted({*lately.distinct(), *running.distinct()})
    for pk in ids:
        try:
            review_trend(Patient.objects.select_related("clinic").get(pk=pk), at=at)
        except Exception:
            log.exception("trend_not_reviewed", patient_id=pk)
    return len(ids)


def _is_inside_transaction() -> bool:
    """Whether a transaction is open that is not merely a test's own."""
    blocks = getattr(connection, "atomic_blocks", [])
    return bool(blocks) and not getattr(blocks[-1], "_from_testcase", False)


def _settings() -> AlarmSettings:
    stored = movement_settings()
    return AlarmSettings(stored.false_alarms_per_26_weeks, stored.expected_recovery)


def _close_answered(patient: Patient) -> None:
    """An alarm runs until a therapist has seen its alert; from then on there is a new baseline."""
    open_ones = MovementAlarm.objects.filter(patient=patient, state=MovementAlarm.State.OPEN)
    for alarm in open_ones.exclude(alert=None).exclude(alert__state=Alert.State.OPEN):
        alarm.state = MovementAlarm.State.CLOSED
        alarm.save(update_fields=["state", "updated_at"])


def _answered_on(patient: Patient) -> list[date]:
    answered = MovementAlarm.objects.filter(patient=patient).exclude(alert__acknowledged_at=None)
    moments = answered.values_list("alert__acknowledged_at", flat=True)
    return [local_day(patient, at=moment) for moment in moments if moment is not None]


def _store_new(patient: Patient, told: Sequence[Alarm], *, today: date) -> list[tuple[Alarm, MovementAlarm]]:
    """Store causes not known yet. One that came to light late is kept as a mark, without an alert."""
    new = []
    with transaction.atomic():
        Patient.objects.select_for_update().filter(pk=patient.pk).values_list("pk", flat=True).get()
        known = list(MovementAlarm.objects.filter(patient=patient))
        for alarm in told:
            same = next((stored for stored in known if _is_same(stored, alarm)), None)
            if same is not None:
                _bring_up_to_date(same, alarm)
                continue
            fresh = alarm.detected_day >= today - timedelta(days=FRESH_DAYS)
            stored = MovementAlarm(patient=patient, **_columns(alarm))
            stored.state = MovementAlarm.State.OPEN if fresh else MovementAlarm.State.CLOSED
            stored.save()
            known.append(stored)
            if fresh:
                new.append((alarm, stored))
    return new


def _is_same(stored: MovementAlarm, alarm: Alarm) -> bool:
    """Whether a stored alarm is about the same thing, though late data moved its days a little."""
    near = timedelta(days=SAME_CAUSE_DAYS)
    return (
        abs(stored.onset_day - alarm.onset_day) <= near
        or abs(stored.detected_day - alarm.detected_day) <= near
    )


def _bring_up_to_date(stored: MovementAlarm, alarm: Alarm) -> None:
    """More metrics may have joined an open alarm; its days and its alert stay as they were told."""
    columns = _columns(alarm)
    if stored.state != MovementAlarm.State.OPEN or stored.metrics == columns["metrics"]:
        return
    for name in ("metrics", "reason", "artefacts"):
        setattr(stored, name, columns[name])
    stored.save(update_fields=["metrics", "reason", "artefacts", "updated_at"])


def _columns(alarm: Alarm) -> dict[str, object]:
    return {
        "code": alarm.code,
        "metrics": [
            {
                "code": shift.code,
                "change": round(shift.change, 4),
                "unit": shift.unit,
                "days": shift.days,
                "z": round(shift.z, 2),
                "percent": None if shift.percent is None else round(shift.percent, 1),
                "expected": round(shift.expected, 4),
                "now": round(shift.now, 4),
                "in_mdc": None if shift.in_mdc is None else round(shift.in_mdc, 2),
                "in_mic": None if shift.in_mic is None else round(shift.in_mic, 2),
            }
            for shift in alarm.shifts
        ],
        "onset_day": alarm.onset_day,
        "detected_day": alarm.detected_day,
        "reason": alarm.reason,
        "artefacts": [flag.to_dict() for flag in alarm.artefacts],
        "versions": {**alarm.versions, "headline": alarm.headline, "softened": alarm.softened},
        "false_alarms_per_26_weeks": alarm.false_alarms_per_26_weeks,
    }


def _severity(alarm: Alarm) -> Severity:
    """A large drop is for today; whatever an artefact explains can wait for the therapist's list."""
    leading = alarm.shifts[0]
    large = (leading.in_mic or 0.0) >= SAME_DAY_IMPORTANT_CHANGES or abs(
        leading.percent or 0.0
    ) >= SAME_DAY_PERCENT
    return Severity.SAME_DAY if large and not alarm.softened else Severity.TELL_THERAPIST


def _raise(stored: MovementAlarm, severity: Severity, headline: str, *, at: datetime | None = None) -> None:
    rule = AlertRule(RULE_ID, RULE_VERSION, headline[:1].upper() + headline[1:], severity)
    stored.alert = raise_alert(
        stored.patient, rule, text_shown=NOTHING_SHOWN, answers={"reason": stored.reason}, at=at
    )
    stored.save(update_fields=["alert", "updated_at"])


def _raise_what_was_left(patient: Patient) -> None:
    """An alarm whose alert was lost to a crash gets it now."""
    left = MovementAlarm.objects.filter(
        patient=patient,
        state=MovementAlarm.State.OPEN,
        alert=None,
        updated_at__lt=timezone.now() - RETRY_AFTER,
    ).select_related("patient__clinic")
    for stored in left:
        _raise(stored, Severity.TELL_THERAPIST, str(stored.versions.get("headline", "Movement changed")))
