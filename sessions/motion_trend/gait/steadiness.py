"""Which steps of a bout are steady walking: the only ones that lengths, speed and symmetry are taken from.

Left out: the first and last step of a bout, steps of strides that turn by 45 degrees or more (the smallest
turn of El-Gohary et al., Sensors 14:356, 2014), and steps whose time is over 30 % away from what is usual on
that side.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.gait.filters import ANALYSIS_RATE_HZ

Array = NDArray[np.float64]

TURN_DEG = 45.0
TIME_SHARE = 0.3
LONGEST_STEP_S = 1.5
LEAST_STEPS_TO_TRIM = 8
LEAST_EVEN_STEPS = 4


@dataclass(frozen=True, slots=True)
class Regularity:
    """Moe-Nilssen & Helbostad, J Biomech 37:121, 2004: the autocorrelation one step and one stride later."""

    step: float
    stride: float


def steady_steps(contacts_s: Array, yaw_rad_s: Array | None) -> NDArray[np.bool_]:
    """For each of the K−1 steps between contacts_s[K]; yaw_rad_s[N] at 100 Hz, None without a gyroscope."""
    times = np.diff(contacts_s)
    usual = np.where(np.arange(len(times)) % 2 == 0, np.median(times[::2]), np.median(times[1::2]))
    steady = (np.abs(times - usual) <= TIME_SHARE * usual) & (times <= LONGEST_STEP_S)
    if yaw_rad_s is not None:
        steady &= turned_deg(contacts_s, yaw_rad_s) < TURN_DEG
    if len(times) >= LEAST_STEPS_TO_TRIM:
        steady[[0, -1]] = False
    return np.asarray(steady)


def turned_deg(contacts_s: Array, yaw_rad_s: Array) -> Array:
    """How far the wearer turned in the strides that a step belongs to (the larger), in degrees."""
    heading = np.degrees(np.concatenate([[0.0], np.cumsum(yaw_rad_s)])) / ANALYSIS_RATE_HZ
    at = heading[np.clip(np.round(contacts_s * ANALYSIS_RATE_HZ).astype(int), 0, len(heading) - 1)]
    strides = np.abs(at[2:] - at[:-2])
    return np.asarray(np.maximum(np.append(strides, strides[-1]), np.insert(strides, 0, strides[0])))


def borders_of_uneven(contacts_s: Array, yaw_rad_s: Array | None, *, longest_s: float) -> list[int]:
    """Contacts where over longest_s of uneven stepping begin and end, with even walking on both sides."""
    runs = [(a, b) for a, b in _runs(steady_steps(contacts_s, yaw_rad_s)) if b - a >= LEAST_EVEN_STEPS]
    borders: list[int] = []
    for (_, ends), (begins, _) in pairwise(runs):
        if contacts_s[begins] - contacts_s[ends] > longest_s:
            borders += [ends, begins]
    return borders


def longest_run(steady: NDArray[np.bool_]) -> tuple[int, int]:
    """First step and one past the last of the longest run of steady steps."""
    return max(_runs(steady), key=lambda run: run[1] - run[0], default=(0, 0))


def _runs(steady: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], steady.astype(int), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def regularity(vertical_m_s2: Array, *, step_s: float) -> Regularity | None:
    """Of one run of steady walking; unbiased autocorrelation of vertical acceleration[N] at 100 Hz."""
    centred = vertical_m_s2 - vertical_m_s2.mean()
    lag = round(step_s * ANALYSIS_RATE_HZ)
    if len(centred) < 4 * lag or lag < 10:
        return None
    reach = min(round(2.5 * lag), len(centred) - 1)
    spectrum = np.fft.rfft(centred, 2 * len(centred))
    raw = np.fft.irfft(spectrum * np.conj(spectrum))[: reach + 1]
    unbiased = raw / (len(centred) - np.arange(reach + 1))
    scaled = unbiased / unbiased[0]
    step = float(scaled[round(0.75 * lag) : round(1.25 * lag) + 1].max())
    stride = float(scaled[round(1.75 * lag) : round(2.25 * lag) + 1].max())
    return Regularity(min(step, 1.0), min(stride, 1.0))
