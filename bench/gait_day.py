"""A day of one sensor in a file, and the two analyses of it, each in a process of its own.

``python -m bench.gait_day ours|mobgap FOLDER`` prints one line of JSON: seconds, peak memory, what was found.
"""

import json
import resource
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sessions.motion_trend import walker
from sessions.motion_trend.types import Placement, SensorSignal

RATE_HZ = 100
HEIGHT_M = 1.70
PIECE = 60_000
DAY_S = 24 * 3600


def write_day(folder: Path, *, seconds: int = DAY_S, seed: int = 3) -> None:
    """Walking of 8 to 180 s, restless stretches and rest at random: acceleration.npy and turning.npy."""
    random = np.random.default_rng(seed)
    count = seconds * RATE_HZ
    acceleration = np.lib.format.open_memmap(folder / "acceleration.npy", "w+", np.float32, (count, 3))
    turning = np.lib.format.open_memmap(folder / "turning.npy", "w+", np.float32, (count, 3))
    still = walker.rest(seconds=60, seed=seed)
    templates, weights = _templates(random)
    at = 0
    while at < count:
        chosen = still
        if random.random() < 0.5:
            chosen = templates[random.choice(len(templates), p=weights)]
        size = min(len(chosen), count - at)
        acceleration[at : at + size] = chosen.acceleration_m_s2[:size]
        turning[at : at + size] = chosen.angular_velocity_rad_s[:size]
        at += size
        quiet = round(random.exponential(100)) * RATE_HZ
        while quiet > 0 and at < count:
            size = min(len(still), quiet, count - at)
            acceleration[at : at + size] = still.acceleration_m_s2[:size]
            turning[at : at + size] = still.angular_velocity_rad_s[:size]
            at, quiet = at + size, quiet - size


def _templates(random: np.random.Generator) -> tuple[list[SensorSignal], np.ndarray]:
    walks = [
        walker.walk(
            seconds=length,
            cadence_spm=random.uniform(85, 120),
            step_length_m=random.uniform(0.5, 0.75),
            height_m=HEIGHT_M,
            seed=k,
        )[0]
        for k, length in enumerate((8, 10, 14, 20, 30, 45, 60, 90, 180))
    ]
    restless = [walker.fidget(seconds=length, seed=length) for length in (30, 60, 120)]
    weights = np.array([0.8 / len(walks)] * len(walks) + [0.2 / len(restless)] * len(restless))
    return [*walks, *restless], weights


def pieces(folder: Path) -> Iterator[SensorSignal]:
    """The day in pieces of ten minutes, read from the file one by one."""
    acceleration = np.load(folder / "acceleration.npy", mmap_mode="r")
    turning = np.load(folder / "turning.npy", mmap_mode="r")
    for start in range(0, len(acceleration), PIECE):
        part = slice(start, start + PIECE)
        t_s = np.arange(start, min(start + PIECE, len(acceleration))) / RATE_HZ
        yield SensorSignal(t_s, acceleration[part], turning[part], RATE_HZ, Placement.LOWER_BACK)


def ours(folder: Path) -> list[list[float | None]]:
    """Bouts: start_s, end_s, cadence, stride length."""
    from sessions.motion_trend.gait import analyse_stream

    result = analyse_stream(pieces(folder), placement=Placement.LOWER_BACK, height_m=HEIGHT_M)
    return [
        [b.start_s, b.end_s, b.measures["cadence_spm"].value, b.measures["stride_length_m"].value]
        for b in result.bouts
    ]


def mobgap(folder: Path) -> list[list[float | None]]:
    """The same from mobgap's own algorithms, chained as its pipeline for impaired walking chains them."""
    import pandas as pd
    from mobgap.cadence import CadFromIcDetector
    from mobgap.gait_sequences import GsdIonescu
    from mobgap.initial_contacts import IcdIonescu, IcdShinImproved, refine_gs
    from mobgap.laterality import LrcUllrich
    from mobgap.stride_length import SlZijlstra

    acceleration = np.load(folder / "acceleration.npy")
    turning = np.degrees(np.load(folder / "turning.npy"))
    names = [f"{kind}_{axis}" for kind in ("acc", "gyr") for axis in ("pa", "ml", "is")]
    data = pd.DataFrame(np.hstack([acceleration, turning]).astype(float), columns=names)
    rate_hz = float(RATE_HZ)
    sides = LrcUllrich()
    found = []
    for _, row in GsdIonescu().detect(data, sampling_rate_hz=rate_hz).gs_list_.iterrows():
        part = data.iloc[row.start : row.end].reset_index(drop=True)
        contacts = IcdIonescu().detect(part, sampling_rate_hz=rate_hz).ic_list_
        sided = sides.clone().predict(part, contacts, sampling_rate_hz=rate_hz).ic_lr_list_
        if len(sided) < 2:
            continue
        borders, inner = refine_gs(sided)
        start, end = borders["start"].iloc[0], borders["end"].iloc[0]
        walk, inner = part.iloc[start:end].reset_index(drop=True), inner.reset_index(drop=True)
        cadence = CadFromIcDetector(IcdShinImproved(), silence_ic_warning=True).calculate(
            walk, initial_contacts=inner, sampling_rate_hz=rate_hz
        )
        lengths = SlZijlstra().calculate(
            walk, initial_contacts=inner, sampling_rate_hz=rate_hz, sensor_height_m=0.6 * HEIGHT_M
        )
        found.append(
            [
                (row.start + start) / rate_hz,
                (row.start + end) / rate_hz,
                float(cadence.cadence_per_sec_["cadence_spm"].mean()),
                float(lengths.stride_length_per_sec_["stride_length_m"].mean()),
            ]
        )
    return found


def warm_up(kind: str, folder: Path) -> None:
    """Import and compile on five minutes, so that neither pays for it on the clock."""
    small = folder / "small"
    if not small.is_dir():
        small.mkdir()
        for name in ("acceleration.npy", "turning.npy"):
            np.save(small / name, np.load(folder / name, mmap_mode="r")[: 1800 * RATE_HZ])
    (ours if kind == "ours" else mobgap)(small)


def main() -> None:
    """Analyse the file once and print what was found."""
    kind, folder = sys.argv[1], Path(sys.argv[2])
    warnings.simplefilter("ignore")
    warm_up(kind, folder)
    began, cpu = time.perf_counter(), time.process_time()
    found = (ours if kind == "ours" else mobgap)(folder)
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu_s": cpu_s, "peak_mib": peak, "bouts": found}))


if __name__ == "__main__":
    main()
