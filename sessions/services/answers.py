"""What a patient says after a set: how hard it was, whether it hurts. Danger is told first."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from patients.models import PainReport
from patients.red_flags import PAIN_RULE, RedFlagHit, Severity, screen_pain
from patients.services.alerts import AlertRule, raise_alert
from patients.services.pain import report_pain
from prescriptions.selectors import bounds_of
from sessions.effort import LEAST, MOST
from sessions.errors import AnswerOutOfRange, AnswerTooLate, SetNotDone
from sessions.models import ExerciseSet, TherapySession
from sessions.services.adjusting import adjust_what_is_left
from sessions.services.lifecycle import stop_session
from sessions.services.sets import DONE, locked_set
from sessions.services.settling import settle_session

ANSWERED_WITHIN = timedelta(hours=24)
OVER_LIMIT = "pain_over_limit"
OWN_LIMIT = "pain_over_own_limit"
OWN_LIMIT_VERSION = 1
# As the pain rule of every patient says it.
OWN_LIMIT_WORDS = "Rest for today. Your therapist will look at your plan."


@dataclass(frozen=True, slots=True)
class Answered:
    """The set with its answers, and the rule that its pain broke, if any: then the session has ended."""

    exercise_set: ExerciseSet
    hit: RedFlagHit | None


def answer_set(exercise_set: ExerciseSet, *, effort: int | None = None, pain: int | None = None) -> Answered:
    """Keep one or both answers (0 to 10) about a set that was done; what is left may become easier at once.

    Pain over the limit is told first, then ends the session. It stands: a lower answer later changes nothing,
    since the therapist was told. Sending an answer twice changes nothing. After the session an answer is kept
    for a day, and changes no set. Raises AnswerOutOfRange, SetNotDone, AnswerTooLate.
    """
    _check(exercise_set, effort=effort, pain=pain)
    hit = _pain_hit(exercise_set, pain)
    if hit is not None and pain is not None and pain > _told_pain(exercise_set):
        _tell(exercise_set, hit, pain=pain)
    with transaction.atomic():
        exercise_set = locked_set(exercise_set)
        _keep(exercise_set, effort=effort, pain=pain)
        hit = _pain_hit(exercise_set, exercise_set.pain)
        if hit is None:
            adjust_what_is_left(exercise_set)
        if exercise_set.session.state == TherapySession.State.ANALYSED:
            settle_session(exercise_set.session)
    if hit is not None and exercise_set.session.is_open:
        exercise_set.session = stop_session(exercise_set.session, reason=OVER_LIMIT)
    return Answered(exercise_set, hit)


def _check(exercise_set: ExerciseSet, *, effort: int | None, pain: int | None) -> None:
    for value in (effort, pain):
        if value is not None and (isinstance(value, bool) or not LEAST <= value <= MOST):
            raise AnswerOutOfRange(value)
    if exercise_set.state not in DONE:
        raise SetNotDone
    if exercise_set.ended_at is not None and timezone.now() - exercise_set.ended_at > ANSWERED_WITHIN:
        raise AnswerTooLate


def _pain_hit(exercise_set: ExerciseSet, pain: int | None) -> RedFlagHit | None:
    """The rule that this much pain breaks: that of every patient, or the lower limit of this exercise."""
    if pain is None:
        return None
    hit = screen_pain(pain, moment=PainReport.Moment.STOP, usual=None)
    prescribed = exercise_set.prescribed_exercise
    limit = PAIN_RULE.limit if prescribed is None else bounds_of(prescribed).pain_limit
    if hit is not None or pain <= limit:
        return hit
    return own_limit_hit(pain, limit=limit, name=exercise_set.spec["name"])


def own_limit_hit(pain: int, *, limit: int, name: str) -> RedFlagHit:
    """The rule that pain over an exercise's own limit breaks."""
    return RedFlagHit(
        rule_id=OWN_LIMIT,
        rule_version=OWN_LIMIT_VERSION,
        headline=f"Pain {pain}, over {limit} in {name}",
        severity=Severity.TELL_THERAPIST,
        action=OWN_LIMIT_WORDS,
        question_ids=(),
    )


def _tell(exercise_set: ExerciseSet, hit: RedFlagHit, *, pain: int) -> None:
    """Store the pain and tell the therapist, each in a transaction of its own that no later error undoes."""
    session = exercise_set.session
    moment = PainReport.Moment.STOP
    reported = report_pain(session.patient, value=pain, moment=moment, session_ref=session.ref)
    if reported.hit is None:
        raise_alert(
            session.patient,
            AlertRule.of(hit),
            text_shown=hit.action,
            answers={"value": pain, "moment": moment},
            session_ref=session.ref,
        )


def _told_pain(exercise_set: ExerciseSet) -> int:
    """The pain after this set that the therapist was told of; -1 for none."""
    pain = exercise_set.pain
    return -1 if pain is None or _pain_hit(exercise_set, pain) is None else pain


def _keep(exercise_set: ExerciseSet, *, effort: int | None, pain: int | None) -> None:
    if effort is not None:
        exercise_set.effort = effort
    if pain is not None:
        exercise_set.pain = max(pain, _told_pain(exercise_set))
    exercise_set.save(update_fields=["effort", "pain", "updated_at"])
