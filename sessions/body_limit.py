"""Refuse a request that is too large before its body is read.

Django under ASGI stores the whole body on disk before any view runs, so the length is looked at one layer
further out.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from clinic.models.membership import CLINICAL_ROLES
from clinic.tenancy.sockets import is_let_in
from sessions.services.videos import ROOM_FOR_FIELDS, largest_video_bytes

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

UPLOAD_PATH = re.compile(r"^/c/(?P<slug>[a-z0-9-]+)/patients/[0-9a-f-]{36}/video/$")
LARGEST_OTHER_BYTES = 4 * 1024 * 1024
PAGE = (
    '<!doctype html><html lang="en-gb"><title>Too large</title>'
    '<main><form class="form"><p class="error" role="alert">'
    "This file is too large. The limit is {limit:,.0f} MB. Film a shorter set, or at a lower quality. "
    "Nothing was stored.</p></form></main></html>"
)


class BodyTooLarge(Exception):
    """A body without an announced length went over the limit while it was read."""


def limit_body(app: App) -> App:
    """Wrap an ASGI application: a body over its address's limit is answered with 413."""

    async def limited(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        limit = limit_for(scope["path"])
        if _announced(scope) > limit:
            await _refuse(send, limit)
            return
        if limit > LARGEST_OTHER_BYTES and scope.get("method") == "POST" and not await _may_upload(scope):
            # The door answers; a stranger's film is not written to our disk before it does.
            await app(scope, _nothing, send)
            return
        try:
            await app(scope, _counted(receive, limit), send)
        except BodyTooLarge:
            await _refuse(send, limit)

    return limited


async def _may_upload(scope: Message) -> bool:
    path = UPLOAD_PATH.match(scope["path"])
    return path is not None and await is_let_in(scope, slug=path["slug"], roles=CLINICAL_ROLES)


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def limit_for(path: str) -> int:
    """The most bytes that an address takes."""
    return largest_video_bytes() + ROOM_FOR_FIELDS if UPLOAD_PATH.match(path) else LARGEST_OTHER_BYTES


def _announced(scope: Message) -> int:
    for name, value in scope["headers"]:
        if name.lower() == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _counted(receive: Receive, limit: int) -> Receive:
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise BodyTooLarge
        return message

    return counted


async def _refuse(send: Send, limit: int) -> None:
    body = PAGE.format(limit=limit / 1e6).encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        (b"content-security-policy", b"default-src 'none'"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
