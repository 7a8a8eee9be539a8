"""Run all of Plumbline from one terminal: database, broker, web and worker. Ctrl-C stops all of it.

``python -m clinic.config.serve`` (or ``make demo``). Servers named by DATABASE_URL and REDIS_URL are used
instead of the embedded ones; PLUMBLINE_HOST and PLUMBLINE_PORT choose the address.
"""

import contextlib
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from clinic.config.chores import front
from clinic.config.chores.progress import StepFailed, Steps, say
from clinic.config.embedded.places import FolderOfAnotherUser
from clinic.config.embedded.postgres import NoPostgresBinaries
from clinic.config.embedded.processes import Child, PortTaken, ServerDidNotStart, is_port_free, start_child
from clinic.config.embedded.supervisor import AlreadyRunning, EmbeddedServers
from clinic.config.embedded.valkey import NoValkeyBinary

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".plumbline"
QUEUES = "urgent,default,video,simulate,train"
START_ERRORS = (
    StepFailed,
    PortTaken,
    AlreadyRunning,
    ServerDidNotStart,
    FolderOfAnotherUser,
    NoPostgresBinaries,
    NoValkeyBinary,
    front.NoNode,
)


@dataclass
class Demo:
    """One run of everything; ``children`` are the web process and the worker."""

    host: str
    port: int
    servers: EmbeddedServers
    children: list[Child] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where the pages are served."""
        return f"http://{self.host}:{self.port}/"

    def start(self, steps: Steps) -> str:
        """Build, start, wait until the pages answer; returns what the seed command says: the accounts."""
        if not is_port_free(self.port, host=self.host):
            raise PortTaken("Web", self.port, "PLUMBLINE_PORT")
        front.build(steps)
        found = steps.call("Start PostgreSQL and Valkey", self.servers.start)
        environment = self.environment(found)
        steps.run(
            "Migrate the database, collect static files",
            [sys.executable, "-m", "clinic.config.chores.prepare", "database"],
            folder=ROOT,
            environment={**environment, "PLUMBLINE_AS_OWNER": "1"},
        )
        accounts = self._seed(steps, environment)
        steps.call("Start web and worker", lambda: self._start_programs(environment))
        return accounts

    def environment(self, found: Mapping[str, str]) -> dict[str, str]:
        """The variables of the web and worker processes."""
        usual = {
            "DJANGO_SETTINGS_MODULE": "clinic.config.settings.dev",
            "PYTHONUNBUFFERED": "1",
            # Each thread would keep memory of its own, even after a hundred turns at once.
            "MALLOC_ARENA_MAX": "2",
        }
        demo = {"PLUMBLINE_DEMO": "1"} if self.servers.postgres is not None else {}
        return {**usual, **demo, **os.environ, **found}

    def watch(self) -> None:
        """Sleep until somebody asks us to stop; raises ServerDidNotStart when a part dies by itself."""
        while True:
            for child in (*self.servers.children(), *self.children):
                if not child.is_running:
                    raise ServerDidNotStart(child.name, child.last_lines())
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop web and worker together, then the servers that they use."""
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.stop(patience_s=20.0)
        self.servers.stop()

    def _seed(self, steps: Steps, environment: Mapping[str, str]) -> str:
        """Invent the demo's people once, never in a database that somebody named. Returns the accounts."""
        if self.servers.postgres is None:
            steps.skip("Invent people for the demo", "not in a database of your own")
            return ""
        accounts = STATE / "accounts.txt"
        command = [sys.executable, "-m", "clinic.config.chores.prepare", "seed", str(accounts)]
        steps.run("Invent people for the demo", command, folder=ROOT, environment=environment)
        return accounts.read_text()

    def _start_programs(self, environment: Mapping[str, str]) -> None:
        logs = STATE / "logs"
        logs.mkdir(exist_ok=True)
        programs = {"Web": web_command(self.host, self.port), "Worker": worker_command()}
        for name, command in programs.items():
            log = logs / f"{name.lower()}.log"
            log.write_bytes(b"")
            self.children.append(start_child(name, command, log=log, folder=ROOT, environment=environment))
        wait_until_served(self.address + "healthz", self.children[0])


def web_command(host: str, port: int) -> list[str]:
    """uvicorn without compression on sockets: deflating float32 landmarks costs time and saves nothing."""
    return [
        *(
            sys.executable,
            "-m",
            "uvicorn",
            "clinic.config.asgi:application",
            "--host",
            host,
            "--port",
            str(port),
        ),
        *("--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--ws-max-size", "1048576"),
        *("--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "5"),
    ]


def worker_command() -> list[str]:
    """One Celery worker with beat on every queue."""
    return [
        *(sys.executable, "-m", "celery", "-A", "clinic.config.celery", "worker", "--beat", "-Q", QUEUES),
        *("--concurrency", "2", "--loglevel", "INFO", "--schedule", str(STATE / "beat-schedule")),
    ]


def wait_until_served(url: str, web: Child, *, seconds: float = 60.0) -> None:
    """Return when ``url`` answers 200."""
    deadline = time.monotonic() + seconds
    while web.is_running and time.monotonic() < deadline:
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError),
            urllib.request.urlopen(url, timeout=2),  # noqa: S310 - our own address
        ):
            return
        time.sleep(0.1)
    raise ServerDidNotStart(web.name, web.last_lines())


@contextlib.contextmanager
def stop_signals_raise() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into KeyboardInterrupt, and let nothing interrupt the stopping itself."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    yield


def main() -> int:
    """Start everything, print the address and the accounts, and stay until Ctrl-C."""
    host = os.environ.get("PLUMBLINE_HOST", "127.0.0.1")
    demo = Demo(host=host, port=int(os.environ.get("PLUMBLINE_PORT", "8000")), servers=EmbeddedServers(STATE))
    began = time.monotonic()
    with stop_signals_raise():
        try:
            accounts = demo.start(Steps(total=7, log=STATE / "setup.log"))
            say(greeting(demo, accounts, seconds=time.monotonic() - began))
            demo.watch()
        except KeyboardInterrupt:
            say("\nStopping …")
            return 0
        except START_ERRORS as error:
            say(f"\n{error}")
            return 1
        finally:
            demo.stop()
            say("Stopped.")
    return 0


def greeting(demo: Demo, accounts: str, *, seconds: float) -> str:
    """What the newcomer reads."""
    lines = [f"\nPlumbline is ready after {seconds:.0f} s:  {demo.address}"]
    if demo.servers.postgres is not None:
        lines += [
            "Demo database on this machine: made-up people only, not for patient data.",
            "",
            accounts.rstrip(),
        ]
    return "\n".join([*lines, "", f"Logs: {STATE / 'logs'}    Ctrl-C stops everything."])


if __name__ == "__main__":
    sys.exit(main())
