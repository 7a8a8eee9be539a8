"""What a therapist writes about a session; the patient reads it."""

from clinic.models import Membership
from patients.models import Message
from patients.services import send_message
from sessions import events
from sessions.models import TherapySession


def comment_on_session(session: TherapySession, *, by: Membership, body: str) -> Message:
    """Send a line about a session to its patient. Raises MessageEmpty, MessageTooLong."""
    message = send_message(session.patient, author=by, body=body, about_kind="session", about_ref=session.ref)
    group = events.session_group(session.clinic_id, session.ref)
    events.announce(events.COMMENT_ADDED, group=group, ref=session.ref)
    return message
