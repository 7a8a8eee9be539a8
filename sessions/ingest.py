"""The live stream's websocket: a bare ASGI endpoint, because a Channels consumer costs three times as much.

One connection goes hello → welcome → frames and states → end. Frames are checked (frame_gate), held
(unsealed), scored (scoring_room) and stored (services.streams). Only stored frames are acknowledged, so the
patient's page can send the rest again after a lost connection. What kind of frames they are, and what they
are recorded for, is said by a kind (stream_kinds); nothing else here knows.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar
from uuid import UUID, uuid4

import orjson
import structlog
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.db import Error as DatabaseError

from clinic.errors import HouseError, NotFound, TooOften
from clinic.tenancy.sockets import SocketDoor, SocketRefused, authorise_socket
from sessions import events, selectors, services
from sessions.codec import CorruptSegment
from sessions.errors import MotionConsentMissing, RecordingTakenOver
from sessions.frame_gate import FrameGate, Refused
from sessions.scoring_room import scoring_room
from sessions.services.streams import OpenStream, SealedFrames
from sessions.stream_header import BadHeader, SensorHeader, StreamHeader
from sessions.stream_kinds import RECORDING_KINDS, SET_KINDS, StreamKind, kind_of
from sessions.stream_load import stream_load
from sessions.stream_talk import cancel, go_ms_of, parse_text, snake
from sessions.unsealed import UnsealedFrames
from sessions.watchers import Watchers

log = structlog.get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

HELLO_WITHIN_S = 10.0
SILENT_FOR_S = 60.0
HOUSEKEEPING_EVERY_S = 0.5
RECHECK_EVERY_S = 60.0
SUMMARY_EVERY_S = 0.3
CATCH_UP_WITHIN_S = 5.0

CLOSE_NORMAL = 1000
CLOSE_BAD_START = 4400
CLOSE_NOT_FOUND = 4404
CLOSE_SILENT = 4408
CLOSE_OVER = 4409
CLOSE_TAKEN_OVER = 4410
CLOSE_TOO_MUCH = 4429
CLOSE_NOT_STORED = 4500

_live: dict[tuple[int, UUID], "StreamConnection"] = {}


async def stream(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """ASGI application of ``/ws/c/<clinic>/sets/<set>/stream/``."""
    await _answer(scope, receive, send, ref=scope["url_route"]["kwargs"]["set_ref"], kinds=SET_KINDS)


async def recording_stream(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """ASGI application of ``/ws/c/<clinic>/recordings/<recording>/stream/``."""
    ref = scope["url_route"]["kwargs"]["recording_ref"]
    await _answer(scope, receive, send, ref=ref, kinds=RECORDING_KINDS)


async def _answer(
    scope: dict[str, Any], receive: Receive, send: Send, *, ref: UUID, kinds: dict[str, StreamKind]
) -> None:
    await receive()
    try:
        door = await authorise_socket(scope)
    except SocketRefused as refused:
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": refused.code})
        return
    await send({"type": "websocket.accept"})
    await StreamConnection(receive, send, door=door, ref=ref, kinds=kinds).run()


class StreamConnection:
    """One patient's connection to one set or recording."""

    def __init__(
        self, receive: Receive, send: Send, *, door: SocketDoor, ref: UUID, kinds: dict[str, StreamKind]
    ) -> None:
        self._receive = receive
        self._send = send
        self._door = door
        self._clinic_id = door.clinic.pk
        self._key = (self._clinic_id, ref)
        self._kinds = kinds
        self._connection = uuid4()
        self._stop = asyncio.Event()
        self._finished = asyncio.Event()
        self._state_due = asyncio.Event()
        self._storing = asyncio.Lock()
        self._close_code = CLOSE_NORMAL
        self._ended = False
        self._gone = False
        self._heard_at = time.monotonic()
        self._watchers = Watchers()

    async def run(self) -> None:
        """Serve the connection until it ends, is lost, or is taken over by a newer one."""
        try:
            opened = await self._open()
            if opened is not None:
                await self._serve(opened)
        finally:
            if _live.get(self._key) is self:
                del _live[self._key]
            self._finished.set()

    async def retire(self) -> None:
        """Give way to a newer connection: store what is held, close, and wait until that is done."""
        self._stop_with(CLOSE_TAKEN_OVER)
        await self._finished.wait()

    # Opening

    async def _open(self) -> OpenStream | None:
        header = await self._hello()
        if header is None:
            return None
        try:
            # Only then may it take the place of the patient's older connection.
            await self._in_thread(self._kind.check_own, self._door.membership, self._key[1])
        except HouseError as error:
            await self._refuse_to_open(error)
            return None
        older = _live.get(self._key)
        _live[self._key] = self
        if older is not None:
            await older.retire()
        try:
            return await self._in_thread(
                self._kind.open,
                self._key[1],
                membership=self._door.membership,
                header=header,
                connection=self._connection,
            )
        except HouseError as error:
            await self._refuse_to_open(error)
            return None

    async def _refuse_to_open(self, error: HouseError) -> None:
        code = CLOSE_NOT_FOUND if isinstance(error, NotFound) else CLOSE_OVER
        await self._say({"type": "error", "code": snake(type(error).__name__), "words": error.words})
        await self._close(code)

    async def _hello(self) -> StreamHeader | SensorHeader | None:
        try:
            message = await asyncio.wait_for(self._receive(), HELLO_WITHIN_S)
            if message["type"] != "websocket.receive":
                return None
            said = parse_text(message.get("text"))
            if said.get("type") != "hello":
                raise BadHeader("type")
            self._kind = kind_of(said.get("header"), among=self._kinds)
            return self._kind.parse_header(said.get("header"))
        except TimeoutError:
            words = "No greeting came. Load the page again."
            await self._say({"type": "error", "code": "no_hello", "words": words})
        except BadHeader as error:
            words = f"The stream's header is not right ({error.field}). Load the page again."
            await self._say({"type": "error", "code": "bad_header", "words": words})
        await self._close(CLOSE_BAD_START)
        return None

    # Serving

    async def _serve(self, opened: OpenStream) -> None:
        now = time.monotonic()
        self._opened = opened
        self._note_go = self._kind.note_go
        self._next_to_store = opened.next_sequence
        self._gate = FrameGate(
            next_sequence=opened.next_sequence,
            last_capture_ms=-math.inf if opened.last_capture_ms is None else opened.last_capture_ms,
            clock_offset_ms=opened.clock_offset_ms,
            now=now,
            away_s=opened.away_s,
            format=self._kind.format,
            limits=self._kind.limits(),
        )
        self._unsealed = UnsealedFrames(clock_offset_ms=opened.clock_offset_ms, codec=self._kind.format.codec)
        self._live_frames = self._kind.live(opened, self._state_due.set)
        await self._say(
            {"type": "welcome", "next_sequence": opened.next_sequence, "server_ms": time.time() * 1000}
        )
        reader = asyncio.create_task(self._read())
        stopper = asyncio.create_task(self._stop.wait())
        self._catching_up = asyncio.create_task(self._catch_up())
        side_jobs = (self._write_states(), self._keep_house(), self._listen())
        beside = [asyncio.create_task(job) for job in side_jobs]
        try:
            await asyncio.wait({reader, stopper}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Not while frames are on their way to the database: they would be neither held nor stored.
            async with self._storing:
                await cancel([reader, stopper, *beside])
            await self._leave()

    async def _read(self) -> None:
        while not (self._ended or self._stop.is_set()):
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                self._gone = True
                return
            self._heard_at = time.monotonic()
            payload = message.get("bytes")
            if payload is not None:
                await self._take_frames(payload)
            else:
                await self._take_text(message.get("text"))

    async def _take_frames(self, payload: bytes) -> None:
        now = self._heard_at
        try:
            admitted = self._gate.admit(payload, now=now)
        except Refused as refused:
            await self._tell_refused(refused)
            return
        if not admitted.count:
            self._state_due.set()
            return
        self._unsealed.add(admitted, now=now)
        self._live_frames.add(admitted.frames, received_at=now, left_out=admitted.left_out)
        scoring_room().submit(self._live_frames)

    async def _tell_refused(self, refused: Refused) -> None:
        stream_load.refused += 1
        await self._say(
            {
                "type": "error",
                "code": refused.code,
                "words": refused.words,
                "next_sequence": refused.next_sequence,
            }
        )
        if self._gate.has_given_up:
            self._stop_with(CLOSE_TOO_MUCH)

    async def _take_text(self, text: str | None) -> None:
        said = parse_text(text)
        if said.get("type") == "end":
            self._ended = True
            return
        if self._note_go is not None and (go_ms := go_ms_of(said)) is not None:
            note, self._note_go = self._note_go, None
            await self._in_thread(note, self._opened, go_ms)
            return
        await self._say({"type": "error", "code": "not_understood", "words": "That was not understood."})
        self._gate.count_nonsense(now=self._heard_at)
        if self._gate.has_given_up:
            self._stop_with(CLOSE_TOO_MUCH)

    async def _write_states(self) -> None:
        while True:
            await self._state_due.wait()
            self._state_due.clear()
            await self._say(self._state())
            self._live_frames.mark_shown()
            await self._tell_watchers()

    def _state(self) -> dict[str, Any]:
        return self._live_frames.state_message(ack=self._next_to_store - 1)

    async def _catch_up(self) -> None:
        """Bring a new scorer to where the stored frames end, beside the running stream."""
        if self._opened.next_sequence:
            try:
                stored = await self._in_thread(selectors.stored_frames, self._opened.recording_id)
            except CorruptSegment:
                log.exception("segment_corrupt", recording=self._opened.recording_id)
                stored = []
            await asyncio.to_thread(self._live_frames.replay, stored)
        self._live_frames.begin(now=time.monotonic())
        scoring_room().submit(self._live_frames)

    # Housekeeping

    async def _keep_house(self) -> None:
        checked_at = time.monotonic()
        while True:
            await asyncio.sleep(HOUSEKEEPING_EVERY_S)
            now = time.monotonic()
            if self._unsealed.is_due(now=now):
                await self._store()
            if now - self._heard_at > SILENT_FOR_S:
                self._stop_with(CLOSE_SILENT)
            if now - checked_at > RECHECK_EVERY_S:
                checked_at = now
                await self._recheck()
            if self._watchers.forget_silent(now=now):
                await self._say_watching()

    async def _recheck(self) -> None:
        try:
            await self._door.recheck(active=True)
        except SocketRefused as refused:
            self._stop_with(refused.code)

    async def _store(self) -> bool:
        """Store what is held.

        False when it could not be stored (it is held on to) or is another's to store.
        """
        async with self._storing:
            if not self._unsealed.count:
                return True
            sealed = self._unsealed.take()
            try:
                self._next_to_store = await self._in_thread(
                    services.store_segment,
                    self._opened.recording_id,
                    sealed,
                    connection=self._connection,
                )
            except RecordingTakenOver:
                self._stop_with(CLOSE_TAKEN_OVER)
                return False
            except (MotionConsentMissing, TooOften):
                self._stop_with(CLOSE_OVER)
                return False
            except DatabaseError:
                await self._could_not_store(sealed)
                return False
            self._state_due.set()
        return True

    async def _could_not_store(self, sealed: SealedFrames) -> None:
        log.exception("segment_not_stored", recording=self._opened.recording_id)
        self._unsealed.put_back(sealed, now=time.monotonic())
        words = "We could not save the last seconds yet. We keep trying."
        await self._say({"type": "error", "code": "not_stored", "words": words})
        if self._unsealed.is_overfull:
            self._stop_with(CLOSE_NOT_STORED)

    # Leaving

    async def _leave(self) -> None:
        if self._ended:
            await asyncio.wait({self._catching_up}, timeout=CATCH_UP_WITHIN_S)
        # A thread cannot be cancelled: tell it to stop, and wait, before its scorer is asked for the result.
        self._live_frames.stop_replay()
        await asyncio.wait({self._catching_up})
        await scoring_room().drain(self._live_frames)
        stored = await self._store()
        self._live_frames.finish()
        as_shown = self._live_frames.as_shown()
        if self._ended and stored:
            await self._in_thread(self._kind.finish, self._opened, as_shown)
            await self._say(self._state())
        else:
            await self._in_thread(self._kind.keep, self._opened, as_shown)
        await self._in_thread(services.note_stream_left, self._opened, frames=self._gate.expected)
        if self._ended and not stored and self._close_code == CLOSE_NORMAL:
            self._close_code = CLOSE_NOT_STORED
        if self._close_code == CLOSE_NORMAL:
            await self._say({"type": "closed"})
        await self._close(self._close_code)

    def _stop_with(self, code: int) -> None:
        self._close_code = code
        self._stop.set()

    async def _close(self, code: int) -> None:
        await self._send_or_give_up({"type": "websocket.close", "code": code})
        self._gone = True

    async def _say(self, message: dict[str, Any]) -> None:
        await self._send_or_give_up({"type": "websocket.send", "text": orjson.dumps(message).decode()})

    async def _send_or_give_up(self, message: dict[str, Any]) -> None:
        """A patient's page may vanish at any moment; what it sent is stored all the same."""
        if self._gone:
            return
        try:
            await self._send(message)
        except (RuntimeError, OSError):
            self._gone = True

    async def _in_thread(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Database work, off the event loop, in the clinic's scope and the patient's name."""

        def scoped() -> R:
            with self._door.scope():
                return function(*args, **kwargs)

        # Unlike sync_to_async it replaces a connection that a restart of the database has broken.
        return await database_sync_to_async(scoped)()

    # Watching live

    async def _listen(self) -> None:
        """Hear from other processes: who watches, and when to close."""
        layer = get_channel_layer()
        if layer is None:
            return
        group = events.control_group(self._clinic_id, self._opened.control_ref)
        channel = await layer.new_channel()
        await layer.group_add(group, channel)
        try:
            while True:
                await self._hear(await layer.receive(channel))
        finally:
            await layer.group_discard(group, channel)

    async def _hear(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "stream_close" and message["set"] in ("", str(self._key[1])):
            self._stop_with(CLOSE_OVER)
        elif kind == "stream_watched":
            if self._watchers.heard_from(message["watcher"], now=time.monotonic()):
                await self._learn_name(message["watcher"])
        elif kind == "stream_unwatched":
            self._watchers.forget(message["watcher"])
            await self._say_watching()

    async def _learn_name(self, watcher_ref: str) -> None:
        """Names travel by the database, not by the channel layer."""
        name = await self._in_thread(
            selectors.watcher_name, watcher_ref, session_ref=self._opened.control_ref
        )
        if name is None:
            self._watchers.forget(watcher_ref)
            return
        self._watchers.name(watcher_ref, name)
        await self._say_watching()

    async def _say_watching(self) -> None:
        await self._say({"type": "watching", "names": self._watchers.names()})

    async def _tell_watchers(self) -> None:
        now = time.monotonic()
        layer = get_channel_layer()
        if layer is None or not self._watchers.is_due(now=now, every_s=SUMMARY_EVERY_S):
            return
        group = events.watch_group(self._clinic_id, self._opened.control_ref)
        await layer.group_send(group, {"type": "live_summary", "summary": self._live_frames.summary()})
