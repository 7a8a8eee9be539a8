"""The 33 MediaPipe pose landmarks, the limbs made of them, and their names in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum

LANDMARK_COUNT = 33


class Landmark(IntEnum):
    """Index of a landmark in a frame; left and right are the person's own."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


class Side(StrEnum):
    """Which side of the person moves."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


LIMBS: dict[str, tuple[int, ...]] = {
    "left_arm": (11, 13, 15),
    "right_arm": (12, 14, 16),
    "left_leg": (23, 25, 27),
    "right_leg": (24, 26, 28),
    "trunk": (11, 12, 23, 24),
}

# A landmark below its visibility may be the model's invention: not scored, though it may still be counted by.
# MediaPipe invents an arm behind a cupboard with elbow visibilities around 0.75, up to 0.92 at the far point,
# and a shin with ankles of 0.56-0.82 (rendered avatar, lite model). In six clips of real people 95 % of the
# frames have elbows in sight over 0.89 and ankles over 0.96. Wrists in sight drop to 0.46, invented knees
# reach 0.95, far knees from the side lie at 0.5-0.9: these tell nothing.
_USUAL_LEAST = 0.6
_SURER = {13: 0.85, 14: 0.85, 27: 0.8, 28: 0.8}
LEAST_TO_SCORE: tuple[float, ...] = tuple(_SURER.get(i, _USUAL_LEAST) for i in range(LANDMARK_COUNT))

# Pairs of (left index, right index) and what a patient calls one and both of them.
_PLAIN: tuple[tuple[int, int, str, str], ...] = (
    (23, 24, "hip", "hips"),
    (25, 26, "knee", "knees"),
    (27, 28, "ankle", "ankles"),
    (29, 30, "heel", "heels"),
    (31, 32, "toes", "toes"),
    (11, 12, "shoulder", "shoulders"),
    (13, 14, "elbow", "elbows"),
    (15, 16, "hand", "hands"),
    (7, 8, "ear", "ears"),
)

MIRRORED: tuple[int, ...] = (
    0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15, 18, 17, 20, 19, 22, 21, 24, 23, 26, 25, 28, 27,
    30, 29, 32, 31,
)  # fmt: skip


def plain_names(landmarks: Iterable[int]) -> str:
    """What a patient would call these landmarks: "hips", "left knee", "hips and left ankle"."""
    hidden = set(landmarks)
    names = []
    for left, right, one, both in _PLAIN:
        if left in hidden and right in hidden:
            names.append(both)
        elif left in hidden or right in hidden:
            names.append(f"{'left' if left in hidden else 'right'} {one}")
    if not names:
        return "face" if hidden else ""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
