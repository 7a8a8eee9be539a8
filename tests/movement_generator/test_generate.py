"""The movement generator draws what it says it draws: counts, ranges, faults, hidden limbs, the same for one
seed.
"""

import numpy as np
import pytest

from prescriptions.movement.body import LANDMARKS, average_body, joint_centres, neutral_pose
from prescriptions.movement.generator import (
    Motion,
    UnknownCompensation,
    UnknownExercise,
    UnknownView,
    compensations,
    exercises,
    generate,
    views,
)

LIBRARY = {
    "wall_slide", "clamshell", "bridge", "squat", "sit_to_stand", "shoulder_abduction", "straight_leg_raise",
    "standing_straight_leg_raise", "standing_hip_abduction", "calf_raise", "lunge",
}  # fmt: skip


def angle_deg(motion: Motion, first: str, middle: str, last: str) -> np.ndarray:
    """Bend at `middle` in pixels, 0 = straight."""
    a, b, c = (
        motion.image[:, LANDMARKS.index(n), :2] * [motion.width, motion.height] for n in (first, middle, last)
    )
    u, v = b - a, c - b
    cos = np.sum(u * v, axis=1) / np.linalg.norm(u, axis=1) / np.linalg.norm(v, axis=1)
    return np.degrees(np.arccos(np.clip(cos, -1, 1)))


def test_every_exercise_of_the_library_can_be_drawn():
    assert set(exercises()) == LIBRARY


@pytest.mark.parametrize("code", sorted(LIBRARY))
def test_a_motion_has_the_shapes_that_a_pose_model_gives(code):
    motion = generate(code, repetitions=2, seconds_per_repetition=2.0)
    frames = len(motion.t_ms)
    assert motion.image.shape == (frames, 33, 4)
    assert motion.world.shape == (frames, 33, 3)
    assert motion.presence.shape == (frames,)
    assert np.isfinite(motion.image).all() and np.isfinite(motion.world).all()
    assert np.all(np.diff(motion.t_ms) > 0)
    assert motion.image[..., 3].min() >= 0 and motion.image[..., 3].max() <= 1


@pytest.mark.parametrize("code", sorted(LIBRARY))
def test_the_whole_body_is_inside_the_picture_in_every_view(code):
    for view in views(code):
        motion = generate(code, repetitions=1, view=view, noise=0.0)
        assert motion.image[..., :2].min() > 0.05 and motion.image[..., :2].max() < 0.95


@pytest.mark.parametrize("code", sorted(LIBRARY))
def test_bones_keep_their_length_while_the_body_moves(code):
    motion = generate(code, repetitions=1, noise=0.0)
    for a, b in (("left_hip", "left_knee"), ("right_knee", "right_ankle"), ("left_shoulder", "left_elbow")):
        lengths = np.linalg.norm(
            motion.world[:, LANDMARKS.index(a)] - motion.world[:, LANDMARKS.index(b)], axis=1
        )
        assert np.ptp(lengths) < 0.01


def test_the_truth_says_when_each_repetition_was():
    motion = generate("squat", repetitions=6, seconds_per_repetition=3.0, view="side", noise=0.0)
    knee = angle_deg(motion, "left_hip", "left_knee", "left_ankle")
    assert [r.index for r in motion.truth.repetitions] == list(range(6))
    for repetition in motion.truth.repetitions:
        assert repetition.start_s < repetition.peak_s < repetition.end_s
        at = lambda seconds: knee[round(seconds * 30)]  # noqa: E731
        assert at(repetition.peak_s) > 90
        assert at(repetition.start_s) < 12 and at(repetition.end_s) < 12


def test_a_knee_angle_drawn_is_the_knee_angle_seen_from_the_side():
    motion = generate("squat", repetitions=1, view="side", noise=0.0)
    seen = angle_deg(motion, "left_hip", "left_knee", "left_ankle")
    assert seen.max() == pytest.approx(100, abs=3)


def test_one_seed_is_one_person():
    first, again = (generate("squat", repetitions=2, seed=7) for _ in range(2))
    other = generate("squat", repetitions=2, seed=8)
    assert np.array_equal(first.image, again.image)
    assert len(first.t_ms) != len(other.t_ms) or not np.array_equal(first.image, other.image)


def test_noise_is_that_of_real_clips():
    motion = generate("squat", repetitions=3, view="front", seed=1)
    pixels = motion.image[..., :2] * [motion.width, motion.height]
    trunk = np.median(np.linalg.norm(pixels[:, 11] - pixels[:, 23], axis=1))
    second = pixels[2:] - 2 * pixels[1:-1] + pixels[:-2]
    share = np.median(np.abs(second), axis=(0, 2)) / 0.6745 / np.sqrt(6) / trunk
    assert 0.0005 < np.median(share) < 0.006


def test_only_the_named_repetitions_show_the_compensation():
    motion = generate(
        "squat", repetitions=4, compensation="heel_rise", severity=1.0, compensated=(2,), noise=0.0
    )
    heel = motion.image[:, LANDMARKS.index("left_heel"), 1]
    peaks = [heel[round(r.peak_s * 30)] for r in motion.truth.repetitions]
    assert np.argmin(peaks) == 2 and heel.max() - peaks[2] > 0.03
    assert [r.compensation for r in motion.truth.repetitions] == [None, None, "heel_rise", None]


@pytest.mark.parametrize("code", sorted(LIBRARY))
def test_each_compensation_changes_the_motion(code):
    plain = generate(code, repetitions=1, noise=0.0, side="left")
    for name in compensations(code):
        shown = generate(code, repetitions=1, compensation=name, severity=1.0, noise=0.0, side="left")
        assert np.abs(shown.world - plain.world).max() > 0.03, name


def test_a_covered_limb_is_reported_as_not_visible():
    motion = generate("squat", repetitions=2, view="front", covered=("left_leg",))
    knees = motion.image[:, [LANDMARKS.index("left_knee"), LANDMARKS.index("right_knee")], 3]
    assert knees[:, 0].max() < 0.3
    assert np.median(knees[:, 1]) > 0.9


def test_from_the_side_the_far_arm_is_hidden_and_the_trunk_is_not():
    motion = generate("squat", repetitions=2, view="side", side="left")
    seen = np.median(motion.image[..., 3], axis=0)
    assert seen[LANDMARKS.index("left_shoulder")] > 0.9 and seen[LANDMARKS.index("right_hip")] > 0.9
    assert seen[LANDMARKS.index("left_knee")] > 0.9


def test_one_sided_exercises_alternate_when_both_sides_are_asked():
    motion = generate("standing_hip_abduction", repetitions=4, side="both")
    assert [r.side for r in motion.truth.repetitions] == ["left", "right", "left", "right"]


def test_a_hold_keeps_the_peak():
    motion = generate("bridge", repetitions=1, hold_s=5.0, seconds_per_repetition=8.0, noise=0.0)
    hip = motion.image[:, LANDMARKS.index("left_hip"), 1]
    assert np.sum(hip < hip.min() + 0.01) / 30 == pytest.approx(5.0, abs=0.8)


def test_no_repetitions_is_a_person_standing_still():
    motion = generate("squat", repetitions=0, noise=0.0)
    assert motion.truth.repetitions == ()
    assert np.ptp(motion.image[..., :2], axis=0).max() < 1e-6


def test_the_camera_sees_the_left_side_on_the_right_of_the_picture_from_the_front():
    motion = generate("squat", repetitions=1, view="front", noise=0.0)
    assert (motion.image[:, 11, 0] > motion.image[:, 12, 0]).all()


def test_what_cannot_be_drawn_is_named():
    with pytest.raises(UnknownExercise, match="handstand"):
        generate("handstand")
    with pytest.raises(UnknownCompensation, match="squat cannot show 'shrug'"):
        generate("squat", compensation="shrug", severity=1.0)
    with pytest.raises(UnknownView, match="above"):
        generate("squat", view="above")


def test_segments_have_winters_shares_of_stature():
    body = average_body(1.80)
    pose = neutral_pose(1, pelvis_height_m=1.0)
    centres = joint_centres(body, pose)
    thigh = np.linalg.norm(centres["left_hip"] - centres["left_knee"])
    assert thigh == pytest.approx(0.245 * 1.80)
