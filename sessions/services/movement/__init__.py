from sessions.services.movement.devices import (
    StoredBatch,
    device_of_token,
    register_device,
    revoke_device,
    store_batch,
)
from sessions.services.movement.recordings import (
    close_forgotten_recordings,
    finish_recording,
    queue_motion_analysis,
    start_recording,
    store_motion_segment,
)

__all__ = [
    "StoredBatch",
    "close_forgotten_recordings",
    "device_of_token",
    "finish_recording",
    "queue_motion_analysis",
    "register_device",
    "revoke_device",
    "start_recording",
    "store_batch",
    "store_motion_segment",
]
