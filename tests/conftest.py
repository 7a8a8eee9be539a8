"""What every test may use: the run's servers, and the change to the application's database role."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
import pytest
from django.conf import settings

from clinic.config.embedded.postgres import APP_ROLE, PostgresServer


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, private_postgres: PostgresServer | None
) -> None:
    """Start the database server before pytest-django creates the test database in it."""


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
