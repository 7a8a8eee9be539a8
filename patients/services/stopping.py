"""Stop: the patient says that something is wrong. First it is stored and told, then it is answered.

The words beside the ticks are heard too; the worst of both decides.
"""

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
from patients.services.listening import (
    NOTHING,
    Listened,
    kept_answer,
    kept_flags,
    kept_turns,
    listen,
    storable,
)

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
    """Screen the ticks and the words, raise one alert for the worst, end the session, give the fixed answer.

    Nothing that a patient sends is refused: an empty answer says that they pressed Stop, and an answer to a
    question that nobody asked counts as "same day".
    """
    ticks = [storable(tick)[:64] for tick in ticked][:100]
    said = storable(words).strip()[:WORDS_ALLOWED]
    listened = listen([said]) if said else Listened(NOTHING, ())
    hits = _worst_first([*_screen_leniently(ticks), *listened.hits])
    clinic = patient.clinic
    answer = answer_stop(hits, number=emergency_number(clinic.country, clinic_number=clinic.emergency_number))
    alert = raise_alert(
        patient,
        AlertRule.of(hits[0]) if hits else STOPPED_WITHOUT_FLAG,
        text_shown=answer.text,
        answers={
            "source": "stop",
            "ticked": ticks,
            "words": said,
            "said": kept_turns([said], listened.fresh) if said else [],
            "rules": [{"id": hit.rule_id, "version": hit.rule_version} for hit in hits],
            "heard": kept_flags(listened.fresh),
            "shown": kept_answer(answer),
        },
        session_ref=session_ref,
        holds_exercise=answer.holds_exercise,
    )
    run_stop_hooks(patient, session_ref, reason=alert.rule_id)
    return Stopped(alert=alert, answer=answer, hits=tuple(hits))


def _worst_first(hits: list[RedFlagHit]) -> list[RedFlagHit]:
    """One hit a rule, also where it was ticked and said."""
    by_rule: dict[str, RedFlagHit] = {}
    for hit in sorted(hits, key=lambda hit: -hit.severity.rank):
        by_rule.setdefault(hit.rule_id, hit)
    return list(by_rule.values())


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
