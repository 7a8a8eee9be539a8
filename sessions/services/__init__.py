from sessions.services.analysis import analyse_what_was_left, read_motion, reanalyse_set
from sessions.services.lifecycle import (
    close_forgotten_sessions,
    complete_session,
    end_session,
    start_session,
    stop_open_sessions,
    stop_session,
)
from sessions.services.sets import finish_set, finish_streamed_set, tap_count
from sessions.services.settling import settle_session
from sessions.services.streams import (
    close_recording,
    keep_as_shown,
    note_stream_left,
    open_stream,
    store_segment,
)

__all__ = [
    "analyse_what_was_left",
    "close_forgotten_sessions",
    "close_recording",
    "complete_session",
    "end_session",
    "finish_set",
    "finish_streamed_set",
    "keep_as_shown",
    "note_stream_left",
    "open_stream",
    "read_motion",
    "reanalyse_set",
    "settle_session",
    "start_session",
    "stop_open_sessions",
    "stop_session",
    "store_segment",
    "tap_count",
]
