"""From a video file to a scored set: decode, find the person in each frame, and score with PostureGuard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prescriptions.movement.rules import ExerciseRules
from sessions.posture_guard import SetResult, score_recording
from sessions.video.detector import PoseDetector
from sessions.video.errors import NobodyInVideo
from sessions.video.reader import VideoFacts, VideoReader

Report = Callable[[float], None]
LEAST_FOUND_SHARE = 0.02
_REPORT_EVERY = 10


@dataclass(frozen=True)
class VideoLandmarks:
    """Landmarks of a whole video. t_ms [N]; image [N,33,4]; world [N,33,3]; presence [N] (0 where nobody was
    found, and the landmarks are zero there); the picture's size in pixels after rotation; the model's
    sha256."""

    t_ms: NDArray[np.float64]
    image: NDArray[np.float32]
    world: NDArray[np.float32]
    presence: NDArray[np.float32]
    facts: VideoFacts
    model_sha256: str

    @property
    def found_share(self) -> float:
        """Share of frames in which a person was found."""
        return float(np.mean(self.presence > 0)) if len(self.presence) else 0.0


@dataclass(frozen=True)
class VideoAnalysis:
    """Landmarks of a video and the set that PostureGuard saw in them."""

    landmarks: VideoLandmarks
    result: SetResult

    def to_dict(self) -> dict[str, Any]:
        """Facts and result for JSON, without the landmarks."""
        facts, found = self.landmarks.facts, self.landmarks
        return {
            "video": {
                "width": facts.width,
                "height": facts.height,
                "rotation": facts.rotation,
                "fps": round(facts.fps, 3),
                "frames": len(found.t_ms),
                "seconds": round(float(found.t_ms[-1]) / 1000, 3),
                "found_share": round(found.found_share, 4),
                "model_sha256": found.model_sha256,
            },
            "result": self.result.to_dict(),
        }


def _no_report(_: float) -> None:
    return None


def find_landmarks(
    path: Path | str,
    *,
    size: str = "full",
    on_progress: Report = _no_report,
    detector: PoseDetector | None = None,
) -> VideoLandmarks:
    """Landmarks in every frame of a video. `on_progress` gets the share done, 0–1.

    `detector` lets several videos share one loaded model only in tests: tracking carries over from film to
    film. Raises the errors of VideoReader and PoseDetector, and NobodyInVideo.
    """
    with VideoReader(Path(path)) as reader:
        if detector is not None:
            return _track(reader, detector, on_progress)
        with PoseDetector(size) as own:
            return _track(reader, own, on_progress)


def _track(
    reader: VideoReader, detector: PoseDetector, on_progress: Callable[[float], None]
) -> VideoLandmarks:
    t_ms: list[float] = []
    image: list[NDArray[np.float32]] = []
    world: list[NDArray[np.float32]] = []
    presence: list[float] = []
    nobody = np.zeros((33, 4), np.float32), np.zeros((33, 3), np.float32)
    for frame in reader:
        person = detector.detect(frame.rgb, frame.t_ms)
        t_ms.append(frame.t_ms)
        image.append(person.image if person else nobody[0])
        world.append(person.world if person else nobody[1])
        presence.append(1.0 if person else 0.0)
        if len(t_ms) % _REPORT_EVERY == 0 and reader.facts.seconds > 0:
            on_progress(min(frame.t_ms / 1000 / reader.facts.seconds, 1.0))
    if not t_ms or np.mean(presence) < LEAST_FOUND_SHARE:
        raise NobodyInVideo(len(t_ms))
    on_progress(1.0)
    return VideoLandmarks(
        np.array(t_ms),
        np.stack(image),
        np.stack(world),
        np.array(presence, dtype=np.float32),
        reader.facts,
        detector.model_sha256,
    )


def analyse_video(
    path: Path | str,
    rules: ExerciseRules,
    *,
    view: str,
    side: str,
    size: str = "full",
    on_progress: Report = _no_report,
) -> VideoAnalysis:
    """Find and score one set in a video, as the live path would. Raises as `find_landmarks`."""
    found = find_landmarks(path, size=size, on_progress=on_progress)
    result = score_recording(
        rules,
        found.t_ms,
        found.image,
        found.presence,
        view=view,
        side=side,
        width=found.facts.width,
        height=found.facts.height,
    )
    return VideoAnalysis(found, result)
