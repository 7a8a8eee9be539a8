"""A clothed human surface around the generator's skeleton: lofted rings, coloured faces. Metres, the body's
axes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from prescriptions.movement.body import SIDES, SIGN, Body

SKIN, LIPS, HAIR = (198, 150, 122), (168, 98, 92), (58, 40, 30)
SHIRT, SHORTS, SHOE, SOLE, SOCK = (44, 92, 150), (52, 54, 62), (70, 70, 78), (226, 226, 222), (222, 222, 224)
EYE_WHITE, IRIS, BROW = (236, 232, 228), (48, 34, 26), (60, 42, 32)


@dataclass(frozen=True)
class Mesh:
    """vertices [V,3], faces [F,4] (quads, outward), colours [F,3] RGB."""

    vertices: np.ndarray
    faces: np.ndarray
    colours: np.ndarray


def join(parts: list[Mesh]) -> Mesh:
    start, faces = 0, []
    for part in parts:
        faces.append(part.faces + start)
        start += len(part.vertices)
    return Mesh(
        np.concatenate([p.vertices for p in parts]),
        np.concatenate(faces),
        np.concatenate([p.colours for p in parts]),
    )


def unit(vector: np.ndarray) -> np.ndarray:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def loft(
    centres: np.ndarray, right: np.ndarray, front: np.ndarray, half_width, half_depth, colour, segments=22
) -> Mesh:
    """Rings [R] around `centres` [R,3]; right and front [R,3]; half axes [R]; colour: RGB or function(ring
    share, angle).
    """
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    ring = np.cos(angle)[None, :, None] * right[:, None] * np.asarray(half_width)[:, None, None]
    ring = ring + np.sin(angle)[None, :, None] * front[:, None] * np.asarray(half_depth)[:, None, None]
    vertices = (centres[:, None] + ring).reshape(-1, 3)
    rings = len(centres)
    r, k = np.meshgrid(np.arange(rings - 1), np.arange(segments), indexing="ij")
    nxt = (k + 1) % segments
    faces = np.stack(
        [r * segments + k, (r + 1) * segments + k, (r + 1) * segments + nxt, r * segments + nxt], -1
    )
    faces = faces.reshape(-1, 4)
    if np.cross(right[0], front[0]) @ (centres[-1] - centres[0]) > 0:
        faces = faces[:, ::-1]
    share, turn = (r.ravel() + 0.5) / (rings - 1), angle[k.ravel()] + np.pi / segments
    colours = colour(share, turn) if callable(colour) else np.tile(colour, (len(faces), 1))
    return Mesh(vertices, faces, np.asarray(colours, dtype=float))


def limb(start, end, forward, profile, colour, *, rings=16, flat=1.0, segments=16) -> Mesh:
    """A tapered limb with rounded ends; `profile` (share, radius) pairs are interpolated along it."""
    along = unit(end - start)
    right = unit(np.cross(along, forward))
    front = np.cross(right, along)
    length = max(float(np.linalg.norm(end - start)), 1e-6)
    share, smooth = _round_ends(np.array(profile), length, rings)
    centres = start + share[:, None] * (end - start)
    tile = lambda v: np.tile(v, (len(share), 1))  # noqa: E731
    return loft(centres, tile(right), tile(front), smooth, smooth * flat, colour, segments)


def _round_ends(profile: np.ndarray, length: float, rings: int) -> tuple[np.ndarray, np.ndarray]:
    """Ring places (shares of the length, past both ends) and radii of a limb whose ends are half balls."""
    at, radius = profile.T
    cap = np.radians([2, 20, 40, 60, 78])
    middle = np.linspace(0, 1, rings)
    first, last = radius[0], radius[-1]
    share = [-np.cos(cap) * first / length, middle, 1 + np.cos(cap[::-1]) * last / length]
    radii = [np.sin(cap) * first, np.interp(middle, at, radius), np.sin(cap[::-1]) * last]
    return np.concatenate(share), np.concatenate(radii)


def split(at: float, first, second):
    """First colour up to this share of the limb, the second after it."""
    return lambda share, turn: np.where((share < at)[:, None], np.array(first), np.array(second))


def torso(body: Body, c: dict[str, np.ndarray]) -> Mesh:
    h, g = body.stature_m, body.girth
    low_right, high_right = (
        unit(c["right_hip"] - c["left_hip"]),
        unit(c["right_shoulder"] - c["left_shoulder"]),
    )
    up = unit(c["chest"] - c["pelvis"])
    share = np.array([-0.22, -0.20, -0.1, 0.0, 0.12, 0.3, 0.45, 0.6, 0.75, 0.88, 0.96, 1.03, 1.08, 1.11])
    width = (
        np.array(
            [0.01, 0.075, 0.090, 0.093, 0.090, 0.081, 0.081, 0.088, 0.096, 0.102, 0.104, 0.088, 0.046, 0.01]
        )
        * h
    )
    depth = (
        np.array(
            [0.01, 0.055, 0.066, 0.068, 0.066, 0.060, 0.060, 0.064, 0.066, 0.060, 0.048, 0.038, 0.030, 0.01]
        )
        * h
    )
    mix = np.clip(share, 0, 1)[:, None]
    right = low_right * (1 - mix) + high_right * mix
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    front = np.cross(up, right)
    centres = c["pelvis"] + share[:, None] * (c["chest"] - c["pelvis"])
    girth = 1 + (g - 1) * 0.5

    def clothes(at, turn):
        height = np.interp(at, np.linspace(0, 1, len(share)), share)
        colour = np.where((height < 0.14)[:, None], np.array(SHORTS), np.array(SHIRT))
        folds = 1 + 0.05 * np.sin(turn * 5 + height * 17)
        return colour * folds[:, None]

    return loft(centres, right, front, width * girth, depth * girth, clothes, 36)


def head(body: Body, c: dict[str, np.ndarray]) -> list[Mesh]:
    h = body.stature_m
    right = unit(c["right_ear"] - c["left_ear"])
    up = unit(c["crown"] - c["neck"])
    front = np.cross(up, right)
    middle = c["head"] + 0.004 * h * up
    lat = np.linspace(-np.pi / 2, np.pi / 2, 44)
    centres = middle + np.sin(lat)[:, None] * up * 0.071 * h
    jaw = 1 - 0.20 * np.clip(-np.sin(lat), 0, 1) ** 2
    shift = front * 0.006 * h * np.clip(-np.sin(lat), 0, 1)[:, None]
    tile = lambda v: np.tile(v, (44, 1))  # noqa: E731
    colours = lambda share, turn: face_colours(np.sin(share * np.pi - np.pi / 2), turn)  # noqa: E731
    skull = loft(
        centres + shift,
        tile(right),
        tile(front),
        np.cos(lat) * 0.047 * h * jaw,
        np.cos(lat) * 0.058 * h,
        colours,
        64,
    )
    nose = limb(
        middle + front * 0.052 * h + up * 0.008 * h,
        middle + front * 0.064 * h - up * 0.014 * h,
        right,
        [(0, 0.005 * h), (1, 0.010 * h)],
        np.array(SKIN) * 1.03,
        rings=5,
        segments=10,
    )
    ears = [
        limb(
            c[f"{s}_ear"] - up * 0.012 * h,
            c[f"{s}_ear"] + up * 0.012 * h,
            front,
            [(0, 0.006 * h), (1, 0.009 * h)],
            np.array(SKIN) * 0.94,
            rings=4,
            segments=10,
        )
        for s in SIDES
    ]
    neck = limb(
        c["chest"] - up * 0.01 * h,
        c["head"] - 0.03 * h * up,
        front,
        [(0, 0.036 * h), (0.5, 0.032 * h), (1, 0.033 * h)],
        SKIN,
    )
    return [skull, nose, *ears, neck]


def face_colours(height: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """Hair, eyes, brows and mouth on a head: height −1…1, turn 90° = straight ahead."""
    across = np.cos(turn) * np.sqrt(np.clip(1 - height**2, 0, 1))
    ahead = np.sin(turn)
    colour = np.tile(np.array(SKIN, dtype=float), (len(height), 1))
    cheek = np.exp(-(((np.abs(across) - 0.45) / 0.2) ** 2) - ((height + 0.18) / 0.2) ** 2) * (ahead > 0)
    colour += cheek[:, None] * np.array([14, -8, -6])

    def paint(mask, with_colour):
        colour[mask] = with_colour

    paint((height > 0.52 - 0.1 * np.abs(across)) | ((ahead < 0.05) & (height > -0.45)), HAIR)
    for side in (-1, 1):
        x = across - side * 0.36
        paint((ahead > 0) & ((x / 0.17) ** 2 + ((height - 0.08) / 0.065) ** 2 < 1), EYE_WHITE)
        paint((ahead > 0) & ((x / 0.075) ** 2 + ((height - 0.08) / 0.065) ** 2 < 1), IRIS)
        paint((ahead > 0) & (np.abs(x) < 0.2) & (np.abs(height - 0.235 + 0.2 * x * side) < 0.03), BROW)
    paint((ahead > 0) & ((across / 0.26) ** 2 + ((height + 0.46) / 0.055) ** 2 < 1), LIPS)
    return colour


def arm(body: Body, c: dict[str, np.ndarray], side: str) -> list[Mesh]:
    h, g = body.stature_m, 1 + (body.girth - 1) * 0.4
    shoulder, elbow, wrist = (c[f"{side}_{joint}"] for joint in ("shoulder", "elbow", "wrist"))
    palm = unit(c[f"{side}_index"] - c[f"{side}_pinky"])
    upper = limb(
        shoulder,
        elbow,
        palm,
        [(0, 0.033 * h * g), (0.3, 0.030 * h * g), (1, 0.022 * h)],
        split(0.62, SHIRT, SKIN),
    )
    fore = limb(elbow, wrist, palm, [(0, 0.023 * h), (0.25, 0.025 * h * g), (1, 0.0155 * h)], SKIN)
    along = unit((c[f"{side}_index"] + c[f"{side}_pinky"]) / 2 - wrist)
    hand = limb(
        wrist,
        wrist + along * 0.05 * h,
        np.cross(along, palm),
        [(0, 0.015 * h), (0.6, 0.023 * h), (1, 0.021 * h)],
        SKIN,
        flat=0.5,
        rings=8,
    )
    fingers = []
    for i in range(4):
        root = wrist + along * 0.045 * h + palm * (i - 1.5) * 0.010 * h
        tip = root + along * (0.052 - 0.004 * abs(i - 2)) * h + palm * (i - 1.5) * 0.003 * h
        fingers.append(limb(root, tip, palm, [(0, 0.0058 * h), (1, 0.0045 * h)], SKIN, rings=4, segments=8))
    root = wrist + along * 0.012 * h + palm * 0.014 * h
    thumb = limb(
        root,
        root + (along * 0.7 + palm * 0.6) * 0.042 * h,
        palm,
        [(0, 0.007 * h), (1, 0.005 * h)],
        SKIN,
        rings=4,
        segments=8,
    )
    return [upper, fore, hand, *fingers, thumb]


def leg(body: Body, c: dict[str, np.ndarray], side: str) -> list[Mesh]:
    h, g = body.stature_m, 1 + (body.girth - 1) * 0.5
    hip, knee, ankle = (c[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle"))
    hip = hip - unit(c["right_hip"] - c["left_hip"]) * SIGN[side] * 0.016 * h
    toe, heel = c[f"{side}_foot_index"], c[f"{side}_heel"]
    forward = unit(toe - heel)
    thigh = limb(
        hip,
        knee,
        forward,
        [(0, 0.058 * h * g), (0.25, 0.055 * h * g), (0.8, 0.037 * h), (1, 0.034 * h)],
        split(0.60, SHORTS, SKIN),
        segments=20,
    )
    calf_back = knee + 0.3 * (ankle - knee) - forward * 0.006 * h
    shank = limb(
        knee,
        ankle,
        forward,
        [(0, 0.032 * h), (0.28, 0.036 * h * g), (0.7, 0.024 * h), (1, 0.019 * h)],
        split(0.80, SKIN, SOCK),
        segments=20,
    )
    calf = limb(
        calf_back, calf_back + 0.2 * (ankle - knee), forward, [(0, 0.026 * h), (1, 0.022 * h)], SKIN, rings=6
    )
    up = unit(ankle - (heel + toe) / 2)
    front_of_foot = toe + forward * 0.030 * h
    shoe = limb(
        heel + up * 0.012 * h,
        front_of_foot + up * 0.006 * h,
        up,
        [(0, 0.021 * h), (0.35, 0.024 * h), (0.75, 0.025 * h), (1, 0.017 * h)],
        SHOE,
        flat=0.8,
    )
    instep = limb(
        ankle - up * 0.004 * h, toe + up * 0.012 * h, up, [(0, 0.022 * h), (1, 0.016 * h)], SHOE, rings=8
    )
    sole = limb(
        heel - up * 0.010 * h,
        front_of_foot - up * 0.010 * h,
        up,
        [(0, 0.022 * h), (0.75, 0.027 * h), (1, 0.018 * h)],
        SOLE,
        flat=0.35,
    )
    return [thigh, shank, calf, shoe, instep, sole]


def clothed_body(body: Body, centres: dict[str, np.ndarray]) -> Mesh:
    """The whole person for one frame; `centres` by name, [3] each."""
    parts = [torso(body, centres), *head(body, centres)]
    for side in SIDES:
        parts += arm(body, centres, side) + leg(body, centres, side)
    return join(parts)
