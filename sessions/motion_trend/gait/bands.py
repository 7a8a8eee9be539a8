"""How far each measure of one bout may lie from the truth, and where that is known from.

Half-widths of 95 % bands. The published errors are of many more people than the two healthy ones whom we
could check; a published MAE of normal errors is an SD of MAE·√(π/2). No published validation of a phone's
place on the body was found: other places than the lower back get wider bands, by factors that we chose.
"""

from __future__ import annotations

import math

from sessions.motion_trend.types import Placement

Z = 1.96
# Kirk et al., Sci Rep 14:1754, 2024 (n = 97): walking speed MAE 0.06 to 0.13 m/s, laboratory and home.
SPEED_SD_M_S = 0.10 * math.sqrt(math.pi / 2)
# One sensor on the lower back, n = 472 (PMC11127966): RMSE 6.1 cm a step.
STEP_LENGTH_SD_M = 0.061
# Micó-Amigo et al., J NeuroEng Rehabil 20:78, 2023: cadence error below 8.5 % in all cohorts.
CADENCE_SHARE = 0.085
# Our own: contacts against INDIP's on steady bouts of two healthy people; see the validation.
CONTACT_SD_S = 0.05
SIDE_FLOOR_PCT = 5.0
# Our judgement: in uneven bouts strides came out 0.1 to 0.2 m too long (two people).
UNEVEN_FACTOR = 2.0
# Our judgement, for even walking under 0.5 m/s. Soltani et al., IEEE TNSRE 29:1955, 2021: slow walkers RMSE
# 0.04 m a step and 0.10 m/s, with walking aids 0.18 m and 0.27 m/s; whether there is an aid is not known.
SLOW_FACTOR = 2.0

_WIDER = {
    Placement.LOWER_BACK: 1.0,
    Placement.WAIST: 1.5,
    Placement.CHEST: 1.5,
    Placement.UNKNOWN: 2.0,
}


def wider(placement: Placement, *, has_gyroscope: bool) -> float:
    """By what factor a band grows with the sensor's place and without a gyroscope."""
    return _WIDER.get(placement, 1.5) * (1.0 if has_gyroscope else 1.25)


def cadence_share(step_s: float, steps: int) -> float:
    """Of cadence and step time: the published error, and that of two contacts over the steps between."""
    return math.hypot(CADENCE_SHARE, Z * math.sqrt(2) * CONTACT_SD_S / (step_s * max(steps, 1)))


def speed_band_m_s() -> float:
    """Of a bout's mean speed."""
    return Z * SPEED_SD_M_S


def step_length_band_m() -> float:
    """Of a bout's mean step: the error of one step, because most of it belongs to the person."""
    return Z * STEP_LENGTH_SD_M


def time_asymmetry_band_pct(step_s: float, steps: int) -> float:
    """Of (left − right) / mean: the scatter of contacts over half the steps each, and 5 % for what stays."""
    scatter = math.sqrt(2) * CONTACT_SD_S / step_s * math.sqrt(4 / max(steps, 1))
    return math.hypot(Z * 100 * scatter, SIDE_FLOOR_PCT)


def length_asymmetry_band_pct(step_m: float, steps: int) -> float:
    """As for time, with the error of one step's length."""
    scatter = STEP_LENGTH_SD_M / max(step_m, 0.1) * math.sqrt(4 / max(steps, 1))
    return math.hypot(Z * 100 * scatter, SIDE_FLOOR_PCT)


def variability_band_pct(stride_s: float) -> float:
    """Contacts that scatter make strides look uneven by as much."""
    return 100 * math.sqrt(2) * CONTACT_SD_S / stride_s


def regularity_band(value: float, strides: int) -> float:
    """Sampling error of a correlation."""
    return Z * (1 - value**2) / math.sqrt(max(strides, 2))
