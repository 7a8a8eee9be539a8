"""Step length from the rise and fall of the lower back: Zijlstra & Hof, Gait & Posture 18:1–10, 2003.

The trunk as an inverted pendulum: length = A · 2 · √(2·h·d − d²), h the height of the sensor, d the rise in a
step. The factor A = 4.587/4 is the one of Soltani et al. (IEEE TNSRE 29:1955, 2021) that mobgap 1.2.0 ships.
Here the rise is of the vertical found with VQF rather than of a sensor axis (sensors tilt by 15 to 30 deg),
and of the mean wave of neighbouring steps rather than of one: bending and turning do not keep step and
cancel. Published drift is taken out below 1 Hz, which halves the rise at 60 steps a minute: in even walking
slower than 100 steps a minute the cut goes down with the rhythm. Too long for shuffling and turning on the
spot; does not hold on stairs or with weight on an aid.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.gait.filters import ANALYSIS_RATE_HZ, high_passed
from sessions.motion_trend.gait.settings import GaitSettings

Array = NDArray[np.float64]

DRIFT_HZ = 0.1
SPEED_DRIFT_HZ = 1.0
# 1 Hz at 100 steps a minute.
DRIFT_SHARE_OF_RHYTHM = 0.6
# Below the strides' rhythm, so that a difference between left and right passes.
SIDES_DRIFT_HZ = 0.4
POINTS = 50
NEIGHBOURS = (-2, -1, 0, 1, 2)
SAME_SIDE = (-2, 0, 2)


def vertical_way(vertical_m_s2: Array, *, drift_hz: float = SPEED_DRIFT_HZ) -> Array:
    """Vertical displacement in m without slow drift, from vertical acceleration[N] at 100 Hz."""
    speed = np.cumsum(high_passed(vertical_m_s2, cut_hz=DRIFT_HZ)) / ANALYSIS_RATE_HZ
    return np.cumsum(high_passed(speed, cut_hz=drift_hz)) / ANALYSIS_RATE_HZ


def drift_below(step_s: float) -> float:
    """Below which frequency (Hz) even walking with steps of step_s has nothing but drift; 1 Hz at most."""
    # In tenths, so that few filters are designed.
    return min(SPEED_DRIFT_HZ, round(DRIFT_SHARE_OF_RHYTHM / step_s, 1))


def step_lengths(
    way_m: Array,
    contacts_s: Array,
    *,
    height_m: float,
    settings: GaitSettings,
    pooled: tuple[int, ...] = NEIGHBOURS,
) -> Array:
    """Length of each of the K−1 steps between contacts_s[K] (s on the way's clock), in m; height in m.

    `pooled`: which steps, counted from each, its wave is averaged with.
    """
    rises = np.ptp(_mean_waves(_waves(way_m, contacts_s), pooled), axis=1)
    pendulum_m = settings.sensor_share_of_height * height_m
    return np.asarray(settings.pendulum_factor * 2 * np.sqrt(np.abs(2 * pendulum_m * rises - rises**2)))


def _waves(way_m: Array, contacts_s: Array) -> Array:
    """The way in each step at 50 even shares of the step, around its mean."""
    share = np.linspace(0, 1, POINTS)
    times = contacts_s[:-1, None] + np.diff(contacts_s)[:, None] * share
    waves = np.interp(times * ANALYSIS_RATE_HZ, np.arange(len(way_m)), way_m)
    return np.asarray(waves - waves.mean(axis=1, keepdims=True))


def _mean_waves(waves: Array, pooled: tuple[int, ...]) -> Array:
    count = len(waves)
    total, known = np.zeros_like(waves), np.zeros((count, 1))
    for offset in pooled:
        first, last = max(-offset, 0), min(count - offset, count)
        if first < last:
            total[first:last] += waves[first + offset : last + offset]
            known[first:last] += 1
    return np.asarray(total / known)
