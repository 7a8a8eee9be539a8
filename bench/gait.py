"""One day of a 100 Hz six-axis sensor analysed beside mobgap's own algorithms on the same file.

The day is simulated: some three hours of walking in bouts of 8 to 180 s, restless stretches, rest. mobgap
means its published chain (gait sequences of Ionescu, contacts of Ionescu, sides of Ullrich, cadence of Shin,
stride length of Zijlstra); its pipeline class needs a GPL package that is not installed. One core for both,
after a warm-up. Equal results: bouts found by both, and how far cadence and stride length differ in them.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from bench.gait_day import write_day
from bench.measure import Measure

GOAL_S = 60.0
GOAL_MIB = 1024.0
GOAL_RATIO = 3.0
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "MKL_NUM_THREADS")
ONE_CORE = dict.fromkeys(THREADS, "1")


def measure() -> list[Measure]:
    """Seconds, memory, the ratio, and how far the results agree."""
    with tempfile.TemporaryDirectory() as folder:
        write_day(Path(folder))
        ours, theirs = (_analysed(kind, folder) for kind in ("ours", "mobgap"))
    return [
        Measure(
            "a day, ours", ours["cpu_s"], "CPU s", goal=GOAL_S, note=f"{ours['seconds']:.1f} s by the clock"
        ),
        Measure("peak memory, ours", ours["peak_mib"], "MiB", goal=GOAL_MIB),
        Measure(
            "a day, mobgap's algorithms",
            theirs["cpu_s"],
            "CPU s",
            note=f"{theirs['seconds']:.1f} s by the clock",
        ),
        Measure("peak memory, mobgap's algorithms", theirs["peak_mib"], "MiB"),
        Measure("times faster", theirs["cpu_s"] / ours["cpu_s"], "×", goal=GOAL_RATIO, higher_is_better=True),
        *agreement(ours["bouts"], theirs["bouts"]),
    ]


def _analysed(kind: str, folder: str) -> dict:
    command = [sys.executable, "-m", "bench.gait_day", kind, folder]
    done = subprocess.run(
        command, env={**os.environ, **ONE_CORE}, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def agreement(ours: list, theirs: list) -> list[Measure]:
    """Of the bouts that overlap by half: how many, and the median differences."""
    pairs = []
    for start, end, cadence, stride in theirs:
        shared = [(min(end, b[1]) - max(start, b[0]), b) for b in ours]
        best = max(shared, key=lambda pair: pair[0], default=(0.0, None))
        if best[1] is not None and best[0] >= 0.5 * (end - start):
            pairs.append((cadence, best[1][2], stride, best[1][3]))
    cadences = np.array([(a, b) for a, b, _, _ in pairs if b is not None])
    strides = np.array([(a, b) for _, _, a, b in pairs if b is not None])
    return [
        Measure("bouts, ours", len(ours), ""),
        Measure("bouts, mobgap's algorithms", len(theirs), ""),
        Measure(
            "of mobgap's bouts found by ours",
            len(pairs) / max(len(theirs), 1),
            "",
            goal=0.95,
            higher_is_better=True,
        ),
        Measure("cadence, median difference", _median_difference(cadences), "steps/min"),
        Measure("stride length, median difference", _median_difference(strides), "m"),
    ]


def _median_difference(pairs: np.ndarray) -> float:
    return float(np.median(np.abs(pairs[:, 0] - pairs[:, 1]))) if len(pairs) else float("nan")
