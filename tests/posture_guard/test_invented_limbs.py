"""A pose model draws limbs that it cannot see, with middling visibility. They are never scored."""

import numpy as np
import pytest

from prescriptions.library import load
from prescriptions.movement import ExerciseRules
from prescriptions.movement.generator import Motion, generate
from prescriptions.movement.landmarks import LEAST_TO_SCORE
from sessions.posture_guard import LiveState, PostureStream, SetResult
from tests.posture_guard.stick_figure import squats

ELBOW, WRIST, KNEE, ANKLE = 13, 15, 25, 27


def moving(code: str, view: str, side: str = "both") -> Motion:
    return generate(code, repetitions=4, view=view, side=side, seed=3)


def watched(motion: Motion) -> tuple[LiveState, SetResult]:
    rules = ExerciseRules.from_dict(load(motion.code))
    stream = PostureStream(
        rules, view=motion.view, side=motion.side, width=motion.width, height=motion.height
    )
    state = stream.push_many(motion.t_ms, motion.image, motion.presence)
    return state, stream.finish()


def make_up(motion: Motion, marks: dict[int, tuple[float, float]]) -> None:
    """Visibility of invented landmarks: the first number at rest, the second at the far point of a
    repetition, as MediaPipe's lite model gave for an arm behind a cupboard.
    """
    out = np.zeros(len(motion.t_ms))
    for drawn in motion.truth.repetitions:
        t_s = motion.t_ms / 1000
        inside = (t_s >= drawn.start_s) & (t_s <= drawn.end_s)
        out[inside] = np.sin(np.pi * (t_s[inside] - drawn.start_s) / (drawn.end_s - drawn.start_s))
    for mark, (rest, far) in marks.items():
        motion.image[:, mark, 3] = rest + (far - rest) * out


@pytest.mark.parametrize("code", ["shoulder_abduction", "wall_slide"])
@pytest.mark.parametrize("seen", [(0.66, 0.88), (0.76, 0.92), (0.79, 0.79)])
def test_an_invented_arm_is_counted_but_not_scored(code: str, seen: tuple[float, float]) -> None:
    motion = moving(code, "front")
    make_up(motion, {ELBOW: seen, WRIST: (0.6, 0.75)})
    state, result = watched(motion)
    assert len(result.repetitions) == 4
    assert {r.classification for r in result.repetitions} == {"not_scored"}
    assert all("left elbow" in r.reason for r in result.repetitions)
    assert state.limbs["left_arm"] == "hidden"
    assert state.limbs["right_arm"] == "seen"
    assert state.not_scored is not None
    assert "left elbow" in state.not_scored.words


def test_an_arm_in_sight_whose_wrist_blurs_overhead_is_scored() -> None:
    motion = moving("wall_slide", "front")
    make_up(motion, {ELBOW: (1.0, 0.87), WRIST: (0.99, 0.45)})
    assert {r.classification for r in watched(motion)[1].repetitions} == {"correct"}


def test_an_invented_shin_is_not_scored() -> None:
    motion = moving("squat", "front")
    make_up(motion, {KNEE: (0.93, 0.96), ANKLE: (0.56, 0.82)})
    assert {r.reason for r in watched(motion)[1].repetitions} == {"I cannot see your left ankle, not scored."}


@pytest.mark.parametrize("code", ["squat", "sit_to_stand", "calf_raise"])
def test_from_the_side_the_far_limbs_may_be_invented(code: str) -> None:
    motion = moving(code, "side")
    near_is_left = motion.image[:, 25, 3].mean() > motion.image[:, 26, 3].mean()
    far = (26, 28, 30, 32, 14, 16) if near_is_left else (25, 27, 29, 31, 13, 15)
    make_up(motion, dict.fromkeys(far, (0.3, 0.5)))
    state, result = watched(motion)
    assert {r.classification for r in result.repetitions} == {"correct"}
    assert state.not_scored is None


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_lunge_from_the_side_is_scored_on_either_side(side: str) -> None:
    state, result = watched(moving("lunge", "side", side))
    assert [r.classification for r in result.repetitions] == ["correct"] * 4
    assert state.not_scored is None


@pytest.mark.parametrize(("marks", "words"), [((25, 26), "knees"), ((23, 24), "hips")])
def test_a_set_of_which_nothing_was_seen_says_why(marks: tuple[int, int], words: str) -> None:
    recording = squats([95] * 3)
    recording.image[:, marks, 3] = 0.2
    stream = recording.stream()
    state = stream.push_many(recording.t_ms, recording.image)
    assert state.not_scored is not None
    assert words in state.not_scored.words
    result = stream.finish()
    assert result.repetitions == ()
    assert result.not_scored == (f"I cannot see your {words}, not scored.",)


def test_limbs_hidden_by_turns_still_give_a_reason() -> None:
    recording = squats([95] * 3)
    for frame in range(len(recording.image)):
        recording.image[frame, (25, 26) if frame % 2 else (27, 28), 3] = 0.2
    stream = recording.stream()
    state = stream.push_many(recording.t_ms, recording.image)
    assert state.not_scored is not None
    assert stream.finish().not_scored


def test_a_set_without_a_frame_says_why() -> None:
    assert squats([95]).stream().finish().not_scored == ("I cannot see anyone, not scored.",)


def test_a_clinic_can_ask_for_more_visibility_but_not_for_less() -> None:
    spec = load("squat")
    for criterion in spec["criteria"]:
        criterion["least_visibility"] = 0.1
    lenient = ExerciseRules.from_dict(spec)
    recording = squats([95] * 3)
    recording.image[:, :, 3] = np.minimum(recording.image[:, :, 3], np.array(LEAST_TO_SCORE) - 0.05)
    assert {r.classification for r in recording.score(lenient).repetitions} == {"not_scored"}
