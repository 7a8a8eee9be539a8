"""Simulated walking: signals with known steps, sides, lengths and speed, for golden tests and the demo.

A trunk that rises and falls as an inverted pendulum (Zijlstra & Hof 2003, the same model that
`gait.step_length` inverts, so agreement of lengths says that the arithmetic is right, never that the model
is), sways towards the standing leg and turns with the pelvis; a thigh and an arm that swing; a foot that
rests and flies. Invented people: no evidence about real ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BPoly, PchipInterpolator
from scipy.spatial.transform import Rotation

from sessions.motion_trend.types import GRAVITY_M_S2, Placement, SensorSignal, Step

Array = NDArray[np.float64]

PENDULUM_FACTOR = 4.587 / 4
SENSOR_SHARE_OF_HEIGHT = 0.6
OVERSAMPLING = 4
TRUNK_LEAN_DEG = 8.0


@dataclass(frozen=True, slots=True)
class WalkTruth:
    """What was simulated: contacts (s since the signal's start), lengths in m, cadence in steps/min."""

    contacts: tuple[Step, ...]
    cadence_spm: float
    step_length_left_m: float
    step_length_right_m: float
    step_time_asymmetry_pct: float
    walking_speed_m_s: float

    @property
    def stride_length_m(self) -> float:
        """One left and one right step."""
        return self.step_length_left_m + self.step_length_right_m

    @property
    def start_s(self) -> float:
        """First contact."""
        return self.contacts[0].t_s

    @property
    def end_s(self) -> float:
        """Last contact."""
        return self.contacts[-1].t_s


@dataclass(frozen=True, slots=True)
class Pose:
    """A sensor's way: position_m[N,3] (x forward, y left, z up), orientation, jolts; per sample."""

    position_m: Array
    orientation: Rotation
    impact_m_s2: Array


@dataclass(frozen=True, slots=True)
class _Gait:
    """Phase (in steps; even numbers are left contacts) and amplitudes on the fine time grid."""

    t_s: Array
    phase: Array
    envelope: Array
    rise_m: Array
    forward_m: Array
    contacts_s: Array
    is_left: NDArray[np.bool_]


def walk(
    *,
    seconds: float,
    cadence_spm: float,
    step_length_m: float,
    asymmetry_pct: float = 0.0,
    length_asymmetry_pct: float = 0.0,
    placement: Placement = Placement.LOWER_BACK,
    rate_hz: float = 100.0,
    height_m: float = 1.70,
    seed: int = 0,
    noise_m_s2: float = 0.05,
    noise_rad_s: float = 0.01,
    step_time_sd_s: float = 0.008,
    still_s: float = 4.0,
    rotation: Rotation | None = None,
    has_gyroscope: bool = True,
) -> tuple[SensorSignal, WalkTruth]:
    """Someone who stands, walks straight on for `seconds`, and stands again.

    `asymmetry_pct`: how much longer a left step takes than a right one, in % of their mean; likewise
    `length_asymmetry_pct`. `rotation` turns the sensor in its place (body frame to
    sensor frame). Deterministic for a seed.
    """
    random = np.random.default_rng(seed)
    contacts, is_left = _contacts(seconds, cadence_spm, asymmetry_pct, step_time_sd_s, random)
    contacts = contacts + still_s
    left_m = step_length_m * (1 + length_asymmetry_pct / 200)
    right_m = step_length_m * (1 - length_asymmetry_pct / 200)
    duration = contacts[-1] + still_s
    gait = _gait(contacts, is_left, np.where(is_left, left_m, right_m), duration, rate_hz, height_m)
    signal = _record(
        _pose(gait, placement, step_length_m, height_m),
        placement=placement,
        rate_hz=rate_hz,
        noise=(noise_m_s2, noise_rad_s),
        random=random,
        rotation=rotation,
        has_gyroscope=has_gyroscope,
    )
    steps = tuple(
        Step(float(t), "left" if left else "right") for t, left in zip(contacts, is_left, strict=True)
    )
    mean_step_s = float(np.mean(np.diff(contacts)))
    truth = WalkTruth(
        steps, 60 / mean_step_s, left_m, right_m, abs(asymmetry_pct), (left_m + right_m) / 2 / mean_step_s
    )
    return signal, truth


def rest(
    *,
    seconds: float,
    placement: Placement = Placement.LOWER_BACK,
    rate_hz: float = 100.0,
    seed: int = 0,
    noise_m_s2: float = 0.05,
    noise_rad_s: float = 0.01,
    rotation: Rotation | None = None,
    has_gyroscope: bool = True,
) -> SensorSignal:
    """Someone who sits or stands still."""
    count = round(seconds * rate_hz) * OVERSAMPLING
    still = Pose(
        np.zeros((count, 3)),
        Rotation.from_euler("y", np.full((count, 1), _lean(placement)), degrees=True),
        np.zeros((count, 3)),
    )
    return _record(
        still,
        placement=placement,
        rate_hz=rate_hz,
        noise=(noise_m_s2, noise_rad_s),
        random=np.random.default_rng(seed),
        rotation=rotation,
        has_gyroscope=has_gyroscope,
    )


def fidget(
    *, seconds: float, placement: Placement = Placement.LOWER_BACK, rate_hz: float = 100.0, seed: int = 0
) -> SensorSignal:
    """Someone who moves without walking: bends, turns and shifts at random, never rhythmically."""
    random = np.random.default_rng(seed)
    count = round(seconds * rate_hz) * OVERSAMPLING
    t_s = np.arange(count) / (rate_hz * OVERSAMPLING)
    knots = np.arange(0, seconds + 3, 1.7)
    ways = [
        PchipInterpolator(knots, random.normal(0, size, len(knots)))(t_s)
        for size in (14, 10, 25, 0.05, 0.05, 0.03)
    ]
    orientation = Rotation.from_euler(
        "zyx", np.column_stack([ways[2], ways[0] + _lean(placement), ways[1]]), degrees=True
    )
    pose = Pose(np.column_stack(ways[3:]), orientation, np.zeros((count, 3)))
    return _record(
        pose,
        placement=placement,
        rate_hz=rate_hz,
        noise=(0.05, 0.01),
        random=random,
        rotation=None,
        has_gyroscope=True,
    )


def joined(signals: list[SensorSignal], *, gap_s: float = 0.0) -> SensorSignal:
    """One recording after another on one clock, with `gap_s` of nothing between them."""
    first, times, offset = signals[0], [], 0.0
    for signal in signals:
        times.append(signal.t_s + offset)
        offset = times[-1][-1] + 1 / signal.sampling_rate_hz + gap_s
    turning = [s.angular_velocity_rad_s for s in signals]
    known = [one for one in turning if one is not None]
    return SensorSignal(
        np.concatenate(times),
        np.concatenate([s.acceleration_m_s2 for s in signals]),
        np.concatenate(known) if len(known) == len(signals) else None,
        first.sampling_rate_hz,
        first.placement,
        first.started_at,
        first.source,
    )


def _contacts(
    seconds: float, cadence_spm: float, asymmetry_pct: float, sd_s: float, random: np.random.Generator
) -> tuple[Array, NDArray[np.bool_]]:
    step_s = 60 / cadence_spm
    count = max(int(seconds / step_s), 4)
    is_left = np.arange(count + 1) % 2 == 0
    times = step_s * np.where(is_left[1:], 1 + asymmetry_pct / 200, 1 - asymmetry_pct / 200)
    times = times + random.normal(0, sd_s, count)
    return np.concatenate([[0.0], np.cumsum(np.maximum(times, 0.5 * step_s))]), is_left


def _gait(
    contacts: Array,
    is_left: NDArray[np.bool_],
    lengths: Array,
    duration: float,
    rate_hz: float,
    height_m: float,
) -> _Gait:
    t_s = np.arange(round(duration * rate_hz) * OVERSAMPLING) / (rate_hz * OVERSAMPLING)
    step_s = float(np.mean(np.diff(contacts)))
    ends = ([contacts[0] - step_s], [contacts[-1] + step_s])
    knots = np.concatenate([ends[0], contacts, ends[1]])
    phase = _phase(knots, step_s)(np.clip(t_s, knots[0], knots[-1]))
    pendulum_m = SENSOR_SHARE_OF_HEIGHT * height_m
    rises = pendulum_m - np.sqrt(pendulum_m**2 - (lengths / (2 * PENDULUM_FACTOR)) ** 2)
    middles = (contacts[1:] + contacts[:-1]) / 2
    rise = np.interp(t_s, middles, rises[1:])
    envelope = _smooth_step((t_s - ends[0][0]) / step_s) * _smooth_step((ends[1][0] - t_s) / step_s)
    forward = np.cumsum(envelope * np.mean(lengths) / step_s) / (rate_hz * OVERSAMPLING)
    return _Gait(t_s, phase, envelope, rise, forward, contacts, is_left)


def _phase(knots: Array, step_s: float) -> BPoly:
    """Steps done, one more at each knot, at the same pace around every knot."""
    return BPoly.from_derivatives(knots, [[float(k - 1), 1 / step_s, 0.0] for k in range(len(knots))])


def _smooth_step(share: Array) -> Array:
    inside = np.clip(share, 0, 1)
    return inside**3 * (10 - 15 * inside + 6 * inside**2)


def _pose(gait: _Gait, placement: Placement, step_length_m: float, height_m: float) -> Pose:
    if placement in (Placement.POCKET, Placement.LEFT_THIGH, Placement.RIGHT_THIGH):
        return _thigh(gait, placement, step_length_m, height_m)
    if placement in (Placement.LEFT_WRIST, Placement.RIGHT_WRIST):
        return _wrist(gait, placement, step_length_m, height_m)
    if placement in (Placement.LEFT_FOOT, Placement.RIGHT_FOOT):
        return _foot(gait, placement)
    return _trunk(gait, placement, step_length_m)


def _trunk_way(gait: _Gait) -> Array:
    """Level at each contact, highest between; sways to the standing leg; speeds up and down once a step."""
    rise = gait.envelope * gait.rise_m / 2 * (1 - np.cos(2 * np.pi * gait.phase))
    sway = 0.02 * gait.envelope * np.sin(np.pi * gait.phase)
    surge = 0.015 * gait.envelope * np.sin(2 * np.pi * gait.phase + 0.6)
    return np.column_stack([gait.forward_m + surge, sway, rise])


def _impacts(gait: _Gait, *, own: float, other: float, is_left_sensor: bool) -> Array:
    """A short decaying jolt upwards after each contact."""
    jolts = np.zeros(len(gait.t_s))
    for contact, left in zip(gait.contacts_s, gait.is_left, strict=True):
        size = own if left == is_left_sensor else other
        since = gait.t_s - contact
        near = (since >= 0) & (since < 0.15)
        jolts[near] += size * np.exp(-since[near] / 0.025) * np.sin(2 * np.pi * 14 * since[near])
    return np.column_stack([-0.3 * jolts, np.zeros_like(jolts), jolts])


def _trunk(gait: _Gait, placement: Placement, step_length_m: float) -> Pose:
    """Until just after a left contact the pelvis turns its left side forwards (McCamley 2012)."""
    yaw = -(4 + 6 * step_length_m) * gait.envelope * np.cos(np.pi * (gait.phase - 0.25))
    roll = 2.5 * gait.envelope * np.sin(np.pi * gait.phase)
    pitch = _lean(placement) + 1.0 * gait.envelope * np.sin(2 * np.pi * gait.phase)
    orientation = Rotation.from_euler("zyx", np.column_stack([yaw, pitch, roll]), degrees=True)
    return Pose(_trunk_way(gait), orientation, _impacts(gait, own=2.5, other=2.5, is_left_sensor=True))


def _swing(gait: _Gait, *, own_is_left: bool) -> Array:
    """−1 to 1, once a stride: 1 at the own side's contact (the leg in front)."""
    return gait.envelope * np.cos(np.pi * gait.phase + (0.0 if own_is_left else np.pi))


def _thigh(gait: _Gait, placement: Placement, step_length_m: float, height_m: float) -> Pose:
    is_left = placement is not Placement.RIGHT_THIGH
    reach = np.degrees(np.arcsin(np.clip(step_length_m / (2 * 0.53 * height_m), 0, 0.6)))
    angle = -reach * _swing(gait, own_is_left=is_left) - 6 * gait.envelope
    orientation = Rotation.from_euler("y", angle[:, None], degrees=True)
    lever = orientation.apply(np.array([0.0, 0.0, -0.2]))
    return Pose(
        _trunk_way(gait) + lever, orientation, _impacts(gait, own=7.0, other=2.5, is_left_sensor=is_left)
    )


def _wrist(gait: _Gait, placement: Placement, step_length_m: float, height_m: float) -> Pose:
    """The arm swings against the leg, a little late, with a bent elbow."""
    is_left = placement is Placement.LEFT_WRIST
    late = gait.envelope * np.cos(np.pi * (gait.phase - 0.3) + (np.pi if is_left else 0.0))
    angle = -20 * step_length_m / 0.7 * late
    orientation = Rotation.from_euler("y", angle[:, None], degrees=True)
    lever = orientation.apply(np.array([0.0, 0.0, -0.2 * height_m]))
    return Pose(
        _trunk_way(gait) + lever, orientation, _impacts(gait, own=2.5, other=2.5, is_left_sensor=is_left)
    )


def _foot(gait: _Gait, placement: Placement) -> Pose:
    """At rest from own contact for 60 % of the stride, then a minimum-jerk flight of one stride."""
    is_left = placement is Placement.LEFT_FOOT
    own = gait.contacts_s[gait.is_left == is_left]
    forward, lift, pitch = (np.zeros(len(gait.t_s)) for _ in range(3))
    stride_m = float(
        np.interp(own[-1], gait.t_s, gait.forward_m) - np.interp(own[0], gait.t_s, gait.forward_m)
    )
    stride_m /= max(len(own) - 1, 1)
    for start, end in pairwise(own):
        leaves = start + 0.6 * (end - start)
        share = np.clip((gait.t_s - leaves) / (end - leaves), 0, 1)
        forward += stride_m * _smooth_step(share)
        lift += 0.09 * np.sin(np.pi * _smooth_step(share)) ** 2
        pitch += 50 * np.sin(np.pi * _smooth_step(share)) ** 2 * np.cos(np.pi * share)
    way = np.column_stack([forward, np.zeros_like(forward), lift])
    return Pose(way, Rotation.from_euler("y", pitch[:, None], degrees=True), np.zeros((len(forward), 3)))


def _lean(placement: Placement) -> float:
    return TRUNK_LEAN_DEG if placement in (Placement.LOWER_BACK, Placement.WAIST, Placement.CHEST) else 0.0


def _record(
    pose: Pose,
    *,
    placement: Placement,
    rate_hz: float,
    noise: tuple[float, float],
    random: np.random.Generator,
    rotation: Rotation | None,
    has_gyroscope: bool,
) -> SensorSignal:
    """What an accelerometer and a gyroscope in that pose would read, with white noise."""
    step_s = 1 / (rate_hz * OVERSAMPLING)
    acceleration = (
        np.gradient(np.gradient(pose.position_m, step_s, axis=0), step_s, axis=0) + pose.impact_m_s2
    )
    force = pose.orientation.inv().apply(acceleration + np.array([0, 0, GRAVITY_M_S2]))
    between = (pose.orientation[:-1].inv() * pose.orientation[1:]).as_rotvec() / step_s
    turning = np.concatenate([between, between[-1:]])
    force, turning = force[::OVERSAMPLING], turning[::OVERSAMPLING]
    if rotation is not None:
        force, turning = rotation.apply(force), rotation.apply(turning)
    force = force + random.normal(0, noise[0], force.shape)
    turning = turning + random.normal(0, noise[1], turning.shape)
    return SensorSignal(
        np.arange(len(force)) / rate_hz,
        force.astype(np.float32),
        turning.astype(np.float32) if has_gyroscope else None,
        rate_hz,
        placement,
        None,
        "simulated",
    )
