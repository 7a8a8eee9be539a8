"""Exercises on a mat: bridge, supine straight-leg raise, clamshell. Angles in degrees."""

from __future__ import annotations

import numpy as np

from prescriptions.movement.body import SIDES, SIGN, Pose, neutral_pose
from prescriptions.movement.generator.effort import Effort, Performance

_LYING_HEIGHT_SHARE = 0.055


def _lie_supine(effort: Effort) -> Pose:
    pose = neutral_pose(effort.frames, pelvis_height_m=_LYING_HEIGHT_SHARE * effort.body.stature_m)
    pose.lying = "supine"
    for side in SIDES:
        pose.arms[side].elevation_deg = np.full(effort.frames, 16.0)
        pose.arms[side].elbow_flexion_deg = np.full(effort.frames, 6.0)
    return pose


def draw_bridge(effort: Effort) -> Pose:
    """Hips up from the mat until shoulder, hip and knee make one line; shoulders and feet stay where they
    are.
    """
    body = effort.body
    pose = _lie_supine(effort)
    low = _LYING_HEIGHT_SHARE * body.stature_m
    reach = body["trunk"] + body["thigh"]
    straight_deg = float(np.degrees(np.arcsin((body["shank"] + body["ankle_height"] - low) / reach)))
    share = 1.0 - 0.50 * effort.fault("short_of_line")
    incline = effort.range(1.0, straight_deg - 1.0) * share + 13.0 * effort.fault_as_it_moves("back_arch")
    angle = np.radians(incline)
    pose.pelvis_m[:, 0] = body["trunk"] * (np.cos(angle) - 1.0)
    pose.pelvis_m[:, 1] = low + body["trunk"] * np.sin(angle)
    pose.pelvis_tilt_deg = -incline
    pose.head_flexion_deg = incline
    for side in SIDES:
        pose.arms[side].elevation_deg = 12.0 + incline
        pose.arms[side].plane_deg = np.full(effort.frames, -70.0)
    drop = effort.fault_as_it_moves("pelvis_drop")
    pose.pelvis_list_deg = 18.0 * drop
    pose.trunk_bending_deg = -18.0 * drop
    ankle_forward = reach * np.cos(np.radians(straight_deg)) - body["trunk"]
    for side in SIDES:
        place = [ankle_forward, body["ankle_height"], SIGN[side] * 1.1 * body["half_hips"]]
        pose.legs[side].ankle_m = np.tile(place, (effort.frames, 1))
    return pose


def draw_straight_leg_raise(effort: Effort) -> Pose:
    """On the back, one knee bent with the foot down; the straight leg goes up 0→46°."""
    pose = _lie_supine(effort)
    for side in SIDES:
        leg, works = pose.legs[side], effort.working[side]
        leg.hip_flexion_deg = effort.side_range(side, 0.0, 46.0) * works + 43.0 * (1 - works)
        lag = 30.0 * effort.fault_as_it_moves("extensor_lag")
        leg.knee_flexion_deg = (2.0 + lag) * works + 92.0 * (1 - works)
        leg.ankle_dorsiflexion_deg = 12.0 * works - 40.0 * (1 - works)
    arch = effort.fault_as_it_moves("pelvis_tilt")
    pose.pelvis_tilt_deg = 16.0 * arch
    pose.trunk_flexion_deg = -16.0 * arch
    return pose


def draw_clamshell(effort: Effort) -> Pose:
    """On one side, hips 45° and knees 90° bent, feet together; the upper knee opens 0→46°."""
    body = effort.body
    works_left = effort.working["left"].mean() > effort.working["right"].mean()
    upper, lower = ("left", "right") if works_left else ("right", "left")
    pose = neutral_pose(effort.frames, pelvis_height_m=1.25 * body["half_hips"])
    pose.lying = f"on_{lower}_side"
    for side in SIDES:
        leg = pose.legs[side]
        leg.hip_flexion_deg = np.full(effort.frames, 45.0)
        leg.knee_flexion_deg = np.full(effort.frames, 90.0)
        leg.hip_abduction_deg = np.full(effort.frames, -4.0)
    pose.legs[upper].opening_deg = effort.range(0.0, 46.0) * (1.0 - 0.2 * effort.fault("short_range"))
    apart = effort.fault_as_it_moves("heels_apart")
    pose.legs[upper].hip_abduction_deg = pose.legs[upper].hip_abduction_deg + 26.0 * apart
    roll = 30.0 * effort.fault_as_it_moves("pelvis_roll") * SIGN[upper]
    pose.pelvis_rotation_deg = roll
    pose.trunk_rotation_deg = -0.4 * roll
    _rest_arms_on_side(effort, pose, upper=upper, lower=lower)
    return pose


def _rest_arms_on_side(effort: Effort, pose: Pose, *, upper: str, lower: str) -> None:
    """The lower arm under the head, the upper hand on the mat in front of the chest."""
    for side, elevation, elbow in ((lower, 140.0, 100.0), (upper, 35.0, 70.0)):
        arm = pose.arms[side]
        arm.plane_deg = np.full(effort.frames, 85.0)
        arm.elevation_deg = np.full(effort.frames, elevation)
        arm.elbow_flexion_deg = np.full(effort.frames, elbow)
        arm.external_rotation_deg = np.full(effort.frames, -75.0 if side == upper else 0.0)


LYING: dict[str, Performance] = {
    "bridge": Performance(
        draw_bridge,
        ("side", "front_diagonal", "feet_end"),
        False,
        ("short_of_line", "back_arch", "short_range", "pelvis_drop"),
    ),
    "straight_leg_raise": Performance(
        draw_straight_leg_raise,
        ("side",),
        True,
        ("extensor_lag", "pelvis_tilt", "short_range"),
    ),
    "clamshell": Performance(
        draw_clamshell,
        ("feet_end", "front"),
        True,
        ("pelvis_roll", "heels_apart", "short_range"),
    ),
}
