"""What stands around the drawn figure: floor, chair, mat, wall. Places in metres, in the body's axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from prescriptions.movement.body import SIDES, Array
from prescriptions.movement.generator import Scene


@dataclass(frozen=True)
class Line:
    """A line through named points, as wide as this."""

    points: tuple[str, ...]
    width_m: float


@dataclass(frozen=True)
class Prop:
    """One thing: its points by name (all begin with `prop_`), its lines, and whether the picture must hold
    all of it.
    """

    points: dict[str, Array]
    lines: tuple[Line, ...]
    keeps_in_view: bool = True


def props_for(code: str, scene: Scene) -> list[Prop]:
    """The floor and what else this exercise needs, furthest away first."""
    if scene.pose.lying != "standing":
        return [mat(scene)]
    props = [floor(scene)]
    if code == "sit_to_stand":
        props.insert(0, chair(scene))
    if code == "wall_slide":
        props.insert(0, wall(scene))
    return props


def _place(x: float, y: float, z: float = 0.0) -> Array:
    return np.array([x, y, z])


def floor_height_m(scene: Scene) -> float:
    """Height of the lowest part of the feet."""
    return min(
        float(scene.centres[f"{side}_{part}"][:, 1].min())
        for side in SIDES
        for part in ("heel", "foot_index")
    )


def floor(scene: Scene) -> Prop:
    """A line under the feet, across the whole picture."""
    y = floor_height_m(scene) - 0.035
    feet = np.concatenate([scene.centres[f"{side}_ankle"] for side in SIDES])
    x, z = feet[:, 0], feet[:, 2]
    points = {
        "prop_floor_a": _place(float(x.min()) - 0.55, y, float(z.min()) - 0.45),
        "prop_floor_b": _place(float(x.max()) + 0.55, y, float(z.max()) + 0.45),
    }
    if float(np.ptp(x)) < 0.1 and "front" in _faces(scene):
        points = {name: _place(0.0, y, place[2]) for name, place in points.items()}
    return Prop(points, (Line(tuple(points), 0.012),), keeps_in_view=False)


def _faces(scene: Scene) -> str:
    return "front" if abs(float(scene.camera.forward[0])) > 0.9 else "side"


def chair(scene: Scene) -> Prop:
    """A plain chair under the sitting hips."""
    hips = scene.centres["pelvis"][0]
    seat, back, front = float(hips[1]) - 0.125, float(hips[0]) - 0.20, float(hips[0]) + 0.22
    ground = floor_height_m(scene) - 0.02
    points = {
        "prop_seat_back": _place(back, seat),
        "prop_seat_front": _place(front, seat),
        "prop_rest_top": _place(back - 0.06, seat + 0.46),
        "prop_leg_back": _place(back - 0.02, ground),
        "prop_leg_front": _place(front - 0.01, ground),
    }
    lines = (
        Line(("prop_seat_back", "prop_seat_front"), 0.045),
        Line(("prop_seat_back", "prop_rest_top"), 0.035),
        Line(("prop_seat_back", "prop_leg_back"), 0.026),
        Line(("prop_seat_front", "prop_leg_front"), 0.026),
    )
    return Prop(points, lines)


def wall(scene: Scene) -> Prop:
    """The edges of a wall behind the person."""
    y, top = floor_height_m(scene) - 0.035, float(scene.centres["left_index"][:, 1].max()) + 0.10
    points = {
        "prop_wall_a": _place(-0.15, y, -0.80),
        "prop_wall_b": _place(-0.15, top, -0.80),
        "prop_wall_c": _place(-0.15, top, 0.80),
        "prop_wall_d": _place(-0.15, y, 0.80),
    }
    return Prop(points, (Line(tuple(points), 0.012),))


def mat(scene: Scene) -> Prop:
    """A mat under a lying person."""
    low = min(
        float(scene.centres[name][:, 1].min())
        for name in ("left_heel", "right_heel", "pelvis", "left_hip", "right_hip")
    )
    low = min(low - 0.03, float(scene.centres["pelvis"][0, 1]) - 0.105)
    x = np.concatenate(
        [scene.centres["crown"][:, 0], *(scene.centres[f"{s}_foot_index"][:, 0] for s in SIDES)]
    )
    points = {
        "prop_mat_a": _place(float(x.min()) - 0.08, low),
        "prop_mat_b": _place(float(x.max()) + 0.08, low),
    }
    return Prop(points, (Line(tuple(points), 0.035),))
