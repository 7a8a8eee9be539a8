"""Frames that wait to be looked at while they are streamed, and what the patient is shown of them."""

import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import structlog

from sessions.codec import Frames
from sessions.services.streams import OpenStream
from sessions.stream_load import stream_load

log = structlog.get_logger(__name__)

LONGEST_WAIT_S = 0.25
KEEP_WHEN_SKIPPING = 2
SAY_SKIPPING_S = 2.0
MOST_MESSAGES_PER_TURN = 4
REPLAY_CHUNK_FRAMES = 60


class LiveFrames(ABC):
    """One stream's frames as they come. Not thread-safe: ``replay`` runs before ``is_ready`` is set.

    A subclass says what is done with them (``_push``), what is shown, and what is kept of that.
    """

    def __init__(self, opened: OpenStream, *, dtype: np.dtype[Any], on_scored: Callable[[], None]) -> None:
        self.is_ready = False
        self.is_queued = False
        self.left_out = 0
        self._dtype = dtype
        self._on_scored = on_scored
        self._ref = str(opened.ref)
        self._clock_offset_ms = opened.clock_offset_ms
        self._pending: deque[tuple[float, Frames]] = deque()
        self._shown_received_at: float | None = None
        self._seen = opened.next_sequence - 1
        self._skipped_at = -1e9
        self._frames_skipped = 0
        self._is_broken = False
        self._is_replay_stopped = False

    @property
    def has_frames(self) -> bool:
        """Whether frames wait that can be looked at."""
        return bool(self._pending) and not self._is_broken

    @property
    def is_skipping(self) -> bool:
        """Whether frames were passed over a moment ago, because the server is busy."""
        return time.monotonic() - self._skipped_at < SAY_SKIPPING_S

    def add(self, frames: Frames, *, received_at: float, left_out: int = 0) -> None:
        """Frames that were let in, to be scored soon; ``received_at`` in monotonic seconds."""
        stream_load.received += len(frames)
        self.left_out += left_out
        self._pending.append((received_at, frames))

    def replay(self, stored: Iterable[tuple[bytes, float]]) -> None:
        """Score stored frames (raw bytes, clock offset) to get a new scorer to where the last one was.

        Runs in a thread: it pauses between chunks, so that the other patients' frames are read meanwhile.
        """
        for raw, clock_offset_ms in stored:
            frames = np.frombuffer(raw, dtype=self._dtype)
            for start in range(0, len(frames), REPLAY_CHUNK_FRAMES):
                if self._is_replay_stopped or self._is_broken:
                    return
                with self._breaking():
                    self._push(frames[start : start + REPLAY_CHUNK_FRAMES], clock_offset_ms=clock_offset_ms)
                time.sleep(0.001)

    def stop_replay(self) -> None:
        """The connection is leaving: what is not replayed by now is not needed."""
        self._is_replay_stopped = True

    def begin(self, *, now: float) -> None:
        """The scorer stands where the stored frames end.

        What came meanwhile has not waited for a busy server.
        """
        self._pending = deque((now, frames) for _, frames in self._pending)
        self.is_ready = True

    def score(self, *, now: float) -> None:
        """Score what waits, so much at a time that others get their turn.

        Skip the oldest when it waited too long.
        """
        if not self.has_frames:
            return
        if now - self._pending[0][0] > LONGEST_WAIT_S:
            self._skip_old(now)
        waiting = [self._pending.popleft() for _ in range(min(MOST_MESSAGES_PER_TURN, len(self._pending)))]
        received_at, newest = waiting[-1]
        frames = newest if len(waiting) == 1 else np.concatenate([frames for _, frames in waiting])
        with self._breaking():
            self._push(frames, clock_offset_ms=self._clock_offset_ms)
        if self._is_broken:
            self._on_scored()
            return
        stream_load.scored += len(frames)
        self._seen = int(newest["sequence"][-1])
        self._after_scoring()
        self._shown_received_at = received_at
        self._on_scored()

    def mark_shown(self) -> None:
        """The latest state has been handed to the socket."""
        if self._shown_received_at is not None:
            stream_load.frame_to_state_s.append(time.monotonic() - self._shown_received_at)
            self._shown_received_at = None

    @contextmanager
    def _breaking(self) -> Iterator[None]:
        """One patient's odd frames or rules must not stop the others; the recording is judged again later."""
        try:
            yield
        except Exception:
            log.exception("live_scoring_failed", ref=self._ref)
            self._is_broken = True

    def _skip_old(self, now: float) -> None:
        while len(self._pending) > KEEP_WHEN_SKIPPING:
            _, frames = self._pending.popleft()
            self._frames_skipped += len(frames)
            stream_load.skipped += len(frames)
            self._skipped_at = now

    def _after_scoring(self) -> None:
        """What follows from frames that were just scored; nothing unless a subclass says so."""
        return

    @abstractmethod
    def _push(self, frames: Frames, *, clock_offset_ms: float) -> None:
        """Look at frames; the milliseconds are to be added to their capture times."""

    @abstractmethod
    def state_message(self, *, ack: int) -> dict[str, Any]:
        """The state for the patient's page; ``ack``: the last frame that is stored."""

    @abstractmethod
    def summary(self) -> dict[str, Any]:
        """What a therapist who watches may know: numbers and codes, no words, no body."""

    @abstractmethod
    def finish(self) -> None:
        """No frame comes any more."""

    @abstractmethod
    def as_shown(self) -> dict[str, Any]:
        """The live result, kept beside the analysis of the whole recording."""
