"""Child processes: stopped in order, never left behind, and clear words when something cannot start."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from clinic.config.embedded.processes import ServerDidNotStart, free_port, start_child, wait_for_port

ROOT = Path(__file__).resolve().parents[2]


def is_alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_gone(pid: int, *, seconds: float = 10.0) -> bool:
    """Whether a process ends in time."""
    deadline = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_alive(pid)


def test_stop_takes_grandchildren_along(tmp_path: Path) -> None:
    code = "import subprocess as s, time; print(s.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
    log = tmp_path / "log"
    child = start_child("parent", [sys.executable, "-c", code], log=log)
    while not log.read_text().strip():
        time.sleep(0.02)
    grandchild = int(log.read_text())
    child.stop(patience_s=5)
    assert not child.is_running
    assert wait_until_gone(grandchild)


def test_a_child_that_ignores_the_signal_is_killed(tmp_path: Path) -> None:
    code = "import signal as s, time; s.signal(s.SIGTERM, s.SIG_IGN); print('x', flush=True); time.sleep(60)"
    log = tmp_path / "log"
    child = start_child("stubborn", [sys.executable, "-c", code], log=log)
    while not log.read_text():
        time.sleep(0.02)
    child.stop(patience_s=0.3)
    assert child.process.returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="the death signal is Linux's")
def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    code = f"""
        import time
        from pathlib import Path
        from clinic.config.embedded.processes import start_child
        child = start_child("sleep", ["sleep", "60"], log=Path({str(tmp_path / "log")!r}))
        print(child.process.pid, flush=True)
        time.sleep(60)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        orphan = int(supervisor.stdout.readline())
        os.kill(supervisor.pid, signal.SIGKILL)
    assert wait_until_gone(orphan)


def test_a_failed_start_shows_the_log(tmp_path: Path) -> None:
    child = start_child(
        "broken", [sys.executable, "-c", "raise SystemExit('no such luck')"], log=tmp_path / "log"
    )
    with pytest.raises(ServerDidNotStart, match="no such luck"):
        wait_for_port(child, free_port())


def test_a_taken_web_port_is_named_before_anything_starts() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "clinic.config.serve"],
            cwd=ROOT,
            env={**os.environ, "PLUMBLINE_PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert (
        f"port {port} is taken by another program. Choose another one: PLUMBLINE_PORT=<port>" in done.stdout
    )
    assert "[1/" not in done.stdout
