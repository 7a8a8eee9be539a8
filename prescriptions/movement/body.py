"""A kinematic human: segment lengths, joint angles in, joint centres and the 33 MediaPipe landmarks out.

Axes follow ISB (Wu et al. 2002, 2005): X forward, Y up, Z to the person's right, metres. Joint angles are in
degrees, flexion 0 = straight. Segment lengths are shares of stature after Drillis & Contini (1966), as
printed in Winter, Biomechanics and Motor Control of Human Movement, table 4.1. Shoulder and hip breadths are
narrower than Winter's (which are surface breadths): they match where MediaPipe puts its landmarks (shoulder
breadth 0.70 and hip breadth 0.50 of the trunk's length on real clips).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SIDES: tuple[str, str] = ("left", "right")
SIGN: dict[str, float] = {"left": -1.0, "right": 1.0}

LANDMARKS: tuple[str, ...] = (
    "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer",
    "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder", "right_shoulder", "left_elbow",
    "right_elbow", "left_wrist", "right_wrist", "left_pinky", "right_pinky", "left_index", "right_index",
    "left_thumb", "right_thumb", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
    "right_ankle", "left_heel", "right_heel", "left_foot_index", "right_foot_index",
)  # fmt: skip

_STATURE_SHARES: dict[str, float] = {
    "thigh": 0.245, "shank": 0.246, "foot": 0.152, "ankle_height": 0.039, "trunk": 0.288,
    "upper_arm": 0.186, "forearm": 0.146, "hand": 0.108, "neck": 0.052, "head": 0.130,
    "half_shoulders": 0.100, "half_hips": 0.072,
}  # fmt: skip


@dataclass(frozen=True)
class Body:
    """Stature in metres, segment lengths in metres, and girth (1 = average build)."""

    stature_m: float
    lengths_m: dict[str, float]
    girth: float = 1.0

    def __getitem__(self, segment: str) -> float:
        return self.lengths_m[segment]


def average_body(stature_m: float = 1.72) -> Body:
    """A body of average proportions (Drillis & Contini 1966)."""
    return Body(stature_m, {name: share * stature_m for name, share in _STATURE_SHARES.items()})


def random_body(rng: np.random.Generator) -> Body:
    """An adult: stature 1.50–1.95 m, each segment within about ±4 % of its average share, girth 0.85–1.25."""
    stature_m = float(np.clip(rng.normal(1.71, 0.09), 1.50, 1.95))
    spread = {name: float(np.clip(rng.normal(1.0, 0.025), 0.95, 1.05)) for name in _STATURE_SHARES}
    lengths = {name: share * stature_m * spread[name] for name, share in _STATURE_SHARES.items()}
    return Body(stature_m, lengths, girth=float(rng.uniform(0.85, 1.25)))


@dataclass
class Leg:
    """One leg over N frames, in degrees; with `ankle_m` the leg is planted and hip and knee follow from the
    pelvis.

    `knee_out_deg` turns the knee of a planted leg outwards (+) or inwards (−) around the hip–ankle line,
    `heel_lift_deg` lifts the heel about the forefoot, `toe_out_deg` points the foot outwards, and
    `opening_deg` turns a free, bent leg outwards around its hip–ankle line (the clamshell).
    """

    hip_flexion_deg: Array
    hip_abduction_deg: Array
    hip_external_rotation_deg: Array
    knee_flexion_deg: Array
    ankle_dorsiflexion_deg: Array
    ankle_m: Array | None = None
    knee_out_deg: Array | None = None
    heel_lift_deg: Array | None = None
    toe_out_deg: float = 8.0
    opening_deg: Array | None = None


@dataclass
class Arm:
    """One arm over N frames, in degrees (ISB order: plane of elevation, elevation, axial rotation).

    Plane 0 is abduction, 90 is forward flexion. `shrug_m` lifts the shoulder; with `wrist_m` the hand is
    held at a place and the elbow hangs.
    """

    elevation_deg: Array
    plane_deg: Array
    external_rotation_deg: Array
    elbow_flexion_deg: Array
    shrug_m: Array
    wrist_m: Array | None = None


@dataclass
class Pose:
    """The whole body over N frames. `pelvis_m` [N,3]; `lying` is the base orientation of the pelvis."""

    pelvis_m: Array
    legs: dict[str, Leg]
    arms: dict[str, Arm]
    pelvis_tilt_deg: Array
    pelvis_list_deg: Array
    pelvis_rotation_deg: Array
    trunk_flexion_deg: Array
    trunk_bending_deg: Array
    trunk_rotation_deg: Array
    head_flexion_deg: Array
    lying: str = "standing"
    frames: int = field(init=False)

    def __post_init__(self) -> None:
        self.frames = len(self.pelvis_m)


def neutral_leg(frames: int) -> Leg:
    """A straight, hanging leg."""
    return Leg(
        hip_flexion_deg=np.zeros(frames),
        hip_abduction_deg=np.zeros(frames),
        hip_external_rotation_deg=np.zeros(frames),
        knee_flexion_deg=np.zeros(frames),
        ankle_dorsiflexion_deg=np.zeros(frames),
    )


def neutral_arm(frames: int) -> Arm:
    """An arm that hangs at the side, a little away from the body and slightly bent."""
    return Arm(
        elevation_deg=np.full(frames, 9.0),
        plane_deg=np.zeros(frames),
        external_rotation_deg=np.zeros(frames),
        elbow_flexion_deg=np.full(frames, 12.0),
        shrug_m=np.zeros(frames),
    )


def neutral_pose(frames: int, *, pelvis_height_m: float) -> Pose:
    """Standing upright over the origin, arms hanging."""
    pelvis_m = np.tile([0.0, pelvis_height_m, 0.0], (frames, 1))
    legs = {side: neutral_leg(frames) for side in SIDES}
    arms = {side: neutral_arm(frames) for side in SIDES}
    return Pose(
        pelvis_m=pelvis_m,
        legs=legs,
        arms=arms,
        pelvis_tilt_deg=np.zeros(frames),
        pelvis_list_deg=np.zeros(frames),
        pelvis_rotation_deg=np.zeros(frames),
        trunk_flexion_deg=np.zeros(frames),
        trunk_bending_deg=np.zeros(frames),
        trunk_rotation_deg=np.zeros(frames),
        head_flexion_deg=np.zeros(frames),
    )


def rotation(axis: str, degrees: Array | float) -> Array:
    """Rotation matrices [N,3,3] (or [3,3] for a number) about one axis, right-handed."""
    angle = np.radians(np.asarray(degrees, dtype=float))
    cos, sin, one, zero = np.cos(angle), np.sin(angle), np.ones_like(angle), np.zeros_like(angle)
    rows = {
        "x": [[one, zero, zero], [zero, cos, -sin], [zero, sin, cos]],
        "y": [[cos, zero, sin], [zero, one, zero], [-sin, zero, cos]],
        "z": [[cos, -sin, zero], [sin, cos, zero], [zero, zero, one]],
    }[axis]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def rotation_about(axes: Array, degrees: Array) -> Array:
    """Rotation matrices [N,3,3] about one axis per frame (Rodrigues)."""
    x, y, z = _unit(axes).T
    zero = np.zeros_like(x)
    cross = np.stack(
        [np.stack([zero, -z, y], -1), np.stack([z, zero, -x], -1), np.stack([-y, x, zero], -1)], axis=-2
    )
    angle = np.radians(degrees)[:, None, None]
    matrices: Array = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)
    return matrices


def _turn(matrices: Array, vector: tuple[float, float, float] | Array) -> Array:
    turned: Array = np.einsum("...ij,...j->...i", matrices, np.asarray(vector, dtype=float))
    return turned


def _unit(vectors: Array) -> Array:
    units: Array = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return units


def base_orientation(lying: str) -> Array:
    """[3,3] orientation of the pelvis: standing, supine (head towards −X, face up), or lying on the named
    side.

    Supine: the person's head points to −X and the feet to +X. On the left or right side: the head points to
    −X too, the face to −Z or +Z.
    """
    supine = rotation("z", 90.0)
    if lying == "standing":
        return np.eye(3)
    if lying == "supine":
        return supine
    if lying == "on_left_side":
        return rotation("x", -90.0) @ supine
    if lying == "on_right_side":
        return rotation("x", 90.0) @ supine
    raise UnknownPosture(lying)


class UnknownPosture(ValueError):
    """A base orientation that the body does not have."""

    def __init__(self, lying: str) -> None:
        super().__init__(f"unknown base orientation {lying!r}")
        self.lying = lying


def bend_two_bones(root: Array, end: Array, first: float, second: float, pole: Array) -> tuple[Array, Array]:
    """Middle joint and reachable end [N,3] of a two-bone chain from `root` towards `end`, bent towards
    `pole`.
    """
    line = end - root
    distance = np.linalg.norm(line, axis=-1, keepdims=True)
    reach = np.clip(distance, abs(first - second) + 1e-6, (first + second) * 0.9999)
    along = line / np.maximum(distance, 1e-9)
    share = (first**2 - second**2 + reach**2) / (2 * reach)
    across = np.sqrt(np.maximum(first**2 - share**2, 0.0))
    outward = _unit(pole - np.sum(pole * along, axis=-1, keepdims=True) * along)
    return root + along * share + outward * across, root + along * reach


def joint_centres(body: Body, pose: Pose) -> dict[str, Array]:
    """Joint centres and landmarks by name, each [N,3] in metres, for every frame of the pose."""
    base = np.broadcast_to(base_orientation(pose.lying), (pose.frames, 3, 3))
    pelvis = base @ rotation("y", -pose.pelvis_rotation_deg) @ rotation("x", pose.pelvis_list_deg)
    pelvis = pelvis @ rotation("z", -pose.pelvis_tilt_deg)
    thorax = pelvis @ rotation("y", -pose.trunk_rotation_deg) @ rotation("x", pose.trunk_bending_deg)
    thorax = thorax @ rotation("z", -pose.trunk_flexion_deg)
    centres: dict[str, Array] = {"pelvis": pose.pelvis_m}
    centres["chest"] = pose.pelvis_m + _turn(thorax, (0.0, body["trunk"], 0.0))
    _place_head(body, pose, thorax, centres)
    for side in SIDES:
        _place_leg(body, pose, pelvis, side, centres)
        _place_arm(body, pose, thorax, side, centres)
    return centres


def _place_head(body: Body, pose: Pose, thorax: Array, centres: dict[str, Array]) -> None:
    stature = body.stature_m
    head = thorax @ rotation("z", -pose.head_flexion_deg)
    neck = centres["chest"] + _turn(thorax, (0.006 * stature, body["neck"], 0.0))
    centres["neck"] = neck
    places = {
        "head": (0.012, 0.060, 0.0), "crown": (0.0, 0.130, 0.0), "nose": (0.070, 0.050, 0.0),
        "mouth": (0.060, 0.026, 0.014), "eye_inner": (0.058, 0.066, 0.010), "eye": (0.056, 0.067, 0.019),
        "eye_outer": (0.050, 0.066, 0.028), "ear": (0.002, 0.052, 0.045),
    }  # fmt: skip
    for name, (forward, up, out) in places.items():
        if out == 0.0:
            centres[name] = neck + _turn(head, np.array([forward, up, 0.0]) * stature)
            continue
        for side in SIDES:
            place = neck + _turn(head, np.array([forward, up, out * SIGN[side]]) * stature)
            centres[f"mouth_{side}" if name == "mouth" else f"{side}_{name}"] = place


def _place_leg(body: Body, pose: Pose, pelvis: Array, side: str, centres: dict[str, Array]) -> None:
    leg, sign = pose.legs[side], SIGN[side]
    hip = pose.pelvis_m + _turn(pelvis, (0.0, 0.0, sign * body["half_hips"]))
    centres[f"{side}_hip"] = hip
    if leg.ankle_m is not None:
        _place_planted_leg(body, leg, leg.ankle_m, side, hip, centres, knees_up=pose.lying != "standing")
        return
    thigh = pelvis @ rotation("z", leg.hip_flexion_deg) @ rotation("x", -sign * leg.hip_abduction_deg)
    thigh = thigh @ rotation("y", -sign * leg.hip_external_rotation_deg)
    if leg.opening_deg is not None:
        bent = rotation("z", -leg.knee_flexion_deg)
        to_ankle = _turn(thigh, (0.0, -body["thigh"], 0.0)) + _turn(thigh @ bent, (0.0, -body["shank"], 0.0))
        thigh = rotation_about(to_ankle, sign * leg.opening_deg) @ thigh
    knee = hip + _turn(thigh, (0.0, -body["thigh"], 0.0))
    shank = thigh @ rotation("z", -leg.knee_flexion_deg)
    ankle = knee + _turn(shank, (0.0, -body["shank"], 0.0))
    foot = shank @ rotation("y", np.full(pose.frames, -sign * leg.toe_out_deg))
    foot = foot @ rotation("z", leg.ankle_dorsiflexion_deg)
    centres[f"{side}_knee"], centres[f"{side}_ankle"] = knee, ankle
    _place_foot(body, foot, side, ankle, centres)


def _place_planted_leg(
    body: Body, leg: Leg, ankle_m: Array, side: str, hip: Array, centres: dict[str, Array], *, knees_up: bool
) -> None:
    frames, sign = len(hip), SIGN[side]
    out = np.zeros(frames) if leg.knee_out_deg is None else leg.knee_out_deg
    lift = np.zeros(frames) if leg.heel_lift_deg is None else leg.heel_lift_deg
    foot = rotation("y", np.full(frames, -sign * leg.toe_out_deg)) @ rotation("z", -lift)
    forefoot = np.array([0.70 * body["foot"], -body["ankle_height"], 0.0])
    flat = rotation("y", np.full(frames, -sign * leg.toe_out_deg))
    ankle = ankle_m + _turn(flat, forefoot) - _turn(foot, forefoot)
    pole = _turn(rotation("y", -sign * (leg.toe_out_deg + out)), (1.0, 0.0, 0.0))
    if knees_up:
        pole = _turn(rotation("x", sign * out), (0.0, 1.0, 0.0))
    knee, reached = bend_two_bones(hip, ankle, body["thigh"], body["shank"], pole)
    centres[f"{side}_knee"], centres[f"{side}_ankle"] = knee, reached
    _place_foot(body, foot, side, reached, centres)


def _place_foot(body: Body, foot: Array, side: str, ankle: Array, centres: dict[str, Array]) -> None:
    low = -0.75 * body["ankle_height"]
    centres[f"{side}_heel"] = ankle + _turn(foot, (-0.24 * body["foot"], low, 0.0))
    centres[f"{side}_foot_index"] = ankle + _turn(
        foot, (0.72 * body["foot"], -0.9 * body["ankle_height"], 0.0)
    )


def _place_arm(body: Body, pose: Pose, thorax: Array, side: str, centres: dict[str, Array]) -> None:
    arm, sign = pose.arms[side], SIGN[side]
    place = np.stack(
        [np.zeros(pose.frames), arm.shrug_m, np.full(pose.frames, sign * body["half_shoulders"])], axis=-1
    )
    shoulder = centres["chest"] + _turn(thorax, place)
    centres[f"{side}_shoulder"] = shoulder
    upper = thorax @ rotation("y", sign * arm.plane_deg) @ rotation("x", -sign * arm.elevation_deg)
    upper = upper @ rotation("y", -sign * (arm.external_rotation_deg + arm.plane_deg))
    elbow = shoulder + _turn(upper, (0.0, -body["upper_arm"], 0.0))
    forearm = upper @ rotation("z", arm.elbow_flexion_deg)
    wrist = elbow + _turn(forearm, (0.0, -body["forearm"], 0.0))
    if arm.wrist_m is not None:
        pole = _turn(thorax, (-0.5, -0.6, 0.6 * sign))
        elbow, wrist = bend_two_bones(shoulder, arm.wrist_m, body["upper_arm"], body["forearm"], pole)
    centres[f"{side}_elbow"], centres[f"{side}_wrist"] = elbow, wrist
    _place_hand(body, forearm, side, elbow, wrist, centres)


def _place_hand(
    body: Body, forearm: Array, side: str, elbow: Array, wrist: Array, centres: dict[str, Array]
) -> None:
    along = _unit(wrist - elbow)
    thumbwards = _turn(forearm, (1.0, 0.0, 0.0))
    thumbwards = _unit(thumbwards - np.sum(thumbwards * along, axis=-1, keepdims=True) * along)
    size = body["hand"]
    centres[f"{side}_index"] = wrist + along * 0.78 * size + thumbwards * 0.12 * size
    centres[f"{side}_pinky"] = wrist + along * 0.68 * size - thumbwards * 0.28 * size
    centres[f"{side}_thumb"] = wrist + along * 0.38 * size + thumbwards * 0.34 * size


def landmark_positions(centres: dict[str, Array]) -> Array:
    """The 33 landmarks in MediaPipe's order, [N,33,3] metres in the body's axes."""
    return np.stack([centres[name] for name in LANDMARKS], axis=1)
