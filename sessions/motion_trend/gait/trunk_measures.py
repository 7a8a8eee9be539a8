"""From the steps of a bout to measures with bands, each withheld with its reason where it does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.gait import bands, reasons
from sessions.motion_trend.gait.filters import ANALYSIS_RATE_HZ
from sessions.motion_trend.gait.settings import GaitSettings
from sessions.motion_trend.gait.smoothing import hampel
from sessions.motion_trend.gait.steadiness import TIME_SHARE, longest_run, regularity
from sessions.motion_trend.types import Measure, Placement

Array = NDArray[np.float64]

UNITS = {
    "walking_speed_m_s": "m/s",
    "cadence_spm": "steps/min",
    "step_time_s": "s",
    "stride_time_s": "s",
    "step_length_m": "m",
    "stride_length_m": "m",
    "step_time_asymmetry_pct": "%",
    "step_length_asymmetry_pct": "%",
    "stride_time_variability_pct": "%",
    "step_regularity": "",
    "stride_regularity": "",
    "double_support_pct": "%",
}
LENGTHS = ("step_length_m", "stride_length_m", "walking_speed_m_s")
LEAST_STEPS = 4
LENGTHLESS = {Placement.CHEST: reasons.CHEST_LENGTH, Placement.UNKNOWN: reasons.PLACE_UNKNOWN}


@dataclass(frozen=True, slots=True)
class StepTable:
    """A bout: contacts_s[K], lengths_m[K−1] or None, sides[K], steady[K−1]; vertical_m_s2[N] at 100 Hz."""

    contacts_s: Array
    lengths_m: Array | None
    sides: tuple[str, ...]
    steady: NDArray[np.bool_]
    vertical_m_s2: Array
    side_lengths_m: Array | None = None

    @property
    def times_s(self) -> Array:
        """Of the K−1 steps."""
        return np.diff(self.contacts_s)

    def is_steady(self, settings: GaitSettings) -> bool:
        """Enough steady steps, and they make up most of the bout."""
        count = int(self.steady.sum())
        return count >= LEAST_STEPS and count / len(self.steady) >= settings.least_steady_share


def withheld(code: str, reason: str, n: int = 0) -> Measure:
    """A measure without a value."""
    return Measure(code, None, UNITS[code], n=n, withheld=reason)


def given(code: str, value: float, band: float, n: int, *, least: float = 0.0) -> Measure:
    """A measure with a band of ± `band`, never below `least`."""
    return Measure(code, value, UNITS[code], max(value - band, least), value + band, n)


def trunk_measures(
    table: StepTable,
    placement: Placement,
    *,
    gappy: bool,
    coarse: bool,
    height_known: bool,
    has_gyroscope: bool,
    settings: GaitSettings,
) -> Mapping[str, Measure]:
    """Every measure by its code."""
    factor = bands.wider(placement, has_gyroscope=has_gyroscope)
    blocked = reasons.GAPPY if gappy else ""
    fine = blocked or (reasons.COARSE if coarse else "")
    reason = LENGTHLESS.get(placement, "") or ("" if height_known else reasons.NO_HEIGHT) or blocked
    measures = [
        *_times(table, factor, settings),
        *_lengths(table, factor, reason, settings, turns_known=has_gyroscope),
        _time_asymmetry(table, factor, fine, settings),
        _length_asymmetry(table, factor, reason or fine, settings),
        _variability(table, factor, fine, settings),
        *_regularities(table, fine, settings),
        withheld("double_support_pct", reasons.NOT_FROM_TRUNK),
    ]
    return {measure.code: measure for measure in measures}


def _times(table: StepTable, factor: float, settings: GaitSettings) -> list[Measure]:
    cadence, n = cadence_of(table)
    step_s = 60 / cadence
    share = bands.cadence_share(step_s, n) * factor
    share *= 1.0 if table.is_steady(settings) else bands.UNEVEN_FACTOR
    return [
        given("cadence_spm", cadence, share * cadence, n),
        given("step_time_s", step_s, share * step_s, n),
        given("stride_time_s", 2 * step_s, share * 2 * step_s, n // 2),
    ]


def cadence_of(table: StepTable) -> tuple[float, int]:
    """In steps/min, from the inner steps whose time is near the bout's median; and their number."""
    times = table.times_s[inner_steps(table)]
    middle = float(np.median(times))
    usual = times[np.abs(times - middle) <= TIME_SHARE * middle]
    return 60 / float(usual.mean()), len(usual)


def _lengths(
    table: StepTable, factor: float, reason: str, settings: GaitSettings, *, turns_known: bool
) -> list[Measure]:
    """From the steady steps of a steady bout, else from all but the first and last, with a wider band.

    Where turns are not known, slow walking is not taken for even.
    """
    chosen = table.steady if table.is_steady(settings) else inner_steps(table)
    n = int(chosen.sum())
    if not reason and n < LEAST_STEPS:
        reason = reasons.SHORT
    if reason or table.lengths_m is None:
        return [withheld(code, reason or reasons.NO_HEIGHT, n) for code in LENGTHS]
    step_m = float(hampel(table.lengths_m)[chosen].mean())
    speed = step_m / float(table.times_s[chosen].mean())
    even = table.is_steady(settings) and turns_known
    slow = _too_slow(speed, 60 * speed / step_m, even=even, settings=settings)
    if slow:
        return [withheld(code, slow, n) for code in LENGTHS]
    factor *= 1.0 if table.is_steady(settings) else bands.UNEVEN_FACTOR
    factor *= bands.SLOW_FACTOR if speed < settings.slow_speed_m_s else 1.0
    band = bands.step_length_band_m() * factor
    return [
        given("step_length_m", step_m, band, n),
        given("stride_length_m", 2 * step_m, 2 * band, n // 2),
        given("walking_speed_m_s", speed, bands.speed_band_m_s() * factor, n),
    ]


def _too_slow(speed_m_s: float, cadence_spm: float, *, even: bool, settings: GaitSettings) -> str:
    """Why lengths are withheld; "" where they hold."""
    if not even and speed_m_s < settings.least_uneven_speed_m_s:
        return reasons.SLOW_UNEVEN
    too_slow = speed_m_s < settings.least_speed_m_s or cadence_spm < settings.least_cadence_spm
    return reasons.SLOW if too_slow else ""


def inner_steps(table: StepTable) -> NDArray[np.bool_]:
    """All but the first and last step, in which somebody sets off and stops."""
    inner = np.ones(len(table.steady), dtype=bool)
    inner[[0, -1]] = False
    return inner


def asymmetry_pct(left: float, right: float) -> float:
    """How far apart the sides are, in % of their mean; never negative."""
    return 200 * abs(left - right) / (left + right)


def _by_side(table: StepTable, values: Array) -> tuple[Array, Array]:
    """Steady steps by the foot that lands at their end."""
    landing = np.array(table.sides[1:])
    return values[table.steady & (landing == "left")], values[table.steady & (landing == "right")]


def _sides_reason(table: StepTable, reason: str, settings: GaitSettings) -> str:
    if reason:
        return reason
    if not table.is_steady(settings):
        return reasons.UNEVEN
    left, right = _by_side(table, table.times_s)
    if not len(left) or not len(right):
        return reasons.NO_SIDES
    return reasons.FEW_STEPS if min(len(left), len(right)) < settings.least_steps_for_symmetry // 2 else ""


def _time_asymmetry(table: StepTable, factor: float, reason: str, settings: GaitSettings) -> Measure:
    code = "step_time_asymmetry_pct"
    reason = _sides_reason(table, reason, settings)
    if reason:
        return withheld(code, reason)
    left, right = _by_side(table, table.times_s)
    n = len(left) + len(right)
    band = bands.time_asymmetry_band_pct(float(table.times_s[table.steady].mean()), n)
    return given(code, asymmetry_pct(float(left.mean()), float(right.mean())), band * factor, n)


def _length_asymmetry(table: StepTable, factor: float, reason: str, settings: GaitSettings) -> Measure:
    code = "step_length_asymmetry_pct"
    reason = _sides_reason(table, reason, settings)
    if reason or table.side_lengths_m is None:
        return withheld(code, reason or reasons.NO_HEIGHT)
    left, right = _by_side(table, table.side_lengths_m)
    n = len(left) + len(right)
    band = bands.length_asymmetry_band_pct(float(table.side_lengths_m[table.steady].mean()), n)
    return given(code, asymmetry_pct(float(left.mean()), float(right.mean())), band * factor, n)


def _variability(table: StepTable, factor: float, reason: str, settings: GaitSettings) -> Measure:
    """Robust coefficient of variation (1.4826 MAD) of strides between two steady steps."""
    code = "stride_time_variability_pct"
    both = table.steady[1:] & table.steady[:-1]
    strides = (table.contacts_s[2:] - table.contacts_s[:-2])[both]
    if reason or len(strides) < settings.least_steps_for_variability:
        return withheld(code, reason or reasons.FEW_STRIDES, len(strides))
    middle = float(np.median(strides))
    spread = 1.4826 * float(np.median(np.abs(strides - middle)))
    return given(code, 100 * spread / middle, bands.variability_band_pct(middle) * factor, len(strides))


def _regularities(table: StepTable, reason: str, settings: GaitSettings) -> list[Measure]:
    codes = ("step_regularity", "stride_regularity")
    start, end = longest_run(table.steady)
    found = None
    if not reason and end - start >= settings.least_steps_for_length:
        first, last = (round(float(table.contacts_s[k]) * ANALYSIS_RATE_HZ) for k in (start, end))
        step_s = float(np.median(table.times_s[start:end]))
        found = regularity(table.vertical_m_s2[first:last], step_s=step_s)
    if found is None:
        return [withheld(code, reason or reasons.FEW_STRIDES) for code in codes]
    n = (end - start) // 2
    return [
        given(code, value, bands.regularity_band(value, n), n, least=-1.0)
        for code, value in zip(codes, (found.step, found.stride), strict=True)
    ]
