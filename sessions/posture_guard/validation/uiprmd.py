"""UI-PRMD (Vakanski et al., Data 2018): Kinect joints of healthy people, seen by a virtual camera as 33
landmarks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prescriptions.movement.landmarks import LANDMARK_COUNT
from sessions.posture_guard.validation.errors import BadData

Array = NDArray[np.float64]
WIDTH, HEIGHT = 1280.0, 720.0
CAMERA_DISTANCE_CM, CAMERA_HEIGHT_CM, FOCAL_PX = 320.0, 90.0, 850.0
JOINT_COUNT = 22
JOIN_S = 0.6
# 22 Kinect joints: 3 neck, 4 head, 7-9 left shoulder-elbow-wrist, 11-13 right, 14-17 left
# hip-knee-ankle-toes, 18-21 right.
_DIRECT = {
    11: 7, 13: 8, 15: 9, 17: 9, 19: 9, 21: 9, 12: 11, 14: 12, 16: 13, 18: 13, 20: 13, 22: 13,
    23: 14, 25: 15, 27: 16, 31: 17, 24: 18, 26: 19, 28: 20, 32: 21,
}  # fmt: skip
# Face points from the head joint, cm to the person's left, up and forward.
_FACE = {
    0: (0.0, 0.0, 11.0), 1: (1.5, 3.0, 9.0), 2: (3.0, 3.0, 9.0), 3: (4.5, 3.0, 8.0), 4: (-1.5, 3.0, 9.0),
    5: (-3.0, 3.0, 9.0), 6: (-4.5, 3.0, 8.0), 7: (7.0, 1.0, 0.0), 8: (-7.0, 1.0, 0.0), 9: (2.0, -4.0, 9.0),
    10: (-2.0, -4.0, 9.0),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Episode:
    """One segmented repetition: joints (N, 22, 3) in cm, y up, the person facing +z."""

    movement: int
    person: int
    number: int
    correct: bool
    joints: Array


def read_kinect(folder: Path) -> tuple[list[Episode], float]:
    """Episodes of `folder`/uiprmd/kinect_joints.npz and their frames per second. Raises BadData."""
    path = folder / "uiprmd" / "kinect_joints.npz"
    try:
        with np.load(path) as stored:
            points, offsets, meta = stored["X"], stored["off"], stored["meta"]
            rate_hz = float(stored["fs"])
    except FileNotFoundError as missing:
        raise BadData(path, "is not there") from missing
    except (OSError, ValueError, KeyError, EOFError) as wrong:
        raise BadData(path, f"cannot be read: {wrong}") from wrong
    _check(path, points, offsets, meta, rate_hz)
    return [
        Episode(int(m), int(p), int(n), bool(c), points[a:b].reshape(-1, JOINT_COUNT, 3).astype(np.float64))
        for (m, p, n, c), a, b in zip(meta[:, :4], offsets[:-1], offsets[1:], strict=True)
    ], rate_hz


def _check(path: Path, points: Array, offsets: Array, meta: Array, rate_hz: float) -> None:
    if points.ndim != 2 or points.shape[1] != JOINT_COUNT * 3:
        raise BadData(path, f"X must be frames × {JOINT_COUNT * 3}, not {points.shape}")
    if meta.ndim != 2 or meta.shape[1] < 4 or len(offsets) != len(meta) + 1:
        raise BadData(
            path, "meta needs a row (movement, subject, episode, correct) per repetition and off one more"
        )
    if not math.isfinite(rate_hz) or rate_hz <= 0:
        raise BadData(path, f"fs must be positive, not {rate_hz}")
    if np.any(np.diff(offsets) < 2) or offsets[0] < 0 or offsets[-1] > len(points):
        raise BadData(path, "off does not fit X")
    if not np.isfinite(points).all():
        raise BadData(path, "X holds NaN or infinite values")


def heading_deg(joints: Array) -> float:
    """Which way a person faces, degrees from +z towards the person's left: some stand askew to the Kinect."""
    left = (joints[:, 7] - joints[:, 11]) + (joints[:, 14] - joints[:, 18])
    x, z = np.median(left[:, [0, 2]], axis=0)
    return math.degrees(math.atan2(-z, x))


def front_side(joints: Array) -> str:
    """Whose foot is in front at the start, "left" or "right"."""
    turn = math.radians(heading_deg(joints))
    ahead = joints[:10, 16] - joints[:10, 20]
    forward = ahead[:, 2] * math.cos(turn) + ahead[:, 0] * math.sin(turn)
    return "left" if float(np.median(forward)) > 0 else "right"


def landmarks(joints: Array, *, view: str, facing_deg: float) -> Array:
    """Joints (N, 22, 3) → image landmarks (N, 33, 4) from `view` ("front", "side" from the person's right,
    "front_diagonal") of a person who faces `facing_deg` (see heading_deg)."""
    body = _body(joints)
    turn = {"front": 0.0, "side": 90.0, "front_diagonal": 45.0}[view] - facing_deg
    seen = _project(body, turn_deg=turn)
    return np.concatenate([seen, np.full((len(seen), LANDMARK_COUNT, 1), 0.95)], axis=2)


def _body(joints: Array) -> Array:
    body = np.zeros((len(joints), LANDMARK_COUNT, 3))
    for landmark, joint in _DIRECT.items():
        body[:, landmark] = joints[:, joint]
    left = _unit(joints[:, 7] - joints[:, 11])
    up = _unit(joints[:, 4] - joints[:, 3])
    forward = _unit(np.cross(left, up))
    for landmark, (a, b, c) in _FACE.items():
        body[:, landmark] = joints[:, 4] + a * left + b * up + c * forward
    for heel, ankle, toes in ((29, 16, 17), (30, 20, 21)):
        foot = joints[:, toes] - joints[:, ankle]
        body[:, heel] = joints[:, ankle] - 0.3 * foot
    return body


def _unit(v: Array) -> Array:
    length = np.linalg.norm(v, axis=-1, keepdims=True)
    return v / np.where(length > 0, length, 1.0)


def _project(body: Array, *, turn_deg: float) -> Array:
    """Pinhole camera 3.2 m from the first frame's hips; x, y as shares of the picture, z as depth share."""
    middle = body[0, [23, 24]].mean(axis=0) * np.array([1.0, 0.0, 1.0])
    turn = math.radians(turn_deg)
    away = body - middle
    right = away[..., 0] * math.cos(turn) + away[..., 2] * math.sin(turn)
    near = -away[..., 0] * math.sin(turn) + away[..., 2] * math.cos(turn)
    depth = CAMERA_DISTANCE_CM - near
    x = 0.5 + FOCAL_PX * right / depth / WIDTH
    y = 0.5 - FOCAL_PX * (away[..., 1] - CAMERA_HEIGHT_CM) / depth / HEIGHT
    return np.stack([x, y, -near / CAMERA_DISTANCE_CM], axis=2)


def joined(repetitions: Sequence[Array], *, rate_hz: float) -> Array:
    """Repetitions one after the other in one recording, with a smooth 0.6 s passage from each to the next."""
    frames = max(2, round(JOIN_S * rate_hz))
    ease = (0.5 - 0.5 * np.cos(np.linspace(0, math.pi, frames + 2)[1:-1]))[:, None, None]
    parts: list[Array] = []
    for i, repetition in enumerate(repetitions):
        if i:
            last = repetitions[i - 1][-1]
            parts.append(last + ease * (repetition[0] - last))
        parts.append(repetition)
    return np.concatenate(parts)
