"""What a sensor on a moving part would measure: for tests, benchmarks, and recordings of markers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
GRAVITY_M_S2 = 9.80665


@dataclass(frozen=True, slots=True)
class VirtualSamples:
    """Times in ms (N,), force in m/s² (N, 3), turning in rad/s (N, 3)."""

    t_ms: Array
    acceleration: Array
    angular_velocity: Array


@dataclass(frozen=True, slots=True)
class SimulatedSet:
    """A made-up set: a part that leans out and back `repetitions` times.

    Degrees and seconds. `forward_by`, `sideways_by`, `turn_by` map a repetition (from 1) to degrees that are
    added at its far point, `seconds_by` to its seconds out and back. `lever_m`: from the joint to the sensor.
    """

    repetitions: int = 6
    forward_deg: float = 35.0
    repetition_s: float = 2.6
    rest_s: float = 0.7
    still_s: float = 1.5
    rate_hz: float = 60.0
    lever_m: float = 0.35
    forward_by: Mapping[int, float] = field(default_factory=dict)
    sideways_by: Mapping[int, float] = field(default_factory=dict)
    turn_by: Mapping[int, float] = field(default_factory=dict)
    seconds_by: Mapping[int, tuple[float, float]] = field(default_factory=dict)


def simulate_set(
    plan: SimulatedSet, *, mount: Array | None = None, noise: float = 1.0, seed: int = 0
) -> VirtualSamples:
    """Samples of a simulated set. `mount` (3, 3): sensor axes in the part's; `noise`: 1 is a phone's."""
    times, angles = _angles(plan)
    rotation = _rotations(np.radians(angles))
    position = rotation @ np.array([0.0, 0.0, plan.lever_m])
    return virtual_samples(times, rotation, position, mount=mount, noise=noise, seed=seed)


def _angles(plan: SimulatedSet) -> tuple[Array, Array]:
    """Times (s), and forward, sideways, turn (deg) at each."""
    pieces = [np.zeros((int(plan.still_s * plan.rate_hz), 3))]
    for index in range(1, plan.repetitions + 1):
        far = np.array(
            [
                plan.forward_deg + plan.forward_by.get(index, 0.0),
                plan.sideways_by.get(index, 0.0),
                plan.turn_by.get(index, 0.0),
            ]
        )
        out_s, back_s = plan.seconds_by.get(index, (plan.repetition_s / 2, plan.repetition_s / 2))
        out = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, int(out_s * plan.rate_hz)))
        back = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, int(back_s * plan.rate_hz)))
        pieces += [np.concatenate([out, back])[:, None] * far, np.zeros((int(plan.rest_s * plan.rate_hz), 3))]
    angles = np.concatenate(pieces)
    return np.arange(len(angles)) / plan.rate_hz, angles


def _rotations(angles: Array) -> Array:
    """Part to world: turned about the vertical, then leant forward and sideways, (N, 3, 3)."""
    forward, sideways, turn = angles.T
    return _about(turn, 2) @ _about(forward, 1) @ _about(sideways, 0)


def _about(angle: Array, axis: int) -> Array:
    cos, sin = np.cos(angle), np.sin(angle)
    rotation = np.zeros((len(angle), 3, 3))
    i, j = [k for k in range(3) if k != axis]
    rotation[:, axis, axis] = 1.0
    rotation[:, i, i] = rotation[:, j, j] = cos
    sign = 1.0 if axis == 1 else -1.0
    rotation[:, i, j], rotation[:, j, i] = sign * sin, -sign * sin
    return rotation


def virtual_samples(
    t_s: Array,
    rotation: Array,
    position: Array,
    *,
    mount: Array | None = None,
    noise: float = 1.0,
    seed: int = 0,
) -> VirtualSamples:
    """Samples of a sensor on a part: rotation (N, 3, 3) part to world (z up), position (N, 3) in m.

    Noise as of a phone's sensor: white, 0.03 m/s² and 0.003 rad/s, and a turning offset of 0.005 rad/s.
    """
    frame = rotation if mount is None else rotation @ mount
    acceleration = np.gradient(np.gradient(position, t_s, axis=0), t_s, axis=0)
    force = np.einsum("nji,nj->ni", frame, acceleration + np.array([0.0, 0.0, GRAVITY_M_S2]))
    change = np.gradient(frame, t_s, axis=0)
    skew = np.einsum("nji,njk->nik", frame, change)
    turning = np.column_stack([skew[:, 2, 1], skew[:, 0, 2], skew[:, 1, 0]])
    random = np.random.default_rng(seed)
    force = force + noise * 0.03 * random.standard_normal(force.shape)
    turning = turning + noise * (0.003 * random.standard_normal(turning.shape) + 0.005)
    return VirtualSamples(t_s * 1000.0, force, turning)
