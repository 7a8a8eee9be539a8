"""Strides of one foot sensor: where the foot rests, how far it went in between, when it left and struck the
ground.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.signal import argrelmin

from sessions.motion_trend.feet.events import foot_events
from sessions.motion_trend.feet.pieces import Piece, even_pieces, true_rate_hz
from sessions.motion_trend.feet.rest import gyroscope_bias_rad_s, rest_samples
from sessions.motion_trend.feet.trajectory import Paths, follow
from sessions.motion_trend.feet.types import FootStride, FootWalk
from sessions.motion_trend.types import Flag, SensorSignal

SHORTEST_STRIDE_S = 0.5
LONGEST_STRIDE_S = 3.0
# A valley of the smoothed rotation this deep, away from both rests, is another stance.
PAUSE_SHARE = 0.35
EDGE_S = 0.3
# In swing the smoothed rotation of a walking foot passes 200-400 deg/s; weight shifting stays below 60.
LEAST_SWING_RAD_S = np.deg2rad(80.0)
# A rest at which the path does not close was none: that stride is dropped and counted.
MOST_DRIFT_M_S = 1.5
MOST_TILT_DEG = 12.0
LONGEST_STRIDE_M = 2.5
LEAST_RATE_HZ = 45.0
LEAST_STRIDE_M = 0.10
# Consumer sensors end at 16 g; a heel that hits harder is cut off.
CLIPPED_SHARE = 0.999
LEAST_CLIPPED = 10

NO_GYROSCOPE = Flag("no_gyroscope", "A foot sensor without a gyroscope cannot give strides.")
LOW_RATE = Flag("low_rate", f"Under {LEAST_RATE_HZ:g} samples a second a foot's path cannot be followed.")
CLIPPED = Flag(
    "clipped", "The sensor reached the end of its range at foot strike; stride length is less sure."
)
DROPPED = Flag("strides_dropped", "Some movements of the foot were no strides that could be measured.")


def analyse_foot(signal: SensorSignal) -> FootWalk:
    """Find and measure the strides of one foot sensor (any axes, on shoe or foot, ≥ 45 Hz with gyroscope).

    Returns no strides and a flag where the signal does not carry the method. Turning strides are included and
    carry their angle; foot clearance is not given: it would need the sensor's place on the shoe. Source:
    zero-velocity update after Skog 2010, Mariani 2010 and Rampp 2015; the drift rule is ours (trajectory.py).
    """
    rate_hz = true_rate_hz(signal)
    if signal.angular_velocity_rad_s is None:
        return FootWalk(signal.placement, (), rate_hz, 0.0, flags=(NO_GYROSCOPE,))
    if rate_hz < LEAST_RATE_HZ:
        return FootWalk(signal.placement, (), rate_hz, 0.0, flags=(LOW_RATE,))
    strides: list[FootStride] = []
    wear_s, dropped = 0.0, 0
    for piece in even_pieces(signal):
        found, missed = _strides_of(piece)
        after_s = strides[-1].start_s + 0.1 if strides else -np.inf
        strides.extend(s for s in found if after_s < s.start_s < piece.until_s)
        dropped += missed
        wear_s += len(piece.acceleration) / piece.rate_hz
    flags = [CLIPPED] if is_clipped(signal.acceleration_m_s2) else []
    flags += [DROPPED] if dropped else []
    return FootWalk(signal.placement, tuple(strides), rate_hz, round(wear_s, 3), dropped, tuple(flags))


def is_clipped(acceleration_m_s2: NDArray[np.float32]) -> bool:
    """Whether an axis repeats its own extreme, which free movement does not."""
    for axis in range(3):
        size = np.abs(acceleration_m_s2[:, axis])
        top = float(size.max(initial=0.0))
        if top > 60.0 and int((size >= CLIPPED_SHARE * top).sum()) >= LEAST_CLIPPED:
            return True
    return False


def _strides_of(piece: Piece) -> tuple[list[FootStride], int]:
    rests, envelope = rest_samples(piece)
    starts, ends = _moves(rests, envelope, piece.rate_hz)
    if not len(starts):
        return [], 0
    paths = follow(piece, starts, ends, gyroscope_bias_rad_s(piece))
    closed = (paths.drift_m_s < MOST_DRIFT_M_S) & (paths.tilt_deg < MOST_TILT_DEG)
    length = _lengths(paths)
    kept = closed & (length > LEAST_STRIDE_M) & (length < LONGEST_STRIDE_M)
    strides = [_stride(piece, paths, int(i), int(starts[i])) for i in np.flatnonzero(kept)]
    return strides, int((~closed).sum())


def _moves(
    rests: NDArray[np.intp], envelope: NDArray[np.float64], rate_hz: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of neighbouring rests with one swing in between."""
    pairs = [
        (first, second)
        for first, second in pairwise(rests)
        if SHORTEST_STRIDE_S <= (second - first) / rate_hz <= LONGEST_STRIDE_S
        and envelope[first:second].max() >= LEAST_SWING_RAD_S
        and not _paused(envelope[first:second], rate_hz)
    ]
    table = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _paused(envelope: NDArray[np.float64], rate_hz: float) -> bool:
    """A stance inside that was no rest: two strides would be taken for one."""
    valleys = argrelmin(envelope)[0]
    inner = valleys[(valleys > EDGE_S * rate_hz) & (valleys < len(envelope) - EDGE_S * rate_hz)]
    return bool((envelope[inner] < PAUSE_SHARE * envelope.max()).any())


def _lengths(paths: Paths) -> NDArray[np.float64]:
    return np.asarray(np.linalg.norm(paths.position_m[:, -1, :2], axis=1), dtype=np.float64)


def _stride(piece: Piece, paths: Paths, i: int, start: int) -> FootStride:
    last = int(paths.last[i])
    lift, contact = foot_events(paths, i, piece.acceleration[start : start + last + 1], piece.rate_hz)

    def at(sample: int | None) -> float | None:
        return None if sample is None else piece.start_s + (start + sample) / piece.rate_hz

    return FootStride(
        start_s=piece.start_s + start / piece.rate_hz,
        end_s=piece.start_s + (start + last) / piece.rate_hz,
        length_m=float(np.linalg.norm(paths.position_m[i, -1, :2])),
        turn_deg=float(np.rad2deg(paths.heading_rad[i])),
        rise_m=float(paths.rise_m[i]),
        lift_s=at(lift),
        contact_s=at(contact),
    )
