"""Standing balance from the centre of pressure: path, velocity, spread and the 95 % ellipse.

Ellipse: the prediction ellipse of Schubert & Kirchner (Gait & Posture 2014), from the eigenvalues of the
covariance and the F distribution: 95 % of further points are expected inside. With many samples it is the
chi-square ellipse (factor 5.991); the confidence ellipse of the mean, which some programs call by the same
name, is far smaller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, sosfiltfilt
from scipy.stats import f as f_distribution

from sessions.motion_trend.lab.types import Array

LOW_PASS_HZ = 10.0
SHORTEST_S = 10.0
COVERAGE = 0.95


@dataclass(frozen=True, slots=True)
class Sway:
    """path_m: length of the way; mean_velocity_m_s; range along the plate's first and second axis (m); rms_m
    about the mean; ellipse_m2 with its half axes (m) and its angle to the first axis (degrees).
    """

    seconds: float
    path_m: float
    mean_velocity_m_s: float
    ranges_m: tuple[float, float]
    rms_m: float
    ellipse_m2: float
    half_axes_m: tuple[float, float]
    angle_deg: float


def sway_of(center_of_pressure_m: Array, rate_hz: float) -> Sway:
    """Sway of center_of_pressure_m[N,2], low-passed at 10 Hz. Raises ValueError under 10 s (too short to
    mean anything).
    """
    seconds = len(center_of_pressure_m) / rate_hz
    if seconds < SHORTEST_S:
        raise ValueError(f"Sway needs {SHORTEST_S:g} seconds of quiet standing.")
    way = center_of_pressure_m
    if rate_hz > 2.2 * LOW_PASS_HZ:
        way = sosfiltfilt(butter(2, LOW_PASS_HZ, fs=rate_hz, output="sos"), way, axis=0)
    path = float(np.linalg.norm(np.diff(way, axis=0), axis=1).sum())
    area, axes, angle = prediction_ellipse(way)
    ranges = np.ptp(way, axis=0)
    rms = float(np.sqrt(((way - way.mean(axis=0)) ** 2).sum(axis=1).mean()))
    return Sway(seconds, path, path / seconds, (float(ranges[0]), float(ranges[1])), rms, area, axes, angle)


def prediction_ellipse(points: Array) -> tuple[float, tuple[float, float], float]:
    """Area, half axes (longer first) and angle (degrees) of the 95 % prediction ellipse of points[N,2]."""
    n = len(points)
    values, vectors = np.linalg.eigh(np.cov(points.T, bias=True))
    spread = 2 * (n + 1) / (n - 2) * float(f_distribution.ppf(COVERAGE, 2, n - 2))
    short, long = np.sqrt(np.maximum(values, 0.0) * spread)
    main = vectors[:, 1]
    angle = float(np.rad2deg(np.arctan2(main[1], main[0]))) % 180.0
    return float(np.pi * short * long), (float(long), float(short)), angle
