"""Exercises on both feet: squat, sit-to-stand, lunge, calf raise. Angles in degrees, flexion 0 = straight."""

from __future__ import annotations

import numpy as np

from prescriptions.movement.body import SIDES, SIGN, Array, Body, Pose, neutral_pose
from prescriptions.movement.generator.effort import Effort, Performance, ease


def standing_height_m(body: Body, *, knee_flexion_deg: float = 3.0) -> float:
    """Height of the hips above the floor when standing with nearly straight knees."""
    straight = np.cos(np.radians(knee_flexion_deg / 2))
    return float((body["thigh"] + body["shank"]) * straight + body["ankle_height"])


def plant_feet(
    effort: Effort, pose: Pose, *, half_width_m: float, forward_m: dict[str, float] | None = None
) -> None:
    """Fix both ankles to the floor, `half_width_m` to each side of the middle."""
    for side in SIDES:
        forward = 0.0 if forward_m is None else forward_m[side]
        place = [forward, effort.body["ankle_height"], SIGN[side] * half_width_m]
        pose.legs[side].ankle_m = np.tile(place, (effort.frames, 1))


def _lower_pelvis(effort: Effort, pose: Pose, knee_flexion_deg: Array, ankle_dorsiflexion_deg: Array) -> None:
    """Put the pelvis where these angles of a planted leg carry it; the feet stand at X = 0."""
    body = effort.body
    shank = np.radians(ankle_dorsiflexion_deg)
    thigh = np.radians(knee_flexion_deg - ankle_dorsiflexion_deg)
    pose.pelvis_m[:, 0] = body["shank"] * np.sin(shank) - body["thigh"] * np.sin(thigh)
    pose.pelvis_m[:, 1] = body["ankle_height"] + body["shank"] * np.cos(shank) + body["thigh"] * np.cos(thigh)


def _lean_trunk(pose: Pose, lean_deg: Array) -> None:
    """Lean pelvis and trunk forward together, with the face turned half-way back to the front."""
    pose.pelvis_tilt_deg = 0.6 * lean_deg
    pose.trunk_flexion_deg = 0.4 * lean_deg
    pose.head_flexion_deg = -0.5 * lean_deg


def _turn_knees(effort: Effort, pose: Pose, *, at_rest_deg: float, per_severity_deg: float) -> None:
    for side in SIDES:
        severity = effort.fault_as_it_moves("knee_valgus") + effort.fault_as_it_moves("knees_together")
        inwards = per_severity_deg * severity * effort.working[side]
        pose.legs[side].knee_out_deg = at_rest_deg - inwards


def _lift_heels(effort: Effort, pose: Pose, lift_deg: Array) -> None:
    for side in SIDES:
        pose.legs[side].heel_lift_deg = lift_deg * effort.working[side]


def draw_squat(effort: Effort) -> Pose:
    """Knees 4→100°, arms reaching forward as the hips go back."""
    pose = neutral_pose(effort.frames, pelvis_height_m=standing_height_m(effort.body))
    plant_feet(effort, pose, half_width_m=1.35 * effort.body["half_hips"])
    knee = effort.range(4.0, 100.0)
    _lower_pelvis(effort, pose, knee, 0.30 * knee)
    shift = effort.fault_as_it_moves("weight_shift")
    pose.pelvis_m[:, 2] += shift * 0.7 * effort.body["half_hips"]
    pose.pelvis_list_deg = 16.0 * shift
    pose.trunk_bending_deg = -6.0 * shift + 22.0 * effort.fault_as_it_moves("trunk_side_lean")
    _lean_trunk(pose, 0.36 * knee + 34.0 * effort.fault_as_it_moves("trunk_lean"))
    _turn_knees(effort, pose, at_rest_deg=3.0, per_severity_deg=13.0)
    _bend_one_leg_less(effort, pose)
    _lift_heels(effort, pose, 32.0 * effort.fault_as_it_moves("heel_rise"))
    for side in SIDES:
        pose.arms[side].elevation_deg = effort.range(9.0, 78.0)
        pose.arms[side].plane_deg = np.full(effort.frames, 80.0)
    return pose


def _bend_one_leg_less(effort: Effort, pose: Pose) -> None:
    """The hip drops on the right and stays high on the left: the left knee bends less."""
    uneven = effort.fault_as_it_moves("uneven_depth")
    pose.pelvis_list_deg = pose.pelvis_list_deg + 42.0 * uneven
    pose.trunk_bending_deg = pose.trunk_bending_deg - 24.0 * uneven


def draw_sit_to_stand(effort: Effort) -> Pose:
    """From a chair (knees 92°) up to standing and back, arms crossed on the chest; the trunk leans to get
    up.
    """
    pose = neutral_pose(effort.frames, pelvis_height_m=standing_height_m(effort.body))
    plant_feet(effort, pose, half_width_m=1.1 * effort.body["half_hips"])
    risen = ease((effort.phase - 0.22) / 0.78)
    share = effort.amplitude.clip(max=1.0) * (1.0 - 0.42 * effort.fault("not_full_stand"))
    knee = 92.0 - 88.0 * risen * share
    _lower_pelvis(effort, pose, knee, 2.0 + 0.10 * knee + 14.0 * np.sin(np.pi * risen))
    reach = np.sin(np.pi * np.clip(effort.phase / 0.85, 0.0, 1.0)) ** 2
    under_way = np.sin(np.pi * np.clip(effort.phase, 0.0, 1.0)) ** 0.5
    faulty = 26.0 * effort.fault("not_full_stand") * risen + 26.0 * effort.fault("trunk_sway") * reach
    faulty = faulty + 30.0 * (effort.fault("trunk_lean") + effort.fault("rocking")) * (1.0 - risen)
    faulty = faulty + 24.0 * effort.fault("trunk_lean") * under_way
    pose.trunk_bending_deg = 22.0 * effort.fault("trunk_side_lean") * under_way
    _lean_trunk(pose, 7.0 - 5.0 * risen + 32.0 * reach + faulty)
    shift = effort.fault("weight_shift") * under_way
    pose.pelvis_m[:, 2] += shift * 0.9 * effort.body["half_hips"]
    pose.pelvis_list_deg = 20.0 * shift
    for side in SIDES:
        severity = effort.fault("knee_valgus") + effort.fault("knees_move")
        inwards = severity * (18.0 * (1.0 - risen) + 16.0 * under_way)
        pose.legs[side].knee_out_deg = 2.0 - inwards
    _cross_arms(effort, pose)
    _push_on_thighs(effort, pose, knee)
    return pose


def _cross_arms(effort: Effort, pose: Pose) -> None:
    for side in SIDES:
        arm = pose.arms[side]
        arm.elevation_deg = np.full(effort.frames, 28.0)
        arm.plane_deg = np.full(effort.frames, 75.0)
        arm.external_rotation_deg = np.full(effort.frames, -62.0)
        arm.elbow_flexion_deg = np.full(effort.frames, 118.0)


def _push_on_thighs(effort: Effort, pose: Pose, knee_flexion_deg: Array) -> None:
    """Hands on the thighs, a sign that the legs do not manage alone."""
    severity = effort.fault("arms_used")
    if not severity.any():
        return
    for side in SIDES:
        arm = pose.arms[side]
        held = np.clip(severity * 1.5, 0.0, 1.0)
        arm.elevation_deg = arm.elevation_deg * (1 - held) + held * (22.0 + 0.1 * knee_flexion_deg)
        arm.external_rotation_deg = arm.external_rotation_deg * (1 - held)
        arm.elbow_flexion_deg = arm.elbow_flexion_deg * (1 - held) + held * (20.0 + 0.2 * knee_flexion_deg)


def draw_lunge(effort: Effort) -> Pose:
    """Split stance, hips straight down until the front knee is near 92°; the working side stands in front."""
    body = effort.body
    pose = neutral_pose(effort.frames, pelvis_height_m=standing_height_m(body))
    step_m = 0.40 * body.stature_m
    front = "left" if effort.working["left"].mean() >= effort.working["right"].mean() else "right"
    back = "right" if front == "left" else "left"
    plant_feet(effort, pose, half_width_m=body["half_hips"], forward_m={front: 0.0, back: -step_m})
    descent = effort.range(0.0, 1.0)
    heel_up_deg = 30.0
    heel_up = np.radians(heel_up_deg)
    ankle_up_m = 0.70 * body["foot"] * np.sin(heel_up) + body["ankle_height"] * np.cos(heel_up)
    straight = 0.985 * (body["thigh"] + body["shank"])
    top = ankle_up_m + np.sqrt(straight**2 - (0.50 * step_m) ** 2)
    bottom = body["ankle_height"] + 1.06 * body["shank"]
    pose.pelvis_m[:, 0] = -0.42 * step_m - 0.10 * step_m * descent
    pose.pelvis_m[:, 1] = top + (bottom - top) * descent
    forward = sum(
        degrees * effort.fault_as_it_moves(code)
        for code, degrees in (("trunk_lean", 34.0), ("hip_bend", 34.0), ("trunk_tibia", 34.0))
    )
    _lean_trunk(pose, 3.0 + 6.0 * descent + forward)
    pose.legs[front].knee_out_deg = 2.0 - 12.0 * effort.fault_as_it_moves("knee_valgus")
    leaning = effort.fault_as_it_moves("trunk_side_lean") + effort.fault_as_it_moves("trunk_sway")
    drop = effort.fault_as_it_moves("pelvis_drop")
    pose.pelvis_list_deg = -18.0 * SIGN[front] * drop
    pose.trunk_bending_deg = SIGN[front] * (24.0 * leaning + 18.0 * drop)
    pose.legs[back].heel_lift_deg = heel_up_deg + 28.0 * descent
    pose.legs[back].toe_out_deg = 0.0
    _hands_on_hips(effort, pose)
    return pose


def _hands_on_hips(effort: Effort, pose: Pose) -> None:
    for side in SIDES:
        arm = pose.arms[side]
        arm.elevation_deg = np.full(effort.frames, 38.0)
        arm.plane_deg = np.full(effort.frames, -18.0)
        arm.external_rotation_deg = np.full(effort.frames, -72.0)
        arm.elbow_flexion_deg = np.full(effort.frames, 82.0)


def draw_calf_raise(effort: Effort) -> Pose:
    """Heels up by 34° about the forefoot, knees straight."""
    body = effort.body
    pose = neutral_pose(effort.frames, pelvis_height_m=standing_height_m(body))
    plant_feet(effort, pose, half_width_m=0.9 * body["half_hips"])
    lift = effort.range(0.0, 34.0)
    knee = 3.0 + 38.0 * effort.fault_as_it_moves("knee_bend")
    _lower_pelvis(effort, pose, knee, 0.5 * knee)
    forefoot = np.hypot(0.70 * body["foot"], body["ankle_height"])
    flat = np.arctan2(body["ankle_height"], 0.70 * body["foot"])
    turned = flat + np.radians(lift)
    pose.pelvis_m[:, 1] += forefoot * np.sin(turned) - body["ankle_height"]
    pose.pelvis_m[:, 0] += 0.70 * body["foot"] - forefoot * np.cos(turned)
    _lift_heels(effort, pose, lift)
    _lean_trunk(pose, 2.0 + 26.0 * effort.fault_as_it_moves("trunk_lean"))
    return pose


STANDING: dict[str, Performance] = {
    "squat": Performance(
        draw_squat,
        ("side", "front", "front_diagonal"),
        False,
        (
            "knee_valgus",
            "knees_together",
            "trunk_lean",
            "trunk_side_lean",
            "short_range",
            "heel_rise",
            "uneven_depth",
            "weight_shift",
        ),
    ),
    "sit_to_stand": Performance(
        draw_sit_to_stand,
        ("side", "front", "front_diagonal"),
        False,
        (
            "not_full_stand",
            "trunk_lean",
            "rocking",
            "trunk_sway",
            "trunk_side_lean",
            "knee_valgus",
            "knees_move",
            "weight_shift",
            "arms_used",
        ),
    ),
    "lunge": Performance(
        draw_lunge,
        ("side", "front", "front_diagonal"),
        True,
        (
            "knee_valgus",
            "trunk_lean",
            "hip_bend",
            "trunk_tibia",
            "trunk_side_lean",
            "trunk_sway",
            "pelvis_drop",
            "short_range",
        ),
    ),
    "calf_raise": Performance(
        draw_calf_raise,
        ("side", "front", "front_diagonal"),
        False,
        ("knee_bend", "trunk_lean", "short_range"),
    ),
}
