"""Step length from the rise and fall of the lower back: Zijlstra & Hof, Gait & Posture 18:1–10, 2003.

The trunk as an inverted pendulum: length = A · 2 · √(2·h·d − d²), h the height of the sensor, d the rise in a
step. The factor A = 4.587/4 is the one of Soltani et al. (IEEE TNSRE 29:1955, 2021) that mobgap 1.2.0 ships.
Here the rise is of the vertical found with VQF rather than of a sensor axis: sensors tilt by 15 to 30 deg.
Does not hold for shuffling, turning on the spot, stairs, or a walking aid that carries weight.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.gait.filters import ANALYSIS_RATE_HZ, high_passed
from sessions.motion_trend.gait.settings import GaitSettings

Array = NDArray[np.float64]

DRIFT_HZ = 0.1
SPEED_DRIFT_HZ = 1.0


def vertical_way(vertical_m_s2: Array) -> Array:
    """Vertical displacement in m without slow drift, from vertical acceleration[N] at 100 Hz."""
    speed = np.cumsum(high_passed(vertical_m_s2, cut_hz=DRIFT_HZ)) / ANALYSIS_RATE_HZ
    return np.cumsum(high_passed(speed, cut_hz=SPEED_DRIFT_HZ)) / ANALYSIS_RATE_HZ


def step_lengths(way_m: Array, contacts_s: Array, *, height_m: float, settings: GaitSettings) -> Array:
    """Length of each of the K−1 steps between contacts_s[K] (s on the way's clock), in m; height in m."""
    borders = np.clip(np.round(contacts_s * ANALYSIS_RATE_HZ).astype(int), 0, len(way_m))
    rises = np.array([np.ptp(way_m[a:b]) if b > a else 0.0 for a, b in pairwise(borders)])
    pendulum_m = settings.sensor_share_of_height * height_m
    return settings.pendulum_factor * 2 * np.sqrt(np.abs(2 * pendulum_m * rises - rises**2))
