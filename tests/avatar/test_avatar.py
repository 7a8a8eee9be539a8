"""MediaPipe itself finds the rendered avatar, and PostureGuard counts what was drawn. A drawing, not a
person.
"""

import numpy as np
import pytest

from prescriptions import library
from prescriptions.movement.body import LANDMARKS, landmark_positions
from prescriptions.movement.rules import ExerciseRules
from sessions.video.analyse import VideoAnalysis, analyse_video
from tests.avatar.film import act_scene, film_of

FPS = 15.0

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("pose_weights")]


def analysed(
    code: str, *, view: str, side: str = "both", repetitions: int = 4, size: str = "full", **choices
) -> VideoAnalysis:
    film, _ = film_of(
        code, view=view, side=side, repetitions=repetitions, repetition_s=2.4, fps=FPS, **choices
    )
    rules = ExerciseRules.from_dict(library.load(code))
    return analyse_video(film, rules, view=view, side=side, size=size)


@pytest.mark.parametrize(
    ("code", "view"), [("squat", "front"), ("shoulder_abduction", "front"), ("wall_slide", "front")]
)
def test_the_avatar_is_found_and_its_repetitions_are_counted(code, view):
    analysis = analysed(code, view=view)
    assert analysis.landmarks.found_share > 0.98
    assert len(analysis.result.repetitions) == 4
    assert analysis.result.view_check.fits


def test_a_drawn_lean_is_named():
    repetitions = analysed(
        "squat",
        view="side",
        side="left",
        repetitions=5,
        compensation="trunk_lean",
        severity=1.0,
        compensated=(3, 4),
    ).result.repetitions
    assert [r.classification for r in repetitions[:3]] == ["correct"] * 3
    assert all("trunk_lean" in [f.code for f in r.findings] for r in repetitions[3:])


def test_legs_behind_a_cupboard_are_not_scored():
    result = analysed("squat", view="side", side="left", hidden=("left_leg", "right_leg")).result
    assert all(r.classification == "not_scored" for r in result.repetitions)
    assert result.coverage < 0.9


@pytest.mark.parametrize("size", ["lite", "full"])
@pytest.mark.parametrize(
    ("code", "limb", "words"),
    [
        ("shoulder_abduction", "left_arm", "left elbow"),
        ("wall_slide", "left_arm", "left elbow"),
        ("squat", "left_leg", "left ankle"),
    ],
)
def test_a_limb_that_mediapipe_invents_is_not_scored(code, limb, words, size):
    result = analysed(code, view="front", hidden=(limb,), size=size).result
    assert all(r.classification == "not_scored" and words in r.reason for r in result.repetitions)
    assert any(words in reason for reason in result.not_scored)


def test_mediapipes_points_lie_on_the_drawn_joints():
    choices = {"view": "front", "repetitions": 4, "repetition_s": 2.4, "fps": FPS}
    scene = act_scene("shoulder_abduction", **choices)
    found = analysed("shoulder_abduction", view="front").landmarks
    drawn = scene.camera.project(landmark_positions(dict(scene.centres)))[..., :2]
    seen = found.image[..., :2] * [scene.camera.width, scene.camera.height]
    for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle"):
        at = [LANDMARKS.index(f"{side}_{joint}") for side in ("left", "right")]
        assert np.median(np.linalg.norm(drawn[:, at] - seen[:, at], axis=-1)) < 10
