"""A patient's own words pass the safety spine: told first, answered with fixed words after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from patients.models import Alert, Patient
from patients.red_flags import RedFlagHit, Severity, StopAnswer, answer_stop, emergency_number, screen
from patients.red_flags.heard_hits import heard_hits
from patients.red_flags.hearing import Heard, HeardFlag, hear
from patients.services.alerts import AlertRule, raise_alert
from patients.services.stopping import run_stop_hooks

SAID_AGAIN_WITHIN = timedelta(hours=12)
WORDS_KEPT = 2000


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the words came from. `source` is "assistant", "message", "stop", "session" or "screening"."""

    source: str
    session_ref: UUID | None = None
    conversation_ref: UUID | None = None
    turn_ref: UUID | None = None


@dataclass(frozen=True, slots=True)
class HeardNow:
    """What the newest words set off. `answer` holds the fixed words when exercise must stop; `alert` is
    the one raised, or the one still open for the same; `screening` are Stop questions left open.
    """

    heard: Heard
    alert: Alert | None = None
    answer: StopAnswer | None = None
    is_new: bool = False
    screening: tuple[str, ...] = ()


def hear_patient(patient: Patient, texts: Sequence[str], *, origin: Origin) -> HeardNow:
    """Listen to a patient's turns in order, of which the last is new, and tell a person of danger.

    Only flags that the last turn says, or completes, are told. The alert is stored in a transaction of its
    own before this answers. Raises RuntimeError inside another transaction.
    """
    heard = hear(texts)
    fresh = _of_the_last_turn(heard, texts)
    screening = tuple(dict.fromkeys(question for ask in heard.needs_asking for question in ask.question_ids))
    if not fresh:
        return HeardNow(heard, screening=screening)
    hits = sorted(heard_hits(fresh), key=lambda hit: -hit.severity.rank)
    alert, answer, is_new = _tell(patient, hits, words=texts[-1], flags=fresh, origin=origin)
    return HeardNow(heard, alert, answer, is_new, screening)


def _of_the_last_turn(heard: Heard, texts: Sequence[str]) -> list[HeardFlag]:
    """The flags that the last turn says by itself, and those that it completes."""
    alone = list(hear(texts[-1:]).flags)
    said = {flag.flag for flag in alone}
    completed = (flag for flag in heard.flags if any(quote.turn == len(texts) - 1 for quote in flag.words))
    return alone + [flag for flag in completed if flag.flag not in said]


def answer_screening(patient: Patient, *, ticked: Sequence[str], words: str, origin: Origin) -> HeardNow:
    """The patient said yes to questions of the Stop page that were asked in a conversation.

    Raises UnknownAnswer.
    """
    hits = screen(ticked)
    nothing = Heard(severity=None, flags=(), needs_asking=())
    if not hits:
        return HeardNow(nothing)
    alert, answer, is_new = _tell(patient, hits, words=words, flags=(), origin=origin, ticked=ticked)
    return HeardNow(nothing, alert, answer, is_new)


def _tell(
    patient: Patient,
    hits: Sequence[RedFlagHit],
    *,
    words: str,
    flags: Sequence[HeardFlag],
    origin: Origin,
    ticked: Sequence[str] = (),
) -> tuple[Alert, StopAnswer | None, bool]:
    clinic = patient.clinic
    number = emergency_number(clinic.country, clinic_number=clinic.emergency_number)
    worst = hits[0]
    shown = answer_stop(hits, number=number)
    must_stop = worst.severity.rank >= Severity.SAME_DAY.rank
    open_one = _still_open(patient, worst, origin)
    alert = open_one or raise_alert(
        patient,
        AlertRule.of(worst),
        text_shown=shown.text if must_stop else "",
        answers=_kept(words=words, hits=hits, flags=flags, origin=origin, ticked=ticked, shown=shown),
        session_ref=origin.session_ref,
        holds_exercise=must_stop and shown.holds_exercise,
    )
    if must_stop:
        run_stop_hooks(patient, origin.session_ref, reason=worst.rule_id)
    return alert, shown if must_stop else None, open_one is None


def _still_open(patient: Patient, hit: RedFlagHit, origin: Origin) -> Alert | None:
    """The alert that already tells of this: said again, it would only bury the first."""
    since = timezone.now() - SAID_AGAIN_WITHIN
    alerts = Alert.objects.filter(
        patient=patient, rule_id=hit.rule_id, severity=hit.severity.value, raised_at__gte=since
    ).exclude(state=Alert.State.CLOSED)
    return next((alert for alert in alerts if alert.answers.get("source") == origin.source), None)


def _kept(
    *,
    words: str,
    hits: Sequence[RedFlagHit],
    flags: Sequence[HeardFlag],
    origin: Origin,
    ticked: Sequence[str],
    shown: StopAnswer,
) -> dict[str, Any]:
    return {
        "source": origin.source,
        "words": words[:WORDS_KEPT],
        "ticked": list(ticked),
        "rules": [{"id": hit.rule_id, "version": hit.rule_version} for hit in hits],
        "heard": [_as_kept(flag) for flag in flags],
        "conversation": None if origin.conversation_ref is None else str(origin.conversation_ref),
        "turn": None if origin.turn_ref is None else str(origin.turn_ref),
        "shown": {
            "heading": shown.heading,
            "sentences": list(shown.sentences),
            "emergency_number": shown.emergency_number,
        },
    }


def _as_kept(flag: HeardFlag) -> dict[str, Any]:
    return {
        "flag": flag.flag,
        "severity": flag.severity.value,
        "rule": flag.rule_id,
        "version": flag.rule_version,
        "citation": flag.source,
        "quotes": [quote.text for quote in flag.words],
    }
