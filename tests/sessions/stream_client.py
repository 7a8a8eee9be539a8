"""A patient's page, as far as the stream is concerned: speaks to the ASGI application in this process."""

import asyncio
import json
from typing import Any

from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from clinic.models import User
from tests.factories.sessions import header


def sign_in(user: User) -> bytes:
    """The cookie of a signed-in browser."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}".encode()


class Socket(ApplicationCommunicator):
    """One websocket to the whole ASGI application."""

    def __init__(self, path: str, cookie: bytes | None, *, origin: bytes = b"http://testserver") -> None:
        from clinic.config.asgi import application

        headers = [(b"host", b"testserver"), (b"origin", origin)]
        if cookie:
            headers.append((b"cookie", cookie))
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "headers": headers,
            "subprotocols": [],
            "client": ("127.0.0.1", 5000),
        }
        super().__init__(application, scope)

    async def connect(self) -> dict[str, Any]:
        """The server's first answer: accept or close."""
        await self.send_input({"type": "websocket.connect"})
        return await self.receive_output(10)

    async def send_text(self, text: str) -> None:
        await self.send_input({"type": "websocket.receive", "text": text})

    async def send_bytes(self, payload: bytes) -> None:
        await self.send_input({"type": "websocket.receive", "bytes": payload})

    async def next(self, timeout: float = 5.0) -> dict[str, Any]:
        """The next message, or ``socket_closed`` with its code."""
        output = await self.receive_output(timeout)
        if output["type"] == "websocket.close":
            return {"type": "socket_closed", "code": output.get("code", 1000)}
        return json.loads(output["text"])

    async def vanish(self) -> None:
        """The connection is lost."""
        await self.send_input({"type": "websocket.disconnect", "code": 1006})
        await self.wait(10)


class StreamClient:
    """Says hello, sends frames, and remembers what came back."""

    def __init__(
        self, slug: str, ref: Any, cookie: bytes | None, *, what: str = "sets", **options: Any
    ) -> None:
        self.socket = Socket(f"/ws/c/{slug}/{what}/{ref}/stream/", cookie, **options)
        self.heard: list[dict[str, Any]] = []

    async def open(self) -> None:
        assert (await self.socket.connect())["type"] == "websocket.accept"

    async def hello(self, **changes: Any) -> dict[str, Any]:
        await self.open()
        await self.say({"type": "hello", "header": header(**changes)})
        return await self.until("welcome")

    async def say(self, message: dict[str, Any]) -> None:
        await self.socket.send_text(json.dumps(message))

    async def send(self, payload: bytes) -> None:
        await self.socket.send_bytes(payload)

    async def next(self, timeout: float = 5.0) -> dict[str, Any]:
        message = await self.socket.next(timeout)
        self.heard.append(message)
        return message

    async def until(self, kind: str, timeout: float = 10.0, **fields: Any) -> dict[str, Any]:
        """Read on until a message of this kind (with these values) comes."""
        async with asyncio.timeout(timeout):
            while True:
                message = await self.next(timeout)
                if message["type"] == kind and all(message.get(k) == v for k, v in fields.items()):
                    return message

    async def until_seen(self, sequence: int) -> dict[str, Any]:
        async with asyncio.timeout(15):
            while True:
                message = await self.until("state", timeout=15)
                if message["seen"] >= sequence:
                    return message

    async def vanish(self) -> None:
        """The connection is lost."""
        await self.socket.vanish()
