"""Pain reports, judged by the pain rule as they arrive."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from patients.errors import MomentUnknown, PainOutOfRange
from patients.events import send_after_commit
from patients.local_time import day_bounds, local_day
from patients.models import Alert, PainReport, Patient
from patients.red_flags import RedFlagHit, screen_pain
from patients.selectors.pain import usual_pain_of
from patients.services.alerts import AlertRule, raise_alert
from patients.services.attention import review_attention

log = logging.getLogger(__name__)

PainHook = Callable[[Patient, PainReport, RedFlagHit | None], None]
_hooks: dict[str, PainHook] = {}


@dataclass(frozen=True)
class ReportedPain:
    """The stored answer, and the rule that it broke, if any."""

    report: PainReport
    hit: RedFlagHit | None


def when_pain_reported(name: str, hook: PainHook) -> None:
    """Let another app act on a stored answer. The hook gets patient, report, and the rule that it broke."""
    _hooks[name] = hook


def report_pain(
    patient: Patient,
    *,
    value: int,
    moment: str,
    session_ref: UUID | None = None,
    at: datetime | None = None,
) -> ReportedPain:
    """Store one pain answer (0 to 10) and raise an alert when it breaks the rule, once per rule and day.

    Pain after a therapist has closed the alert of that day is told again. Raises PainOutOfRange,
    MomentUnknown.
    """
    if moment not in PainReport.Moment.values:
        raise MomentUnknown(moment)
    when = at or timezone.now()
    hit = _judge(patient, value=value, moment=moment, at=when)
    with transaction.atomic():
        report = PainReport.objects.create(
            patient=patient, value=value, moment=moment, at=when, session_ref=session_ref
        )
        review_attention(patient, at=when)
        send_after_commit("pain.reported", patient, ref=report.ref)
    if hit and not _told_today(patient, hit, at=when):
        raise_alert(
            patient,
            AlertRule.of(hit),
            text_shown=hit.action,
            answers={"value": value, "moment": moment},
            session_ref=session_ref,
            at=when,
        )
    transaction.on_commit(lambda: _run_hooks(patient, report, hit), robust=True)
    return ReportedPain(report=report, hit=hit)


def _run_hooks(patient: Patient, report: PainReport, hit: RedFlagHit | None) -> None:
    for name, hook in _hooks.items():
        try:
            hook(patient, report, hit)
        except Exception as error:
            # The answer and its alert are stored already; what went wrong must not quote the record.
            log.error("pain hook %s failed: %s", name, type(error).__name__)


def _judge(patient: Patient, *, value: int, moment: str, at: datetime) -> RedFlagHit | None:
    try:
        return screen_pain(value, moment=moment, usual=usual_pain_of(patient, before=at))
    except ValueError as error:
        raise PainOutOfRange(value) from error


def _told_today(patient: Patient, hit: RedFlagHit, *, at: datetime) -> bool:
    first, after = day_bounds(patient, local_day(patient, at=at))
    today = Alert.objects.filter(
        patient=patient, rule_id=hit.rule_id, raised_at__gte=first, raised_at__lt=after
    )
    return today.exclude(state=Alert.State.CLOSED).exists()
