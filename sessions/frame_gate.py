"""Which frames of a live stream are let in. Pure: the clock is handed in, nothing is stored here."""

import math
from dataclasses import dataclass

from sessions.codec import FRAME_BYTES, BadFrames, Frames, all_finite, decode_frames

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

WORDS = {
    "wrong_length": "A message had the wrong length. What was received before is safe.",
    "too_many_frames": "A message held too many frames. Send at most 30 at a time.",
    "not_a_number": "A frame held values that are not numbers. It was left out.",
    "time_backwards": "A frame was older than the one before it. It was left out.",
    "time_jump": "The camera's clock jumped. Finish this set and start another.",
    "sequence_gap": "Some frames are missing. Send again from the number given.",
    "too_fast": "Frames come faster than a camera makes them. Slow down, send again from the number given.",
    "set_too_long": "This set is too long. Finish it and start another.",
}


class Refused(Exception):
    """A message that was not let in. ``next_sequence`` is the frame that is expected next."""

    def __init__(self, code: str, *, next_sequence: int) -> None:
        super().__init__(code)
        self.code = code
        self.words = WORDS[code]
        self.next_sequence = next_sequence


@dataclass(frozen=True, slots=True)
class Admitted:
    """New frames of a message, duplicates removed; ``raw`` are their bytes exactly as received."""

    frames: Frames
    raw: bytes

    @property
    def count(self) -> int:
        return len(self.frames)


class FrameGate:
    """Checks one stream's messages.

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
    ) -> None:
        """``last_capture_ms`` is on the recording's clock; ``now`` in seconds.

        ``away_s`` since the last frame.
        """
        self.expected = next_sequence
        self.last_capture_ms = last_capture_ms
        self.clock_offset_ms = clock_offset_ms
        self.tokens = min(LARGEST_BURST_FRAMES, FIRST_BURST_FRAMES + 1.5 * NOMINAL_HZ * max(0.0, away_s))
        self.repeats = MOST_REPEATED_FRAMES
        self.strikes = 0.0
        self._refilled_at = now

    @property
    def has_given_up(self) -> bool:
        """Whether so many messages were refused that the connection should be closed."""
        return self.strikes > STRIKES_ALLOWED

    def admit(self, payload: bytes, *, now: float) -> Admitted:
        """Let a message in, or raise ``Refused``."""
        self._refill(now)
        try:
            frames = decode_frames(payload)
        except BadFrames as error:
            raise self._refuse(error.code) from error
        frames, raw = self._drop_duplicates(frames, payload)
        if len(frames):
            self._check_rate(len(frames))
            self._check_contents(frames, raw)
        return Admitted(frames=frames, raw=raw)

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
        return frames[already:], payload[already * FRAME_BYTES :]

    def _check_rate(self, count: int) -> None:
        if self.expected + count > LONGEST_SET_FRAMES:
            self.strikes = STRIKES_ALLOWED
            raise self._refuse("set_too_long")
        if self.tokens < count:
            raise self._refuse("too_fast")
        self.tokens -= count

    def _check_contents(self, frames: Frames, raw: bytes) -> None:
        # Bad contents use up their sequence numbers, else a client that sends them again would never get on.
        self.expected += len(frames)
        if not all_finite(raw):
            raise self._refuse("not_a_number")
        previous = self.last_capture_ms - self.clock_offset_ms
        for time in frames["capture_ms"].tolist():
            fault = _time_fault(time, previous)
            if fault:
                raise self._refuse(fault)
            previous = time
        self.last_capture_ms = previous + self.clock_offset_ms

    def _refill(self, now: float) -> None:
        elapsed = max(0.0, now - self._refilled_at)
        self._refilled_at = now
        self.tokens = max(self.tokens, min(FIRST_BURST_FRAMES, self.tokens + REFILL_HZ * elapsed))
        self.repeats = min(MOST_REPEATED_FRAMES, max(0.0, self.repeats) + REFILL_HZ * elapsed)
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
