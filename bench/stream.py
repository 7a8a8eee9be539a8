"""How many 30 Hz patients one web process on one core holds, each with another motion, fully scored and
stored.

A real uvicorn is pinned to core 0; clients, PostgreSQL and Valkey run on the last core. A trial holds when
the 99th
percentile from sending a message to the reply that covers its last frame stays under 50 ms, nothing was
skipped or refused,
every frame is stored as sent, and every count equals that of the stored frames scored in one batch.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measure import Measure, quantile
from bench.servers import throwaway_servers
from bench.stream_client import numbers

ROOT = Path(__file__).resolve().parent.parent
GOAL_PATIENTS, LEAST_PATIENTS = 120, 60
P99_GOAL_MS = 50.0
TRIAL_S = float(os.environ.get("BENCH_STREAM_SECONDS", "16"))
STEPS = [int(n) for n in os.environ.get("BENCH_STREAM_STEPS", "60,120,180,240,280,320,360").split(",")]
ECHO_STEPS = [int(n) for n in os.environ.get("BENCH_ECHO_STEPS", "60,120,150,180,210,240").split(",")]
FRAMES_PER_MESSAGE = 3
FREE_CORE = 0.9
WAIT_FOR_CORE_S = float(os.environ.get("BENCH_WAIT_S", "60"))
FRAMES = int(TRIAL_S * 30) // 30 * 30


@dataclass(frozen=True)
class Trial:
    """One run with ``patients`` at once. Delays in ms; ``core_share`` is the server's use of its core."""

    patients: int
    p50_ms: float
    p99_ms: float
    server_p50_ms: float
    server_p99_ms: float
    core_share: float
    client_share: float
    peak_mib: float
    skipped: int
    unanswered: int
    errors: int
    error_codes: str
    lost: int
    wrong_counts: int

    @property
    def holds(self) -> bool:
        faults = self.skipped + self.unanswered + self.errors + self.lost + self.wrong_counts
        return self.p99_ms < P99_GOAL_MS and not faults

    def line(self) -> str:
        return (
            f"    {self.patients:4d} patients: {self.p50_ms:6.1f} / {self.p99_ms:7.1f} ms to the reply "
            f"(in the server {self.server_p50_ms:.1f} / {self.server_p99_ms:.1f}), "
            f"core {self.core_share:4.0%}, clients {self.client_share:4.0%}, {self.peak_mib:.0f} MiB; "
            f"skipped {self.skipped}, unanswered {self.unanswered}, errors {self.errors} {self.error_codes}, "
            f"sets with lost frames {self.lost}, with wrong counts {self.wrong_counts}"
        )


def measure() -> list[Measure]:
    """Find the largest number of patients that holds, for the product and for a bare echo."""
    os.sched_setaffinity(0, {(os.cpu_count() or 1) - 1})
    if "BENCH_PRIORITY" in os.environ:
        # On a machine that others use too, this stands in for cores of one's own; needs root.
        os.setpriority(os.PRIO_PROCESS, 0, -int(os.environ["BENCH_PRIORITY"]))
    with _servers() as (port, folder):
        from bench import stream_floor

        clinic = stream_floor.make_clinic()
        movers: list[Any] = []
        best = _climb(STEPS, lambda n: _trial(n, clinic, movers, port, folder))
        echo = _climb(ECHO_STEPS, lambda n: _echo_trial(n, movers, port, folder))
    return _report(best, echo)


SPIN = """
import os, time
os.sched_setaffinity(0, {0})
began, used = time.perf_counter(), time.process_time()
while time.perf_counter() - began < 1.0:
    pass
print(time.process_time() - used)
"""


def core_offered() -> float:
    """Share of the first core that this machine gives to a process that wants all of it, 0 to 1."""
    done = subprocess.run([sys.executable, "-c", SPIN], stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout)


def wait_for_a_free_core() -> float:
    """Wait a while for other programs to leave the core alone; answers the share that is offered then."""
    until = time.monotonic() + WAIT_FOR_CORE_S
    while (offered := core_offered()) < FREE_CORE and time.monotonic() < until:
        time.sleep(2.0)
    return offered


def _climb(steps: list[int], trial: Any) -> Trial:
    """Try more and more patients until a step fails; answers the last that held, else the first."""
    held: Trial | None = None
    for patients in steps:
        done = _watched(trial, patients)
        if not done.holds:
            # Once more: something else on the machine may have taken the core for a moment.
            done = _watched(trial, patients)
        if not done.holds:
            return held or done
        held = done
    assert held is not None
    return held


def _watched(trial: Any, patients: int) -> Trial:
    """Run a trial on a free core if there is one, and say what the core offered before and after."""
    before = wait_for_a_free_core()
    done: Trial = trial(patients)
    offered = min(before, core_offered())
    print(f"{done.line()}; other programs left {offered:.0%} of the core", file=sys.stderr, flush=True)
    return done


def _report(best: Trial, echo: Trial) -> list[Measure]:
    held = best.patients if best.holds else 0
    echo_held = echo.patients if echo.holds else 0
    limit = f"web process {best.core_share:.0%} of its core, clients {best.client_share:.0%} of the other"
    return [
        Measure("patients held, fully scored, p99 < 50 ms", held, "patients", GOAL_PATIENTS, True, limit),
        Measure("... against the least", held, "patients", LEAST_PATIENTS, True),
        Measure("frame sent to reply, p50", best.p50_ms, "ms"),
        Measure("frame sent to reply, p99", best.p99_ms, "ms", P99_GOAL_MS),
        Measure("frame to cue in the server, p50", best.server_p50_ms, "ms"),
        Measure("frame to cue in the server, p99", best.server_p99_ms, "ms", P99_GOAL_MS),
        Measure("web process, peak memory", best.peak_mib, "MiB"),
        Measure("sets whose count differs from the batch", best.wrong_counts, "sets"),
        Measure("bare Channels echo, 30 messages a second each", echo_held, "clients"),
        Measure("patients held beside the bare echo", held / echo_held if echo_held else 0.0, "ratio"),
    ]


@contextmanager
def _servers() -> Iterator[tuple[int, Path]]:
    """Throwaway servers and the web process; Django in this process uses the same."""
    from clinic.config.embedded.processes import free_port

    with throwaway_servers() as home:
        folder = home / "motions"
        folder.mkdir(parents=True, exist_ok=True)
        port = free_port()
        web = _start_web(port, home / "web.log")
        try:
            yield port, folder
        finally:
            web.terminate()
            web.wait(20)


def _start_web(port: int, log: Path) -> subprocess.Popen[bytes]:
    from clinic.config.serve import web_command

    command = [
        part.replace("clinic.config.asgi:", "bench.stream_server:") for part in web_command("127.0.0.1", port)
    ]
    with log.open("wb") as out:
        web = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and web.poll() is None:
        try:
            numbers(port)
        except OSError:
            time.sleep(0.2)
        else:
            return web
    raise RuntimeError(f"the web process did not start:\n{log.read_text()[-2000:]}")


def _trial(patients: int, clinic: Any, movers: list[Any], port: int, folder: Path) -> Trial:
    from bench import stream_floor

    while len(movers) < patients:
        movers.append(stream_floor.make_mover(clinic, len(movers), seconds=TRIAL_S, folder=folder))
    sets = [stream_floor.make_set(mover) for mover in movers[:patients]]
    jobs = [
        {
            "path": f"/ws/c/{stream_floor.SLUG}/sets/{one.ref}/stream/", "cookie": mover.cookie,
            "motion": str(mover.motion), "header": stream_floor.header(), "set": str(one.ref),
        }
        for mover, one in zip(movers, sets, strict=False)
    ]  # fmt: skip
    plan = {"port": port, "frames": FRAMES, "frames_per_message": FRAMES_PER_MESSAGE, "jobs": jobs}
    said = _run_clients(plan, folder)
    lost = wrong = 0
    for mover, one, told in zip(movers, sets, said["patients"], strict=False):
        kept = stream_floor.stored_of(mover, one.pk, frames=FRAMES)
        lost += not kept.is_as_sent
        wrong += not told["count"] == kept.shown_count == kept.batch_count
    return _trial_of(patients, said, lost=lost, wrong=wrong)


def _echo_trial(clients: int, movers: list[Any], port: int, folder: Path) -> Trial:
    """A Channels consumer that only echoes, one frame a message, as the usual design would send them."""
    jobs = [
        {"path": "/ws/bench/echo/", "cookie": "", "motion": str(movers[n % len(movers)].motion), "header": {}}
        for n in range(clients)
    ]
    plan = {"port": port, "frames": FRAMES, "frames_per_message": 1, "jobs": jobs}
    said = _run_clients(plan, folder)
    return _trial_of(clients, said, lost=0, wrong=0)


def _run_clients(plan: dict[str, Any], folder: Path) -> dict[str, Any]:
    path = folder / "plan.json"
    path.write_text(json.dumps(plan))
    command = [sys.executable, "-m", "bench.stream_client", str(path)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _trial_of(patients: int, said: dict[str, Any], *, lost: int, wrong: int) -> Trial:
    before, after = said["before"], said["after"]
    delays = [1000 * delay for patient in said["patients"] for delay in patient["delays_s"]]
    in_server = [1000 * delay for delay in after["frame_to_state_s"]] or [0.0]
    seconds = after["clock_s"] - before["clock_s"]
    codes = Counter(code for patient in said["patients"] for code in patient["errors"])
    return Trial(
        patients=patients,
        p50_ms=quantile(delays, 0.5),
        p99_ms=quantile(delays, 0.99),
        server_p50_ms=quantile(in_server, 0.5),
        server_p99_ms=quantile(in_server, 0.99),
        core_share=(after["cpu_s"] - before["cpu_s"]) / seconds,
        client_share=said["client_cpu_s"] / said["seconds"],
        peak_mib=after["peak_mib"],
        skipped=after["skipped"],
        unanswered=sum(patient["sent"] - patient["answered"] for patient in said["patients"]),
        errors=sum(codes.values()),
        error_codes=", ".join(f"{count} × {code}" for code, count in codes.items()),
        lost=lost,
        wrong_counts=wrong,
    )
