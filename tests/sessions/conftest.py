"""What tests of sessions share."""

from collections.abc import AsyncIterator, Callable

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import Client

import clinic.config.celery  # noqa: F401
from clinic.models import Membership
from tests.factories.patients import Ward
from tests.factories.sessions import make_clinic_floor


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
