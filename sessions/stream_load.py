"""What this process's streams have carried, for the benchmark and for whoever watches the server."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class StreamLoad:
    """Counters since the process started; ``frame_to_state_s`` are the latest times from receipt to reply."""

    received: int = 0
    scored: int = 0
    skipped: int = 0
    refused: int = 0
    frame_to_state_s: deque[float] = field(default_factory=lambda: deque(maxlen=200_000))

    def clear(self) -> None:
        self.received = self.scored = self.skipped = self.refused = 0
        self.frame_to_state_s.clear()


stream_load = StreamLoad()
