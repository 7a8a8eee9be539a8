"""Who may open a websocket: the origin, the session, the membership; looked at again while the socket
lives.

Shared by the Channels consumers and the bare ASGI endpoint. A browser sends its cookies with any page's
websocket, so the Origin header is what keeps other sites out; a client without one is refused.
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http.request import split_domain_port, validate_host
from django.utils.crypto import constant_time_compare

from clinic.audit.actor import Actor, acting
from clinic.audit.address import believed_address
from clinic.models import Clinic, Membership, User
from clinic.selectors import own_membership
from clinic.tenancy.idle import is_idle, note_activity, remember_limit
from clinic.tenancy.scope import clinic_scope

SIGNED_OUT = 4401
WRONG_ORIGIN = 4403
NOT_FOUND = 4404
RECHECK_SECONDS = 60.0
SOCKET_PATH = re.compile(r"^/ws/c/(?P<slug>[a-z0-9-]+)/")


class SocketRefused(Exception):
    """The socket must be closed with `code`: 4401 signed out, 4403 another site's page, 4404 not for this
    person.
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"socket refused with {code}")
        self.code = code


@dataclass
class SocketDoor:
    """A websocket that was let in: who, where, and a way to look again."""

    user: User
    clinic: Clinic
    membership: Membership
    session: Any
    address: str = ""
    actor: Actor = field(init=False)

    def __post_init__(self) -> None:
        self.actor = Actor(
            user_id=self.user.pk,
            membership_id=self.membership.pk,
            role=self.membership.role,
            address=self.address,
            via="socket",
        )

    @contextmanager
    def scope(self) -> Iterator[None]:
        """The clinic's scope, in this person's name. Open it for each message, not for the socket's whole
        life.
        """
        with clinic_scope(self.clinic.pk, user_id=self.user.pk), acting(self.actor):
            yield

    async def recheck(self, *, active: bool = False) -> None:
        """Raise SocketRefused when the session ended or the membership is gone or has another role.

        `active` says that the person is doing something on the socket (a stream with frames), which keeps
        them signed in.
        """
        await sync_to_async(self._recheck)(active=active)

    def _recheck(self, *, active: bool) -> None:
        session = _session(self.session.session_key)
        user = _user_of(session)
        if user is None or user.pk != self.user.pk:
            raise SocketRefused(SIGNED_OUT)
        membership = own_membership(user.pk, self.clinic.slug)
        if membership is None or membership.role != self.membership.role:
            raise SocketRefused(NOT_FOUND)
        if active:
            limit = membership.clinic.idle_logoff_minutes
            remember_limit(session, clinic_id=self.clinic.pk, minutes=limit)
            note_activity(session)
            if session.modified:
                session.save()


async def authorise_socket(scope: Mapping[str, Any], *, slug: str | None = None) -> SocketDoor:
    """Let a websocket's ASGI scope in, or raise SocketRefused. The clinic is read from the path
    /ws/c/<slug>/….
    """
    headers = {name.lower(): value.decode("latin1") for name, value in scope.get("headers", [])}
    if not is_own_origin(headers.get(b"origin", ""), headers.get(b"host", "")):
        raise SocketRefused(WRONG_ORIGIN)
    slug = slug or _slug_of(scope)
    return await sync_to_async(_open_door)(headers, slug, peer=str((scope.get("client") or ("",))[0]))


async def close_unknown(
    scope: Mapping[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    """ASGI application of every websocket address that nobody serves: closed with 4404, as for a stranger."""
    await receive()
    # Refused in the handshake it would get no close code, and a page with an old address would try for ever.
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": NOT_FOUND})


async def is_let_in(scope: Mapping[str, Any], *, slug: str, roles: tuple[str, ...]) -> bool:
    """Whether an HTTP request that Django has not read yet carries the session of a member with a role."""
    headers = {name.lower(): value.decode("latin1") for name, value in scope.get("headers", [])}
    try:
        door = await sync_to_async(_open_door)(headers, slug, peer=str((scope.get("client") or ("",))[0]))
    except SocketRefused:
        return False
    return door.membership.has_role(*roles)


def _slug_of(scope: Mapping[str, Any]) -> str:
    found = SOCKET_PATH.match(str(scope.get("path", "")))
    if found is None:
        raise SocketRefused(NOT_FOUND)
    return found["slug"]


def _open_door(headers: Mapping[bytes, str], slug: str, *, peer: str) -> SocketDoor:
    session = _session(_session_key(headers.get(b"cookie", "")))
    user = _user_of(session)
    if user is None:
        raise SocketRefused(SIGNED_OUT)
    membership = own_membership(user.pk, slug)
    if membership is None:
        raise SocketRefused(NOT_FOUND)
    address = believed_address(peer, headers.get(b"x-forwarded-for", ""))
    return SocketDoor(
        user=user, clinic=membership.clinic, membership=membership, session=session, address=address
    )


def is_own_origin(origin: str, host: str) -> bool:
    """Whether a page of ours opened the socket: same host as the request, or a trusted origin."""
    if not origin or not host:
        return False
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    allowed = settings.ALLOWED_HOSTS or (["localhost", "127.0.0.1", "[::1]"] if settings.DEBUG else [])
    parts = urlsplit(origin)
    return (
        parts.scheme in {"http", "https"}
        and parts.netloc.lower() == host.lower()
        and validate_host(split_domain_port(host)[0], allowed)
    )


def _session_key(cookies: str) -> str:
    jar: SimpleCookie = SimpleCookie()
    for part in cookies.split(";"):
        name, _, value = part.strip().partition("=")
        if name == settings.SESSION_COOKIE_NAME:
            jar[name] = value
    found = jar.get(settings.SESSION_COOKIE_NAME)
    return found.value if found else ""


def _session(key: str | None) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(key or None)


def _user_of(session: Any) -> User | None:
    """The signed-in user of a session that is neither ended nor idle, with Django's own checks."""
    user_id = session.get(SESSION_KEY)
    if user_id is None or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    if is_idle(session):
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    expected = session.get(HASH_SESSION_KEY) or ""
    return user if constant_time_compare(expected, user.get_session_auth_hash()) else None
