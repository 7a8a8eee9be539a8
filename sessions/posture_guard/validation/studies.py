"""Which UI-PRMD movement stands for which exercise, and how each person's repetitions are scored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from prescriptions.library import load
from prescriptions.movement.rules import ExerciseRules
from sessions.posture_guard.stream import PostureStream
from sessions.posture_guard.types import Baseline, SetResult
from sessions.posture_guard.validation.uiprmd import (
    HEIGHT,
    WIDTH,
    Array,
    Episode,
    front_side,
    heading_deg,
    joined,
    landmarks,
)

CALIBRATING = 2
STILL_S = 0.5


@dataclass(frozen=True, slots=True)
class Study:
    """A movement of the data set, the exercise whose rules judge it, and the camera's view."""

    movement: int
    code: str
    view: str
    side: str

    @property
    def rules(self) -> ExerciseRules:
        """The shipped rules."""
        return ExerciseRules.from_dict(load(self.code))


STUDIES = (
    Study(1, "squat", "front", "both"),
    Study(3, "lunge", "side", ""),
    Study(5, "sit_to_stand", "front", "both"),
    Study(6, "standing_straight_leg_raise", "side", "right"),
    Study(7, "shoulder_abduction", "front", "right"),
)


def of_people(episodes: Sequence[Episode], study: Study) -> Iterator[tuple[int, list[Episode]]]:
    """A study's episodes, person by person, in order."""
    ours = sorted(
        (e for e in episodes if e.movement == study.movement),
        key=lambda e: (e.person, not e.correct, e.number),
    )
    for person, group in groupby(ours, key=lambda e: e.person):
        yield person, list(group)


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the virtual camera stands for one person and movement; set up on the first correct repetition."""

    view: str
    side: str
    facing_deg: float
    rate_hz: float

    @classmethod
    def set_up(cls, study: Study, first: Array, *, rate_hz: float) -> Camera:
        """In the study's view of this person; a study without a fixed side judges the leg in front."""
        return cls(study.view, study.side or front_side(first), heading_deg(first), rate_hz)


def stream_joints(
    rules: ExerciseRules, camera: Camera, joints: Array, *, baseline: Baseline | None = None
) -> PostureStream:
    """Push a recording of joints through the rules as the camera would see it."""
    stream = PostureStream(
        rules, view=camera.view, side=camera.side, width=WIDTH, height=HEIGHT, baseline=baseline
    )
    image = landmarks(joints, view=camera.view, facing_deg=camera.facing_deg)
    stream.push_many(np.arange(len(image)) * (1000.0 / camera.rate_hz), image)
    return stream


def count_joined(rules: ExerciseRules, camera: Camera, episodes: Sequence[Episode]) -> SetResult:
    """All episodes as one recording."""
    recording = joined([episode.joints for episode in episodes], rate_hz=camera.rate_hz)
    return stream_joints(rules, camera, recording).finish()


def padded(joints: Array, *, rate_hz: float) -> Array:
    """One repetition with half a second of stillness on both sides."""
    frames = round(STILL_S * rate_hz)
    return np.concatenate(
        [np.repeat(joints[:1], frames, axis=0), joints, np.repeat(joints[-1:], frames, axis=0)]
    )
