"""Ten thousand notes read again by a real Celery worker that is killed half-way, and what came of it.

The worker is killed with SIGKILL, a new one is started and the run goes on. Lost are notes that were not
read, doubled ones that were counted twice or have a fact twice. BENCH_NOTES says how many notes (10,000).
"""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measure import Measure
from bench.servers import ROOT, throwaway_servers

NOTES = int(os.environ.get("BENCH_NOTES", "10000"))
KILLED_AT = 0.4
STANDS_STILL_S = 90.0
LOOK_EVERY_S = 1.0
TELL_EVERY_S = 20.0
AT_ONCE = 1000


@dataclass
class Watched:
    """What was seen while the run went on."""

    seconds: float = 0.0
    peak_mib: float = 0.0
    killed_after: int = 0


def measure() -> list[Measure]:
    """Make the notes, start the run, kill its worker, let it go on, and count."""
    with throwaway_servers() as home:
        from bench import backfill_notes

        clinic = backfill_notes.make_clinic(NOTES)
        run = backfill_notes.start(clinic)
        first, then = Watched(), Watched()
        with worker(home / "worker-1.log") as process:
            follow(clinic, run, process, first, until=round(KILLED_AT * NOTES))
            os.killpg(process.pid, signal.SIGKILL)
        backfill_notes.go_on(clinic, run)
        with worker(home / "worker-2.log") as process:
            follow(clinic, run, process, then, until=NOTES)
        return report(backfill_notes.outcome(clinic, run), first, then)


@contextmanager
def worker(log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """One Celery worker as the product runs it, without beat, in a process group of its own."""
    from clinic.config.serve import worker_command

    command = [part for part in worker_command() if part != "--beat"]
    del command[command.index("--schedule") : command.index("--schedule") + 2]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, start_new_session=True)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def follow(clinic: Any, run: Any, process: subprocess.Popen[bytes], watched: Watched, *, until: int) -> None:
    """Look until so many notes are done; raises RuntimeError when the worker dies or nothing moves."""
    from bench import backfill_notes

    began, told, seen = None, 0.0, backfill_notes.done_of(clinic, run)
    deadline = time.monotonic() + STANDS_STILL_S
    while (done := backfill_notes.done_of(clinic, run)) < until and time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("the worker died by itself")
        if done > seen:
            began, seen = began or time.monotonic(), done
            deadline = time.monotonic() + STANDS_STILL_S
        watched.peak_mib = max(watched.peak_mib, peak_mib(process.pid))
        if time.monotonic() - told > TELL_EVERY_S:
            told = time.monotonic()
            print(f"    {done:,} of {NOTES:,} notes", file=sys.stderr, flush=True)
        time.sleep(LOOK_EVERY_S)
    if done < until:
        raise RuntimeError(f"the run stands still at {done} of {until} notes")
    watched.seconds = time.monotonic() - (began or time.monotonic())
    watched.killed_after = done


def peak_mib(group: int) -> float:
    """The largest process of a worker so far, in MiB."""
    peaks = [0.0]
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            if os.getpgid(int(status.parent.name)) == group:
                found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
                peaks.append(int(found.group(1)) / 1024 if found else 0.0)
    return max(peaks)


def report(outcome: dict[str, Any], first: Watched, then: Watched) -> list[Measure]:
    """The values, with what the reader was and how long the notes are."""
    seconds = first.seconds + then.seconds
    note = f"{outcome['reader']}; notes of {outcome['words']:.0f} words"
    return [
        Measure("notes read again", outcome["done"], "notes", goal=NOTES, higher_is_better=True),
        Measure("pace while a worker ran", outcome["done"] / max(seconds, 1e-9), "notes/s", note=note),
        Measure("worker killed after", first.killed_after, "notes", note="SIGKILL to all its processes"),
        Measure("notes lost", outcome["lost"], "notes", note="goal 0"),
        Measure("notes counted twice", outcome["done"] - outcome["total"], "notes", note="goal 0"),
        Measure("facts stored twice", outcome["doubled"], "facts", note="goal 0"),
        Measure("largest process of a worker", max(first.peak_mib, then.peak_mib), "MiB"),
    ]


def invented(count: int) -> Iterator[str]:
    """So many different note texts: sections of the demo's invented notes, recombined, with other numbers."""
    from notes.demo.written import written

    chance = random.Random(4)
    sections: dict[str, list[str]] = {}
    for one in written():
        for part in one.text.split("\n\n"):
            sections.setdefault(part.split(":", 1)[0], []).append(part)
    headings = ("SUBJECTIVE", "OBJECTIVE", "TREATMENT", "ASSESSMENT", "PLAN")
    for number in range(count):
        text = "\n\n".join(chance.choice(sections[heading]) for heading in headings)
        yield f"VISIT {number + 1}\n\n{with_other_numbers(text, by=number % 7)}\n"


def with_other_numbers(text: str, *, by: int) -> str:
    """The text with each number of two digits raised."""
    return re.sub(r"\b(\d\d)\b", lambda found: str(int(found.group(1)) + by), text)
