"""A stick figure that squats, seen from its left side, with joint angles that are known exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prescriptions.library import load
from prescriptions.movement import MIRRORED, ExerciseRules
from sessions.posture_guard import PostureStream, SetResult, score_recording

Array = NDArray[np.floating]
WIDTH, HEIGHT = 1280, 720
THIGH, SHANK, TRUNK, ARM, FOOT = 0.42, 0.42, 0.5, 0.3, 0.2
SQUAT = ExerciseRules.from_dict(load("squat"))


@dataclass(frozen=True)
class Recording:
    """What a camera and a detector would hand over."""

    t_ms: Array
    image: Array
    side: str = "both"

    def score(self, rules: ExerciseRules = SQUAT, view: str = "side") -> SetResult:
        return score_recording(
            rules, self.t_ms, self.image, view=view, side=self.side, width=WIDTH, height=HEIGHT
        )

    def stream(self, rules: ExerciseRules = SQUAT, view: str = "side") -> PostureStream:
        return PostureStream(rules, view=view, side=self.side, width=WIDTH, height=HEIGHT)


def bump_course(
    depths: list[float],
    *,
    seconds: float = 3.0,
    rest_s: float = 0.7,
    rate_hz: float = 30.0,
    rest: float = 4.0,
) -> tuple[Array, Array]:
    """Times in ms, and an angle that rises to each depth and comes back."""
    period = seconds + rest_s
    t_s = np.arange(0.0, 1.0 + period * len(depths), 1.0 / rate_hz)
    angle = np.full(len(t_s), rest)
    for i, depth in enumerate(depths):
        inside = (t_s - 1.0 - i * period) / seconds
        moving = (inside >= 0) & (inside <= 1)
        angle[moving] += (depth - rest) * (0.5 - 0.5 * np.cos(2 * np.pi * inside[moving]))
    return t_s * 1000.0, angle


def pose(knee_deg: Array, *, lean_deg: Array | float = 0.0, centre: float = 0.5) -> Array:
    """Landmarks (N, 33, 4) for knee flexion angles; shank and thigh share the bend, the trunk balances it."""
    n = len(knee_deg)
    half = np.radians(knee_deg) / 2
    lean = half + np.radians(lean_deg)
    ankle = np.zeros((n, 2))
    knee = ankle + SHANK * np.stack([np.sin(half), np.cos(half)], axis=1)
    hip = knee + THIGH * np.stack([-np.sin(half), np.cos(half)], axis=1)
    shoulder = hip + TRUNK * np.stack([np.sin(lean), np.cos(lean)], axis=1)
    toes = ankle + np.array([FOOT * 0.8, -0.05])
    heel = ankle + np.array([-FOOT * 0.2, -0.05])
    head = shoulder + np.array([0.0, 0.2])
    arm = shoulder + np.array([ARM, 0.0])
    metres = np.zeros((n, 33, 2))
    metres[:] = head[:, None]
    metres[:, 0] = head + np.array([0.1, 0.0])
    for marks, place in (
        ((11, 12), shoulder), ((13, 14), arm), ((15, 16, 17, 18, 19, 20, 21, 22), arm + 0.2), ((23, 24), hip),
        ((25, 26), knee), ((27, 28), ankle), ((29, 30), heel), ((31, 32), toes),
    ):  # fmt: skip
        metres[:, marks] = np.asarray(place)[:, None]
    # A centimetre between the sides, as a camera at an angle would see.
    metres[:, 1::2, 0] += 0.01
    pixels = metres * 320.0
    image = np.zeros((n, 33, 4))
    image[..., 0] = centre + pixels[..., 0] / WIDTH
    image[..., 1] = 0.9 - pixels[..., 1] / HEIGHT
    image[..., 3] = 0.95
    return image


def squats(depths: list[float], *, lean_deg: Array | float = 0.0, **course: float) -> Recording:
    """A set of squats to these depths."""
    t_ms, angle = bump_course(depths, **course)
    return Recording(t_ms, pose(angle, lean_deg=lean_deg))


def mirrored(recording: Recording) -> Recording:
    """The same set in a mirror: left is right."""
    image = recording.image[:, MIRRORED].copy()
    image[..., 0] = 1.0 - image[..., 0]
    side = {"left": "right", "right": "left", "both": "both"}[recording.side]
    return Recording(recording.t_ms, image, side)
