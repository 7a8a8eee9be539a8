from sessions.selectors.access import (
    access_job,
    access_session,
    access_set,
    access_watch,
    check_session_access,
    own_session,
    own_set,
    sessions_for,
    sessions_of,
    watcher_name,
)
from sessions.selectors.recordings import recording_of, stored_frames

__all__ = [
    "access_job",
    "access_session",
    "access_set",
    "access_watch",
    "check_session_access",
    "own_session",
    "own_set",
    "recording_of",
    "sessions_for",
    "sessions_of",
    "stored_frames",
    "watcher_name",
]
