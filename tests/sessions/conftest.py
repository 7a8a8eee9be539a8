"""What tests of sessions share."""

from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.db import connections


@pytest.fixture
async def close_thread_connections(transactional_db) -> AsyncIterator[None]:
    """Close the database connection of the thread in which asynchronous code reads and writes."""
    yield
    await sync_to_async(connections.close_all)()
