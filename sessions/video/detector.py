"""The one place where Python calls MediaPipe: frames in, 33 landmarks out (VIDEO mode, one person)."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sessions.video.errors import PoseModelUnavailable
from sessions.video.weights import SHA256, weights_path


@dataclass(frozen=True)
class PoseFrame:
    """One person in one frame: image [33,4] (x, y shares of the picture, z, visibility), world [33,3]
    metres.
    """

    image: NDArray[np.float32]
    world: NDArray[np.float32]


class PoseDetector:
    """MediaPipe's Pose Landmarker on the processor, tracking one person from frame to frame.

    Use as a context manager. Raises WeightsMissing, PoseModelUnavailable.
    """

    def __init__(self, size: str = "full", *, least_confidence: float = 0.5) -> None:
        path = weights_path(size)
        self.model_sha256 = SHA256[size]
        self._vision, self._image_class, self._image_format = _mediapipe()
        base = _base_options(str(path))
        options = self._vision.PoseLandmarkerOptions(
            base_options=base,
            running_mode=self._vision.RunningMode.VIDEO,
            num_poses=1,
            min_pose_detection_confidence=least_confidence,
            min_pose_presence_confidence=least_confidence,
            min_tracking_confidence=least_confidence,
        )
        try:
            self._landmarker = self._vision.PoseLandmarker.create_from_options(options)
        except (OSError, RuntimeError, ValueError) as problem:
            raise PoseModelUnavailable(str(problem).splitlines()[0]) from problem
        self._last_ms = -1

    def __enter__(self) -> PoseDetector:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the model."""
        self._landmarker.close()

    def detect(self, rgb: NDArray[np.uint8], t_ms: float) -> PoseFrame | None:
        """Landmarks of the person in an RGB frame [H,W,3], None when nobody is found.

        MediaPipe wants whole, rising milliseconds: a time that does not rise is moved on by one.
        """
        self._last_ms = max(self._last_ms + 1, round(t_ms))
        picture = self._image_class(image_format=self._image_format.SRGB, data=rgb)
        found = self._landmarker.detect_for_video(picture, self._last_ms)
        if not found.pose_landmarks:
            return None
        image = [(p.x, p.y, p.z, p.visibility) for p in found.pose_landmarks[0]]
        world = [(p.x, p.y, p.z) for p in found.pose_world_landmarks[0]]
        return PoseFrame(np.array(image, dtype=np.float32), np.array(world, dtype=np.float32))


def _mediapipe() -> tuple[Any, Any, Any]:
    """MediaPipe's vision module, image class and image format, imported late: it takes seconds."""
    try:
        import mediapipe
        from mediapipe.tasks.python import vision
    except (ImportError, OSError) as problem:
        raise PoseModelUnavailable(str(problem)) from problem
    return vision, mediapipe.Image, mediapipe.ImageFormat


def _base_options(path: str) -> Any:
    from mediapipe.tasks.python import BaseOptions

    return BaseOptions(model_asset_path=path, delegate=BaseOptions.Delegate.CPU)
