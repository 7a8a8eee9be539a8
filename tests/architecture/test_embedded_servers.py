"""The embedded servers: private files, unprivileged roles, clear words on a taken port."""

import json
import socket
import stat
from pathlib import Path

import psycopg
import pytest
import redis

from clinic.config.embedded.places import is_reachable, temporary_home
from clinic.config.embedded.postgres import APP_ROLE, OWNER_ROLE, PostgresServer
from clinic.config.embedded.processes import PortTaken
from clinic.config.embedded.supervisor import AlreadyRunning, EmbeddedServers, read_or_make_secrets


def test_roles_cannot_bypass_row_level_security(private_postgres: PostgresServer | None) -> None:
    if private_postgres is None:
        pytest.skip("DATABASE_URL names another server")
    with psycopg.connect(private_postgres.url(OWNER_ROLE)) as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles"
            " WHERE rolname LIKE 'plumbline%' ORDER BY rolname"
        ).fetchall()
    assert rows == [(APP_ROLE, False, False, False, False), (OWNER_ROLE, False, False, True, False)]


def test_app_role_has_no_right_to_create(private_postgres: PostgresServer | None) -> None:
    if private_postgres is None:
        pytest.skip("DATABASE_URL names another server")
    with (
        psycopg.connect(private_postgres.url(APP_ROLE)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE mine (id int)")


def test_server_asks_for_a_password(private_postgres: PostgresServer | None) -> None:
    if private_postgres is None:
        pytest.skip("DATABASE_URL names another server")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://postgres@127.0.0.1:{private_postgres.port}/postgres")


def test_valkey_asks_for_a_password(valkey_url: str) -> None:
    with redis.Redis.from_url(valkey_url) as client:
        assert client.ping() is True
    host = valkey_url.rsplit("@", 1)[1]
    with redis.Redis.from_url(f"redis://{host}") as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_a_taken_port_that_was_asked_for_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        servers = EmbeddedServers(tmp_path, environment={"PLUMBLINE_DATABASE_PORT": str(port)})
        with pytest.raises(PortTaken, match=f"port {port} is taken.*PLUMBLINE_DATABASE_PORT"):
            servers.start()
        servers.stop()


def test_one_folder_runs_once_and_keeps_its_secrets_private(tmp_path: Path) -> None:
    environment = {"DATABASE_URL": "postgresql://elsewhere/x", "REDIS_URL": "redis://elsewhere"}
    first = EmbeddedServers(tmp_path, environment=environment)
    found = first.start()
    assert set(found) == {"SECRET_KEY", "AUDIT_SIGNING_KEY", "PLUMBLINE_SEALING_KEYS"}
    for name in ("env", "secrets.json"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    with pytest.raises(AlreadyRunning):
        EmbeddedServers(tmp_path, environment=environment).start()
    first.stop()
    second = EmbeddedServers(tmp_path, environment=environment)
    assert second.start() == found
    second.stop()


def test_a_key_that_an_older_version_did_not_make_is_added(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    before = read_or_make_secrets(file)
    older = {name: value for name, value in before.items() if name != "sealing_key"}
    file.write_text(json.dumps(older))
    after = read_or_make_secrets(file)
    assert {name: after[name] for name in older} == older
    assert len(after["sealing_key"]) >= 50 and after["sealing_key"] != before["sealing_key"]
    assert read_or_make_secrets(file) == after


def test_a_home_behind_a_closed_folder_is_not_reachable(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert is_reachable(closed / "inside") is False
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_temporary_home_is_private() -> None:
    home = temporary_home("plumbline-check")
    try:
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert is_reachable(home.parent)
    finally:
        home.rmdir()
