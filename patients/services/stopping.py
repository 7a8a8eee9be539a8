"""Stop: the patient says that something is wrong. First it is stored and told, then it is answered."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from patients.models import Alert, Patient
from patients.red_flags import (
    NONE_OF_THESE,
    RedFlagHit,
    Severity,
    StopAnswer,
    answer_stop,
    emergency_number,
    screen,
    shipped_rules,
)
from patients.services.alerts import AlertRule, raise_alert

log = logging.getLogger(__name__)

WORDS_ALLOWED = 1000
STOPPED_WITHOUT_FLAG = AlertRule(
    id="stopped", version=1, headline="Stopped: something is wrong", severity=Severity.TELL_THERAPIST
)
# A page older than the rules may send a question that is gone: we cannot know how bad it was.
UNREADABLE = RedFlagHit(
    rule_id="unreadable_answer",
    rule_version=1,
    headline="Stopped with an answer that could not be read",
    severity=Severity.SAME_DAY,
    action="Call your therapist today.",
    question_ids=(),
)

StopHook = Callable[[Patient, UUID | None, str], None]
_hooks: dict[str, StopHook] = {}


@dataclass(frozen=True)
class Stopped:
    """What Stop stored, and the fixed words for the patient."""

    alert: Alert
    answer: StopAnswer
    hits: tuple[RedFlagHit, ...]


def when_stopped(name: str, hook: StopHook) -> None:
    """Let another app act on Stop (end the session). The hook gets patient, session ref and the rule's id."""
    _hooks[name] = hook


def stop_exercising(
    patient: Patient,
    *,
    ticked: Iterable[str],
    words: str = "",
    session_ref: UUID | None = None,
) -> Stopped:
    """Screen the ticks, raise one alert for the worst of them, end the session, and give the fixed answer.

    Nothing that a patient sends is refused: an empty answer says that they pressed Stop, and an answer to a
    question that nobody asked counts as "same day".
    """
    ticks = [_storable(tick)[:64] for tick in ticked][:100]
    hits = _screen_leniently(ticks)
    clinic = patient.clinic
    answer = answer_stop(hits, number=emergency_number(clinic.country, clinic_number=clinic.emergency_number))
    alert = raise_alert(
        patient,
        AlertRule.of(hits[0]) if hits else STOPPED_WITHOUT_FLAG,
        text_shown=answer.text,
        answers={
            "ticked": ticks,
            "words": _storable(words).strip()[:WORDS_ALLOWED],
            "rules": [{"id": hit.rule_id, "version": hit.rule_version} for hit in hits],
            "shown": {
                "heading": answer.heading,
                "sentences": list(answer.sentences),
                "emergency_number": answer.emergency_number,
            },
        },
        session_ref=session_ref,
        holds_exercise=answer.holds_exercise,
    )
    run_stop_hooks(patient, session_ref, reason=alert.rule_id)
    return Stopped(alert=alert, answer=answer, hits=tuple(hits))


def _storable(text: str) -> str:
    """Without what PostgreSQL cannot hold: a broken character must not keep the answer from a patient."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _screen_leniently(ticks: list[str]) -> list[RedFlagHit]:
    asked = {question.id for question in shipped_rules().questions} | {NONE_OF_THESE}
    hits = screen(tick for tick in ticks if tick in asked)
    if not asked.issuperset(ticks):
        hits = sorted([*hits, UNREADABLE], key=lambda hit: -hit.severity.rank)
    return hits


def run_stop_hooks(patient: Patient, session_ref: UUID | None, *, reason: str) -> None:
    """Let the other apps act on danger; none of them can keep the answer from the patient."""
    for name, hook in _hooks.items():
        try:
            hook(patient, session_ref, reason)
        except Exception:
            # The patient must get the answer whatever another app's hook does; the alert is stored already.
            log.exception("stop hook %s failed", name)
