"""The real product, started for the browser tests: private servers, migrated, seeded, with web and worker."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clinic.config.embedded.processes import Child, free_port, start_child
from clinic.config.embedded.supervisor import EmbeddedServers
from clinic.config.serve import stop_signals_raise, wait_until_served, web_command, worker_command
from tests.database import copy_with_owners, locked

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Product:
    """One running product; ``address`` has no slash at its end."""

    state: Path
    port: int = field(default_factory=free_port)
    children: list[Child] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    servers: EmbeddedServers | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, seed_arguments: tuple[str, ...] = ("--small",)) -> None:
        """Start the servers, migrate, seed, start web and worker; returns when pages are served."""
        self._start_servers()
        self._seed(seed_arguments)
        self._start_programs()

    def start_as_copy(self, seeded: Path) -> None:
        """As `start`, but the demo is a copy of the one in ``seeded``; whoever comes first seeds that one."""
        with locked(seeded.with_suffix(".lock")):
            if not seeded.exists():
                new_product(seeded.parent)._seed_and_stop().rename(seeded)
        self.state.rmdir()
        copy_with_owners(seeded, self.state)
        self._start_servers()
        self._start_programs()

    def _seed_and_stop(self) -> Path:
        """The folder of a seeded demo of which nothing runs."""
        try:
            self._start_servers()
            self._seed(("--small",))
        finally:
            if self.servers is not None:
                self.servers.stop()
        return self.state

    def _seed(self, arguments: tuple[str, ...]) -> None:
        self.run("-m", "clinic.config.chores.prepare", "database", more={"PLUMBLINE_AS_OWNER": "1"})
        self.run("manage.py", "seed_demo", *arguments)

    def _start_servers(self) -> None:
        ports = {"PLUMBLINE_DATABASE_PORT": str(free_port()), "PLUMBLINE_VALKEY_PORT": str(free_port())}
        self.servers = EmbeddedServers(self.state, environment=ports)
        found = self.servers.start()
        self.environment = {**usual_environment(self.state), **found}

    def run(self, *command: str, more: Mapping[str, str] | None = None) -> str:
        """Run a Python command in the product's environment and return what it says."""
        environment = {**self.environment, **(more or {})}
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise CommandFailed(command, done.stdout + done.stderr)
        return done.stdout

    def run_json(self, *command: str) -> Any:
        """As `run`, for a command that answers JSON."""
        return json.loads(self.run(*command))

    def log_of(self, name: str) -> str:
        """What the web or worker process has written so far."""
        return (self.state / f"{name}.log").read_text(errors="replace")

    def stop(self) -> None:
        """Stop web and worker, then the servers, and remove everything they wrote."""
        for child in self.children:
            child.stop(patience_s=10.0)
        if self.servers is not None:
            self.servers.stop()
        shutil.rmtree(self.state, ignore_errors=True)

    def _start_programs(self) -> None:
        worker = [*worker_command()[:-1], str(self.state / "beat-schedule")]
        for name, command in (("web", web_command("127.0.0.1", self.port)), ("worker", worker)):
            child = start_child(
                name, command, log=self.state / f"{name}.log", folder=ROOT, environment=self.environment
            )
            self.children.append(child)
        wait_until_served(f"{self.address}/healthz", self.children[0])


def usual_environment(state: Path) -> dict[str, str]:
    """The variables of the product's processes, without those of this test run."""
    ours = {
        "DJANGO_SETTINGS_MODULE": "clinic.config.settings.dev",
        "PYTHONUNBUFFERED": "1",
        "PLUMBLINE_DEMO": "1",
        "MEDIA_ROOT": str(state / "media"),
        "PLUMBLINE_MODEL_CACHE": str(state / "model-cache"),
    }
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, **ours}


def running_product(facts: Path) -> Product:
    """A product that `python -m tests.browser.product FACTS` runs in another terminal."""
    told = json.loads(facts.read_text())
    return Product(Path(told["state"]), port=told["port"], environment=told["environment"])


def new_product(below: Path | None = None) -> Product:
    """A product in a folder of its own that nothing else uses."""
    return Product(new_folder(below))


def new_folder(below: Path | None = None) -> Path:
    """An empty folder that the servers' user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="plumbline-browser-", dir=below))
    folder.chmod(0o755)
    return folder


class CommandFailed(Exception):
    """A command of the product ended with an error; its output is the message."""

    def __init__(self, command: tuple[str, ...], output: str) -> None:
        super().__init__(f"{' '.join(command)} failed:\n{output[-4000:]}")


def main(facts: Path, *seed_arguments: str) -> None:
    """Run a product until Ctrl-C, and write to ``facts`` how to reach it: saves a start per test run."""
    product = new_product()
    try:
        product.start(seed_arguments=seed_arguments or ("--small",))
        told = {"state": str(product.state), "port": product.port, "environment": product.environment}
        facts.write_text(json.dumps(told))
        print(product.address)
        with stop_signals_raise(), contextlib.suppress(KeyboardInterrupt):
            signal.pause()
    finally:
        facts.unlink(missing_ok=True)
        product.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
