"""The frame format of a movement sensor's stream, and how its frames are packed for storage.

A message is 1 to 256 frames of 36 bytes, little endian: uint32 sequence, float64 capture_ms, float32[3]
acceleration (m/s², specific force: at rest it points up with 9.81), float32[3] angular velocity (rad/s; three
NaN when there is no gyroscope).
"""

import hashlib

import numpy as np
import zstandard
from numpy.typing import NDArray

from sessions.codec import BadFrames, CorruptSegment, PackedFrames

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
CODEC = "zstd-imu-columns"

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
    columns = np.frombuffer(raw, dtype=np.uint8).reshape(-1, IMU_FRAME_BYTES).T.tobytes()
    payload = zstandard.ZstdCompressor(level=1).compress(columns)
    return PackedFrames(payload=payload, sha256=hashlib.sha256(raw).hexdigest(), codec=CODEC)


def unpack_motion(payload: bytes, *, sha256: str, codec: str = CODEC) -> bytes:
    """The bytes as they were received; raises ``CorruptSegment`` when they are not those that were stored."""
    if codec != CODEC:
        raise CorruptSegment("unknown codec")
    try:
        columns = zstandard.ZstdDecompressor().decompress(payload)
    except zstandard.ZstdError as error:
        raise CorruptSegment("not readable") from error
    if len(columns) % IMU_FRAME_BYTES:
        raise CorruptSegment("wrong length")
    raw = np.frombuffer(columns, dtype=np.uint8).reshape(IMU_FRAME_BYTES, -1).T.tobytes()
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise CorruptSegment("wrong checksum")
    return raw
