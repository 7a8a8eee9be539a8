"""Counts the repetitions of recorded landmarks of real people, for any movement, by the angle that the index
names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from prescriptions.movement.landmarks import LANDMARK_COUNT, Side
from prescriptions.movement.quantities import QUANTITIES
from prescriptions.movement.rules import ExerciseRules, Segmentation, ViewRules
from sessions.posture_guard.stream import PostureStream
from sessions.posture_guard.types import SetResult
from sessions.posture_guard.validation.angle_names import (
    angle_named,
    counts_given,
    side_named,
    view_named,
)
from sessions.posture_guard.validation.errors import BadData

# The smallest swing that can be a repetition of a movement we know nothing else about.
LEAST_AMPLITUDE_DEG = 7.0
USUAL_RATE_HZ = 30.0
USUAL_SIZE = (1280.0, 720.0)


@dataclass(frozen=True, slots=True)
class Clip:
    """Landmarks of one clip: image (N, 33, 4) in picture shares."""

    file: str
    count_by: str
    view: str
    true: tuple[int, ...]
    image: NDArray[np.float64]
    rate_hz: float
    width: float
    height: float
    side: Side = Side.BOTH


@dataclass(frozen=True, slots=True)
class ClipCount:
    """`true` may hold two numbers where either is right; `error` says why a clip could not be counted."""

    file: str
    counted: int | None
    live: int | None
    true: tuple[int, ...]
    exact: bool
    off_by_one: bool
    error: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self) | {"true": list(self.true)}


def counting_rules(count_by: str, *, view: str, side: Side = Side.BOTH) -> ExerciseRules:
    """Rules that only count, in either direction, by one angle."""
    return ExerciseRules(
        code=f"count_{count_by}",
        version=1,
        name=count_by,
        kind="repetitions",
        sides=(side,),
        views={view: ViewRules(view, count_by, (0.0, 180.0), LEAST_AMPLITUDE_DEG)},
        segmentation=Segmentation(
            direction="either", least_s=0.25, most_s=30.0, odd_pose=0.3, least_share=0.45, by_limb=True
        ),
        criteria=(),
    )


def read_index(folder: Path) -> list[Mapping[str, Any]]:
    """Entries of `folder`/landmarks/index.json. Raises BadData."""
    path = folder / "landmarks" / "index.json"
    try:
        entries = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as missing:
        raise BadData(path, "is not there") from missing
    except (OSError, ValueError) as wrong:
        raise BadData(path, f"cannot be read: {wrong}") from wrong
    if not isinstance(entries, list) or not all(isinstance(e, dict) and "file" in e for e in entries):
        raise BadData(path, "must be a list of entries with a file each")
    return entries


def read_clip(folder: Path, entry: Mapping[str, Any]) -> Clip:
    """One clip's landmarks. Raises BadData."""
    path = folder / "landmarks" / Path(str(entry["file"])).name
    view = view_named(str(entry.get("view", "front")))
    meant = angle_named(str(entry.get("count_by", "")), view=view)
    if meant is None:
        known = ", ".join(sorted(QUANTITIES))
        raise BadData(path, f"count_by {str(entry.get('count_by', ''))!r} is not one of {known}")
    try:
        with path.open("rb") as file, np.load(file) as stored:
            image = np.asarray(stored["image"], dtype=np.float64)
            rate_hz = _number(stored, "fps", USUAL_RATE_HZ)
            width, height = _size(stored)
    except FileNotFoundError as missing:
        raise BadData(path, "is not there") from missing
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as wrong:
        raise BadData(path, f"cannot be read: {wrong}") from wrong
    true = counts_given(entry.get("repetitions"))
    if image.ndim != 3 or image.shape[1:] != (LANDMARK_COUNT, 4):
        raise BadData(path, f"image must be frames × {LANDMARK_COUNT} × 4, not {image.shape}")
    if not (0 < rate_hz < 1000 and width > 0 and height > 0 and true):
        raise BadData(path, "needs a frame rate, a picture size and at least one true count")
    count_by, side = meant
    if side is Side.BOTH:
        side = side_named(str(entry.get("side", "")))
    return Clip(path.name, count_by, view, true, image, rate_hz, width, height, side)


def _number(stored: Any, name: str, usual: float) -> float:
    return float(np.asarray(stored[name]).reshape(-1)[0]) if name in stored else usual


def _size(stored: Any) -> tuple[float, float]:
    if "size" not in stored:
        return USUAL_SIZE
    width, height = (float(x) for x in stored["size"])
    return width, height


def stream_clip(clip: Clip) -> tuple[SetResult, int]:
    """Push the frames one by one; the result and the last count shown live."""
    stream = PostureStream(
        counting_rules(clip.count_by, view=clip.view, side=clip.side),
        view=clip.view,
        side=clip.side.value,
        width=clip.width,
        height=clip.height,
    )
    live = stream.push_many(np.arange(len(clip.image)) * (1000.0 / clip.rate_hz), clip.image).count
    return stream.finish(), live


def count_clips(folder: Path) -> list[ClipCount]:
    """Every clip of the index; a broken clip becomes an entry with its error. Raises BadData for the index
    itself.
    """
    counts = []
    for entry in read_index(folder):
        try:
            counts.append(count_clip(read_clip(folder, entry)))
        except BadData as wrong:
            true = counts_given(entry.get("repetitions"))
            counts.append(ClipCount(str(entry["file"]), None, None, true, False, False, str(wrong.why)))
    return counts


def count_clip(clip: Clip) -> ClipCount:
    """Count one clip and compare."""
    result, live = stream_clip(clip)
    counted = len(result.repetitions)
    return ClipCount(
        clip.file, counted, live, clip.true, counted in clip.true, off_by_one(counted, clip.true)
    )


def off_by_one(counted: int, true: Sequence[int]) -> bool:
    """Within one of an accepted count."""
    return any(abs(counted - n) <= 1 for n in true)
