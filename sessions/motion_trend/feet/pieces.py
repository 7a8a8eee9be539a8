"""A foot signal cut into even pieces: no gaps inside, one rate, short enough to work on at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.types import SensorSignal

# A stride over a longer gap would be invented.
LONGEST_GAP_S = 0.05
LONGEST_PIECE_S = 600.0
# A stride that begins before the last OVERLAP_S of a piece ends inside it.
OVERLAP_S = 4.0
SHORTEST_PIECE_S = 2.0


@dataclass(frozen=True, slots=True)
class Piece:
    """Evenly sampled: acceleration[N,3] m/s², angular_velocity[N,3] rad/s, from `start_s` at `rate_hz`.

    Strides that begin at or after `until_s` belong to the next piece.
    """

    start_s: float
    until_s: float
    rate_hz: float
    acceleration: NDArray[np.float64]
    angular_velocity: NDArray[np.float64]


def true_rate_hz(signal: SensorSignal) -> float:
    """The rate by the clock, which is what a stride is integrated over; nominal when too short to say."""
    if len(signal) < 3:
        return signal.sampling_rate_hz
    return float(1.0 / np.median(np.diff(signal.t_s)))


def even_pieces(signal: SensorSignal) -> Iterator[Piece]:
    """Cut at gaps and after ten minutes, and bring jittered samples onto an even grid (linear)."""
    gyroscope = signal.angular_velocity_rad_s
    if gyroscope is None or len(signal) < 3:
        return
    rate_hz = true_rate_hz(signal)
    gap_s = max(LONGEST_GAP_S, 2.5 / rate_hz)
    cuts = np.flatnonzero(np.diff(signal.t_s) > gap_s) + 1
    for first, last in zip(np.r_[0, cuts], np.r_[cuts, len(signal)], strict=True):
        start_s, end_s = float(signal.t_s[first]), float(signal.t_s[last - 1])
        while end_s - start_s >= SHORTEST_PIECE_S:
            stop_s = min(end_s, start_s + LONGEST_PIECE_S)
            until_s = stop_s - OVERLAP_S if stop_s < end_s else stop_s
            yield _piece(signal, gyroscope, (int(first), int(last)), (start_s, stop_s, until_s), rate_hz)
            if stop_s == end_s:
                break
            # The next piece starts a stride early, so that the rest before its first stride is seen.
            start_s = until_s - OVERLAP_S


def _piece(
    signal: SensorSignal,
    gyroscope: NDArray[np.float32],
    samples: tuple[int, int],
    times_s: tuple[float, float, float],
    rate_hz: float,
) -> Piece:
    start_s, stop_s, until_s = times_s
    lo, hi = samples
    lo += max(0, int(np.searchsorted(signal.t_s[lo:hi], start_s)) - 1)
    hi = min(hi, lo + int(np.searchsorted(signal.t_s[lo:hi], stop_s)) + 2)
    t_s = signal.t_s[lo:hi]
    grid_s = start_s + np.arange(int((stop_s - start_s) * rate_hz) + 1) / rate_hz
    return Piece(
        start_s,
        until_s,
        rate_hz,
        _on_grid(grid_s, t_s, signal.acceleration_m_s2[lo:hi]),
        _on_grid(grid_s, t_s, gyroscope[lo:hi]),
    )


def _on_grid(
    grid_s: NDArray[np.float64], t_s: NDArray[np.float64], values: NDArray[np.float32]
) -> NDArray[np.float64]:
    return np.stack([np.interp(grid_s, t_s, values[:, axis]) for axis in range(3)], axis=1)
