"""Exercises in which a limb is raised while standing: arms and straight legs. Angles in degrees."""

from __future__ import annotations

import numpy as np

from prescriptions.movement.body import SIDES, Pose, neutral_pose
from prescriptions.movement.generator.effort import Effort, Performance
from prescriptions.movement.generator.standing import plant_feet, standing_height_m


def _stand(effort: Effort) -> Pose:
    pose = neutral_pose(effort.frames, pelvis_height_m=standing_height_m(effort.body))
    plant_feet(effort, pose, half_width_m=0.95 * effort.body["half_hips"])
    return pose


def draw_shoulder_abduction(effort: Effort) -> Pose:
    """Straight arms out to the side, 9→160°, thumbs turning up on the way."""
    pose = _stand(effort)
    for side in SIDES:
        arm, works = pose.arms[side], effort.working[side]
        lag = 1.0 - (0.36 * effort.fault("uneven_arms") if side == "left" else 0.0)
        arm.elevation_deg = 9.0 + (effort.side_range(side, 9.0, 160.0) - 9.0) * lag
        arm.plane_deg = np.full(effort.frames, 8.0)
        arm.external_rotation_deg = effort.side_range(side, 10.0, 75.0)
        arm.elbow_flexion_deg = 6.0 + 62.0 * effort.fault_as_it_moves("elbow_bend") * works
        rise = 0.012 * effort.phase + 0.052 * effort.fault_as_it_moves("shrug")
        if side == "left" or not effort.working["left"].any():
            rise = rise + 0.060 * effort.fault_as_it_moves("shoulder_hike")
        arm.elevation_deg = arm.elevation_deg + 70.0 * effort.fault_as_it_moves("other_arm") * (1 - works)
        arm.shrug_m = rise * effort.body.stature_m * works
    lean = effort.leaning_sign() * effort.fault_as_it_moves("trunk_side_lean")
    pose.trunk_bending_deg = 18.0 * lean
    pose.pelvis_list_deg = 6.0 * lean
    return pose


def draw_wall_slide(effort: Effort) -> Pose:
    """Back to the wall, forearms upright: upper arms 62→158°, elbows 105→22°."""
    pose = _stand(effort)
    for side in SIDES:
        arm, works = pose.arms[side], effort.working[side]
        lag = 1.0 - (0.34 * effort.fault("uneven_arms") if side == "left" else 0.0)
        arm.elevation_deg = 62.0 + (effort.side_range(side, 62.0, 158.0) - 62.0) * lag
        arm.plane_deg = np.full(effort.frames, 5.0)
        arm.external_rotation_deg = np.full(effort.frames, 88.0)
        arm.elbow_flexion_deg = 105.0 + (effort.side_range(side, 105.0, 22.0) - 105.0) * lag
        rise = 0.012 * effort.phase + 0.055 * effort.fault_as_it_moves("shrug")
        arm.shrug_m = rise * effort.body.stature_m * works
    arch = effort.fault_as_it_moves("back_arch")
    pose.trunk_flexion_deg = -26.0 * arch
    pose.head_flexion_deg = 14.0 * arch
    pose.trunk_bending_deg = 22.0 * effort.fault_as_it_moves("trunk_side_lean")
    return pose


def _free_leg(effort: Effort, pose: Pose, side: str) -> None:
    """Let the working leg hang from the hip; it carries no weight."""
    if effort.working[side].max() > 0.5:
        pose.legs[side].ankle_m = None


def draw_standing_straight_leg_raise(effort: Effort) -> Pose:
    """One straight leg forward, 0→48° at the hip, standing on the other."""
    pose = _stand(effort)
    for side in SIDES:
        leg = pose.legs[side]
        _free_leg(effort, pose, side)
        leg.hip_flexion_deg = effort.side_range(side, 0.0, 48.0)
        leg.knee_flexion_deg = 3.0 + 42.0 * effort.fault_as_it_moves("knee_bend") * effort.working[side]
        leg.ankle_dorsiflexion_deg = np.full(effort.frames, 4.0)
    lean = effort.fault_as_it_moves("trunk_lean")
    stoop = effort.fault_as_it_moves("standing_hip_bend")
    pose.trunk_flexion_deg = -24.0 * lean + 26.0 * stoop
    pose.head_flexion_deg = 10.0 * (lean - stoop)
    return pose


def draw_standing_hip_abduction(effort: Effort) -> Pose:
    """One straight leg out to the side, 2→36°, standing on the other."""
    pose = _stand(effort)
    for side in SIDES:
        leg, works = pose.legs[side], effort.working[side]
        _free_leg(effort, pose, side)
        leg.hip_abduction_deg = effort.side_range(side, 2.0, 36.0)
        leg.hip_flexion_deg = 30.0 * effort.fault_as_it_moves("hip_flexion") * works
        leg.knee_flexion_deg = 3.0 + 38.0 * effort.fault_as_it_moves("knee_bend") * works
    lean = effort.leaning_sign() * effort.fault_as_it_moves("trunk_side_lean")
    pose.trunk_bending_deg = 19.0 * lean
    hike = effort.leaning_sign() * effort.fault_as_it_moves("pelvis_hike")
    pose.pelvis_list_deg = 18.0 * hike
    pose.trunk_bending_deg = pose.trunk_bending_deg - 16.0 * hike
    return pose


RAISING: dict[str, Performance] = {
    "shoulder_abduction": Performance(
        draw_shoulder_abduction,
        ("front", "front_diagonal"),
        False,
        (
            "trunk_side_lean",
            "shrug",
            "shoulder_hike",
            "elbow_bend",
            "uneven_arms",
            "other_arm",
            "short_range",
        ),
    ),
    "wall_slide": Performance(
        draw_wall_slide,
        ("front", "front_diagonal", "side"),
        False,
        ("shrug", "uneven_arms", "trunk_side_lean", "back_arch", "short_range"),
    ),
    "standing_straight_leg_raise": Performance(
        draw_standing_straight_leg_raise,
        ("side", "front_diagonal"),
        True,
        ("knee_bend", "trunk_lean", "standing_hip_bend", "short_range"),
    ),
    "standing_hip_abduction": Performance(
        draw_standing_hip_abduction,
        ("front", "front_diagonal"),
        True,
        ("trunk_side_lean", "pelvis_hike", "hip_flexion", "knee_bend", "short_range"),
    ),
}
