from sessions.services.analysis import analyse_what_was_left, read_motion, reanalyse_set
from sessions.services.comments import comment_on_session
from sessions.services.lifecycle import (
    close_forgotten_sessions,
    complete_session,
    end_session,
    finish_set,
    finish_streamed_set,
    start_session,
    stop_open_sessions,
    stop_session,
)
from sessions.services.movement import (
    close_forgotten_recordings,
    device_of_token,
    finish_recording,
    queue_motion_analysis,
    register_device,
    revoke_device,
    start_recording,
    store_batch,
    store_motion_segment,
)
from sessions.services.recording_streams import finish_streamed_recording, open_recording_stream
from sessions.services.sets import tap_count
from sessions.services.settling import settle_session
from sessions.services.streams import (
    close_recording,
    keep_as_shown,
    note_stream_left,
    open_stream,
    store_segment,
)
from sessions.services.videos import (
    analyse_uploaded_video,
    check_size,
    delete_due_videos,
    largest_video_bytes,
    upload_video,
)

__all__ = [
    "analyse_uploaded_video",
    "analyse_what_was_left",
    "check_size",
    "close_forgotten_recordings",
    "close_forgotten_sessions",
    "close_recording",
    "comment_on_session",
    "complete_session",
    "delete_due_videos",
    "device_of_token",
    "end_session",
    "finish_recording",
    "finish_set",
    "finish_streamed_recording",
    "finish_streamed_set",
    "keep_as_shown",
    "largest_video_bytes",
    "note_stream_left",
    "open_recording_stream",
    "open_stream",
    "queue_motion_analysis",
    "read_motion",
    "reanalyse_set",
    "register_device",
    "revoke_device",
    "settle_session",
    "start_recording",
    "start_session",
    "stop_open_sessions",
    "stop_session",
    "store_batch",
    "store_motion_segment",
    "store_segment",
    "tap_count",
    "upload_video",
]
