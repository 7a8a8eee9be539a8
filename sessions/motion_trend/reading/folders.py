"""Files on disk as recordings: which of them belong together, and aligning sensors worn together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from sessions.motion_trend.reading.clock import compare_clocks
from sessions.motion_trend.reading.plans import KINDS
from sessions.motion_trend.reading.types import Source
from sessions.motion_trend.types import Repair, SensorSignal

SUFFIXES = frozenset({".csv", ".txt", ".tsv", ".zip", ".c3d", ".xml"})
# Below this two clocks count as one; above the residual nothing is moved.
LEAST_OFFSET_S = 0.02
MOST_RESIDUAL_S = 0.03


@dataclass(frozen=True, slots=True)
class Bundle:
    """Files of one recording, and what to call it."""

    name: str
    paths: tuple[Path, ...]

    def sources(self) -> list[Source]:
        """The files, to be opened."""
        return [Source(path.name, _opener(path), path.stat().st_size) for path in self.paths]


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def find_bundles(paths: Iterable[Path]) -> list[Bundle]:
    """Files and folders (searched through) as recordings, in order of name.

    Files of one folder whose names differ only in the kind of sensor belong together.
    """
    together: dict[tuple[Path, str], list[Path]] = defaultdict(list)
    for path in paths:
        found = [path] if path.is_file() else [p for p in path.rglob("*") if _is_readable(p)]
        for file in found:
            together[file.parent, _common_name(file)].append(file)
    return [
        Bundle(_name(files, folder, common), tuple(sorted(set(files))))
        for (folder, common), files in sorted(together.items())
    ]


def _is_readable(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def _common_name(path: Path) -> str:
    """A file's name without the kind of sensor; the whole name where it tells none."""
    found = list(KINDS.finditer(path.stem))
    return path.stem[: found[-1].start()] if found else path.name


def _name(files: Sequence[Path], folder: Path, common: str) -> str:
    return files[0].name if len(files) == 1 else common.strip(" _-") or folder.name


def align_sensors(pieces: Sequence[SensorSignal]) -> tuple[list[SensorSignal], tuple[Repair, ...]]:
    """Put the clocks of sensors worn together right against the first one's, where what they felt tells how.

    Pieces of one `source` are one sensor. Sensors that move apart, or do not share two clear minutes, stay as
    they are.
    """
    by_source: dict[str, list[SensorSignal]] = defaultdict(list)
    for piece in pieces:
        by_source[piece.source].append(piece)
    if len(by_source) < 2:
        return list(pieces), ()
    first, *others = by_source.values()
    aligned, repairs = list(first), []
    for other in others:
        moved, repair = _aligned(first, other)
        aligned += moved
        repairs += [repair] if repair else []
    return aligned, tuple(repairs)


def _aligned(
    first: Sequence[SensorSignal], other: Sequence[SensorSignal]
) -> tuple[list[SensorSignal], Repair | None]:
    shift_s = _start_difference_s(first[0], other[0])
    reference_t, reference = _lengths(first)
    times, felt = _lengths(other)
    found = compare_clocks(reference_t, reference, times + shift_s, felt) if len(times) else None
    if found is None or abs(found.offset_s) < LEAST_OFFSET_S or found.residual_s > MOST_RESIDUAL_S:
        return list(other), None
    begins = max(reference_t[0], times[0] + shift_s)
    drift = found.drift_ppm * 1e-6

    def put_right(t_s: np.ndarray) -> np.ndarray:
        shown = t_s + shift_s
        return np.asarray(shown - found.offset_s - drift * (shown - begins) - shift_s)

    words = (
        f"The clock of {other[0].source} ran {found.offset_s:+.2f} s against {first[0].source}, "
        f"drifting {found.drift_ppm:+.0f} parts per million; put right by what both felt."
    )
    moved = [replace(piece, t_s=put_right(piece.t_s)) for piece in other]
    return moved, Repair("aligned", words, found.offset_s)


def _start_difference_s(first: SensorSignal, other: SensorSignal) -> float:
    if first.started_at is None or other.started_at is None:
        return 0.0
    return (other.started_at - first.started_at).total_seconds()


def _lengths(pieces: Sequence[SensorSignal]) -> tuple[np.ndarray, np.ndarray]:
    times = np.concatenate([piece.t_s for piece in pieces])
    return times, np.concatenate([np.linalg.norm(piece.acceleration_m_s2, axis=1) for piece in pieces])
