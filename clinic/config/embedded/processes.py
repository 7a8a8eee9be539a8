"""Child processes that never outlive us: own session, own log, stopped in order, killed with their parent."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from clinic.config.embedded.places import Account, server_account

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass
class Child:
    """One running server: its name, its process, its log, and the signal that asks it to stop."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals
    was_asked: bool = False

    @property
    def is_running(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Send the stop signal, once, and do not wait."""
        if self.is_running and not self.was_asked:
            self.was_asked = True
            self.process.send_signal(self.stop_signal)

    def stop(self, *, patience_s: float = 15.0) -> None:
        """Ask the process to stop; after ``patience_s`` kill it and whatever it started."""
        if self.is_running:
            self.ask_to_stop()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience_s)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_lines(self, count: int = 15) -> str:
        """The end of the log, for a message about a failed start."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])


def start_child(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    stop_signal: signal.Signals = signal.SIGTERM,
    as_servers: bool = False,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Child:
    """Start ``command`` in its own session: Ctrl-C reaches only us, and we choose the order of the end."""
    account = server_account() if as_servers else Account(name=None, uid=-1, gid=-1)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=dict(environment) if environment is not None else None,
            start_new_session=True,
            preexec_fn=lambda: _die_with_parent(stop_signal),
            user=account.name,
            group=account.gid if account.name else None,
            extra_groups=[] if account.name else None,
        )
    return Child(name=name, process=process, log=log, stop_signal=stop_signal)


def _die_with_parent(stop_signal: signal.Signals) -> None:
    """Linux only: a parent that is killed outright takes its children along."""
    prctl = getattr(_LIBC, "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)


def is_port_free(port: int, *, host: str = "127.0.0.1") -> bool:
    """Whether something could listen on ``host:port`` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """A port of the loopback interface that nobody uses at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(child: Child, port: int, *, seconds: float = 30.0) -> None:
    """Return when the child accepts connections; raises ServerDidNotStart with the end of its log."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and child.is_running:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise ServerDidNotStart(child.name, child.last_lines())


class PortTaken(Exception):
    """A port that was asked for by name is in use."""

    def __init__(self, what: str, port: int, variable: str) -> None:
        super().__init__(
            f"{what}: port {port} is taken by another program. Choose another one: {variable}=<port>"
        )
        self.port = port


class ServerDidNotStart(Exception):
    """A server ended, or did not answer, while starting."""

    def __init__(self, name: str, log_tail: str) -> None:
        super().__init__(f"{name} did not start. The end of its log:\n{log_tail}")
        self.name = name
