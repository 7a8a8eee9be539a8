"""A walk or a timed test while it is recorded: how long, how fast the sensor is, and whether it moves."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sessions.codec import Frames
from sessions.live_frames import LiveFrames
from sessions.motion_codec import IMU_FRAME
from sessions.services.streams import OpenStream

LOOK_BACK_S = 2.0
# At 400 Hz; a clock that hardly moves must not gather samples without end.
MOST_LOOKED_AT = 1000
# Below this rate steps can no longer be told from noise (mobgap and our tests work at 50 Hz and more).
SLOW_HZ = 30.0
# A phone that lies still shows the noise of its sensor only; in a standing person's pocket it shows more.
STILL_M_S2 = 0.12
LONGEST_GAP_S = 1.0
GRAVITY_BAND_M_S2 = (7.0, 12.5)

WORDS = {
    "slow_sensor": "The sensor is slow. Close other programs on this phone.",
    "gap": "The phone slept for a moment. Keep the screen on.",
    "nonsense": "Some readings made no sense and were left out.",
    "wrong_unit": "These readings are not in the usual unit. Use another phone or sensor.",
}


class LiveRecording(LiveFrames):
    """What the patient's page is told of a running recording."""

    def __init__(self, opened: OpenStream, *, on_scored: Callable[[], None]) -> None:
        super().__init__(opened, dtype=IMU_FRAME, on_scored=on_scored)
        self._first_ms: float | None = None
        self._last_ms = 0.0
        self._times: NDArray[np.float64] = np.zeros(0)
        self._forces: NDArray[np.float32] = np.zeros((0, 3), dtype=np.float32)
        self._gap_ms = -1e12
        self._gaps = 0

    def _push(self, frames: Frames, *, clock_offset_ms: float) -> None:
        times = frames["capture_ms"] + clock_offset_ms
        if self._first_ms is None:
            self._first_ms = float(times[0])
            self._last_ms = float(times[0])
        if float(np.diff(times, prepend=self._last_ms).max()) > 1000.0 * LONGEST_GAP_S:
            self._gap_ms = float(times[-1])
            self._gaps += 1
        self._last_ms = float(times[-1])
        all_times = np.concatenate([self._times, times])
        all_forces = np.concatenate([self._forces, frames["acceleration"]])
        recent = np.flatnonzero(all_times > self._last_ms - 1000.0 * LOOK_BACK_S)[-MOST_LOOKED_AT:]
        self._times, self._forces = all_times[recent], all_forces[recent]

    @property
    def seconds(self) -> float:
        """From the first frame to the last."""
        return 0.0 if self._first_ms is None else (self._last_ms - self._first_ms) / 1000.0

    @property
    def rate_hz(self) -> float:
        """Over the last two seconds."""
        if len(self._times) < 2:
            return 0.0
        return float(1000.0 * (len(self._times) - 1) / (self._times[-1] - self._times[0]))

    @property
    def is_still(self) -> bool:
        """Whether the sensor has hardly moved for two seconds."""
        if self.seconds < LOOK_BACK_S or len(self._forces) < 2:
            return False
        return bool(self._forces.std(axis=0).max() < STILL_M_S2)

    def _quality(self) -> dict[str, str] | None:
        code = self._trouble()
        return {"code": code, "words": WORDS[code]} if code else None

    def _trouble(self) -> str:
        if self.seconds < LOOK_BACK_S:
            return ""
        if self.is_still and not self._is_gravity():
            return "wrong_unit"
        if self._last_ms - self._gap_ms < 3000.0:
            return "gap"
        if self.rate_hz < SLOW_HZ:
            return "slow_sensor"
        return "nonsense" if self.left_out else ""

    def _is_gravity(self) -> bool:
        length = float(np.linalg.norm(self._forces.mean(axis=0)))
        return GRAVITY_BAND_M_S2[0] <= length <= GRAVITY_BAND_M_S2[1]

    def state_message(self, *, ack: int) -> dict[str, Any]:
        """Last stored frame, last one looked at, length, rate, and what is wrong if anything is."""
        return {
            "type": "state",
            "ack": ack,
            "seen": self._seen,
            "seconds": round(self.seconds, 2),
            "rate_hz": round(self.rate_hz, 1),
            "still": self.is_still,
            "quality": self._quality(),
        }

    def summary(self) -> dict[str, Any]:
        """Nobody watches a recording live."""
        return {}

    def finish(self) -> None:
        """Nothing is left to do: what was recorded is analysed as a whole."""
        return

    def as_shown(self) -> dict[str, Any]:
        """How the recording looked while it was made."""
        return {
            "seconds": round(self.seconds, 2),
            "gaps": self._gaps,
            "left_out": self.left_out,
            "frames_skipped": self._frames_skipped,
        }
