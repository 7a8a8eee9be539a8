"""Notes read by the served model, beside the plain transformers pipeline with the same weights.

Both read the same invented notes, each in a process of its own, on one thread and one core. The pipeline gets
the weights in fp32 behind transformers' "token-classification" with simple aggregation and a stride over long
notes, one note after the other, as its documentation shows. The served model reads each note for the first
time. Then a whole extraction (rules, model, assertion), and a pause in typing: a sentence more at the end of
a note that was read before.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.measure import Measure

NOTES = int(os.environ.get("BENCH_NOTES", "120"))
ROUNDS = int(os.environ.get("BENCH_NOTES_ROUNDS", "3"))
GOAL = 4.0
TYPING_GOAL_MS = 300.0
ROOT = Path(__file__).resolve().parents[1]


def measure() -> list[Measure]:
    """The sides take turns, so that neither has the quieter machine; the medians are compared."""
    told: dict[str, list[dict[str, float]]] = {"served": [], "pipeline": []}
    for _ in range(ROUNDS):
        for side, runs in told.items():
            runs.append(_in_own_process(side))
    served, pipeline = (_median(told[side]) for side in ("served", "pipeline"))
    words = f"{NOTES} notes, {served['words']:.0f} words on average, {ROUNDS} rounds"
    return [
        Measure("served model, notes a second", served["notes_s"], "notes/s", note=words),
        Measure("plain pipeline, notes a second", pipeline["notes_s"], "notes/s"),
        Measure("served over plain", served["notes_s"] / pipeline["notes_s"], "times", GOAL, True),
        Measure("served model, peak memory", served["peak_mib"], "MiB"),
        Measure("plain pipeline, peak memory", pipeline["peak_mib"], "MiB"),
        Measure("whole extraction, notes a second", served["whole_s"], "notes/s"),
        Measure("a note for the first time, p50", served["first_ms"], "ms"),
        Measure("whole extraction after a pause in typing, p99", served["typing_ms"], "ms", TYPING_GOAL_MS),
    ]


def _in_own_process(side: str) -> dict[str, float]:
    code = f"from bench.notes_sides import {side}; {side}({NOTES})"
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _median(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: sorted(run[name] for run in runs)[len(runs) // 2] for name in runs[0]}
