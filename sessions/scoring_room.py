"""Live scoring of many patients on one core, between the reads of the event loop.

Reading and storing come first: scoring runs in short turns, and each turn serves the sets in the order in
which their frames came. A set whose frames have waited too long loses the oldest of them (for the live view
only; all are stored) and says so.
"""

import asyncio
import time
from collections import deque
from weakref import WeakKeyDictionary

from sessions.live_frames import LiveFrames

TURN_S = 0.006
DRAIN_WITHIN_S = 2.0


class ScoringRoom:
    """The queue of sets that wait to be scored, in one event loop."""

    def __init__(self) -> None:
        self._waiting: deque[LiveFrames] = deque()
        self._wake = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None

    def submit(self, live_frames: LiveFrames) -> None:
        """Put a set in the queue, once; it is scored soon with everything that it holds by then."""
        if live_frames.is_queued or not live_frames.is_ready:
            return
        live_frames.is_queued = True
        self._waiting.append(live_frames)
        self._wake.set()
        if self._worker is None or self._worker.done():
            self._worker = asyncio.get_running_loop().create_task(self._work())

    async def drain(self, live_frames: LiveFrames) -> None:
        """Wait until a set's frames are scored, or its time is up."""
        until = time.monotonic() + DRAIN_WITHIN_S
        while live_frames.has_frames and time.monotonic() < until:
            self.submit(live_frames)
            await asyncio.sleep(0.005)

    async def _work(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                self._take_turn()
                await asyncio.sleep(0)

    def _take_turn(self) -> None:
        until = time.monotonic() + TURN_S
        while self._waiting and time.monotonic() < until:
            live_frames = self._waiting.popleft()
            live_frames.is_queued = False
            live_frames.score(now=time.monotonic())
            if live_frames.has_frames:
                self.submit(live_frames)


_rooms: WeakKeyDictionary[asyncio.AbstractEventLoop, ScoringRoom] = WeakKeyDictionary()


def scoring_room() -> ScoringRoom:
    """The room of the running event loop."""
    loop = asyncio.get_running_loop()
    room = _rooms.get(loop)
    if room is None:
        room = _rooms[loop] = ScoringRoom()
    return room
