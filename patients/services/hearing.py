"""A patient's own words pass the safety spine: told first, answered with fixed words after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from patients.models import Alert, ExerciseHold, Patient
from patients.red_flags import RedFlagHit, Severity, StopAnswer, answer_stop, emergency_number, screen
from patients.red_flags.hearing import Heard
from patients.services.alerts import AlertRule, raise_alert
from patients.services.listening import (
    NOTHING,
    UNHEARD,
    WORDS_KEPT,
    Listened,
    kept_answer,
    kept_flags,
    kept_turns,
    listen,
    storable,
)
from patients.services.stopping import run_stop_hooks

SAID_AGAIN_WITHIN = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the words came from. `source` is "assistant", "message", "questionnaire", "stop", "session" or
    "screening".
    """

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
    own before this answers. Where the listening itself fails, a person is asked to read the words the same
    day. Raises RuntimeError inside another transaction.
    """
    turns = [storable(text)[:WORDS_KEPT] for text in texts]
    listened = listen(turns)
    asked = (question for ask in listened.heard.needs_asking for question in ask.question_ids)
    screening = tuple(dict.fromkeys(asked))
    if not listened.hits:
        return HeardNow(listened.heard, screening=screening)
    alert, answer, is_new = _tell(patient, listened.hits, turns=turns, listened=listened, origin=origin)
    return HeardNow(listened.heard, alert, answer, is_new, screening)


def answer_screening(patient: Patient, *, ticked: Sequence[str], words: str, origin: Origin) -> HeardNow:
    """The patient said yes to questions of the Stop page that were asked in a conversation.

    Raises UnknownAnswer.
    """
    hits = screen(ticked)
    if not hits:
        return HeardNow(NOTHING)
    said = [storable(words)[:WORDS_KEPT]]
    nothing = Listened(NOTHING, ())
    alert, answer, is_new = _tell(patient, hits, turns=said, listened=nothing, origin=origin, ticked=ticked)
    return HeardNow(NOTHING, alert, answer, is_new)


def _tell(
    patient: Patient,
    hits: Sequence[RedFlagHit],
    *,
    turns: Sequence[str],
    listened: Listened,
    origin: Origin,
    ticked: Sequence[str] = (),
) -> tuple[Alert, StopAnswer | None, bool]:
    clinic = patient.clinic
    number = emergency_number(clinic.country, clinic_number=clinic.emergency_number)
    shown = answer_stop(hits, number=number)
    # Words that could not be read say nothing that the patient could be told.
    must_stop = hits[0].severity.rank >= Severity.SAME_DAY.rank and hits[0] != UNHEARD
    open_one = _still_open(patient, hits, origin, must_stop=must_stop)
    alert = open_one or raise_alert(
        patient,
        AlertRule.of(hits[0]),
        text_shown=shown.text if must_stop else "",
        answers={
            "source": origin.source,
            "words": turns[-1],
            "said": kept_turns(turns, listened.fresh),
            "ticked": list(ticked),
            "rules": [{"id": hit.rule_id, "version": hit.rule_version} for hit in hits],
            "heard": kept_flags(listened.fresh),
            **_where(origin),
            **({"shown": kept_answer(shown)} if must_stop else {}),
        },
        session_ref=origin.session_ref,
        holds_exercise=must_stop and shown.holds_exercise,
    )
    if must_stop:
        run_stop_hooks(patient, origin.session_ref, reason=hits[0].rule_id)
    return alert, shown if must_stop else None, open_one is None


def _where(origin: Origin) -> dict[str, Any]:
    return {
        "conversation": None if origin.conversation_ref is None else str(origin.conversation_ref),
        "turn": None if origin.turn_ref is None else str(origin.turn_ref),
    }


def _still_open(
    patient: Patient, hits: Sequence[RedFlagHit], origin: Origin, *, must_stop: bool
) -> Alert | None:
    """The alert that already tells of all this: said again, it would only bury the first.

    Danger that is said again after a therapist let the patient exercise is new.
    """
    if must_stop and not ExerciseHold.objects.filter(patient=patient, lifted_at=None).exists():
        return None
    since = timezone.now() - SAID_AGAIN_WITHIN
    alerts = Alert.objects.filter(patient=patient, raised_at__gte=since).exclude(state=Alert.State.CLOSED)
    fitting = (alert for alert in alerts if _tells(alert, hits, origin))
    return next(fitting, None)


def _tells(alert: Alert, hits: Sequence[RedFlagHit], origin: Origin) -> bool:
    known = {rule["id"] for rule in alert.answers.get("rules", ())}
    return (
        alert.answers.get("source") == origin.source
        and Severity(alert.severity).rank >= hits[0].severity.rank
        and known.issuperset(hit.rule_id for hit in hits if hit.severity.rank >= Severity.SAME_DAY.rank)
        and (alert.rule_id == hits[0].rule_id or hits[0].rule_id in known)
    )
