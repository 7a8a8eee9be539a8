"""Who hears that something happened to a patient, and that they hear ids only."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.routing import URLRouter
from django.conf import settings
from django.db import connections
from django.test import Client

from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from patients import services
from patients.models import CareTeamMember
from patients.routing import websocket_urlpatterns
from tests.factories.patients import Ward, make_ward
from tests.people import make_people
from tests.websocket import WebsocketCommunicator

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def ward():
    yield await sync_to_async(lambda: make_ward(make_people()))()
    await sync_to_async(connections.close_all)()


async def listen(member: Membership | None, page: str) -> WebsocketCommunicator:
    headers = [(b"host", b"testserver"), (b"origin", b"http://testserver")]
    if member is not None:
        client = Client()
        await sync_to_async(client.force_login)(
            member.user, backend="django.contrib.auth.backends.ModelBackend"
        )
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
    socket = WebsocketCommunicator(
        URLRouter(websocket_urlpatterns), f"/ws/c/north/{page}/updates/", headers=headers
    )
    assert await socket.connect()
    return socket


async def stop(ward: Ward) -> None:
    def press() -> Any:
        with clinic_scope(ward.people.north.pk):
            return services.stop_exercising(ward.paul, ticked=["faint"], words="all went dark")

    await sync_to_async(press)()


@pytest.mark.parametrize("page", ["caseload", "patient"])
async def test_the_care_team_hears_of_stop_by_id_only(ward: Ward, page: str) -> None:
    socket = await listen(ward.people.nora, "caseload" if page == "caseload" else f"patients/{ward.paul.ref}")
    assert await socket.receive_nothing()
    await stop(ward)
    event = await socket.receive_json()
    assert (event["type"], event["patient"]) == ("alert.raised", str(ward.paul.ref))
    assert set(event) == {"v", "type", "clinic", "ref", "patient", "at"}
    await socket.disconnect()


async def test_a_colleagues_caseload_hears_nothing_of_others_patients(ward: Ward) -> None:
    socket = await listen(ward.people.ola, "caseload")
    assert await socket.receive_nothing()
    await stop(ward)
    assert await socket.receive_nothing(timeout=0.3)
    await socket.disconnect()


@pytest.mark.parametrize(
    ("who", "code"), [("ola", 4404), ("ada", 4404), ("petra", 4404), ("sam", 4404), (None, 4401)]
)
async def test_who_may_not_listen_to_a_patient(ward: Ward, who: str | None, code: int) -> None:
    member = getattr(ward.people, who) if who else None
    assert await (await listen(member, f"patients/{ward.paul.ref}")).close_code() == code


async def test_patients_have_no_caseload(ward: Ward) -> None:
    assert await (await listen(ward.people.paul, "caseload")).close_code() == 4404


async def test_whoever_leaves_the_care_team_hears_no_more(ward: Ward) -> None:
    socket = await listen(ward.people.ash, f"patients/{ward.paul.ref}")
    assert await socket.receive_nothing()

    def leave() -> None:
        with clinic_scope(ward.people.north.pk):
            CareTeamMember.objects.filter(patient=ward.paul, membership=ward.people.ash).delete()

    await sync_to_async(leave)()
    await stop(ward)
    assert await socket.close_code() == 4404
