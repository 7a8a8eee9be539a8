"""A set while it is being done: its scorer, and what the patient is shown."""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from prescriptions.movement.results import LiveState, SetResult
from sessions.codec import Frames
from sessions.cues import Cue, CueBoard
from sessions.live_frames import LiveFrames
from sessions.services.streams import OpenStream

MOST_CUES_KEPT = 200


class SetScorer(Protocol):
    """Counts and judges one set: from a camera's frames, or from a movement sensor's."""

    def push(self, frames: Frames, *, clock_offset_ms: float) -> LiveState:
        """Take frames; the state after the last."""

    def finish(self) -> SetResult:
        """The whole set."""


class LiveSet(LiveFrames):
    """Scores one set's frames as they come."""

    def __init__(
        self,
        opened: OpenStream,
        *,
        dtype: np.dtype[Any],
        scorer: Callable[[OpenStream], SetScorer],
        on_scored: Callable[[], None],
    ) -> None:
        super().__init__(opened, dtype=dtype, on_scored=on_scored)
        self._side = opened.side
        self._latest: LiveState | None = None
        self._cues = CueBoard()
        self._cue: Cue | None = None
        self._cued_count = 0
        self._last_ms = 0.0
        self._result: SetResult | None = None
        self._cues_said: list[dict[str, Any]] = []
        self._scorer: SetScorer | None = None
        with self._breaking():
            self._scorer = scorer(opened)

    def _push(self, frames: Frames, *, clock_offset_ms: float) -> None:
        if self._scorer is None:
            return
        self._latest = self._scorer.push(frames, clock_offset_ms=clock_offset_ms)
        self._last_ms = float(frames["capture_ms"][-1]) + clock_offset_ms

    def _after_scoring(self) -> None:
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
            "set": self._ref,
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
        if self._scorer is not None and not self._is_broken:
            with self._breaking():
                self._result = self._scorer.finish()

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


_NOTHING_YET: dict[str, Any] = {
    "count": 0,
    "phase": 0.0,
    "hold_s": None,
    "cue": None,
    "limbs": {},
    "not_scored": None,
    "last": None,
}
