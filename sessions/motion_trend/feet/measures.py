"""Strides of one bout, one or both feet, to measures with bands.

The bands come from the widest published error in patients, not from the one healthy person whom we could
check against motion capture: stride length MAE 6.3 cm in 101 geriatric patients against an instrumented
walkway (Rampp et al., IEEE Trans Biomed Eng 2015). A share of an error belongs to the person and does not
average out over strides: half its variance is our assumption. Step length and its asymmetry need to know
where one foot is relative to the other: two foot sensors do not, so step length is half the mean stride and
its asymmetry is withheld.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sessions.motion_trend.feet.types import FootStride
from sessions.motion_trend.types import Measure

Side = str
# Feet that the file does not name are told apart by a number.
UNKNOWN = "foot "
# MAE 6.26 cm of normal errors is an SD of 7.8 cm.
LENGTH_SD_M = 0.0626 * math.sqrt(math.pi / 2)
SHARED_VARIANCE = 0.5
EVENT_SD_S = 0.025
SHARED_EVENT_SD_S = 0.01
# Foot off can lie 0.04 s away from when the toe leaves the ground.
SUPPORT_BAND_PCT = 8.0
Z = 1.96

STRAIGHT_DEG = 45.0
LEAST_STRIDES = 3
LEAST_STRIDES_FOR_VARIABILITY = 10
LEAST_RATE_FOR_LENGTH_HZ = 90.0
LEAST_ALTERNATION = 0.8

TURNING = "Only turning strides: no straight walking to measure."
FEW = "Too few strides."
SLOW_SENSOR = f"Under {LEAST_RATE_FOR_LENGTH_HZ:g} samples a second the impact is missed: no length."
ONE_FOOT = "Needs a sensor on each foot."
NOT_ALTERNATING = "Left and right steps do not alternate; the two sensors' clocks may differ."
APART = "Two foot sensors do not know how far apart the feet are."


@dataclass(frozen=True, slots=True)
class BoutStrides:
    """The strides of one bout by side ("left", "right", or UNKNOWN and a number)."""

    by_side: Mapping[Side, Sequence[FootStride]]
    rate_hz: float

    @property
    def all(self) -> list[FootStride]:
        """Both feet in the order of time."""
        return sorted((s for strides in self.by_side.values() for s in strides), key=lambda s: s.start_s)

    @property
    def straight(self) -> list[FootStride]:
        """Without the turning ones."""
        return [stride for stride in self.all if abs(stride.turn_deg) <= STRAIGHT_DEG]

    def contacts(self) -> list[tuple[float, Side]]:
        """All foot strikes in the order of time."""
        found = [(s.contact_s, side) for side, strides in self.by_side.items() for s in strides]
        return sorted((t_s, side) for t_s, side in found if t_s is not None)


def bout_measures(bout: BoutStrides) -> dict[str, Measure]:
    """Every measure that feet can give, by code; withheld with a reason where it does not hold."""
    times = stride_times_s(bout)
    measures = [*_pace(bout, times), *_lengths(bout), _variability(times), *_symmetry(bout), _support(bout)]
    return {measure.code: measure for measure in measures}


def stride_times_s(bout: BoutStrides) -> list[float]:
    """Foot strike to the same foot's next strike; rest to rest where a strike is unclear."""
    times: list[float] = []
    for strides in bout.by_side.values():
        for first, second in pairwise(strides):
            if abs(second.start_s - first.end_s) > 0.1:
                continue
            if first.contact_s is None or second.contact_s is None:
                times.append(second.time_s)
            else:
                times.append(second.contact_s - first.contact_s)
    return times or [stride.time_s for stride in bout.all]


def _pace(bout: BoutStrides, times: Sequence[float]) -> list[Measure]:
    n = len(times)
    mean_s = float(np.median(times))
    band_s = Z * math.sqrt(SHARED_EVENT_SD_S**2 + 2 * EVENT_SD_S**2 / n)
    cadence = 120.0 / mean_s
    return [
        _measure("stride_time_s", mean_s, "s", band_s, n),
        _measure("step_time_s", mean_s / 2, "s", band_s / 2, n),
        _measure("cadence_spm", cadence, "steps/min", cadence * band_s / mean_s, n),
    ]


def _lengths(bout: BoutStrides) -> list[Measure]:
    straight = bout.straight
    codes = (("stride_length_m", "m"), ("step_length_m", "m"), ("walking_speed_m_s", "m/s"))
    reason = _why_no_length(bout, straight)
    if reason:
        return [Measure(code, None, unit, withheld=reason) for code, unit in codes]
    n = len(straight)
    length = float(np.mean([stride.length_m for stride in straight]))
    speed = length / float(np.mean([stride.time_s for stride in straight]))
    share = SHARED_VARIANCE + (1 - SHARED_VARIANCE) / n
    band = Z * LENGTH_SD_M * math.sqrt(share)
    return [
        _measure("stride_length_m", length, "m", band, n),
        _measure("step_length_m", length / 2, "m", band / 2, n),
        _measure("walking_speed_m_s", speed, "m/s", speed * band / length, n),
    ]


def _why_no_length(bout: BoutStrides, straight: Sequence[FootStride]) -> str:
    if bout.rate_hz < LEAST_RATE_FOR_LENGTH_HZ:
        return SLOW_SENSOR
    if not straight:
        return TURNING
    return "" if len(straight) >= LEAST_STRIDES else FEW


def _variability(times: Sequence[float]) -> Measure:
    """Coefficient of variation of stride time, robust to single outliers (1.4826 × MAD)."""
    code, unit, n = "stride_time_variability_pct", "%", len(times)
    if n < LEAST_STRIDES_FOR_VARIABILITY:
        return Measure(code, None, unit, n=n, withheld=f"Needs {LEAST_STRIDES_FOR_VARIABILITY} strides.")
    middle = float(np.median(times))
    spread = 1.4826 * float(np.median(np.abs(np.array(times) - middle)))
    noise = math.sqrt(2) * EVENT_SD_S / middle * 100
    value = spread / middle * 100
    return _measure(code, value, unit, noise, n)


def _symmetry(bout: BoutStrides) -> list[Measure]:
    length = Measure("step_length_asymmetry_pct", None, "%", withheld=APART)
    code = "step_time_asymmetry_pct"
    if not {"left", "right"} <= set(bout.by_side):
        return [Measure(code, None, "%", withheld=ONE_FOOT), length]
    left, right, alternation = step_times_s(bout)
    if alternation < LEAST_ALTERNATION:
        return [Measure(code, None, "%", withheld=NOT_ALTERNATING), length]
    n = min(len(left), len(right))
    if n < LEAST_STRIDES:
        return [Measure(code, None, "%", n=n, withheld=FEW), length]
    sides = float(np.median(left)), float(np.median(right))
    value = asymmetry_pct(*sides)
    band_s = Z * math.sqrt(SHARED_EVENT_SD_S**2 + 2 * EVENT_SD_S**2 / n)
    return [_measure(code, value, "%", 200 * band_s / sum(sides), n), length]


def asymmetry_pct(left: float, right: float) -> float:
    """Size of the symmetry index (Robinson et al. 1987): difference over mean, %; 0 is symmetric."""
    return 200.0 * abs(left - right) / (left + right)


def step_times_s(bout: BoutStrides) -> tuple[list[float], list[float], float]:
    """Left steps (right strike to left strike), right steps, and the share of strikes that change side."""
    contacts = bout.contacts()
    steps: dict[Side, list[float]] = {"left": [], "right": []}
    changes = 0
    for (before_s, other), (t_s, side) in pairwise(contacts):
        if side != other:
            changes += 1
            if t_s - before_s < 1.5:
                steps[side].append(t_s - before_s)
    share = changes / max(1, len(contacts) - 1)
    return steps["left"], steps["right"], share


def _support(bout: BoutStrides) -> Measure:
    """Double support from each foot's own stance: both feet are down for stance beyond half the stride,
    twice.
    """
    code, unit = "double_support_pct", "%"
    shares = {
        side: [s.swing_s / s.time_s for s in strides if s.swing_s is not None and s in bout.straight]
        for side, strides in bout.by_side.items()
    }
    if not {"left", "right"} <= set(shares):
        return Measure(code, None, unit, withheld=ONE_FOOT)
    n = min(len(shares["left"]), len(shares["right"]))
    if n < LEAST_STRIDES:
        return Measure(code, None, unit, n=n, withheld=FEW)
    swing = float(np.median(shares["left"]) + np.median(shares["right"]))
    return _measure(code, max(0.0, 100.0 * (1.0 - swing)), unit, SUPPORT_BAND_PCT, n)


def _measure(code: str, value: float, unit: str, band: float, n: int) -> Measure:
    return Measure(
        code, round(value, 4), unit, low=round(max(0.0, value - band), 4), high=round(value + band, 4), n=n
    )
