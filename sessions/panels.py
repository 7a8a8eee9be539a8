"""What sessions show on the pages of `patients`, and what they do when a patient presses Stop."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest

from clinic.models import Role
from clinic.models.membership import CLINICAL_ROLES
from patients import panels
from patients.models import Patient
from patients.selectors import has_consent, open_hold
from patients.services import when_stopped
from prescriptions.selectors import active_prescription
from sessions import review_panels
from sessions.models import TherapySession
from sessions.selectors import open_session_of, sessions_of
from sessions.selectors.assistant.chat_replies import WALK_ME_THROUGH
from sessions.selectors.assistant.settings import is_assistant_on
from sessions.selectors.assistant.viewing import conversations_of
from sessions.selectors.movement.own import newest_results, walk_test_due
from sessions.selectors.movement.own_asked import own_asked
from sessions.selectors.movement.panel import MovementSummary, movement_summary

SHOWN = 8
CONVERSATIONS_SHOWN = 3


def register_panels() -> None:
    """Called once when the app is ready."""
    from sessions.services import stop_open_sessions
    from sessions.services.movement.own_tests import end_open_tests

    panels.register(
        panels.Place.PATIENT_TREND,
        "sessions",
        template="sessions/_session_list.html",
        selector=session_list,
        order=20,
    )
    panels.register(
        panels.Place.PATIENT_TREND,
        "movement",
        template="sessions/movement/_panel.html",
        selector=movement,
        order=10,
    )
    panels.register(
        panels.Place.TODAY,
        "open_session",
        template="sessions/_open_session.html",
        selector=open_session,
        order=10,
    )
    panels.register(
        panels.Place.TODAY,
        "ask",
        template="sessions/assistant/_today.html",
        selector=ask,
        order=20,
    )
    panels.register(
        panels.Place.TODAY,
        "own_movement",
        template="sessions/own_movement/_today.html",
        selector=own_movement,
        order=70,
    )
    panels.register(
        panels.Place.PATIENT_TREND,
        "conversations",
        template="sessions/assistant/_panel.html",
        selector=conversations,
        order=30,
    )
    when_stopped("sessions", stop_open_sessions)
    when_stopped("movement_tests", end_open_tests)


def session_list(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    """The newest sessions, and form over time."""
    newest = list(sessions_of(patient)[:SHOWN])
    beside = review_panels.panels_for(request, newest[0]) if newest else []
    shares = [round(100 * one.form_share) for one in reversed(newest) if one.form_share is not None]
    return {
        "sessions": newest,
        "beside_newest": beside,
        "total": sessions_of(patient).count(),
        "form_values": " ".join(str(share) for share in shares) if len(shares) > 1 else "",
        "form_words": f"Share of correct repetitions: {shares[0]} % then, {shares[-1]} % now"
        if shares
        else "",
        "may_upload": request.membership.role in (Role.THERAPIST, Role.ASSISTANT),  # type: ignore[attr-defined]
    }


def conversations(request: HttpRequest, patient: Patient) -> dict[str, Any] | None:
    """The newest conversations with the assistant, for who treats the patient; None without any."""
    membership = getattr(request, "membership", None)
    if membership is None or membership.role not in CLINICAL_ROLES:
        return None
    newest = list(conversations_of(patient)[:CONVERSATIONS_SHOWN])
    return {"conversations": newest} if newest else None


def movement(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    """Whether walking gets better, and alarms that wait."""
    summary: MovementSummary = movement_summary(patient)
    return {
        "answer": summary.answer,
        "values": summary.values,
        "least": f"{summary.least:.3f}" if summary.values else "",
        "most": f"{summary.most:.3f}" if summary.values else "",
        "spark_words": summary.spark_words if summary.values else "",
        "open_alarms": summary.open_alarms,
        "recording_count": summary.recording_count,
        "simulated": summary.simulated,
    }


def open_session(request: HttpRequest, patient: Patient) -> dict[str, Any] | None:
    """A session that was begun and not ended, to go on with."""
    session: TherapySession | None = open_session_of(patient)
    return {"session": session} if session else None


def ask(request: HttpRequest, patient: Patient) -> dict[str, Any] | None:
    """The way to the assistant; None where the clinic has switched it off."""
    if not is_assistant_on():
        return None
    may_walk = open_hold(patient) is None and active_prescription(patient) is not None
    return {"may_walk": may_walk, "walk_words": WALK_ME_THROUGH}


def own_movement(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    """The last result and the tests that the therapist asked for, as far as it is time for them.

    Where nothing is asked: once a week a reminder of the walk test to those who use their phone for it.
    """
    newest = newest_results(patient)[:1]
    asked = own_asked(patient)
    if asked:
        wanted = [] if open_hold(patient) else [one for one in asked if one.asked.is_due]
        return {"result": newest[0] if newest else None, "is_due": False, "asked": wanted}
    is_wanted = has_consent(patient, "motion") and not cache.get(walk_test_put_off_key(patient))
    is_due = is_wanted and open_hold(patient) is None and walk_test_due(patient)
    return {"result": newest[0] if newest else None, "is_due": is_due}


def walk_test_put_off_key(patient: Patient) -> str:
    """Where "not this week" is remembered."""
    return f"walk_test_put_off:{patient.pk}"
