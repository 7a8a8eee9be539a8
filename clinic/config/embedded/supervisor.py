"""The embedded servers of one checkout: which, on which ports, with which secrets; started as one."""

import fcntl
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from clinic.config.embedded.places import reachable_home
from clinic.config.embedded.postgres import APP_ROLE, OWNER_ROLE, Passwords, PostgresServer
from clinic.config.embedded.processes import Child, PortTaken, free_port, is_port_free
from clinic.config.embedded.valkey import ValkeyServer

DATABASE_PORT = 55432
VALKEY_PORT = 56379


@dataclass
class EmbeddedServers:
    """PostgreSQL and Valkey below ``state``, each only when the environment names no server of its own."""

    state: Path
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    postgres: PostgresServer | None = None
    valkey: ValkeyServer | None = None
    lock: IO[str] | None = None

    def start(self) -> dict[str, str]:
        """Start what is needed; return the variables that point at it, also written to ``state/env``."""
        self.state.mkdir(mode=0o755, exist_ok=True)
        self._take_lock()
        home = reachable_home(self.state / "servers")
        secret = read_or_make_secrets(self.state / "secrets.json")
        found = {
            "SECRET_KEY": secret["secret_key"],
            "AUDIT_SIGNING_KEY": secret["audit_signing_key"],
            "PLUMBLINE_SEALING_KEYS": secret["sealing_key"],
        }
        if "DATABASE_URL" not in self.environment:
            port = self._port("PostgreSQL", "PLUMBLINE_DATABASE_PORT", DATABASE_PORT)
            self.postgres = PostgresServer(home, port, Passwords(**secret["database"]))
            self.postgres.start()
            found["DATABASE_URL"] = self.postgres.url(APP_ROLE)
            found["DATABASE_OWNER_URL"] = self.postgres.url(OWNER_ROLE)
        if "REDIS_URL" not in self.environment:
            port = self._port("Valkey", "PLUMBLINE_VALKEY_PORT", VALKEY_PORT)
            self.valkey = ValkeyServer(home / "valkey", port)
            self.valkey.start()
            found["REDIS_URL"] = self.valkey.url
        write_private(self.state / "env", "".join(f"{name}={value}\n" for name, value in found.items()))
        return found

    def children(self) -> list[Child]:
        """The servers that run as our children."""
        return [
            server.child for server in (self.postgres, self.valkey) if server is not None and server.child
        ]

    def stop(self) -> None:
        """Stop both and forget their addresses."""
        for server in (self.valkey, self.postgres):
            if server is not None:
                server.stop()
        if self.lock is not None:
            (self.state / "env").unlink(missing_ok=True)
            self.lock.close()

    def _take_lock(self) -> None:
        self.lock = (self.state / "lock").open("w")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.lock.close()
            self.lock = None
            raise AlreadyRunning(self.state) from error

    def _port(self, what: str, variable: str, usual: int) -> int:
        """The asked port, or PortTaken; when none was asked the usual one, or a free one."""
        if variable in self.environment:
            asked = int(self.environment[variable])
            if not is_port_free(asked):
                raise PortTaken(what, asked, variable)
            return asked
        return usual if is_port_free(usual) else free_port()


def read_or_make_secrets(path: Path) -> dict[str, Any]:
    """Passwords and keys of this checkout, each made once; the file is readable by its owner only.

    What an older version did not make yet is added.
    """
    read: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    made = {
        "secret_key": secrets.token_urlsafe(48),
        "audit_signing_key": secrets.token_urlsafe(48),
        "sealing_key": secrets.token_urlsafe(48),
        "database": asdict(Passwords()),
    }
    if made.keys() - read.keys():
        read = {**made, **read}
        write_private(path, json.dumps(read))
    return read


def write_private(path: Path, text: str) -> None:
    """Write ``text`` so that at no moment anybody else may read it."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    new.replace(path)


class AlreadyRunning(Exception):
    """Another process already runs the servers of this checkout."""

    def __init__(self, state: Path) -> None:
        super().__init__(
            f"Plumbline already runs from this folder ({state.parent}). Stop it first, with Ctrl-C there."
        )
