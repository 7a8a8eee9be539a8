"""pytest plugin: a private PostgreSQL for the run, and a Valkey when a test asks for one.

Each run has servers of its own on free ports in a temporary folder, so two runs never meet. They start at the
first test that needs them: science tests run without any. With DATABASE_URL (and DATABASE_OWNER_URL) set,
those servers are used. Tests connect as the owner role, which is no superuser; ``as_app_role`` changes to the
application's role.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
import redis

from clinic.config.embedded.places import temporary_home
from clinic.config.embedded.postgres import APP_ROLE, OWNER_ROLE, THROWAWAY, Passwords, PostgresServer
from clinic.config.embedded.processes import free_port
from clinic.config.embedded.valkey import ValkeyServer
from tests import database

# The settings are read before any test is chosen: the address is fixed now, the server started later.
_PORT = free_port()
_PASSWORDS = Passwords()
# A worker process of the same run inherits the first one's address, and starts servers of its own.
_GIVEN = "DATABASE_URL" in os.environ and "PLUMBLINE_OWN_TEST_SERVERS" not in os.environ
if not _GIVEN:
    os.environ["PLUMBLINE_OWN_TEST_SERVERS"] = "1"
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ.pop(name, None)
os.environ["PLUMBLINE_AS_OWNER"] = "1"
os.environ.setdefault("DATABASE_URL", f"postgresql://{APP_ROLE}:{_PASSWORDS.app}@127.0.0.1:{_PORT}/plumbline")
os.environ.setdefault(
    "DATABASE_OWNER_URL", f"postgresql://{OWNER_ROLE}:{_PASSWORDS.owner}@127.0.0.1:{_PORT}/plumbline"
)


@pytest.fixture(scope="session")
def private_postgres() -> Iterator[PostgresServer | None]:
    """The run's own database server, or None when DATABASE_URL names one."""
    if _GIVEN:
        yield None
        return
    home = temporary_home("plumbline-test-pg")
    kept = database.take(home)
    passwords = replace(_PASSWORDS, superuser=kept.superuser) if kept else _PASSWORDS
    server = PostgresServer(home, _PORT, passwords, settings=dict(THROWAWAY), grant_app_to_owner=True)
    try:
        server.start()
        yield server
    finally:
        database.throw_away(server)


@pytest.fixture(scope="session")
def private_valkey() -> Iterator[ValkeyServer]:
    """The run's own Valkey."""
    home = temporary_home("plumbline-test-valkey")
    server = ValkeyServer(home / "valkey", free_port())
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def valkey_url(request: pytest.FixtureRequest) -> str:
    """Address of an empty Valkey."""
    url = os.environ.get("REDIS_URL") or request.getfixturevalue("private_valkey").url
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return str(url)
