"""A stretch of a recording's samples, thinned to what a screen shows."""

from dataclasses import replace

import numpy as np

from sessions.models import Recording
from sessions.motion_files import read_signals
from sessions.motion_trend.types import SensorSignal

MOST_POINTS = 4000


def signal_of(
    recording: Recording,
    *,
    start_s: float | None = None,
    end_s: float | None = None,
    most_points: int = MOST_POINTS,
) -> list[SensorSignal]:
    """Each sensor's samples between two times (s since the recording's start), every k-th of them.

    Raises MotionFileCorrupt.
    """
    signals = read_signals(recording.file_key, start_s=start_s, end_s=end_s)
    return [thinned(signal, most_points=most_points) for signal in signals]


def thinned(signal: SensorSignal, *, most_points: int) -> SensorSignal:
    """Every k-th sample, so that at most `most_points` remain."""
    step = max(1, -(-len(signal) // most_points))
    if step == 1:
        return signal
    turn = signal.angular_velocity_rad_s
    return replace(
        signal,
        t_s=np.ascontiguousarray(signal.t_s[::step]),
        acceleration_m_s2=np.ascontiguousarray(signal.acceleration_m_s2[::step]),
        angular_velocity_rad_s=None if turn is None else np.ascontiguousarray(turn[::step]),
    )
