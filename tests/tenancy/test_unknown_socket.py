"""A websocket address that nobody serves is closed like one that is not for this person."""

import pytest

from clinic.config.routing import socket_application
from clinic.tenancy.sockets import NOT_FOUND
from tests.websocket import WebsocketCommunicator

pytestmark = pytest.mark.django_db(transaction=True)
HEADERS = [(b"host", b"testserver"), (b"origin", b"http://testserver")]


@pytest.mark.parametrize(
    "path",
    ["/", "/ws/", "/ws/c/north/", "/ws/c/north/nobody/serves/this/", "/ws/c/north/sets/7/stream/", "/%00"],
)
async def test_an_unknown_address_is_closed_as_not_found(path):
    socket = WebsocketCommunicator(socket_application(), path, headers=HEADERS)
    assert await socket.connect()
    assert await socket.close_code() == NOT_FOUND


async def test_another_sites_page_is_refused_before_that():
    foreign = [(b"host", b"testserver"), (b"origin", b"http://elsewhere.example")]
    socket = WebsocketCommunicator(socket_application(), "/ws/nowhere/", headers=foreign)
    assert not await socket.connect()
