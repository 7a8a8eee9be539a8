"""Door 2, websockets: a Channels consumer that runs each message inside the clinic's scope, for members
only.
"""

import asyncio
import contextlib
from typing import Any

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

__all__ = ["NOT_FOUND", "ClinicConsumer", "SocketDoor", "SocketRefused", "authorise_socket"]


class ClinicConsumer(AsyncJsonWebsocketConsumer):
    """Base of every Channels consumer under /ws/c/<clinic_slug>/.

    A subclass answers `authorise` (raise a HouseError, or return normally to let the person in) and may
    join groups in `joined`. Both, and every later message, run inside the clinic's scope in the person's
    name.
    """

    door: SocketDoor | None = None
    recheck_seconds: float = RECHECK_SECONDS
    _watch: "asyncio.Task[None] | None" = None

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
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        if self.door is None:
            raise StopConsumer()
        with contextlib.suppress(HouseError):
            await self.left()
        await super().websocket_disconnect(message)

    async def _look_again(self) -> None:
        while self.door is not None:
            await asyncio.sleep(self.recheck_seconds)
            try:
                await self.door.recheck()
            except SocketRefused as refused:
                await self.close(code=refused.code)
                return
