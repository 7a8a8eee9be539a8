"""When a foot is at rest on the ground: once a stride, in the middle of stance.

The magnitude of rotation, smoothed to 2 Hz, has one hump a stride (push-off, swing and landing) and one
valley (stance). The stillest tenth of a second in a valley is the rest, provided that it is still: little
rotation (Skog et al., IEEE Trans Biomed Eng 2010: angular rate energy and acceleration magnitude detectors)
and nothing but gravity. No sensor axis is used. Fails in running (the foot never rests) and where the foot is
dragged without a pause.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import argrelmin, butter, sosfiltfilt

from sessions.motion_trend.feet.pieces import Piece
from sessions.motion_trend.types import GRAVITY_M_S2

ENVELOPE_HZ = 2.0
STILL_WINDOW_S = 0.1
VALLEY_S = 0.2
# Walking people's feet turn 5-40 deg/s in the stillest tenth of a second of stance and over 200 in swing.
STILL_RAD_S = np.deg2rad(50.0)
GRAVITY_TOLERANCE_M_S2 = 1.5
# Long and quiet enough to say what the gyroscope reads at rest.
QUIET_RAD_S = np.deg2rad(6.0)
QUIET_S = 1.0


def rest_samples(piece: Piece) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Indices of the rests in a piece, and the smoothed magnitude of rotation [N] (rad/s)."""
    turning = np.linalg.norm(piece.angular_velocity, axis=1)
    sos = butter(2, ENVELOPE_HZ, fs=piece.rate_hz, output="sos")
    envelope = np.asarray(sosfiltfilt(sos, turning), dtype=np.float64)
    stillness = _stillness_rad_s(turning, piece.rate_hz)
    valleys = np.r_[0, argrelmin(envelope)[0], len(envelope) - 1]
    rests = {_stillest(stillness, int(valley), piece.rate_hz) for valley in valleys}
    gravity_only = _gravity_only(piece)
    kept = [i for i in sorted(rests) if stillness[i] < STILL_RAD_S and gravity_only[i]]
    return np.array(kept, dtype=np.intp), envelope


def gyroscope_bias_rad_s(piece: Piece) -> NDArray[np.float64]:
    """What each axis reads while the foot does not move at all; zero where it never rests for a second."""
    width = max(3, int(QUIET_S * piece.rate_hz))
    if len(piece.angular_velocity) < width:
        return np.zeros(3)
    spread = _spread(piece.angular_velocity, width)
    quiet = (spread < QUIET_RAD_S / 4) & (_spread(piece.acceleration, width) < 0.3)
    quiet &= np.linalg.norm(piece.angular_velocity, axis=1) < QUIET_RAD_S
    if quiet.sum() < width // 2:
        return np.zeros(3)
    return np.asarray(np.median(piece.angular_velocity[quiet], axis=0), dtype=np.float64)


def _spread(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    mean = uniform_filter1d(values, width, axis=0)
    square = uniform_filter1d(values**2, width, axis=0)
    return np.asarray(np.sqrt(np.maximum(square - mean**2, 0.0).sum(axis=1)), dtype=np.float64)


def _stillness_rad_s(turning: NDArray[np.float64], rate_hz: float) -> NDArray[np.float64]:
    width = max(3, round(STILL_WINDOW_S * rate_hz))
    return np.asarray(np.sqrt(np.maximum(uniform_filter1d(turning**2, width), 0.0)), dtype=np.float64)


def _stillest(stillness: NDArray[np.float64], valley: int, rate_hz: float) -> int:
    reach = round(VALLEY_S * rate_hz)
    first = max(0, valley - reach)
    return first + int(np.argmin(stillness[first : valley + reach + 1]))


def _gravity_only(piece: Piece) -> NDArray[np.bool_]:
    width = max(3, round(STILL_WINDOW_S * piece.rate_hz))
    mean = np.linalg.norm(uniform_filter1d(piece.acceleration, width, axis=0), axis=1)
    return np.asarray(np.abs(mean - GRAVITY_M_S2) < GRAVITY_TOLERANCE_M_S2, dtype=np.bool_)
