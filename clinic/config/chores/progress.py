"""Steps on the terminal: what is done, how long it takes, and why it failed. Standard library only."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

_Result = TypeVar("_Result")
_HEARTBEAT_S = 10.0


@dataclass
class Steps:
    """Numbered steps; commands write to ``log``, which is shown only when one of them fails."""

    total: int
    log: Path
    number: int = 0

    def run(
        self,
        title: str,
        command: Sequence[str | Path],
        *,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Run one command as a step; raises StepFailed with the end of its output."""
        began = self._announce(title)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            output.write(f"\n== {title}\n".encode())
            output.flush()
            start = output.tell()
            with subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=dict(environment) if environment is not None else None,
            ) as process:
                self._wait(process, began)
        if process.returncode != 0:
            say("failed")
            raise StepFailed(title, self.log.read_bytes()[start:].decode(errors="replace"))
        say(f"done in {time.monotonic() - began:.0f} s")

    def call(self, title: str, function: Callable[[], _Result]) -> _Result:
        """Run one function as a step."""
        began = self._announce(title)
        result = function()
        say(f"done in {time.monotonic() - began:.1f} s")
        return result

    def skip(self, title: str, reason: str) -> None:
        """Say that a step is not needed."""
        self._announce(title)
        say(reason)

    def _announce(self, title: str) -> float:
        self.number += 1
        sys.stdout.write(f"[{self.number}/{self.total}] {title} … ")
        sys.stdout.flush()
        return time.monotonic()

    def _wait(self, process: subprocess.Popen[bytes], began: float) -> None:
        try:
            while process.poll() is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_HEARTBEAT_S)
                if process.returncode is None:
                    sys.stdout.write(f"{time.monotonic() - began:.0f} s … ")
                    sys.stdout.flush()
        except KeyboardInterrupt:
            process.terminate()
            raise


def say(line: str) -> None:
    """Print one line at once, also into a pipe."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class StepFailed(Exception):
    """A command of a step ended with an error."""

    def __init__(self, title: str, output: str) -> None:
        tail = "\n".join(output.splitlines()[-25:])
        super().__init__(f"{title} failed:\n{tail}")
        self.title = title
