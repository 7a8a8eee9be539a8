"""Frames of a video file with their times: checked before they are read, decoded ahead in a thread of its
own.
"""

from __future__ import annotations

import math
import os
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sessions.video.errors import (
    NotAVideo,
    PoseModelUnavailable,
    VideoMissing,
    VideoPictureSize,
    VideoTooLarge,
    VideoTooLong,
    VideoTruncated,
)

LIMIT_BYTES = 1_000_000_000
LIMIT_S = 20 * 60.0
LEAST_SIDE, MOST_SIDE = 96, 4320
WORKING_SIDE = 1920
MOST_FPS = 61.0
_TRUNCATED_SHARE = 0.9
_AHEAD = 8
# A decoder that guesses the format from the content would also open play lists, which name other files.
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_MATROSKA = b"\x1a\x45\xdf\xa3"


@dataclass(frozen=True)
class VideoFacts:
    """Size after rotation (pixels), frames per second and number of frames as the file declares them,
    rotation in degrees that was undone. `frames` is 0 when the file does not say."""

    width: int
    height: int
    fps: float
    frames: int
    rotation: int

    @property
    def seconds(self) -> float:
        return self.frames / self.fps if self.fps > 0 else 0.0


@dataclass(frozen=True)
class VideoFrame:
    """One RGB frame [H,W,3] and its time in milliseconds from the first frame."""

    t_ms: float
    rgb: NDArray[np.uint8]


def check_file(path: Path, *, limit_bytes: int = LIMIT_BYTES) -> None:
    """Look at a file without decoding it. Raises VideoMissing, VideoTooLarge, NotAVideo."""
    if not path.is_file():
        raise VideoMissing(path.name)
    size = path.stat().st_size
    if size > limit_bytes:
        raise VideoTooLarge(size, limit_bytes)
    with path.open("rb") as file:
        head = file.read(16)
    is_avi = head[:4] == b"RIFF" and head[8:12] == b"AVI "
    if not (is_avi or head[4:8] in _BOXES or head[:4] == _MATROSKA):
        raise NotAVideo("no video signature")


class VideoReader:
    """Frames of one file in order, decoded ahead by a thread. Use as a context manager, iterate once.

    Rotation in the file is applied; times come from the file, so a varying frame rate is kept. Pictures
    larger than 1920 pixels are made smaller, frames above 61 a second are left out. Raises what `check_file`
    raises, and VideoTooLong, VideoPictureSize; while iterating VideoTruncated.
    """

    def __init__(self, path: Path, *, limit_bytes: int = LIMIT_BYTES, limit_s: float = LIMIT_S) -> None:
        check_file(path, limit_bytes=limit_bytes)
        self._cv2 = _opencv()
        self._film = self._cv2.VideoCapture(str(path), self._cv2.CAP_FFMPEG)
        self._limit_s = limit_s
        self._stop = threading.Event()
        self._ready: queue.Queue[VideoFrame | Exception | None] = queue.Queue(maxsize=_AHEAD)
        self._decoder = threading.Thread(target=self._decode, name="decode-video", daemon=True)
        try:
            self.facts = self._read_facts()
        except Exception:
            self._film.release()
            raise

    def __enter__(self) -> VideoReader:
        self._decoder.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        while self._decoder.is_alive():
            self._drop_one()
            self._decoder.join(timeout=0.05)
        self._film.release()

    def __iter__(self) -> Iterator[VideoFrame]:
        while (item := self._ready.get()) is not None:
            if isinstance(item, Exception):
                raise item
            yield item

    def _drop_one(self) -> None:
        try:
            self._ready.get_nowait()
        except queue.Empty:
            return

    def _read_facts(self) -> VideoFacts:
        if not self._film.isOpened():
            raise NotAVideo("the decoder does not know this format")
        get, cv2 = self._film.get, self._cv2
        width, height = int(get(cv2.CAP_PROP_FRAME_WIDTH)), int(get(cv2.CAP_PROP_FRAME_HEIGHT))
        if width == 0 or height == 0:
            raise NotAVideo("no picture in this file")
        if min(width, height) < LEAST_SIDE or max(width, height) > MOST_SIDE:
            raise VideoPictureSize(width, height, LEAST_SIDE, MOST_SIDE)
        rotation = int(get(cv2.CAP_PROP_ORIENTATION_META)) % 360
        fps, frames = float(get(cv2.CAP_PROP_FPS)), max(0, int(get(cv2.CAP_PROP_FRAME_COUNT)))
        facts = VideoFacts(width, height, fps, frames, rotation)
        if facts.seconds > self._limit_s:
            raise VideoTooLong(facts.seconds, self._limit_s)
        return facts

    def _decode(self) -> None:
        try:
            read = self._decode_frames()
            if read < _TRUNCATED_SHARE * self.facts.frames:
                self._hand_over(VideoTruncated(read))
        except (VideoTooLong, VideoTruncated) as problem:
            self._hand_over(problem)
        except self._cv2.error:
            self._hand_over(VideoTruncated(0))
        finally:
            self._hand_over(None)

    def _decode_frames(self) -> int:
        """Hand over all frames; the number that the file held, with those left out."""
        read, kept_ms, first_ms = 0, -1e9, 0.0
        while not self._stop.is_set() and self._film.grab():
            t_ms = float(self._film.get(self._cv2.CAP_PROP_POS_MSEC))
            first_ms = t_ms if read == 0 else first_ms
            read += 1
            t_ms -= first_ms
            if t_ms > self._limit_s * 1000:
                raise VideoTooLong(t_ms / 1000, self._limit_s)
            if t_ms - kept_ms < 1000 / MOST_FPS:
                continue
            decoded, bgr = self._film.retrieve()
            if not decoded:
                raise VideoTruncated(read)
            kept_ms = t_ms
            self._hand_over(VideoFrame(t_ms, self._picture(bgr)))
        return read if not self._stop.is_set() else self.facts.frames

    def _picture(self, bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
        # Whole factors only: averaging by an odd one costs more than half of the landmark model's own time.
        factor = math.ceil(max(bgr.shape[:2]) / WORKING_SIDE)
        if factor > 1:
            size = (bgr.shape[1] // factor, bgr.shape[0] // factor)
            bgr = self._cv2.resize(bgr, size, interpolation=self._cv2.INTER_AREA)
        rgb: NDArray[np.uint8] = self._cv2.cvtColor(bgr, self._cv2.COLOR_BGR2RGB)
        return rgb

    def _hand_over(self, item: VideoFrame | Exception | None) -> None:
        while not self._stop.is_set():
            try:
                self._ready.put(item, timeout=0.1)
            except queue.Full:
                continue
            return


def _opencv() -> Any:
    """OpenCV, imported when first needed, with its decoder's own chatter off: our errors say what matters."""
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", "protocol_whitelist;file")
    try:
        import cv2
    except (ImportError, OSError) as problem:
        raise PoseModelUnavailable(str(problem)) from problem
    return cv2
