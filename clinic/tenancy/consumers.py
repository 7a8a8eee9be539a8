"""Door 2, websockets: a Channels consumer that runs each message inside the clinic's scope, for members
only.
"""

import asyncio
import contextlib
from typing import Any

import orjson
from asgiref.sync import sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from clinic.errors import HouseError
from clinic.models import Clinic, Membership, User
from clinic.tenancy.sockets import (
    NOT_FOUND,
    RECHECK_SECONDS,
    SocketDoor,
    SocketRefused,
    authorise_socket,
)

NOT_UNDERSTOOD = 4400
LONGEST_MESSAGE = 4096

__all__ = ["NOT_FOUND", "ClinicConsumer", "SocketDoor", "SocketRefused", "authorise_socket"]


class ClinicConsumer(AsyncJsonWebsocketConsumer):
    """Base of every Channels consumer under /ws/c/<clinic_slug>/.

    A subclass answers `authorise` (raise a HouseError, or return normally to let the person in) and may
    join groups in `joined`. Both, and every later message, run inside the clinic's scope in the person's
    name.
    """

    door: SocketDoor | None = None
    recheck_seconds: float = RECHECK_SECONDS
    groups: list[str] = []
    _watch: "asyncio.Task[None] | None" = None
    _has_departed = False
    _has_been_let_go = False

    @property
    def user(self) -> User:
        """The signed-in user."""
        return self._open_door.user

    @property
    def clinic(self) -> Clinic:
        """The clinic of this socket."""
        return self._open_door.clinic

    @property
    def membership(self) -> Membership:
        """The person's membership, as it was when the socket was opened."""
        return self._open_door.membership

    @property
    def _open_door(self) -> SocketDoor:
        if self.door is None:
            raise SocketRefused(NOT_FOUND)
        return self.door

    def authorise(self) -> None:
        """Decide with a selector whether this member may join; raise NotFound or Forbidden to refuse. Runs
        in a thread.
        """
        raise NotImplementedError(f"{type(self).__name__} must say who may join")

    def still_allowed(self) -> None:
        """Asked again while the socket is open; raise NotFound or Forbidden to end it. Runs in a thread."""

    async def joined(self) -> None:
        """Join groups, send a first message."""

    async def left(self) -> None:
        """Leave groups, write the audit line of leaving."""

    async def connect(self) -> None:
        # A socket that is refused before it is accepted gets no close code, and its page would try again
        # for ever.
        await self.accept()
        slug = (self.scope.get("url_route") or {}).get("kwargs", {}).get("clinic_slug")
        try:
            self.door = await authorise_socket(self.scope, slug=slug)
            with self.door.scope():
                await sync_to_async(self.authorise)()
                await self.joined()
        except SocketRefused as refused:
            self.door = None
            await self.close(code=refused.code)
        except HouseError:
            self.door = None
            await self.close(code=NOT_FOUND)
        else:
            self._watch = asyncio.ensure_future(self._look_again())

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any
    ) -> None:
        """Hand a JSON object on to `receive_json`; whoever sends anything else is let go."""
        said = _read_object(text_data)
        if said is None:
            await self._let_go()
        else:
            await self.receive_json(said, **kwargs)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Most pages listen only: a subclass that expects messages says so."""
        await self._let_go()

    async def _let_go(self) -> None:
        if not self._has_been_let_go:
            self._has_been_let_go = True
            await self.close(code=NOT_UNDERSTOOD)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        # A consumer that dies of an error gets no disconnect: it must not stay in its groups all the same.
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._depart()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Run one message inside the scope. Before the door is open only connecting and disconnecting are
        possible.
        """
        if self.door is None:
            if message["type"] in {"websocket.connect", "websocket.disconnect"}:
                await super().dispatch(message)
            return
        with self.door.scope():
            await super().dispatch(message)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        await self._depart()
        if self.door is None:
            raise StopConsumer()
        await super().websocket_disconnect(message)

    async def _depart(self) -> None:
        """Leave once, however the socket ended."""
        if self._has_departed:
            return
        self._has_departed = True
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        if self.door is None:
            return
        with self.door.scope(), contextlib.suppress(HouseError):
            await self.left()
        for group in self.groups:
            await self.channel_layer.group_discard(group, self.channel_name)

    async def _look_again(self) -> None:
        while self.door is not None:
            await asyncio.sleep(self.recheck_seconds)
            try:
                await self.door.recheck()
                with self.door.scope():
                    await sync_to_async(self.still_allowed)()
            except SocketRefused as refused:
                await self.close(code=refused.code)
                return
            except HouseError:
                await self.close(code=NOT_FOUND)
                return


def _read_object(text: str | None) -> dict[str, Any] | None:
    """A JSON object of a reasonable size, or None."""
    if text is None or len(text) > LONGEST_MESSAGE:
        return None
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return said if isinstance(said, dict) else None
