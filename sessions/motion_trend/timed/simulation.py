"""Simulated chair stands and Timed Up and Go, for golden tests and the demo. Invented people: no evidence.

A body that moves through key poses (minimum jerk in between) with steps laid over it, felt by a sensor at the
waist (`lower_back`, `waist`) or in a pocket on the thigh (`pocket`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.spatial.transform import Rotation

from sessions.motion_trend.types import GRAVITY_M_S2, Placement, SensorSignal

Array = NDArray[np.float64]
FINE_HZ = 400.0
RISE_M = 0.36
HIP_TO_POCKET_M = 0.2
UPRIGHT_LEAN_DEG = 6.0
RISING_LEAN_DEG = 38.0


@dataclass(frozen=True, slots=True)
class Sensor:
    """How a simulated sensor is worn and how good it is; `handled_s`: held in a hand at the start and the
    end.
    """

    placement: Placement = Placement.LOWER_BACK
    rate_hz: float = 100.0
    noise_m_s2: float = 0.08
    noise_rad_s: float = 0.01
    jitter_s: float = 0.0
    rotation: Rotation | None = None
    has_gyroscope: bool = True
    seed: int = 0
    handled_s: float = 0.0


@dataclass(frozen=True, slots=True)
class KeyPose:
    """Where the hip is (x, y, height in m), which way it faces and leans, and how the thigh stands (degrees;
    0 upright).
    """

    t_s: float
    x_m: float = 0.0
    height_m: float = 0.0
    heading_deg: float = 0.0
    lean_deg: float = 0.0
    thigh_deg: float = 85.0


@dataclass(frozen=True, slots=True)
class ActedTug:
    """The true times of a simulated Timed Up and Go (s since the signal's start)."""

    start_s: float
    stood_s: float
    turn_s: tuple[float, float]
    turn_to_sit_s: float
    end_s: float


def chair_stands(
    *,
    stands: int,
    cycle_s: float = 2.6,
    heights: Sequence[float] = (),
    lead_s: float = 3.0,
    tail_s: float = 6.0,
    rise_m: float = RISE_M,
    sensor: Sensor | None = None,
) -> tuple[SensorSignal, list[float]]:
    """Someone who sits for `lead_s`, then stands up and sits down `stands` times, one every `cycle_s`.

    `heights`: share of the full rise by stand (1 where not given; 0.4 is a stand given up half-way). Returns
    the signal and when each rise begins.
    """
    poses = [KeyPose(0.0)]
    begins = [lead_s + k * cycle_s for k in range(stands)]
    for k, begin in enumerate(begins):
        share = heights[k] if k < len(heights) else 1.0
        poses += _stand(begin, cycle_s, share, rise_m)
    poses.append(KeyPose(poses[-1].t_s + tail_s))
    return _feel(poses, (), sensor or Sensor()), begins


def timed_up_and_go(
    *,
    seconds: float = 11.0,
    lead_s: float = 3.0,
    tail_s: float = 3.0,
    turn_deg: float = 180.0,
    sensor: Sensor | None = None,
) -> tuple[SensorSignal, ActedTug]:
    """Someone who stands up, walks three metres, turns, walks back, turns and sits down within `seconds`."""
    unit = seconds / 11.0
    start = lead_s
    stood, turn, turned = start + 1.6 * unit, start + 4.4 * unit, start + 6.0 * unit
    back, end = start + 8.4 * unit, start + 11.0 * unit
    up = {"height_m": RISE_M, "lean_deg": UPRIGHT_LEAN_DEG, "thigh_deg": 0.0}
    sat = back + 1.4 * unit
    poses = [
        KeyPose(0.0),
        KeyPose(start),
        KeyPose(start + 0.6 * unit, 0.1, 0.06, 0.0, RISING_LEAN_DEG, 80.0),
        KeyPose(stood, 0.3, **up),
        KeyPose(turn, 3.0, heading_deg=0.0, **up),
        KeyPose(turned, 3.0, heading_deg=turn_deg, **up),
        KeyPose(back, 0.4, heading_deg=turn_deg, **up),
        KeyPose(sat, 0.25, heading_deg=2 * turn_deg, **up),
        KeyPose(sat + 0.5 * unit, 0.1, RISE_M * 0.75, 2 * turn_deg, RISING_LEAN_DEG, 30.0),
        KeyPose(end, 0.0, heading_deg=2 * turn_deg),
        KeyPose(end + tail_s, 0.0, heading_deg=2 * turn_deg),
    ]
    signal = _feel(poses, ((stood, turn), (turned, back)), sensor or Sensor())
    return signal, ActedTug(start, stood, (turn, turned), back, end)


def _stand(begin: float, cycle_s: float, share: float, rise_m: float) -> list[KeyPose]:
    at = [begin + part * cycle_s for part in (0.0, 0.16, 0.42, 0.5, 0.76, 0.94)]
    return [
        KeyPose(at[0]),
        KeyPose(at[1], 0.08, 0.12 * rise_m * share, 0.0, RISING_LEAN_DEG, 85 - 12 * share),
        KeyPose(at[2], 0.3 * share, rise_m * share, 0.0, _lean_at(share), 85 * (1 - share)),
        KeyPose(at[3], 0.3 * share, rise_m * share, 0.0, _lean_at(share), 85 * (1 - share)),
        KeyPose(at[4], 0.08, 0.2 * rise_m * share, 0.0, RISING_LEAN_DEG, 85 - 18 * share),
        KeyPose(at[5]),
    ]


def _lean_at(share: float) -> float:
    return RISING_LEAN_DEG + (UPRIGHT_LEAN_DEG - RISING_LEAN_DEG) * share


def _feel(poses: Sequence[KeyPose], walks: Sequence[tuple[float, float]], sensor: Sensor) -> SensorSignal:
    t_s = np.arange(int(poses[-1].t_s * FINE_HZ)) / FINE_HZ
    x, height, heading, lean, thigh = (
        _between(poses, name, t_s) for name in ("x_m", "height_m", "heading_deg", "lean_deg", "thigh_deg")
    )
    bounce, sway = _steps(walks, t_s)
    hip = np.column_stack([x, sway, height + bounce])
    if sensor.placement is Placement.POCKET:
        swing = thigh + 400.0 * sway
        orientation = Rotation.from_euler("ZY", np.column_stack([heading, -swing]), degrees=True)
        hip = hip + orientation.apply(np.array([0.0, 0.0, -HIP_TO_POCKET_M]))
    else:
        orientation = Rotation.from_euler("ZY", np.column_stack([heading, lean]), degrees=True)
    if sensor.handled_s:
        hip, orientation = _handled(t_s, hip, orientation, sensor)
    return _sample(t_s, hip, orientation, sensor)


def _handled(t_s: Array, position: Array, orientation: Rotation, sensor: Sensor) -> tuple[Array, Rotation]:
    """For the first and last `handled_s` the phone is turned and moved about in a hand, and comes to rest
    in its place.
    """
    random = np.random.default_rng(sensor.seed + 1)
    share = np.maximum(1 - t_s / sensor.handled_s, 1 - (t_s[-1] - t_s) / sensor.handled_s)
    away = np.clip(share, 0, 1)
    away = away**3 * (10 - 15 * away + 6 * away**2)
    knots = np.arange(0, t_s[-1] + 1.5, 0.7)
    waves = [CubicSpline(knots, random.normal(0, 1, len(knots)))(t_s) * away for _ in range(6)]
    turned = Rotation.from_rotvec(0.8 * np.column_stack(waves[:3]))
    return position + 0.2 * np.column_stack(waves[3:]), turned * orientation


def _between(poses: Sequence[KeyPose], name: str, t_s: Array) -> Array:
    knots = np.array([pose.t_s for pose in poses])
    values = np.array([getattr(pose, name) for pose in poses], dtype=float)
    index = np.clip(np.searchsorted(knots, t_s, side="right") - 1, 0, len(knots) - 2)
    share = np.clip((t_s - knots[index]) / np.diff(knots)[index], 0, 1)
    smooth = share**3 * (10 - 15 * share + 6 * share**2)
    return np.asarray(values[index] + smooth * np.diff(values)[index], dtype=np.float64)


def _steps(walks: Sequence[tuple[float, float]], t_s: Array) -> tuple[Array, Array]:
    """Bounce once a step and sway once a stride, fading in and out within half a second."""
    bounce, sway = np.zeros(len(t_s)), np.zeros(len(t_s))
    for first, last in walks:
        fade = np.clip(np.minimum(t_s - first, last - t_s) / 0.5, 0, 1)
        fade = fade**3 * (10 - 15 * fade + 6 * fade**2)
        bounce -= 0.018 * fade * np.cos(2 * np.pi * 1.8 * (t_s - first))
        sway += 0.02 * fade * np.sin(2 * np.pi * 0.9 * (t_s - first))
    return bounce, sway


def _sample(t_s: Array, position: Array, orientation: Rotation, sensor: Sensor) -> SensorSignal:
    random = np.random.default_rng(sensor.seed)
    acceleration = np.gradient(np.gradient(position, 1 / FINE_HZ, axis=0), 1 / FINE_HZ, axis=0)
    force = orientation.inv().apply(acceleration + np.array([0.0, 0.0, GRAVITY_M_S2]))
    turning = (orientation[:-1].inv() * orientation[1:]).as_rotvec() * FINE_HZ
    turning = np.vstack([turning, turning[-1:]])
    if sensor.rotation is not None:
        force, turning = sensor.rotation.apply(force), sensor.rotation.apply(turning)
    at_s = np.arange(int(t_s[-1] * sensor.rate_hz)) / sensor.rate_hz
    at_s = np.sort(at_s + random.uniform(0, 1, len(at_s)) * min(sensor.jitter_s, 0.9 / sensor.rate_hz))
    force = np.stack([np.interp(at_s, t_s, force[:, k]) for k in range(3)], axis=1)
    turning = np.stack([np.interp(at_s, t_s, turning[:, k]) for k in range(3)], axis=1)
    signal = SensorSignal(
        at_s,
        (force + random.normal(0, sensor.noise_m_s2, force.shape)).astype(np.float32),
        (turning + random.normal(0, sensor.noise_rad_s, turning.shape)).astype(np.float32),
        sensor.rate_hz,
        sensor.placement,
        source="simulated",
    )
    return signal if sensor.has_gyroscope else replace(signal, angular_velocity_rad_s=None)
