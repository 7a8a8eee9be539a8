"""Keyframes of the drawn, moving figure of each exercise, made by the movement model itself.

One repetition by a person of average build without noise, projected without perspective, as 2-D points in a
square of 100 units (y downwards), with lines and tapered limbs between them. The page draws it as an SVG.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from prescriptions.movement.body import SIDES, Array
from prescriptions.movement.figure_props import Prop, props_for
from prescriptions.movement.generator import Scene, Tempo, act

BOX = 100.0
MARGIN = 7.0
FRAMES = 32
HEAD_RADIUS_SHARE = 0.064

Bone = dict[str, Any]


@dataclass(frozen=True)
class Drawing:
    """How one exercise is shown: where we look from (bearing 0 = from the front, 90 = the person's right
    side), how far from above, the joint to look at, seconds of a repetition, and what a screen reader
    says; `one_sided` is what it says when one side of an exercise for both sides works alone."""

    bearing_deg: float
    joint: str
    description: str
    above_deg: float = 0.0
    duration_s: float = 4.0
    side: str = "right"
    one_sided: str = ""


DRAWINGS: dict[str, Drawing] = {
    "squat": Drawing(76, "right_knee", "A person seen from the side bends the knees and stands up again."),
    "sit_to_stand": Drawing(76, "right_knee", "A person stands up from a chair and sits down again."),
    "lunge": Drawing(76, "right_knee", "A person in a long step lowers the back knee and comes up again."),
    "calf_raise": Drawing(
        72,
        "right_ankle",
        "A person standing lifts both heels and lowers them again.",
        0,
        3.0,
        one_sided="A person standing on one leg lifts the heel and lowers it again.",
    ),
    "shoulder_abduction": Drawing(
        0,
        "right_shoulder",
        "A person facing us lifts both straight arms out to the side and up, and lowers them.",
        one_sided="A person facing us lifts one straight arm out to the side and up, and lowers it.",
    ),
    "wall_slide": Drawing(
        0, "right_shoulder", "A person with the back to a wall slides the forearms up the wall and down."
    ),
    "standing_straight_leg_raise": Drawing(
        70, "right_hip", "A person standing lifts one straight leg to the front and lowers it."
    ),
    "standing_hip_abduction": Drawing(
        0, "right_hip", "A person standing lifts one straight leg out to the side and lowers it."
    ),
    "bridge": Drawing(
        80, "right_hip", "A person on the back with bent knees lifts the hips and lowers them."
    ),
    "straight_leg_raise": Drawing(
        80, "right_hip", "A person on the back lifts one straight leg and lowers it."
    ),
    "clamshell": Drawing(
        58, "right_knee", "A person lying on one side with bent knees opens the upper knee and closes it.", 24
    ),
}

_TAPERS: tuple[tuple[str, tuple[float, ...], str], ...] = (
    ("{s}_heel {s}_foot_index", (0.034, 0.022), "leg"),
    ("{s}_hip {s}_knee {s}_ankle", (0.094, 0.062, 0.036), "leg"),
    ("{s}_shoulder {s}_elbow {s}_wrist {s}_index", (0.058, 0.042, 0.030, 0.020), "arm"),
)
_TORSO: tuple[tuple[tuple[str, ...], tuple[float, ...]], ...] = (
    (("chest", "head"), (0.060, 0.050)),
    (("left_shoulder", "right_shoulder"), (0.064, 0.064)),
    (("left_hip", "right_hip"), (0.098, 0.098)),
    (("left_shoulder", "left_hip"), (0.080, 0.098)),
    (("right_shoulder", "right_hip"), (0.080, 0.098)),
)


class UnknownFigure(ValueError):
    """There is no figure for this exercise."""

    def __init__(self, code: str) -> None:
        super().__init__(f"no figure for exercise {code!r}; known: {', '.join(sorted(DRAWINGS))}")
        self.code = code


_ALWAYS_ONE_SIDED = (
    "lunge",
    "standing_straight_leg_raise",
    "standing_hip_abduction",
    "straight_leg_raise",
    "clamshell",
)


@cache
def _keyframes(code: str, one_sided: bool) -> dict[str, Any]:
    drawing = DRAWINGS[code]
    tempo = Tempo(
        drawing.duration_s * 0.88, hold_s=0.5, rest_s=0.0, lead_s=drawing.duration_s * 0.06, unevenness=0
    )
    side = drawing.side if one_sided else "both"
    scene = act(code, repetitions=1, tempo=tempo, side=side, liveliness=0.0, fps=FRAMES / drawing.duration_s)
    props = props_for(code, scene)
    places = _flatten(drawing, {**scene.centres, **_still(props, len(scene.t_ms))})
    units = _fit(places, props, stature_m=scene.body.stature_m)
    widths = units.scale * scene.body.stature_m
    frames = [_frame(units, places, i, len(scene.t_ms)) for i in range(len(scene.t_ms))]
    frames.append({"at": 1.0, "points": frames[0]["points"]})
    return {
        "code": code,
        "view_box": [0, 0, BOX, BOX],
        "duration_s": drawing.duration_s,
        "bones": [*_prop_bones(props, units.scale), *_body_bones(drawing, scene, widths)],
        "head": {"centre": "head", "radius": round(HEAD_RADIUS_SHARE * widths, 2)},
        "highlight": {"centre": drawing.joint, "radius": round(0.021 * widths, 2)},
        "frames": frames,
        "description": (one_sided and drawing.one_sided) or drawing.description,
        "simulated": True,
    }


def keyframes(code: str, *, side: str = "both") -> dict[str, Any]:
    """The figure of an exercise as JSON: `bones` are lines through named points (with `widths`: tapered
    limbs) in drawing order, layer by layer (prop, back, front); `frames` place the points over one
    repetition, the last frame equal to the first. `side` "left" or "right" is the side that works; an
    exercise of both sides at once ignores it. Raises UnknownFigure."""
    if code not in DRAWINGS:
        raise UnknownFigure(code)
    always = code in _ALWAYS_ONE_SIDED
    alone = side in SIDES and (always or bool(DRAWINGS[code].one_sided))
    figure = _keyframes(code, always or alone)
    if not alone:
        return figure
    words = f"{figure['description'].removesuffix('.')}: the {side} side."
    frames = _mirrored(figure["frames"]) if side == "left" else figure["frames"]
    return {**figure, "frames": frames, "description": words}


def _mirrored(frames: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A person's right side becomes the left; the names of the points stay."""
    return [
        {**frame, "points": {name: [round(BOX - x, 2), y] for name, (x, y) in frame["points"].items()}}
        for frame in frames
    ]


@dataclass(frozen=True)
class _Units:
    """From projected metres to units: x' = (x − left) · scale, y' = (top − y) · scale, plus margins."""

    scale: float
    left: float
    top: float

    def place(self, point: Array) -> list[float]:
        return [
            round(float((point[0] - self.left) * self.scale), 2),
            round(float((self.top - point[1]) * self.scale), 2),
        ]


def _still(props: list[Prop], frames: int) -> dict[str, Array]:
    return {name: np.tile(place, (frames, 1)) for prop in props for name, place in prop.points.items()}


def _flatten(drawing: Drawing, centres: Mapping[str, Array]) -> dict[str, Array]:
    """Points [N,2] in metres as seen from the drawing's direction, x to the right, y up."""
    bearing, above = np.radians([drawing.bearing_deg, drawing.above_deg])
    outward = np.array([np.cos(bearing) * np.cos(above), np.sin(above), np.sin(bearing) * np.cos(above)])
    right = np.array([np.sin(bearing), 0.0, -np.cos(bearing)])
    axes = np.stack([right, np.cross(outward, right)], axis=1)
    return {name: place @ axes for name, place in centres.items()}


def _fit(places: Mapping[str, Array], props: list[Prop], *, stature_m: float) -> _Units:
    loose = {name for prop in props if not prop.keeps_in_view for name in prop.points}
    flat = np.concatenate([place for name, place in places.items() if name not in loose])
    pad = 0.045 * stature_m
    low, high = flat.min(axis=0) - pad, flat.max(axis=0) + pad
    scale = float((BOX - 2 * MARGIN) / max(high - low))
    middle = (low + high) / 2
    top = middle[1] + BOX / 2 / scale
    if high[0] - low[0] > high[1] - low[1]:
        top = low[1] + (BOX * 0.72) / scale
    return _Units(scale, float(middle[0] - BOX / 2 / scale), float(top))


def _frame(units: _Units, places: Mapping[str, Array], index: int, count: int) -> dict[str, Any]:
    drawn = {name: units.place(place[index]) for name, place in places.items() if _is_drawn(name)}
    return {"at": round(index / count, 4), "points": drawn}


_JOINTS = ("shoulder", "elbow", "wrist", "index", "hip", "knee", "ankle", "heel", "foot_index")
_DRAWN = {"pelvis", "chest", "head", *(f"{side}_{joint}" for side in SIDES for joint in _JOINTS)}


def _is_drawn(name: str) -> bool:
    return name in _DRAWN or name.startswith("prop_")


def _prop_bones(props: list[Prop], scale: float) -> list[Bone]:
    return [
        {
            "points": list(line.points),
            "layer": "prop",
            "widths": [round(line.width_m * scale, 2)] * len(line.points),
        }
        for prop in props
        for line in prop.lines
    ]


def _body_bones(drawing: Drawing, scene: Scene, widths: float) -> list[Bone]:
    """Far limbs, then the near leg and the trunk, then the near arm with a pale rim; from the front both
    sides are near and the trunk covers the shoulders."""
    from_the_side = abs(drawing.bearing_deg) > 30
    far = "left" if from_the_side else None
    bones: list[Bone] = []
    for side in sorted(SIDES, key=lambda one: one != far):
        layer = "back" if side == far else "front"
        bones += [
            _taper(t, side, layer, widths)
            for t in _TAPERS
            if t[2] == "leg" or layer == "back" or not from_the_side
        ]
    middle = (("chest", "pelvis"), (0.112, 0.122) if from_the_side else (0.150, 0.150))
    for points, shares in (*_TORSO, middle):
        bones.append({"points": list(points), "layer": "front", "widths": _units(shares, widths)})
    if from_the_side:
        near = [_taper(t, drawing.side, "front", widths) for t in _TAPERS if t[2] == "arm"]
        bones += [{**bone, "halo": True} for bone in near]
    return bones


def _taper(taper: tuple[str, tuple[float, ...], str], side: str, layer: str, widths: float) -> Bone:
    names, shares, _ = taper
    points = names.format(s=side).split()
    return {"points": points, "layer": layer, "widths": _units(shares, widths)}


def _units(shares: tuple[float, ...], widths: float) -> list[float]:
    return [round(share * widths, 2) for share in shares]
