"""Idle logoff: when a person was last seen is written in their session; after the clinic's minutes they are
signed out.

Only what a person does counts as activity: the page's own polling must not keep an empty room signed in.
"""

import time
from typing import Any

SEEN = "plumbline_seen_at"
MINUTES = "plumbline_idle_minutes"
LIMITS = "plumbline_idle_limits"
DEFAULT_MINUTES = 15
# Written at most this often, so that a busy page does not write its session with every request.
WRITE_EVERY_S = 30.0


def idle_seconds(session: Any) -> float:
    """Seconds since the person was last seen; 0 for a session that has not been looked at yet."""
    seen = session.get(SEEN)
    return 0.0 if seen is None else max(0.0, time.time() - float(seen))


def allowed_seconds(session: Any) -> float:
    """How long this session may be idle."""
    return 60.0 * float(session.get(MINUTES, DEFAULT_MINUTES))


def is_idle(session: Any) -> bool:
    """Whether the person has been away for longer than their clinic allows."""
    return idle_seconds(session) > allowed_seconds(session)


def remember_limit(session: Any, *, clinic_id: int, minutes: int) -> None:
    """Keep the limit in the session, for pages outside of the clinic and for sockets.

    A person with tabs of two clinics open is held to the shorter one: a lax clinic must not hold the door of
    a strict one open.
    """
    limits = session.get(LIMITS, {})
    if limits.get(str(clinic_id)) != minutes:
        session[LIMITS] = {**limits, str(clinic_id): minutes}
        session[MINUTES] = min(session[LIMITS].values())


def note_activity(session: Any) -> None:
    """The person did something just now."""
    if SEEN not in session or idle_seconds(session) > WRITE_EVERY_S:
        session[SEEN] = time.time()
