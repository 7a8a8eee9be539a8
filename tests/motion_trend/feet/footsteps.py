"""A foot whose path is known: stance, push-off, swing and landing, as its sensor would feel them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator
from scipy.spatial.transform import Rotation

from sessions.motion_trend.types import GRAVITY_M_S2, Placement, SensorSignal


@dataclass(frozen=True)
class Footsteps:
    """What to simulate; `turns_deg`: by stride, 0 where not named."""

    strides: int = 12
    length_m: float = 1.3
    time_s: float = 1.1
    turns_deg: tuple[float, ...] = ()
    rate_hz: float = 200.0
    noise_m_s2: float = 0.05
    noise_deg_s: float = 0.3
    bias_deg_s: float = 0.5
    impact_m_s2: float = 60.0
    lead_s: float = 2.0
    start_s: float = 0.0
    mount: Rotation = field(default_factory=Rotation.identity)
    seed: int = 1


LIFT, STRIKE, FLAT = 0.40, 0.78, 0.88
# Shares of a stride that begins at mid-stance, and the pitch there (toes down positive, degrees).
# The foot turns fastest just before it leaves the ground.
PITCH = (
    (0.0, 0),
    (0.18, 0),
    (0.34, 22),
    (LIFT, 50),
    (0.43, 55),
    (0.60, 5),
    (STRIKE, -22),
    (FLAT, 0),
    (1.0, 0),
)


def feel(steps: Footsteps, placement: Placement) -> tuple[SensorSignal, NDArray[np.float64]]:
    """The signal, and the times of foot strike."""
    fine_hz = 1000.0
    total_s = 2 * steps.lead_s + steps.strides * steps.time_s
    t_s = np.arange(int(total_s * fine_hz)) / fine_hz
    position, pitch, heading = _path(steps, t_s)
    smooth = CubicSpline(t_s, position)
    orientation = Rotation.from_euler("ZY", np.column_stack([heading, pitch]), degrees=True) * steps.mount
    force = orientation.inv().apply(smooth(t_s, 2) + np.array([0, 0, GRAVITY_M_S2]))
    turning = (orientation[:-1].inv() * orientation[1:]).as_rotvec() * fine_hz
    turning = np.vstack([turning, turning[-1:]])
    strikes = steps.lead_s + (np.arange(steps.strides) + STRIKE) * steps.time_s
    force += _impacts(steps, t_s, strikes)
    return _sample(steps, t_s, force, turning, placement), strikes + steps.start_s


def _path(steps: Footsteps, t_s: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    phase = np.clip((t_s - steps.lead_s) / steps.time_s, 0, steps.strides - 1e-9)
    stride = phase.astype(int)
    share = phase - stride
    pitch = PchipInterpolator(*np.array(PITCH, dtype=float).T)(share)
    swing = np.clip((share - 0.33) / (FLAT - 0.02 - 0.33), 0, 1)
    # Seven-degree smooth: velocity, acceleration and jerk are zero at both ends.
    gone = swing**4 * (35 - 84 * swing + 70 * swing**2 - 20 * swing**3)
    turns = np.zeros(steps.strides)
    turns[: len(steps.turns_deg)] = steps.turns_deg
    before = np.r_[0, np.cumsum(turns)[:-1]]
    heading = before[stride] + gone * turns[stride]
    way = np.deg2rad(before + turns / 2)
    moves = steps.length_m * np.column_stack([np.cos(way), np.sin(way)])
    start = np.vstack([[0, 0], np.cumsum(moves, axis=0)[:-1]])
    level = start[stride] + gone[:, None] * moves[stride]
    height = 0.08 * 256 * (swing * (1 - swing)) ** 4
    return np.column_stack([level, height]), pitch, heading


def _impacts(steps: Footsteps, t_s: NDArray[np.float64], strikes: NDArray[np.float64]) -> NDArray[np.float64]:
    """A ringing at each strike whose sum is nothing: it moves no foot."""
    felt = np.zeros((len(t_s), 3))
    for strike_s in strikes:
        first, last = np.searchsorted(t_s, (strike_s, strike_s + 0.05))
        after = t_s[first:last] - strike_s
        ring = np.exp(-after / 0.012) * np.sin(2 * np.pi * 25 * after)
        felt[first:last] += steps.impact_m_s2 * (ring - ring.mean())[:, None] * np.array([0.3, 0.1, 1.0])
    return felt


def _sample(
    steps: Footsteps,
    t_s: NDArray[np.float64],
    force: NDArray[np.float64],
    turning: NDArray[np.float64],
    placement: Placement,
) -> SensorSignal:
    random = np.random.default_rng(steps.seed)
    at_s = np.arange(int(t_s[-1] * steps.rate_hz)) / steps.rate_hz
    force = np.stack([np.interp(at_s, t_s, force[:, k]) for k in range(3)], axis=1)
    turning = np.stack([np.interp(at_s, t_s, turning[:, k]) for k in range(3)], axis=1)
    force += random.normal(0, steps.noise_m_s2, force.shape)
    turning += np.deg2rad(random.normal(steps.bias_deg_s, steps.noise_deg_s, turning.shape))
    return SensorSignal(
        at_s + steps.start_s,
        force.astype(np.float32),
        turning.astype(np.float32),
        steps.rate_hz,
        placement,
    )
