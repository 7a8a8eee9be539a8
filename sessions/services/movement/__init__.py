from sessions.services.movement.analysis import (
    analyse_motion_left,
    analyse_recording,
    queue_new_heights,
    queue_outdated,
    reanalyse_recording,
)
from sessions.services.movement.devices import (
    StoredBatch,
    device_of_token,
    register_device,
    revoke_device,
    store_batch,
)
from sessions.services.movement.imports import import_reading
from sessions.services.movement.notes import note_recording
from sessions.services.movement.recordings import (
    close_forgotten_recordings,
    finish_recording,
    queue_motion_analysis,
    start_recording,
    store_motion_segment,
)
from sessions.services.movement.references import choose_reference
from sessions.services.movement.removal import delete_recording
from sessions.services.movement.requests import ask_for_test, end_request
from sessions.services.movement.settings import movement_settings, update_movement_settings
from sessions.services.movement.trend_review import review_trend, review_trends
from sessions.services.movement.upload_import import import_movement_upload, name_columns
from sessions.services.movement.uploads import (
    PrivateUploadHandler,
    check_movement_size,
    delete_due_movement_uploads,
    largest_movement_bytes,
    queue_uploads_left,
    told_bytes,
    upload_movement,
)

__all__ = [
    "PrivateUploadHandler",
    "StoredBatch",
    "analyse_motion_left",
    "analyse_recording",
    "ask_for_test",
    "check_movement_size",
    "choose_reference",
    "close_forgotten_recordings",
    "delete_due_movement_uploads",
    "delete_recording",
    "device_of_token",
    "end_request",
    "finish_recording",
    "import_movement_upload",
    "import_reading",
    "largest_movement_bytes",
    "movement_settings",
    "name_columns",
    "note_recording",
    "queue_motion_analysis",
    "queue_new_heights",
    "queue_outdated",
    "queue_uploads_left",
    "reanalyse_recording",
    "register_device",
    "review_trend",
    "review_trends",
    "revoke_device",
    "start_recording",
    "store_batch",
    "store_motion_segment",
    "told_bytes",
    "update_movement_settings",
    "upload_movement",
]
