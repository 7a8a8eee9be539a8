"""Runs by itself, in a process of its own: reads one C3D file with ezc3d and writes plain arrays.

    python -I c3d_process.py <file.c3d> <out.npz>

A C library that reads strangers' bytes may crash or ask for all memory; here that ends this process and
nothing else. Imports nothing from the project. Takes over markers, analog channels, force plates, labels,
units and rates; never the subject's name or other metadata. Exit status 0 with an output, 2 when the library
refuses the file.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

MOST_MEMORY_BYTES = 4 * 1024**3
MOST_CPU_S = 60
# The worker reads all of it back: what a header may promise (sixty million values), and room beside.
MOST_WRITTEN_BYTES = 400 * 1024**2
MOST_CHANNELS = 256


def limit() -> None:
    """Cap memory, processor time and the size of what is written."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN_BYTES, MOST_WRITTEN_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(path: str) -> dict[str, Any]:
    """Arrays by name, and `meta` as JSON text."""
    import ezc3d
    import numpy as np

    plates, failed = [], ""
    try:
        file = ezc3d.c3d(path, extract_forceplat_data=True)
        plates = list(file["data"]["platform"])
    except (RuntimeError, ValueError, IndexError) as error:
        failed = type(error).__name__
        file = ezc3d.c3d(path)
    parameters = file["parameters"]
    labels = every(parameters, "POINT", "LABELS")
    analog_labels = every(parameters, "ANALOG", "LABELS")
    points = np.asarray(file["data"]["points"], dtype=np.float64)
    analogs = np.asarray(file["data"]["analogs"], dtype=np.float64)
    arrays: dict[str, Any] = {
        "points": points[:3].transpose(2, 1, 0).astype(np.float32),
        "analogs": analogs.reshape(-1, analogs.shape[-1])[:MOST_CHANNELS].astype(np.float32)
        if analogs.size
        else np.zeros((0, 0), dtype=np.float32),
    }
    for index, plate in enumerate(plates):
        arrays[f"force_{index}"] = np.asarray(plate["force"]).T
        arrays[f"center_{index}"] = np.asarray(plate["center_of_pressure"]).T
        arrays[f"corners_{index}"] = np.asarray(plate["corners"]).T
    arrays["meta"] = json.dumps(
        {
            "labels": labels,
            "unit": first(every(parameters, "POINT", "UNITS"), "mm"),
            "rate_hz": float(file["header"]["points"]["frame_rate"]),
            "analog_labels": analog_labels,
            "analog_units": every(parameters, "ANALOG", "UNITS"),
            "analog_rate_hz": float(file["header"]["analogs"]["frame_rate"]),
            "plate_channels": plate_channels(parameters),
            "plate_types": [int(kind) for kind in every(parameters, "FORCE_PLATFORM", "TYPE")],
            "plate_units": [[p["unit_force"], p["unit_position"]] for p in plates],
            "plates_failed": failed,
        }
    )
    return arrays


def every(parameters: Any, group: str, name: str) -> list[Any]:
    """A parameter's values, with its continuations (LABELS2, …); empty where the file has none."""
    found: list[Any] = []
    for suffix in ("", "2", "3", "4"):
        if group in parameters and name + suffix in parameters[group]:
            found.extend(parameters[group][name + suffix]["value"])
    return found


def plate_channels(parameters: Any) -> list[int]:
    """Numbers (from 1) of the analog channels that belong to force plates."""
    if "FORCE_PLATFORM" not in parameters or "CHANNEL" not in parameters["FORCE_PLATFORM"]:
        return []
    import numpy as np

    value = parameters["FORCE_PLATFORM"]["CHANNEL"]["value"]
    return [int(number) for number in np.asarray(value, dtype=float).ravel()]


def first(values: list[Any], otherwise: str) -> str:
    """The first value as text."""
    return str(values[0]) if values else otherwise


def main() -> int:
    """Read, write, and say by the exit status whether it went well."""
    limit()
    import numpy as np

    try:
        arrays = read(sys.argv[1])
    except (RuntimeError, ValueError, IndexError, KeyError, MemoryError, OSError):
        return 2
    with open(sys.argv[2], "wb") as out:  # noqa: PTH123 - no project import, no pathlib needed
        np.savez(out, **arrays)
    return 0


if __name__ == "__main__":
    sys.exit(main())
