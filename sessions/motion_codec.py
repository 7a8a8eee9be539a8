"""The frame of a movement sensor, as it is streamed, sent in batches and stored.

A message is 1 to 256 frames of 36 bytes, little endian: uint32 sequence, float64 capture_ms, float32[3]
acceleration (m/s², specific force: at rest +9.81 upwards), float32[3] angular velocity (rad/s; three NaN when
the sensor has no gyroscope).
"""

import numpy as np
from numpy.typing import NDArray

from sessions.codec import IMU_CODEC as CODEC
from sessions.codec import BadFrames, FrameFormat, PackedFrames, pack_frames, unpack_frames

IMU_FRAME = np.dtype(
    [
        ("sequence", "<u4"),
        ("capture_ms", "<f8"),
        ("acceleration", "<f4", (3,)),
        ("angular_velocity", "<f4", (3,)),
    ]
)
IMU_FRAME_BYTES = IMU_FRAME.itemsize
MAX_FRAMES_PER_MESSAGE = 256
# Sensors measure up to 16 g and 2000 deg/s, some a little more; anything beyond is another unit or nonsense.
MOST_ACCELERATION_M_S2 = 500.0
MOST_ANGULAR_VELOCITY_RAD_S = 100.0

MotionFrames = NDArray[np.void]


def decode_motion(payload: bytes) -> MotionFrames:
    """Read ``payload`` as k frames, without copying.

    Raises ``BadFrames`` ("wrong_length", "too_many_frames").
    """
    if not payload or len(payload) % IMU_FRAME_BYTES:
        raise BadFrames("wrong_length")
    if len(payload) > MAX_FRAMES_PER_MESSAGE * IMU_FRAME_BYTES:
        raise BadFrames("too_many_frames")
    return np.frombuffer(payload, dtype=IMU_FRAME)


def sound_frames(frames: MotionFrames) -> NDArray[np.bool_]:
    """Which frames hold possible values: a finite force, and a possible turning or none at all (NaN)."""
    force, turn = frames["acceleration"], frames["angular_velocity"]
    # Comparisons are false for NaN and true for no infinity.
    force_ok = (np.abs(force) <= MOST_ACCELERATION_M_S2).all(axis=1)
    turn_ok = (np.abs(turn) <= MOST_ANGULAR_VELOCITY_RAD_S).all(axis=1) | np.isnan(turn).all(axis=1)
    sound: NDArray[np.bool_] = force_ok & turn_ok
    return sound


def encode_motion(
    sequence: NDArray[np.integer],
    capture_ms: NDArray[np.floating],
    acceleration: NDArray[np.floating],
    angular_velocity: NDArray[np.floating] | None,
) -> bytes:
    """Pack N frames: sequence[N], capture_ms[N], acceleration[N,3] (m/s²), angular_velocity[N,3] (rad/s)."""
    frames = np.zeros(len(sequence), dtype=IMU_FRAME)
    frames["sequence"] = sequence
    frames["capture_ms"] = capture_ms
    frames["acceleration"] = acceleration
    frames["angular_velocity"] = np.nan if angular_velocity is None else angular_velocity
    return frames.tobytes()


def pack_motion(raw: bytes) -> PackedFrames:
    """Compress whole frames without loss; the same byte of successive frames lies together."""
    return pack_frames(raw, codec=CODEC)


def unpack_motion(payload: bytes, *, sha256: str, codec: str = CODEC) -> bytes:
    """The bytes as they were received; raises ``CorruptSegment`` when they are not those that were stored."""
    return unpack_frames(payload, sha256=sha256, codec=codec)


def _which_are_sound(frames: MotionFrames, raw: bytes) -> NDArray[np.bool_] | None:
    sound = sound_frames(frames)
    return None if sound.all() else sound


IMU_FORMAT = FrameFormat(CODEC, decode_motion, _which_are_sound)
