"""Fixtures of this folder."""

from tests.video.fixtures import balancing_man, jumping_people, pose_weights

__all__ = ["balancing_man", "jumping_people", "pose_weights"]
