"""What can be wrong with a video, or with the pose model: nouns with data, words for people."""

from __future__ import annotations

from pathlib import Path


class VideoProblem(Exception):
    """A video that cannot be analysed; `str()` is a sentence for the person who gave it."""

    code = "video"


class VideoMissing(VideoProblem):
    code = "missing"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no file called {name}.")
        self.name = name


class VideoTooLarge(VideoProblem):
    code = "too_large"

    def __init__(self, size_bytes: int, limit_bytes: int) -> None:
        size, limit = size_bytes / 1e6, limit_bytes / 1e6
        super().__init__(
            f"This file is {size:,.0f} MB. The limit is {limit:,.0f} MB. "
            "Film a shorter set, or at a lower quality."
        )
        self.size_bytes, self.limit_bytes = size_bytes, limit_bytes


class VideoTooLong(VideoProblem):
    code = "too_long"

    def __init__(self, seconds: float, limit_s: float) -> None:
        super().__init__(
            f"This video is {seconds / 60:.0f} minutes long. The limit is {limit_s / 60:.0f} minutes. "
            "Send one set."
        )
        self.seconds, self.limit_s = seconds, limit_s


class NotAVideo(VideoProblem):
    code = "not_a_video"

    def __init__(self, detail: str = "") -> None:
        super().__init__("This file is not a video that we can read. Send an MP4, MOV or WebM video.")
        self.detail = detail


class VideoTruncated(VideoProblem):
    code = "truncated"

    def __init__(self, frames_read: int) -> None:
        super().__init__("This video is cut off or damaged. Send it again.")
        self.frames_read = frames_read


class VideoPictureSize(VideoProblem):
    code = "picture_size"

    def __init__(self, width: int, height: int, least: int, most: int) -> None:
        super().__init__(
            f"The picture is {width} × {height} pixels. Each side must have {least} to {most} pixels."
        )
        self.width, self.height = width, height


class NobodyInVideo(VideoProblem):
    code = "nobody"

    def __init__(self, frames: int) -> None:
        super().__init__("We found no person in this video. Check that your whole body is in the picture.")
        self.frames = frames


class WeightsMissing(Exception):
    """The pose weights are not assembled yet."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"The pose weights are missing ({path.name}). Run: python -m sessions.video.weights")
        self.path = path


class PosePackageMissing(Exception):
    """The npm package with the pose model's parts is not installed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The package @mediapipe/pose is not in {folder.parent.parent.name}/. Run `npm ci` first "
            "(`make front` does it)."
        )
        self.folder = folder


class WeightsChanged(Exception):
    """Assembled weights differ from the pinned ones: a changed package or a damaged file."""

    def __init__(self, name: str, *, expected_sha256: str, found_sha256: str) -> None:
        super().__init__(
            f"{name}: sha256 is {found_sha256}, pinned is {expected_sha256}. Nothing was written."
        )
        self.name, self.expected_sha256, self.found_sha256 = name, expected_sha256, found_sha256


class PoseModelUnavailable(Exception):
    """MediaPipe cannot run on this machine."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            "The pose model cannot start on this machine: " + detail + ". MediaPipe needs the packages of "
            "requirements/video.txt and the system libraries libegl1, libgles2 and libgl1."
        )
        self.detail = detail
