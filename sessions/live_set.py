"""A set while it is being done: its scorer, the frames that wait for it, and what the patient is shown."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray

from prescriptions.movement.rules import ExerciseRules
from sessions.codec import FRAME, Frames
from sessions.cues import Cue, CueBoard
from sessions.posture_guard import LiveState, PostureStream, SetResult
from sessions.services.streams import OpenStream
from sessions.stream_load import stream_load

log = structlog.get_logger(__name__)

LONGEST_WAIT_S = 0.25
KEEP_WHEN_SKIPPING = 2
SAY_SKIPPING_S = 2.0
MOST_MESSAGES_PER_TURN = 4
REPLAY_CHUNK_FRAMES = 60
MOST_CUES_KEPT = 200


class LiveSet:
    """Scores one set's frames as they come. Not thread-safe: ``replay`` runs before ``is_ready`` is set."""

    def __init__(self, opened: OpenStream, *, on_scored: Callable[[], None]) -> None:
        self.is_ready = False
        self.is_queued = False
        self._on_scored = on_scored
        self._set_ref = str(opened.set_ref)
        self._side = opened.side
        self._clock_offset_ms = opened.clock_offset_ms
        self._pending: deque[tuple[float, Frames]] = deque()
        self._latest: LiveState | None = None
        self._shown_received_at: float | None = None
        self._cues = CueBoard()
        self._cue: Cue | None = None
        self._cued_count = 0
        self._last_ms = 0.0
        self._seen = opened.next_sequence - 1
        self._result: SetResult | None = None
        self._cues_said: list[dict[str, Any]] = []
        self._skipped_at = -1e9
        self._frames_skipped = 0
        self._is_broken = False
        self._is_replay_stopped = False
        self._stream: PostureStream | None = None
        with self._breaking():
            self._stream = _scorer_of(opened)

    @property
    def has_frames(self) -> bool:
        return bool(self._pending) and not self._is_broken

    def add(self, frames: Frames, *, received_at: float) -> None:
        """Frames that were let in, to be scored soon; ``received_at`` in monotonic seconds."""
        stream_load.received += len(frames)
        self._pending.append((received_at, frames))

    def replay(self, stored: Iterable[tuple[bytes, float]]) -> None:
        """Score stored frames (raw bytes, clock offset) to get a new scorer to where the last one was.

        Runs in a thread: it pauses between chunks, so that the other patients' frames are read meanwhile.
        """
        for raw, clock_offset_ms in stored:
            frames = np.frombuffer(raw, dtype=FRAME)
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
        self._choose_cue()
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
            log.exception("live_scoring_failed", set=self._set_ref)
            self._is_broken = True

    def _push(self, frames: Frames, *, clock_offset_ms: float) -> None:
        if self._stream is None:
            return
        times: NDArray[np.float64] = frames["capture_ms"] + clock_offset_ms
        self._latest = self._stream.push_many(times, frames["image"], frames["presence"])
        self._last_ms = float(times[-1])

    def _skip_old(self, now: float) -> None:
        while len(self._pending) > KEEP_WHEN_SKIPPING:
            _, frames = self._pending.popleft()
            self._frames_skipped += len(frames)
            stream_load.skipped += len(frames)
            self._skipped_at = now

    def _choose_cue(self) -> None:
        """The scorer repeats what it would say of the last repetition; a patient hears it once."""
        state = self._latest
        offered: list[Cue] = []
        if state is not None and state.count != self._cued_count:
            self._cued_count = state.count
            if state.cue is not None:
                offered = [Cue(code=state.cue.code, words=state.cue.words, severity=state.cue.severity)]
        at_s = self._last_ms / 1000.0
        cue = self._cues.offer(offered, at_s=at_s)
        if cue is not None and cue is not self._cue and len(self._cues_said) < MOST_CUES_KEPT:
            self._cues_said.append({"at_s": round(at_s, 2), **cue.to_dict()})
        self._cue = cue

    # What is shown

    @property
    def is_skipping(self) -> bool:
        return time.monotonic() - self._skipped_at < SAY_SKIPPING_S

    def state_message(self, *, ack: int) -> dict[str, Any]:
        """The state for the patient's page: last stored frame, last one looked at, count, phase, cue."""
        message: dict[str, Any] = {
            "type": "state",
            "ack": ack,
            "seen": self._seen,
            "skipping": self.is_skipping or self._is_broken,
            "side": self._side,
        }
        state = self._latest
        if state is None:
            return message | _NOTHING_YET
        message["count"] = self._count
        message["phase"] = state.phase
        message["hold_s"] = state.hold_s
        message["cue"] = self._cue.to_dict() if self._cue else None
        message["limbs"] = state.limbs
        message["not_scored"] = state.not_scored.to_dict() if state.not_scored else None
        message["last"] = state.last
        return message

    def summary(self) -> dict[str, Any]:
        """What a therapist who watches may know: numbers and codes, no words, no landmarks."""
        state = self._latest
        return {
            "set": self._set_ref,
            "count": self._count,
            "phase": state.phase if state else 0.0,
            "hold_s": state.hold_s if state else None,
            "cue": self._cue.code if self._cue else None,
            "severity": self._cue.severity if self._cue else None,
            "not_scored": state.not_scored.code if state and state.not_scored else None,
            "limbs": state.limbs if state else {},
            "skipping": self.is_skipping,
        }

    def finish(self) -> None:
        """No frame comes any more: a last repetition that was cut short may count now."""
        if self._stream is not None and not self._is_broken:
            with self._breaking():
                self._result = self._stream.finish()

    @property
    def _count(self) -> int:
        if self._result is not None:
            return len(self._result.repetitions)
        return self._latest.count if self._latest else 0

    def as_shown(self) -> dict[str, Any]:
        """The live result, kept beside the analysis of the whole recording."""
        result = self._result.to_dict() if self._result else {}
        repetitions = [
            {key: repetition.get(key) for key in ("index", "side", "classification", "reason")}
            for repetition in result.get("repetitions", [])
        ]
        return {
            "count": self._count,
            "repetitions": repetitions,
            "hold_s": result.get("hold_s"),
            "cues": self._cues_said,
            "frames_skipped": self._frames_skipped,
            "scoring_failed": self._is_broken,
            "versions": result.get("versions", {}),
        }


def _scorer_of(opened: OpenStream) -> PostureStream:
    return PostureStream(
        ExerciseRules.from_dict(opened.spec),
        view=opened.view,
        side=opened.side,
        width=opened.width,
        height=opened.height,
    )


_NOTHING_YET: dict[str, Any] = {
    "count": 0,
    "phase": 0.0,
    "hold_s": None,
    "cue": None,
    "limbs": {},
    "not_scored": None,
    "last": None,
}
