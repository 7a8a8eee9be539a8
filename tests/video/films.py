"""Made-up films: moving noise without a person, odd rates, rotation, damage."""

from __future__ import annotations

import subprocess
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np


def write_noise(
    path: Path, *, frames: int = 40, size: tuple[int, int] = (320, 240), fps: float = 30.0
) -> Path:
    """A grey room with a drifting blob: a film, but nobody in it."""
    width, height = size
    film = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), fps, size)
    for i in range(frames):
        picture = np.full((height, width, 3), 120, np.uint8)
        cv2.circle(picture, (20 + 4 * i % width, height // 2), 15, (90, 140, 60), -1)
        film.write(picture)
    film.release()
    return path


def convert(source: Path, target: Path, *options: str) -> Path:
    """Through ffmpeg with these output options."""
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run(
        [ffmpeg, "-v", "error", "-y", "-i", str(source), *options, str(target)],
        check=True,
        capture_output=True,
    )
    return target


def turned(source: Path, target: Path, *, degrees: int) -> Path:
    """The same pictures with a rotation mark, as phones write them."""
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run(
        [
            ffmpeg,
            "-v",
            "error",
            "-y",
            "-display_rotation",
            str(degrees),
            "-i",
            str(source),
            "-c",
            "copy",
            str(target),
        ],
        check=True,
        capture_output=True,
    )
    return target


def write_tone(path: Path) -> Path:
    """A second of sound without a picture."""
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    tone = ["-f", "lavfi", "-i", "sine=frequency=440:duration=1", "-c:a", "aac"]
    subprocess.run([ffmpeg, "-v", "error", "-y", *tone, str(path)], check=True, capture_output=True)
    return path
