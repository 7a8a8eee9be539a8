"""What every test may use: the run's servers, and the change to the application's database role."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

import psycopg
import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from clinic.config.embedded.postgres import APP_ROLE, PostgresServer
from tests import database


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, private_postgres: PostgresServer | None
) -> None:
    """Start the database server before pytest-django creates the test database in it."""
    if private_postgres is not None:
        from django.db import connection

        database.rename(private_postgres, to=connection.creation._get_test_db_name())


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest, private_postgres: PostgresServer | None) -> bool:
    """A server of our own ends with the run, and so does its database; it may be a kept one."""
    return private_postgres is not None or request.config.getoption("reuse_db")


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None,
    private_postgres: PostgresServer | None,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch_session: pytest.MonkeyPatch,
) -> None:
    """After pytest-django's set-up: keep what was migrated, and empty our own server in our own way."""
    if private_postgres is None:
        return
    from django.db import connections
    from django.test import TransactionTestCase

    name = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        connections.close_all()
    database.keep(private_postgres, database=name)
    empty = partial(database.empty, private_postgres, database=name)
    monkeypatch_session.setattr(TransactionTestCase, "_fixture_teardown", lambda case: empty())


@pytest.fixture(scope="session")
def monkeypatch_session() -> Iterator[pytest.MonkeyPatch]:
    """Changes that hold until the run ends."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture
def as_app_role(db: None) -> Callable[[], AbstractContextManager[None]]:
    """Run the default connection as the app role: row-level security and that role's grants apply.

    It sees what the test wrote, committed or not.
    """
    from django.db import connection

    @contextmanager
    def change_role() -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {APP_ROLE}")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")

    return change_role


@pytest.fixture
def app_connection(transactional_db: None) -> Iterator[psycopg.Connection]:
    """A bare psycopg connection of the app role to the test database; sees only what the test committed."""
    import environ

    database = environ.Env().db("DATABASE_URL")
    with psycopg.connect(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=settings.DATABASES["default"]["NAME"],
        autocommit=True,
    ) as connection:
        yield connection
