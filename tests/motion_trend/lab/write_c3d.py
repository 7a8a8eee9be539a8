"""C3D files with known contents, written with ezc3d."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ, PER_FRAME = 100.0, 10
PLATE_MM = 500.0
# Markers of two feet over two plates that lie side by side along the first axis.
MARKERS = ("LHEE", "RHEE")


def write(
    path: Path,
    *,
    seconds: float = 12.0,
    loads_n: tuple[NDArray[np.float64], ...] = (),
    centers_mm: NDArray[np.float64] | None = None,
    channels: dict[str, NDArray[np.float64]] | None = None,
    markers: tuple[str, ...] = MARKERS,
    prefix: str = "",
    unit: str = "mm",
    subject: str = "",
) -> Path:
    """Plates of type 2 from loads[N] (N) and centres [N,2] (mm from a plate's middle), EMG by label in V."""
    import ezc3d

    frames = round(seconds * RATE_HZ)
    file = ezc3d.c3d()
    points = np.ones((4, len(markers), frames))
    for index, name in enumerate(markers):
        points[:3, index] = np.array([[PLATE_MM * (0.5 + index)], [250.0], [40.0]])
        points[2, index] += 10 * np.sin(np.arange(frames) / 20)
        if name == "LHEE":
            points[:3, index, :5] = 0.0
    file["parameters"]["POINT"]["RATE"]["value"] = [RATE_HZ]
    file["parameters"]["POINT"]["UNITS"]["value"] = [unit]
    file["parameters"]["POINT"]["LABELS"]["value"] = [prefix + name for name in markers]
    file["data"]["points"] = points
    rows, labels = _plate_rows(loads_n, centers_mm, frames * PER_FRAME)
    for label, values in (channels or {}).items():
        rows.append(values)
        labels.append(label)
    if rows:
        file["parameters"]["ANALOG"]["RATE"]["value"] = [RATE_HZ * PER_FRAME]
        file["parameters"]["ANALOG"]["LABELS"]["value"] = labels
        file["parameters"]["ANALOG"]["UNITS"]["value"] = ["V"] * len(labels)
        file["data"]["analogs"] = np.array(rows)[None]
    if loads_n:
        _describe_plates(file, len(loads_n))
    if subject:
        file.add_parameter("SUBJECTS", "NAMES", [subject])
    file.write(str(path))
    return path


def _plate_rows(loads_n, centers_mm, n):
    rows, labels = [], []
    for index, load in enumerate(loads_n):
        center = np.zeros((n, 2)) if centers_mm is None else centers_mm
        force_z = -load
        rows += [
            np.zeros(n),
            np.zeros(n),
            force_z,
            center[:, 1] * force_z,
            -center[:, 0] * force_z,
            np.zeros(n),
        ]
        labels += [f"{kind}{index + 1}" for kind in ("Fx", "Fy", "Fz", "Mx", "My", "Mz")]
    return rows, labels


def _describe_plates(file, count: int) -> None:
    corners = np.zeros((3, 4, count))
    for index in range(count):
        left, right = PLATE_MM * index, PLATE_MM * (index + 1)
        corners[:, :, index] = np.array(
            [[right, left, left, right], [PLATE_MM, PLATE_MM, 0, 0], [0, 0, 0, 0]], dtype=float
        )
    described = file["parameters"]["FORCE_PLATFORM"]
    described["USED"]["value"] = [count]
    described["TYPE"]["value"] = [2] * count
    described["ZERO"]["value"] = [1, 0]
    described["CORNERS"]["value"] = corners
    described["ORIGIN"]["value"] = np.zeros((3, count))
    described["CHANNEL"]["value"] = np.arange(1, 6 * count + 1).reshape(6, count, order="F")
