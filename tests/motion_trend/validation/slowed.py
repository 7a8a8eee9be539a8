"""Real recordings as slower or weaker walkers would have made them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sessions.motion_trend.orientation import ups_of
from sessions.motion_trend.types import GRAVITY_M_S2, SensorSignal
from sessions.motion_trend.validation.mobilised import ReferenceContacts, Trial


def slowed(trial: Trial, *, times: float = 1.0, rise: float = 1.0) -> Trial:
    """Everything takes `times` as long, and the trunk moves `rise` as far.

    Acceleration without gravity goes with 1/times², turning with 1/times; a pendulum's step goes with the
    square root of its rise.
    """
    signal = trial.signal
    assert signal.angular_velocity_rad_s is not None
    force = signal.acceleration_m_s2.astype(float)
    turning = signal.angular_velocity_rad_s.astype(float)
    gravity = GRAVITY_M_S2 * ups_of(force, turning, rate_hz=signal.sampling_rate_hz)
    moved = gravity + (force - gravity) * rise / times**2
    count = round(len(signal) * times)
    made = SensorSignal(
        np.arange(count) / signal.sampling_rate_hz,
        _drawn_out(moved, count, times) + _noise(count),
        _drawn_out(turning / times, count, times),
        signal.sampling_rate_hz,
        signal.placement,
    )
    bouts = tuple(
        replace(
            bout,
            start_s=bout.start_s * times,
            end_s=bout.end_s * times,
            cadence_spm=bout.cadence_spm / times,
            stride_length_m=bout.stride_length_m * rise**0.5,
            walking_speed_m_s=bout.walking_speed_m_s * rise**0.5 / times,
        )
        for bout in trial.bouts
    )
    contacts = ReferenceContacts(trial.contacts.times_s * times, trial.contacts.sides)
    return replace(trial, signal=made, bouts=bouts, contacts=contacts)


def _drawn_out(values: np.ndarray, count: int, times: float) -> np.ndarray:
    at = np.arange(count) / times
    whole = np.arange(len(values))
    return np.column_stack([np.interp(at, whole, values[:, axis]) for axis in range(3)]).astype(np.float32)


def _noise(count: int) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 0.03, (count, 3)).astype(np.float32)
