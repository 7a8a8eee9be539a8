"""Fixtures for what needs the pose model."""

from tests.video.fixtures import pose_weights

__all__ = ["pose_weights"]
