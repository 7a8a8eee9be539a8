"""What tests of sessions share."""

from collections.abc import AsyncIterator, Callable

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import Client

import clinic.config.celery  # noqa: F401
from clinic.models import Membership
from tests.factories.patients import Ward
from tests.factories.sessions import first_set, make_clinic_floor, make_session
from tests.sessions.scene import Scene
from tests.sessions.stream_client import sign_in


@pytest.fixture
async def close_thread_connections(transactional_db) -> AsyncIterator[None]:
    """Close the database connection of the thread in which asynchronous code reads and writes."""
    yield
    await sync_to_async(connections.close_all)()


@pytest.fixture
def floor(db) -> Ward:
    """The cast with records, and a plan of four squats for Paul and for Sid."""
    return make_clinic_floor()


@pytest.fixture
def signed_in() -> Callable[[Membership], Client]:
    """A browser in which a member is signed in."""

    def open_browser(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_browser


@pytest.fixture
def no_rate_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests send in a second what a camera makes in a minute."""
    monkeypatch.setattr("sessions.frame_gate.FIRST_BURST_FRAMES", 100_000.0)
    monkeypatch.setattr("sessions.frame_gate.LARGEST_BURST_FRAMES", 100_000.0)
    monkeypatch.setattr("sessions.frame_gate.IMU_FIRST_BURST_FRAMES", 1e6)
    monkeypatch.setattr("sessions.frame_gate.IMU_LARGEST_BURST_FRAMES", 1e6)


@pytest.fixture
async def scene(transactional_db) -> Scene:
    def build() -> Scene:
        ward = make_clinic_floor()
        session = make_session(ward.paul)
        return Scene(ward, session, first_set(session), sign_in(ward.people.paul.user))

    return await sync_to_async(build)()
