from sessions.selectors.access import (
    access_job,
    access_session,
    access_set,
    access_watch,
    as_uuid,
    check_session_access,
    open_session_of,
    own_session,
    own_set,
    sessions_for,
    sessions_of,
    watcher_name,
)
from sessions.selectors.recordings import own_phone_recording, recording_of, stored_frames
from sessions.selectors.review import pain_of, review_of, sets_of

__all__ = [
    "access_job",
    "access_session",
    "access_set",
    "access_watch",
    "as_uuid",
    "check_session_access",
    "open_session_of",
    "own_phone_recording",
    "own_session",
    "own_set",
    "pain_of",
    "recording_of",
    "review_of",
    "sessions_for",
    "sessions_of",
    "sets_of",
    "stored_frames",
    "watcher_name",
]
