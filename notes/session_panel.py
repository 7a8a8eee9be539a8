"""The way from a session to its note: on the session's review, and beside the newest session of a patient."""

from typing import Any

from django.http import HttpRequest

from clinic.models import Role
from notes.selectors.basis import note_of_session
from notes.services.session_draft import NOT_READY
from sessions import review_panels
from sessions.models import TherapySession

TEMPLATE = "notes/session/_write.html"


def register_panels() -> None:
    """Called once when the app is ready."""
    review_panels.register("note", template=TEMPLATE, selector=note_of, order=10)


def note_of(request: HttpRequest, session: TherapySession) -> dict[str, Any] | None:
    """The session's note, or that one can be written; nothing for whoever writes none."""
    role = request.membership.role  # type: ignore[attr-defined]
    note = note_of_session(session) if role in (Role.THERAPIST, Role.ASSISTANT) else None
    may_write = role in (Role.THERAPIST, Role.ASSISTANT) and session.state not in NOT_READY
    return {"note": note, "session": session} if note or may_write else None
