"""The numbers of gait analysis, each with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from sessions.motion_trend.types import GRAVITY_M_S2


@dataclass(frozen=True, slots=True)
class GaitSettings:
    """Frozen; units in names. "GSD": Paraschiv-Ionescu 2014/2019 as in mobgap 1.2.0; "WBA": Kluge 2021."""

    # What can be read at all.
    least_rate_hz: float = 25.0
    longest_bridged_gap_s: float = 0.3
    longest_span_s: float = 1800.0
    largest_dropped_share: float = 0.2
    # Rest is passed over: the GSD filter gains 4.3 at most, a wave that varies by under 0.08 makes no peak.
    rest_deviation_m_s2: float = 0.07
    margin_s: float = 8.0
    # GSD, but for the level: at mobgap's 0.1 g walking simulated at under 0.35 m/s is missed.
    peak_m_s2: float = 0.05 * GRAVITY_M_S2
    # The trunk's acceleration goes with the square of speed: steps at under half the bout's usual pace.
    weak_peak_share: float = 0.25
    peak_margin_s: float = 1.5
    padding_steps: float = 0.75
    largest_merged_gap_s: float = 3.5
    least_steps: int = 5
    # WBA: breaks of at most 3 s, at least four strides in a bout.
    longest_break_s: float = 3.0
    least_bout_steps: int = 6
    # Zijlstra & Hof 2003 with the factor of Soltani 2021 (4.587 / 4), as in mobgap 1.2.0.
    pendulum_factor: float = 4.587 / 4
    sensor_share_of_height: float = 0.6
    # Where lengths and speed are withheld.
    least_steady_share: float = 0.5
    least_span_samples: int = 300
    least_steps_for_length: int = 6
    least_speed_m_s: float = 0.3
    least_cadence_spm: float = 40.0
    least_uneven_speed_m_s: float = 0.5
    slow_speed_m_s: float = 0.5
    least_steps_for_symmetry: int = 10
    least_steps_for_variability: int = 20


SETTINGS = GaitSettings()
