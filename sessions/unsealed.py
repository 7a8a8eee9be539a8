"""Frames of one connection that are received but not stored yet."""

from sessions.codec import CODEC
from sessions.frame_gate import Admitted
from sessions.services.streams import SealedFrames

SEAL_AFTER_S = 10.0
SEAL_AFTER_FRAMES = 600
MOST_UNSEALED_FRAMES = 6000
IMU_SEAL_AFTER_FRAMES = 4000
IMU_MOST_UNSEALED_FRAMES = 60_000


class UnsealedFrames:
    """Bytes as received, in order, until they are stored."""

    def __init__(self, *, clock_offset_ms: float, codec: str = CODEC) -> None:
        self.clock_offset_ms = clock_offset_ms
        self._codec = codec
        self._seal_after = SEAL_AFTER_FRAMES if codec == CODEC else IMU_SEAL_AFTER_FRAMES
        self._most = MOST_UNSEALED_FRAMES if codec == CODEC else IMU_MOST_UNSEALED_FRAMES
        self._parts: list[bytes] = []
        self._first_sequence = 0
        self._last_sequence = 0
        self._last_capture_ms = 0.0
        self.count = 0
        self.since = 0.0

    def add(self, admitted: Admitted, *, now: float) -> None:
        """Take a message's new frames; ``now`` in seconds."""
        frames = admitted.frames
        if not self._parts:
            self.since = now
            self._first_sequence = int(frames["sequence"][0])
        self._parts.append(admitted.raw)
        self._last_sequence = int(frames["sequence"][-1])
        self._last_capture_ms = float(frames["capture_ms"][-1]) + self.clock_offset_ms
        self.count += len(frames)

    def is_due(self, *, now: float) -> bool:
        """Whether it is time to store: ten seconds old, or many frames at once (a client that catches up)."""
        return self.count > 0 and (now - self.since >= SEAL_AFTER_S or self.count >= self._seal_after)

    @property
    def is_overfull(self) -> bool:
        """Whether storing has failed for so long that no more frames can be held."""
        return self.count > self._most

    def take(self) -> SealedFrames:
        """Everything held, as one run; nothing is held after it."""
        sealed = SealedFrames(
            raw=b"".join(self._parts),
            first_sequence=self._first_sequence,
            last_sequence=self._last_sequence,
            frame_count=self.count,
            last_capture_ms=self._last_capture_ms,
            clock_offset_ms=self.clock_offset_ms,
            codec=self._codec,
        )
        self._parts, self.count = [], 0
        return sealed

    def put_back(self, sealed: SealedFrames, *, now: float) -> None:
        """Hold again what could not be stored, before what came meanwhile."""
        if not self._parts:
            self._last_sequence, self._last_capture_ms = sealed.last_sequence, sealed.last_capture_ms
        self._first_sequence = sealed.first_sequence
        self._parts.insert(0, sealed.raw)
        self.count += sealed.frame_count
        self.since = now
