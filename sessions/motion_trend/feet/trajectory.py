"""The path of a foot between two rests: strapdown integration with a zero-velocity update at both ends.

Orientation: gravity at the first rest, the gyroscope in between, and the tilt that gravity shows at the
second rest spread linearly over the stride. Velocity is zero at both rests (Skog et al. 2010; Mariani et al.,
J Biomech 2010). What is left over at the second rest is drift. We differ from the usual linear removal: the
share of drift removed up to a moment follows the squared change of acceleration up to that moment, because
the error comes from sampling (and clipping) the heel's impact far more than from tilt. The direction of north
is not needed: only lengths and turns within a stride are read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import cumulative_trapezoid
from scipy.spatial.transform import Rotation

from sessions.motion_trend.feet.pieces import Piece
from sessions.motion_trend.types import GRAVITY_M_S2

Vectors = NDArray[np.float64]
GRAVITY_WINDOW_S = 0.05


@dataclass(frozen=True, slots=True)
class Paths:
    """Many strides side by side, padded to the longest: [stride, sample, axis] in a frame whose third axis
    points up.

    `last`: each stride's last sample. `drift_m_s`: velocity left over at the second rest. `tilt_deg`: tilt
    left over there.
    """

    last: NDArray[np.intp]
    velocity_m_s: Vectors
    position_m: Vectors
    turning_rad_s: Vectors
    heading_rad: NDArray[np.float64]
    rise_m: NDArray[np.float64]
    drift_m_s: NDArray[np.float64]
    tilt_deg: NDArray[np.float64]


def follow(piece: Piece, starts: NDArray[np.intp], ends: NDArray[np.intp], bias_rad_s: Vectors) -> Paths:
    """Paths of the strides that start and end at these samples of the piece."""
    last = ends - starts
    step = np.minimum(np.arange(int(last.max()) + 1)[None, :], last[:, None])
    index = starts[:, None] + step
    turning = piece.angular_velocity[index] - bias_rad_s
    force = piece.acceleration[index]
    moving = np.diff(step, axis=1, prepend=0) > 0
    frames = _orientations(piece, (starts, ends), turning, moving, step / last[:, None])
    up = np.array([0.0, 0.0, GRAVITY_M_S2])
    acceleration = _apply(frames.orientation, force) - up
    raw = _integrate(acceleration, moving, piece.rate_hz)
    share = _drift_share(force, moving)
    velocity = raw - share[:, :, None] * raw[:, -1:, :]
    position = _integrate(velocity, moving, piece.rate_hz)
    return Paths(
        last,
        velocity,
        position,
        _apply(frames.orientation, turning),
        frames.heading_rad,
        position[:, -1, 2],
        np.linalg.norm(raw[:, -1], axis=1),
        frames.tilt_deg,
    )


@dataclass(frozen=True, slots=True)
class _Frames:
    orientation: Vectors
    heading_rad: NDArray[np.float64]
    tilt_deg: NDArray[np.float64]


def _orientations(
    piece: Piece,
    rests: tuple[NDArray[np.intp], NDArray[np.intp]],
    turning: Vectors,
    moving: NDArray[np.bool_],
    progress: NDArray[np.float64],
) -> _Frames:
    """Sensor to level frame as quaternions [stride, sample, 4] (x, y, z, w)."""
    first = Rotation.from_quat(_level(_gravity(piece, rests[0])))
    between = (turning[:, :-1] + turning[:, 1:]) / 2 * moving[:, 1:, None] / piece.rate_hz
    turned = _accumulate(
        first.as_quat(), Rotation.from_rotvec(between.reshape(-1, 3)).as_quat(), between.shape
    )
    seen = Rotation.from_quat(turned[:, -1]).apply(_gravity(piece, rests[1]))
    tilt = Rotation.from_quat(_level(seen)).as_rotvec()
    spread = (progress[:, :, None] * tilt[:, None, :]).reshape(-1, 3)
    flat = Rotation.from_rotvec(spread) * Rotation.from_quat(turned.reshape(-1, 4))
    orientation = flat.as_quat().reshape(turned.shape)
    over = (Rotation.from_quat(orientation[:, -1]) * first.inv()).as_quat()
    heading = 2 * np.arctan2(over[:, 2], over[:, 3])
    return _Frames(
        orientation, (heading + np.pi) % (2 * np.pi) - np.pi, np.rad2deg(np.linalg.norm(tilt, axis=1))
    )


def _gravity(piece: Piece, rests: NDArray[np.intp]) -> Vectors:
    reach = max(1, round(GRAVITY_WINDOW_S * piece.rate_hz))
    around = rests[:, None] + np.arange(-reach, reach + 1)[None, :]
    around = np.clip(around, 0, len(piece.acceleration) - 1)
    return np.asarray(piece.acceleration[around].mean(axis=1), dtype=np.float64)


def _level(vectors: Vectors) -> Vectors:
    """The shortest turns (quaternions x, y, z, w) that bring vectors [n,3] upright."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    quaternion = np.column_stack([unit[:, 1], -unit[:, 0], np.zeros(len(unit)), 1.0 + unit[:, 2]])
    quaternion[quaternion[:, 3] < 1e-9] = (1.0, 0.0, 0.0, 0.0)
    return np.asarray(quaternion / np.linalg.norm(quaternion, axis=1, keepdims=True), dtype=np.float64)


def _accumulate(first: Vectors, small: Vectors, shape: tuple[int, ...]) -> Vectors:
    """Chain small turns [stride·sample, 4] onto the first orientation, all strides at once."""
    turns = small.reshape(shape[0], shape[1], 4)
    chained = np.empty((shape[0], shape[1] + 1, 4))
    chained[:, 0] = first
    for k in range(shape[1]):
        chained[:, k + 1] = _product(chained[:, k], turns[:, k])
    return chained


def _product(a: Vectors, b: Vectors) -> Vectors:
    ax, ay, az, aw = a.T
    bx, by, bz, bw = b.T
    return np.column_stack(
        [
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
            aw * bw - ax * bx - ay * by - az * bz,
        ]
    )


def _apply(orientation: Vectors, vectors: Vectors) -> Vectors:
    turned = Rotation.from_quat(orientation.reshape(-1, 4)).apply(vectors.reshape(-1, 3))
    return np.asarray(turned.reshape(vectors.shape), dtype=np.float64)


def _integrate(values: Vectors, moving: NDArray[np.bool_], rate_hz: float) -> Vectors:
    running = cumulative_trapezoid(values, dx=1.0 / rate_hz, axis=1, initial=0)
    # Padding repeats the last sample: what it would add is taken off again.
    added = np.diff(running, axis=1, prepend=0) * moving[:, :, None]
    return np.asarray(np.cumsum(added, axis=1), dtype=np.float64)


def _drift_share(force: Vectors, moving: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How much of a stride's drift has arisen by each sample [stride, sample], 0 to 1."""
    change = (np.diff(force, axis=1, prepend=force[:, :1]) ** 2).sum(axis=2)
    # A floor keeps a stride without any impact from dividing by nothing; tilt adds evenly.
    change = (change + 1e-6) * moving
    running = np.cumsum(change, axis=1)
    return np.asarray(running / running[:, -1:], dtype=np.float64)
