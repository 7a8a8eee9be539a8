"""Refuse a request that is too large before its body is read.

Django under ASGI stores the whole body on disk before any view runs, so the length, and what room the disk
has, are looked at one layer further out.
"""

import re
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from clinic.models import Role
from clinic.models.membership import CLINICAL_ROLES
from clinic.tenancy.sockets import is_let_in
from sessions.services.movement.uploads import (
    LOOK_AT_DISK_EVERY_BYTES,
    NO_ROOM,
    SPARE_BYTES,
    largest_movement_bytes,
)
from sessions.services.videos import ROOM_FOR_FIELDS, largest_video_bytes

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class UploadAddress:
    """An address that takes more than a form: how much, from whom, and what helps when it is too much."""

    path: re.Pattern[str]
    largest_bytes: Callable[[], int]
    roles: tuple[str, ...]
    advice: str


SLUG = r"^/c/(?P<slug>[a-z0-9-]+)/"
PATIENT_PATH = SLUG + r"patients/[0-9a-f-]{36}/"
SLUG_OF = re.compile(SLUG)
FEWER_FILES = "Send fewer files at once, or a shorter recording."
UPLOADS = [
    UploadAddress(
        re.compile(PATIENT_PATH + r"video/$"),
        largest_video_bytes,
        tuple(CLINICAL_ROLES),
        "Film a shorter set, or at a lower quality.",
    ),
    UploadAddress(
        re.compile(PATIENT_PATH + r"movement/upload/$"),
        largest_movement_bytes,
        tuple(CLINICAL_ROLES),
        FEWER_FILES,
    ),
    UploadAddress(
        re.compile(SLUG + r"movement/upload/$"),
        largest_movement_bytes,
        (Role.PATIENT,),
        FEWER_FILES,
    ),
]
LARGEST_OTHER_BYTES = 4 * 1024 * 1024
PAGE = (
    '<!doctype html><html lang="en-gb"><title>Too large</title>'
    '<main><form class="form"><p class="error" role="alert">{words}</p></form></main></html>'
)
TOO_LARGE = "This is too large. The limit is {limit:,.0f} MB. {advice} Nothing was stored."


class BodyTooLarge(Exception):
    """A body without an announced length went over the limit while it was read."""


class DiskFull(Exception):
    """A body would take the room that the disk needs for everything else."""


def limit_body(app: App) -> App:
    """Wrap an ASGI application: a body over its address's limit is answered with 413."""

    async def limited(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        # A film or a sensor file is posted; with any other method a long body is only a way to fill the disk.
        limit = limit_for(scope["path"]) if scope.get("method") == "POST" else LARGEST_OTHER_BYTES
        if _announced(scope) > limit:
            await _refuse(send, limit, advice=advice_for(scope["path"]))
            return
        if limit > LARGEST_OTHER_BYTES and not await _may_upload(scope):
            # The door answers; a stranger's film is not written to our disk before it does.
            await app(scope, _nothing, send)
            return
        if limit > LARGEST_OTHER_BYTES and not has_room(_announced(scope)):
            await _answer(send, 413, NO_ROOM)
            return
        try:
            await app(scope, _counted(receive, limit), send)
        except DiskFull:
            await _answer(send, 413, NO_ROOM)
        except BodyTooLarge:
            await _refuse(send, limit, advice=advice_for(scope["path"]))

    return limited


def upload_address(path: str) -> UploadAddress | None:
    """The upload that an address is for."""
    return next((one for one in UPLOADS if one.path.match(path)), None)


def take_uploads_at(address: UploadAddress) -> None:
    """Add an address of another app that takes more than a form; the same path again replaces it."""
    UPLOADS[:] = [one for one in UPLOADS if one.path != address.path] + [address]


async def _may_upload(scope: Message) -> bool:
    address = upload_address(scope["path"])
    if address is None:
        return False
    slug = SLUG_OF.match(scope["path"])
    return slug is not None and await is_let_in(scope, slug=slug["slug"], roles=address.roles)


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def limit_for(path: str) -> int:
    """The most bytes that an address takes."""
    address = upload_address(path)
    return LARGEST_OTHER_BYTES if address is None else address.largest_bytes() + ROOM_FOR_FIELDS


def advice_for(path: str) -> str:
    """What helps somebody whose request was too large."""
    address = upload_address(path)
    return "Send less at once." if address is None else address.advice


def _announced(scope: Message) -> int:
    for name, value in scope["headers"]:
        if name.lower() == b"content-length" and value.isdigit():
            return int(value)
    return 0


def has_room(size_bytes: int) -> bool:
    """Whether the disk that holds a body while it is read keeps its spare room."""
    return shutil.disk_usage(tempfile.gettempdir()).free - size_bytes >= SPARE_BYTES


def _counted(receive: Receive, limit: int) -> Receive:
    taken, looked_at = 0, 0

    async def counted() -> Message:
        nonlocal taken, looked_at
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise BodyTooLarge
        if taken - looked_at > LOOK_AT_DISK_EVERY_BYTES:
            looked_at = taken
            if not has_room(0):
                raise DiskFull
        return message

    return counted


async def _refuse(send: Send, limit: int, *, advice: str) -> None:
    await _answer(send, 413, TOO_LARGE.format(limit=limit / 1e6, advice=advice))


async def _answer(send: Send, status: int, words: str) -> None:
    body = PAGE.format(words=words).encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        (b"content-security-policy", b"default-src 'none'"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
