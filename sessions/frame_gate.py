"""Which frames of a live stream are let in. Pure: the clock is handed in, nothing is stored here."""

import math
from dataclasses import dataclass

from sessions.codec import POSE_FORMAT, BadFrames, FrameFormat, Frames

NOMINAL_HZ = 30.0
REFILL_HZ = 75.0
FIRST_BURST_FRAMES = 150.0
LARGEST_BURST_FRAMES = 18_000.0
LONGEST_SET_FRAMES = 120_000
LATEST_TIME_MS = 1e13
LONGEST_PAUSE_MS = 600_000.0
MOST_REPEATED_FRAMES = 3000.0
STRIKES_ALLOWED = 40.0
STRIKES_FORGIVEN_PER_S = 1.0

# A movement sensor: phones give 60 readings a second, worn sensors 50 to 200.
IMU_NOMINAL_HZ = 100.0
IMU_REFILL_HZ = 300.0
IMU_FIRST_BURST_FRAMES = 1500.0
IMU_LARGEST_BURST_FRAMES = 120_000.0
IMU_LONGEST_FRAMES = 720_000
IMU_MOST_REPEATED_FRAMES = 20_000.0
# What was kept back comes late, never early: a clock that runs away from ours would make days out of seconds.
IMU_MOST_AHEAD_S = 600.0

WORDS = {
    "wrong_length": "A message had the wrong length. What was received before is safe.",
    "too_many_frames": "A message held too many frames. Send fewer at a time.",
    "not_a_number": "A frame held values that are not numbers. It was left out.",
    "time_backwards": "A frame was older than the one before it. It was left out.",
    "time_jump": "The clock of the camera or sensor jumped. Finish here and start again.",
    "sequence_gap": "Some frames are missing. Send again from the number given.",
    "too_fast": "Frames come faster than they are made. Slow down, send again from the number given.",
    "set_too_long": "This recording is too long. Finish it and start another.",
}


class Refused(Exception):
    """A message that was not let in. ``next_sequence`` is the frame that is expected next."""

    def __init__(self, code: str, *, next_sequence: int) -> None:
        super().__init__(code)
        self.code = code
        self.words = WORDS[code]
        self.next_sequence = next_sequence


@dataclass(frozen=True, slots=True)
class GateLimits:
    """What one stream may send: frames a second, at once, in all, sent again; how far its clock may run."""

    nominal_hz: float
    refill_hz: float
    first_burst: float
    largest_burst: float
    longest: int
    most_repeated: float
    most_ahead_s: float = math.inf


def pose_limits() -> GateLimits:
    """For a camera."""
    return GateLimits(
        nominal_hz=NOMINAL_HZ,
        refill_hz=REFILL_HZ,
        first_burst=FIRST_BURST_FRAMES,
        largest_burst=LARGEST_BURST_FRAMES,
        longest=LONGEST_SET_FRAMES,
        most_repeated=MOST_REPEATED_FRAMES,
    )


def imu_limits() -> GateLimits:
    """For a movement sensor."""
    return GateLimits(
        nominal_hz=IMU_NOMINAL_HZ,
        refill_hz=IMU_REFILL_HZ,
        first_burst=IMU_FIRST_BURST_FRAMES,
        largest_burst=IMU_LARGEST_BURST_FRAMES,
        longest=IMU_LONGEST_FRAMES,
        most_repeated=IMU_MOST_REPEATED_FRAMES,
        most_ahead_s=IMU_MOST_AHEAD_S,
    )


@dataclass(frozen=True, slots=True)
class Admitted:
    """New frames of a message, duplicates removed; ``raw`` are their bytes exactly as received.

    ``left_out`` counts frames that held nonsense beside sound ones.
    """

    frames: Frames
    raw: bytes
    left_out: int = 0

    @property
    def count(self) -> int:
        return len(self.frames)


class FrameGate:
    """Checks one stream's messages: a camera's unless told otherwise.

    Whole frames, finite, in order, once, not older, not too fast, not endless.
    """

    def __init__(
        self,
        *,
        next_sequence: int,
        last_capture_ms: float,
        clock_offset_ms: float,
        now: float,
        away_s: float = 0.0,
        format: FrameFormat = POSE_FORMAT,
        limits: GateLimits | None = None,
    ) -> None:
        """``last_capture_ms`` is on the recording's clock; ``now`` in seconds.

        ``away_s`` since the last frame.
        """
        self._format = format
        self._limits = limits or pose_limits()
        self.expected = next_sequence
        self.last_capture_ms = last_capture_ms
        self.clock_offset_ms = clock_offset_ms
        catch_up = 1.5 * self._limits.nominal_hz * max(0.0, away_s)
        self.tokens = min(self._limits.largest_burst, self._limits.first_burst + catch_up)
        self.repeats = self._limits.most_repeated
        self.strikes = 0.0
        self._refilled_at = now
        # A moment on the recording's clock, ms, and on ours, s.
        self._known = (last_capture_ms, now - max(0.0, away_s))

    @property
    def has_given_up(self) -> bool:
        """Whether so many messages were refused that the connection should be closed."""
        return self.strikes > STRIKES_ALLOWED

    def admit(self, payload: bytes, *, now: float) -> Admitted:
        """Let a message in, or raise ``Refused``."""
        self._refill(now)
        try:
            frames = self._format.decode(payload)
        except BadFrames as error:
            raise self._refuse(error.code) from error
        frames, raw = self._drop_duplicates(frames, payload)
        if not len(frames):
            return Admitted(frames=frames, raw=raw)
        self._check_rate(len(frames))
        # Bad contents use up their sequence numbers, else a client that sends them again would never get on.
        self.expected += len(frames)
        sound = self._leave_out_nonsense(frames, raw)
        self._check_times(sound.frames)
        return sound

    def count_nonsense(self, *, now: float) -> None:
        """A message that is no frames and means nothing counts like one that was refused."""
        self._refill(now)
        self.strikes += 1.0

    def _drop_duplicates(self, frames: Frames, payload: bytes) -> tuple[Frames, bytes]:
        sequence = frames["sequence"].tolist()
        first = sequence[0]
        if sequence != list(range(first, first + len(sequence))) or first > self.expected:
            raise self._refuse("sequence_gap")
        already = min(self.expected - first, len(sequence))
        if not already:
            return frames, payload
        self.repeats -= already
        if self.repeats < 0.0:
            raise self._refuse("too_fast")
        return frames[already:], payload[already * self._format.frame_bytes :]

    def _check_rate(self, count: int) -> None:
        if self.expected + count > self._limits.longest:
            self.strikes = STRIKES_ALLOWED
            raise self._refuse("set_too_long")
        if self.tokens < count:
            raise self._refuse("too_fast")
        self.tokens -= count

    def _leave_out_nonsense(self, frames: Frames, raw: bytes) -> Admitted:
        sound = self._format.sound(frames, raw)
        if sound is None:
            return Admitted(frames=frames, raw=raw)
        if not sound.any():
            raise self._refuse("not_a_number")
        self.strikes += 1.0
        kept = frames[sound]
        return Admitted(frames=kept, raw=kept.tobytes(), left_out=len(frames) - len(kept))

    def _check_times(self, frames: Frames) -> None:
        previous = self.last_capture_ms - self.clock_offset_ms
        for time in frames["capture_ms"].tolist():
            fault = _time_fault(time, previous)
            if fault:
                raise self._refuse(fault)
            previous = time
        if len(frames):
            self._check_pace_of_clock(float(frames["capture_ms"][0]), previous)
        self.last_capture_ms = previous + self.clock_offset_ms

    def _check_pace_of_clock(self, first_ms: float, last_ms: float) -> None:
        known_ms, known_s = self._known
        if not math.isfinite(known_ms):
            known_ms, known_s = self._known = (first_ms + self.clock_offset_ms, self._refilled_at)
        passed_s = self._refilled_at - known_s
        if last_ms + self.clock_offset_ms - known_ms > 1000.0 * (passed_s + self._limits.most_ahead_s):
            raise self._refuse("time_jump")

    def _refill(self, now: float) -> None:
        elapsed = max(0.0, now - self._refilled_at)
        self._refilled_at = now
        limits = self._limits
        self.tokens = max(self.tokens, min(limits.first_burst, self.tokens + limits.refill_hz * elapsed))
        self.repeats = min(limits.most_repeated, max(0.0, self.repeats) + limits.refill_hz * elapsed)
        self.strikes = max(0.0, self.strikes - STRIKES_FORGIVEN_PER_S * elapsed)

    def _refuse(self, code: str) -> Refused:
        self.strikes += 1.0
        return Refused(code, next_sequence=self.expected)


def _time_fault(time_ms: float, previous_ms: float) -> str | None:
    """What is wrong with a capture time; ``previous_ms`` is minus infinity before the first frame."""
    if not math.isfinite(time_ms) or abs(time_ms) > LATEST_TIME_MS:
        return "not_a_number"
    if time_ms <= previous_ms:
        return "time_backwards"
    if time_ms - previous_ms > LONGEST_PAUSE_MS and math.isfinite(previous_ms):
        return "time_jump"
    return None
