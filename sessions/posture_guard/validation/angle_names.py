"""What an index of clips may call an angle, a view or a count, and what we call it."""

from __future__ import annotations

import math
import re
from typing import Any

from prescriptions.movement.landmarks import Side
from prescriptions.movement.quantities import QUANTITIES

_VIEWS = (
    ("front_diagonal", ("diagonal", "oblique", "quarter", "45", "semi")),
    ("feet_end", ("feet", "foot")),
    ("side", ("side", "lateral", "sagittal", "profile", "left", "right")),
)
_SIDES = {"left": Side.LEFT, "l": Side.LEFT, "right": Side.RIGHT, "r": Side.RIGHT}
_NO_MEANING = frozenset(
    ("angle", "deg", "degrees", "joint", "the", "of", "both", "bilateral", "mean", "average", "max")
)
_MOTIONS = {
    "flex": "flexion",
    "ext": "extension",
    "extend": "extension",
    "bend": "flexion",
    "abd": "abduction",
    "add": "adduction",
    "df": "dorsiflexion",
    "pf": "plantarflexion",
}
# Other names for an angle; its direction does not matter to a count.
_SAME_ANGLE = {
    "knee": "knee_flexion",
    "hip": "hip_flexion",
    "hip_hinge": "hip_flexion",
    "hip_adduction": "hip_abduction",
    "leg_abduction": "hip_abduction",
    "leg_raise": "straight_leg_hip_flexion",
    "straight_leg_raise": "straight_leg_hip_flexion",
    "elbow": "elbow_flexion",
    "elbow_extension": "elbow_flexion",
    "shoulder_extension": "shoulder_flexion",
    "shoulder_adduction": "shoulder_abduction",
    "shoulder_elevation": "shoulder_abduction",
    "shoulder_scaption": "shoulder_abduction",
    "shoulder_horizontal_abduction": "shoulder_abduction",
    "arm_elevation": "shoulder_abduction",
    "arm_raise": "shoulder_abduction",
    "arm_abduction": "shoulder_abduction",
    "arm_flexion": "shoulder_flexion",
    "ankle": "ankle_plantarflexion",
    "ankle_flexion": "ankle_plantarflexion",
    "ankle_extension": "ankle_plantarflexion",
    "ankle_dorsiflexion": "ankle_plantarflexion",
    "dorsiflexion": "ankle_plantarflexion",
    "plantarflexion": "ankle_plantarflexion",
    "heel": "heel_raise",
    "heel_rise": "heel_raise",
    "heel_height": "heel_raise",
    "trunk": "trunk_lean",
    "trunk_flexion": "trunk_lean",
    "trunk_extension": "trunk_lean",
    "trunk_lateral_flexion": "trunk_side_lean",
    "trunk_side_flexion": "trunk_side_lean",
    "trunk_side_bend": "trunk_side_lean",
    "pelvic_tilt": "pelvis_tilt",
    "knee_abduction": "knee_valgus",
    "knee_varus": "knee_valgus",
    "knee_distance": "knee_separation",
}
_TRUNK = frozenset(("torso", "spine", "back", "lumbar", "thorax", "thoracic", "spinal"))


def angle_named(name: str, *, view: str) -> tuple[str, Side] | None:
    """The quantity and side meant by "knee_flexion", "left_knee_flexion", "Elbow flexion angle (right)" …

    None when unknown.
    """
    words = [word for word in re.split(r"[^a-z]+", name.lower()) if word]
    if "_".join(words) in QUANTITIES:
        return "_".join(words), Side.BOTH
    side = next((_SIDES[word] for word in words if word in _SIDES), Side.BOTH)
    words = [_MOTIONS.get(word, word) for word in words if word not in _SIDES and word not in _NO_MEANING]
    plain = "_".join("trunk" if word in _TRUNK else word for word in words)
    if plain == "shoulder":
        return ("shoulder_flexion" if view == "side" else "shoulder_abduction"), side
    plain = _SAME_ANGLE.get(plain, plain)
    return (plain, side) if plain in QUANTITIES else None


def view_named(word: str) -> str:
    """Our name of a view; from the front for a word that says nothing to us."""
    said = word.lower()
    return next((view for view, signs in _VIEWS if any(sign in said for sign in signs)), "front")


def side_named(word: str) -> Side:
    """The side that moves; both for a word that says nothing to us."""
    return _SIDES.get(word.lower(), Side.BOTH)


def counts_given(raw: Any) -> tuple[int, ...]:
    """Accepted counts out of 10, [10, 11], "10 or 11"; none when there is no count in it."""
    if isinstance(raw, bool) or raw is None:
        return ()
    if isinstance(raw, (int, float)):
        return (int(raw),) if math.isfinite(raw) and raw >= 0 else ()
    if isinstance(raw, str):
        return tuple(int(number) for number in re.findall(r"\d+", raw))
    if isinstance(raw, (list, tuple)):
        return tuple(number for one in raw for number in counts_given(one))
    return ()
