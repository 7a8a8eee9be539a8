"""Turns about the vertical: over 15 deg/s (El-Gohary et al., Sensors 2014), at least 90 degrees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import label
from scipy.signal import butter, sosfiltfilt

from sessions.motion_trend.timed.body import RATE_HZ, Array, Body

TURN_HZ = 1.5
TURNING_RAD_S = np.deg2rad(15.0)
LEAST_TURN_DEG = 90.0
MERGE_S = 0.5


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn about the vertical; left positive."""

    start_s: float
    end_s: float
    angle_deg: float


def turns_of(body: Body) -> list[Turn]:
    """Turns of at least 90 degrees about the vertical, in order; empty without a gyroscope."""
    if body.yaw_rad_s is None:
        return []
    sos = butter(2, TURN_HZ, fs=RATE_HZ, output="sos")
    yaw = np.asarray(sosfiltfilt(sos, body.yaw_rad_s))
    turns = [turn for sign in (1.0, -1.0) for turn in _turns_one_way(body.t_s, yaw, sign)]
    return sorted(turns, key=lambda turn: turn.start_s)


def _turns_one_way(t_s: Array, yaw: Array, sign: float) -> list[Turn]:
    groups, count = label(sign * yaw > TURNING_RAD_S)
    spans: list[tuple[int, int]] = []
    for k in range(1, count + 1):
        index = np.flatnonzero(groups == k)
        first, last = int(index[0]), int(index[-1])
        if spans and first - spans[-1][1] < MERGE_S * RATE_HZ:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    found = [
        Turn(float(t_s[a]), float(t_s[b]), float(np.rad2deg(yaw[a : b + 1].sum() / RATE_HZ)))
        for a, b in spans
    ]
    return [turn for turn in found if abs(turn.angle_deg) >= LEAST_TURN_DEG]
