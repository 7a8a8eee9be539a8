"""Door 2: who may open a websocket, for how long, and what its messages see."""

import asyncio
import time

import pytest
from asgiref.sync import sync_to_async
from channels.routing import URLRouter
from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import path

from clinic.errors import Forbidden
from clinic.models import Membership
from clinic.tenancy.consumers import ClinicConsumer
from clinic.tenancy.idle import MINUTES, SEEN
from clinic.tenancy.scope import clinic_scope, current_clinic_id_or_none
from clinic.tenancy.sockets import SocketRefused, authorise_socket, is_own_origin
from tests.people import People, make_people
from tests.websocket import WebsocketCommunicator

pytestmark = pytest.mark.django_db(transaction=True)


class Roster(ClinicConsumer):
    """Tells who is in the clinic."""

    recheck_seconds = 0.05

    def authorise(self) -> None:
        if not self.membership.has_role("therapist"):
            raise Forbidden

    async def receive_json(self, content: dict, **kwargs: object) -> None:
        names = [member.display_name async for member in Membership.objects.order_by("display_name")]
        await self.send_json({"names": names, "clinic": current_clinic_id_or_none()})


class Careless(ClinicConsumer):
    """Forgot to say who may join."""


ROUTES = URLRouter(
    [
        path("ws/c/<slug:clinic_slug>/roster/", Roster.as_asgi()),
        path("ws/c/<slug:clinic_slug>/careless/", Careless.as_asgi()),
    ]
)


@pytest.fixture
async def people():
    yield await sync_to_async(make_people)()
    await sync_to_async(connections.close_all)()


async def cookie_of(member: Membership) -> bytes:
    client = Client()
    await sync_to_async(client.force_login)(member.user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}".encode()


def headers(cookie: bytes = b"", origin: bytes = b"http://testserver") -> list[tuple[bytes, bytes]]:
    return [(b"host", b"testserver"), (b"origin", origin), (b"cookie", b"csrftoken=x; " + cookie)]


def socket(cookie: bytes = b"", *, slug: str = "north", page: str = "roster", **more: bytes):
    return WebsocketCommunicator(ROUTES, f"/ws/c/{slug}/{page}/", headers=headers(cookie, **more))


async def close_code(communicator: WebsocketCommunicator) -> int:
    assert await communicator.connect()
    return await communicator.close_code()


async def test_a_member_gets_in_and_sees_one_clinic(people: People):
    communicator = socket(await cookie_of(people.nora))
    assert await communicator.connect()
    await communicator.send_json({})
    answer = await communicator.receive_json()
    assert answer["clinic"] == people.north.pk
    assert "Nora" in answer["names"] and "Sam" not in answer["names"]
    await communicator.disconnect()


@pytest.mark.parametrize(
    ("who", "slug", "code"),
    [("", "north", 4401), ("sam", "north", 4404), ("sam", "nowhere", 4404), ("paul", "north", 4404)],
)
async def test_others_are_turned_away(people: People, who: str, slug: str, code: int):
    cookie = await cookie_of(getattr(people, who)) if who else b""
    assert await close_code(socket(cookie, slug=slug)) == code


async def test_messages_before_the_door_opened_are_dropped(people: People):
    communicator = socket(await cookie_of(people.sam))
    await communicator.connect()
    await communicator.send_json({})
    assert await communicator.close_code() == 4404
    assert await communicator.receive_nothing()


@pytest.mark.parametrize("origin", [b"http://evil.example", b"http://testserver.evil.example", b"null", b""])
async def test_other_sites_pages_are_turned_away(people: People, origin: bytes):
    assert await close_code(socket(await cookie_of(people.nora), origin=origin)) == 4403


async def test_a_consumer_that_says_nothing_lets_nobody_in(people: People):
    communicator = socket(await cookie_of(people.nora), page="careless")
    with pytest.raises(NotImplementedError):
        await communicator.connect()
        await communicator.receive_output()


async def change_member(member: Membership, **values: object) -> None:
    with clinic_scope(member.clinic_id):
        await Membership.objects.filter(pk=member.pk).aupdate(**values)


async def open_roster(member: Membership, **more: str) -> tuple[WebsocketCommunicator, bytes]:
    cookie = await cookie_of(member)
    communicator = socket(cookie, **more)
    assert await communicator.connect()
    await communicator.send_json({})
    await communicator.receive_json()
    return communicator, cookie


@pytest.mark.parametrize("values", [{"is_active": False}, {"role": "patient"}])
async def test_an_open_socket_closes_when_the_membership_changes(people: People, values: dict):
    communicator, _ = await open_roster(people.nora)
    await change_member(people.nora, **values)
    assert await communicator.close_code() == 4404


async def test_an_open_socket_closes_when_the_session_ends(people: People):
    communicator, cookie = await open_roster(people.nora)
    await sync_to_async(session_of(cookie).delete)()
    assert await communicator.close_code() == 4401


async def test_an_open_socket_closes_when_the_password_changes(people: People):
    communicator, _ = await open_roster(people.nora)
    people.nora.user.set_password("another-long-password")
    await people.nora.user.asave()
    assert await communicator.close_code() == 4401


async def test_an_open_socket_closes_when_the_person_idles(people: People):
    communicator, cookie = await open_roster(people.nora)

    def idle() -> None:
        session = session_of(cookie)
        session[SEEN] = time.time() - 3600
        session.save()

    await sync_to_async(idle)()
    assert await communicator.close_code() == 4401


def session_of(cookie: bytes):
    from django.contrib.sessions.backends.db import SessionStore

    return SessionStore(cookie.split(b"=")[1].decode())


async def test_the_bare_door_is_the_same(people: People):
    cookie = await cookie_of(people.paul)
    scope = {"path": "/ws/c/north/sets/x/stream/", "headers": headers(cookie), "client": ("10.0.0.9", 1)}
    door = await authorise_socket(scope)
    assert (door.user, door.clinic, door.membership) == (people.paul.user, people.north, people.paul)
    assert door.address == "10.0.0.9"
    with door.scope():
        assert await Membership.objects.acount() == 7
    assert current_clinic_id_or_none() is None
    for refused, code in (
        ({**scope, "path": "/ws/c/south/sets/x/stream/"}, 4404),
        ({**scope, "path": "/x"}, 4404),
    ):
        with pytest.raises(SocketRefused) as error:
            await authorise_socket(refused)
        assert error.value.code == code


async def test_a_stream_keeps_its_patient_signed_in(people: People):
    cookie = await cookie_of(people.paul)
    door = await authorise_socket({"path": "/ws/c/north/x/", "headers": headers(cookie)})

    def away_for(seconds: float) -> None:
        session = session_of(cookie)
        session[SEEN] = time.time() - seconds
        session.save()

    await sync_to_async(away_for)(800)
    await door.recheck(active=True)
    session = session_of(cookie)
    assert await sync_to_async(session.get)(SEEN) > time.time() - 5
    assert await sync_to_async(session.get)(MINUTES) == 15
    await sync_to_async(away_for)(3600)
    with pytest.raises(SocketRefused):
        await door.recheck(active=True)


async def test_two_sockets_at_once_do_not_mix(people: People):
    (north, _), (south, _) = await open_roster(people.nora), await open_roster(people.sam, slug="south")
    for _ in range(5):
        await asyncio.gather(north.send_json({}), south.send_json({}))
        assert (await north.receive_json())["clinic"] == people.north.pk
        assert (await south.receive_json())["names"] == ["Bea", "Sam", "Sid"]
    await asyncio.gather(north.disconnect(), south.disconnect())


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://testserver", "testserver", True),
        ("https://testserver:8000", "testserver:8000", True),
        ("https://testserver:8000", "testserver", False),
        ("http://evil.example", "evil.example", False),
        ("file://testserver", "testserver", False),
        ("", "testserver", False),
        ("http://testserver", "", False),
    ],
)
def test_own_origin(origin: str, host: str, own: bool):
    assert is_own_origin(origin, host) is own
