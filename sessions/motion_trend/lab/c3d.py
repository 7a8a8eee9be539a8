"""Reading C3D files of strangers: checked first, read in a process of its own, and freed of names."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sessions.motion_trend.lab.c3d_header import SEND_AGAIN, check_header
from sessions.motion_trend.lab.types import AnalogChannel, Array, ForcePlate, LabFile
from sessions.motion_trend.reading.errors import ReadingError
from sessions.motion_trend.types import Flag

LONGEST_S = 90
METRES = {"m": 1.0, "dm": 0.1, "cm": 0.01, "mm": 0.001}
NEWTONS = {"n": 1.0, "kn": 1000.0}
MOST_LABEL = 40
LARGEST = 1e9
SLOWEST_HZ, FASTEST_HZ = 1.0, 100_000.0
DAMAGED = "The file is damaged: its contents do not fit together."

PLATES_UNREAD = Flag("plates_unread", "The force plates' description in the file could not be used.")
NO_UNIT = Flag("unit_unknown", "The file does not name a known length unit; millimetres were assumed.")


def read_c3d(path: str | Path, *, name: str | None = None) -> LabFile:
    """Markers in metres, force plates in newtons and metres, and the other analog channels of a C3D file.

    `name`: how the sender knows the file, for messages. Force plates of types 1 to 4 as far as ezc3d
    computes them. Raises ReadingError for anything that is not a whole, plausible C3D file, whatever it does
    to the library.
    """
    place = Path(path)
    called = place.name if name is None else name
    check_header(place, name=called)
    with tempfile.TemporaryDirectory(prefix="c3d-") as folder:
        out = Path(folder) / "arrays.npz"
        _run(place, out, called)
        try:
            with np.load(out, allow_pickle=False) as arrays:
                return _lab_file({key: arrays[key] for key in arrays.files})
        except (ValueError, KeyError, IndexError, OSError) as error:
            raise ReadingError(called, None, DAMAGED, SEND_AGAIN) from error


def _run(path: Path, out: Path, name: str) -> None:
    program = Path(__file__).with_name("c3d_process.py")
    command = [sys.executable, "-I", str(program), str(path.resolve()), str(out)]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"OPENBLAS_NUM_THREADS": "1"},
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        words = "The file takes too long to read."
        raise ReadingError(name, None, words, "Export a shorter part of the measurement.") from error
    if done.returncode != 0 or not out.exists():
        raise ReadingError(name, None, DAMAGED, SEND_AGAIN)


def _lab_file(arrays: Mapping[str, Any]) -> LabFile:
    meta = json.loads(str(arrays["meta"]))
    unit = str(meta["unit"]).strip().lower()
    flags = [] if unit in METRES or not meta["labels"] else [NO_UNIT]
    if meta["plates_failed"] and meta["plate_types"]:
        flags.append(PLATES_UNREAD)
    points = _plausible(arrays["points"]) * METRES.get(unit, METRES["mm"])
    markers = _markers(points, meta["labels"])
    rate_hz, analog_rate_hz = float(meta["rate_hz"]), float(meta["analog_rate_hz"])
    analogs = _plausible(arrays["analogs"])
    _refuse_rates((rate_hz, points), (analog_rate_hz, analogs.T))
    seconds = _seconds(points, rate_hz, analogs, analog_rate_hz)
    return LabFile(
        markers,
        rate_hz,
        tuple(_plates(arrays, meta, analog_rate_hz)),
        tuple(_channels(analogs, meta, analog_rate_hz)),
        seconds,
        tuple(flags),
    )


def _plausible(values: Any) -> Array:
    """As they are; NaN for what no instrument writes."""
    found = np.asarray(values, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(found) < LARGEST, found, np.nan)


def _refuse_rates(*series: tuple[float, Array]) -> None:
    """Values that come at no rate, or at an absurd one, are a damaged file's."""
    for rate_hz, values in series:
        if len(values) and not SLOWEST_HZ <= rate_hz <= FASTEST_HZ:
            raise ValueError("rate")


def _seconds(points: Array, rate_hz: float, analogs: Array, analog_rate_hz: float) -> float:
    if len(points) and rate_hz > 0:
        return len(points) / rate_hz
    return analogs.shape[-1] / analog_rate_hz if analog_rate_hz > 0 else 0.0


def _markers(points: Array, labels: Sequence[str]) -> dict[str, Array]:
    """By label; a marker at exactly the origin was not seen."""
    points[(points == 0).all(axis=2)] = np.nan
    names = unnamed(labels)
    return {name: points[:, index] for index, name in enumerate(names[: points.shape[1]])}


def unnamed(labels: Sequence[str]) -> list[str]:
    """Labels without what stands before a colon, which may be the subject's name; doubles get a number."""
    seen: dict[str, int] = {}
    names = []
    for index, text in enumerate(labels):
        plain = str(text).rsplit(":", 1)[-1].strip()[:MOST_LABEL] or f"channel {index + 1}"
        seen[plain] = seen.get(plain, 0) + 1
        names.append(plain if seen[plain] == 1 else f"{plain} ({seen[plain]})")
    return names


def _plates(arrays: Mapping[str, Any], meta: Mapping[str, Any], rate_hz: float) -> list[ForcePlate]:
    plates = []
    for index, (force_unit, length_unit) in enumerate(meta["plate_units"]):
        newtons = NEWTONS.get(str(force_unit).strip().lower(), 1.0)
        metres = METRES.get(str(length_unit).strip().lower(), METRES["mm"])
        kind = meta["plate_types"][index] if index < len(meta["plate_types"]) else 0
        plates.append(
            ForcePlate(
                _plausible(arrays[f"force_{index}"]) * newtons,
                _plausible(arrays[f"center_{index}"]) * metres,
                np.nan_to_num(_plausible(arrays[f"corners_{index}"])) * metres,
                rate_hz,
                int(kind),
            )
        )
    return plates


def _channels(analogs: Array, meta: Mapping[str, Any], rate_hz: float) -> list[AnalogChannel]:
    """All analog channels but the force plates' own."""
    taken = {number - 1 for number in meta["plate_channels"]}
    units = [str(unit).strip() for unit in meta["analog_units"]]
    return [
        AnalogChannel(name, analogs[index], units[index] if index < len(units) else "", rate_hz)
        for index, name in enumerate(unnamed(meta["analog_labels"])[: len(analogs)])
        if index not in taken
    ]
