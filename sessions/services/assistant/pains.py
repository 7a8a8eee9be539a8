"""A pain that is told in a conversation, judged as everywhere else: stored, told, and the session ended."""

from patients.models import PainReport, Patient
from patients.red_flags import PAIN_RULE, RedFlagHit, screen_pain
from patients.services import report_pain
from patients.services.alerts import AlertRule, raise_alert
from prescriptions.models import PrescribedExercise
from prescriptions.selectors import bounds_of
from sessions.models import TherapySession
from sessions.selectors.access import open_session_of
from sessions.services.answers import OVER_LIMIT, own_limit_hit
from sessions.services.lifecycle import stop_session

Moment = PainReport.Moment
TOLD = "I told your therapist."


def take_pain(
    patient: Patient, value: int, *, moment: str | None, prescribed: PrescribedExercise | None = None
) -> RedFlagHit | None:
    """Keep a pain of 0 to 10, and answer the rule that it breaks: then a running session has ended.

    Without a `moment` it is kept only where it breaks a rule: the patient is asked when they felt it. While
    a session runs, pain within the limit is not kept either: it is asked about after each set.
    """
    session = open_session_of(patient)
    hit = judge(value, prescribed)
    if hit is None and (moment is None or session is not None):
        return None
    reported = report_pain(
        patient, value=value, moment=_moment(moment, session), session_ref=session.ref if session else None
    )
    if hit is not None and reported.hit is None:
        _tell_own_limit(patient, hit, value=value, session=session)
    if hit is not None and session is not None:
        stop_session(session, reason=OVER_LIMIT)
    return hit or reported.hit


def judge(value: int, prescribed: PrescribedExercise | None) -> RedFlagHit | None:
    """The rule that this much pain breaks: that of every patient, or the lower limit of the exercise."""
    hit = screen_pain(value, moment=Moment.STOP, usual=None)
    limit = PAIN_RULE.limit if prescribed is None else bounds_of(prescribed).pain_limit
    if hit is not None or prescribed is None or value <= limit:
        return hit
    return own_limit_hit(value, limit=limit, name=str(prescribed.exercise_version.spec["name"]))


def _moment(moment: str | None, session: TherapySession | None) -> str:
    return Moment.STOP if session is not None or moment is None else moment


def _tell_own_limit(patient: Patient, hit: RedFlagHit, *, value: int, session: TherapySession | None) -> None:
    raise_alert(
        patient,
        AlertRule.of(hit),
        text_shown=hit.action,
        answers={"value": value, "moment": Moment.STOP, "source": "assistant"},
        session_ref=session.ref if session else None,
    )


def hit_in_words(hit: RedFlagHit) -> str:
    """What the patient is told of the rule that their pain broke."""
    return f"{hit.headline}. {hit.action} {TOLD}"
