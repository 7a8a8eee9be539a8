"""Classes, findings, the own baseline, its ceiling, and saying "not scored" instead of guessing."""

import numpy as np
import pytest

from prescriptions.library import load
from prescriptions.movement import Criterion, ExerciseRules
from sessions.posture_guard import PostureStream, describe_baseline
from tests.posture_guard.stick_figure import HEIGHT, SQUAT, WIDTH, Recording, bump_course, pose, squats


def leaning(depths: list[float], leans: list[float]) -> Recording:
    """Squats in which the trunk leans as given while the knees bend."""
    t_ms, angle = bump_course(depths)
    _, lean = bump_course(leans, rest=0.0)
    return Recording(t_ms, pose(angle, lean_deg=lean))


def test_leaning_forward_is_named_and_graded() -> None:
    result = leaning([95] * 5, [0, 0, 18, 40, 0]).score()
    assert [r.classification for r in result.repetitions] == [
        "correct",
        "correct",
        "mild",
        "significant",
        "correct",
    ]
    assert result.repetitions[2].findings[0].code == "trunk_lean"
    assert result.repetitions[3].words == "Your chest leaned forward."
    assert [r.calibrating for r in result.repetitions] == [True, True, False, False, False]


def test_a_short_squat_is_named() -> None:
    result = squats([100, 100, 75, 100]).score()
    assert [f.code for f in result.repetitions[2].findings] == ["short_range"]


def test_a_habitual_fault_beyond_the_ceiling_never_becomes_the_baseline() -> None:
    result = leaning([95] * 4, [80, 80, 80, 80]).score()
    assert {r.classification for r in result.repetitions} == {"significant"}
    assert result.baseline["trunk_lean"] == (None, None)


def test_the_baseline_is_taken_from_the_first_clean_repetitions() -> None:
    result = leaning([95] * 5, [80, 0, 0, 0, 18]).score()
    assert [r.classification for r in result.repetitions] == [
        "significant",
        "correct",
        "correct",
        "correct",
        "mild",
    ]


def test_a_baseline_from_an_earlier_set_skips_the_calibration() -> None:
    before = squats([100] * 3).score()
    stored = describe_baseline(before.to_dict()["baseline"])
    stream = PostureStream(SQUAT, view="side", side="both", width=WIDTH, height=HEIGHT, baseline=stored)
    today = squats([75, 100])
    stream.push_many(today.t_ms, today.image)
    assert [r.classification for r in stream.finish().repetitions] == ["mild", "correct"]


def test_hidden_hips_are_not_scored_and_say_so() -> None:
    recording = squats([95] * 3)
    recording.image[:, [23, 24], 3] = 0.5
    stream = recording.stream()
    state = stream.push_many(recording.t_ms, recording.image)
    assert state.not_scored is not None
    assert state.not_scored.words == "I cannot see your hips, not scored."
    assert state.limbs["trunk"] == "hidden"
    result = stream.finish()
    assert [r.reason for r in result.repetitions] == ["I cannot see your hips, not scored."] * 3


def test_legs_out_of_the_picture_are_not_counted_and_say_so() -> None:
    recording = squats([95] * 3)
    recording.image[:, 25:33, 3] = 0.1
    result = recording.score()
    assert result.repetitions == ()
    assert result.coverage == 0.0
    assert result.not_scored == ("I cannot see your knees and ankles, not scored.",)


def test_one_hidden_far_leg_does_not_matter_from_the_side() -> None:
    recording = squats([95] * 3)
    recording.image[:, [26, 28, 30, 32], 3] = 0.2
    assert [r.classification for r in recording.score().repetitions] == ["correct"] * 3


def test_nobody_there() -> None:
    stream = squats([95]).stream()
    for i in range(30):
        state = stream.push(i * 33.3, None, 0.0)
    assert state.not_scored is not None
    assert state.not_scored.code == "nobody"


def test_a_wrong_view_is_told_and_not_scored() -> None:
    recording = squats([95] * 3)
    recording.image[:, [11, 23], 0] += 0.06
    recording.image[:, [12, 24], 0] -= 0.06
    result = recording.score()
    assert not result.view_check.fits
    assert {r.classification for r in result.repetitions} == {"not_scored"}
    assert "from the side" in result.repetitions[0].reason


def test_a_seen_fault_outweighs_a_hidden_limb() -> None:
    recording = squats([100, 100, 70])
    late = recording.t_ms > 8500
    recording.image[np.flatnonzero(late)[:, None], [11, 12], 3] = 0.5
    assert recording.score().repetitions[2].classification == "mild"


@pytest.mark.parametrize(
    ("sign", "value", "expected"),
    [
        ("above", 12.0, "correct"),
        ("above", 18.0, "mild"),
        ("above", 26.0, "significant"),
        ("below", 2.0, "mild"),
        ("below", 12.0, "correct"),
        ("either", 2.0, "mild"),
        ("either", 18.0, "mild"),
    ],
)
def test_severity_against_an_own_baseline_of_ten(sign: str, value: float, expected: str) -> None:
    raw = load("squat")["criteria"][1] | {"sign": sign, "mild": 8, "significant": 16, "ceiling": None}
    assert Criterion.from_dict(raw, where="test").severity(value, 10.0) == expected


def test_each_exercise_streams_in_each_view_and_side() -> None:
    recording = squats([60, 60])
    for code in ("lunge", "bridge", "clamshell", "wall_slide", "calf_raise", "straight_leg_raise"):
        rules = ExerciseRules.from_dict(load(code))
        for view in rules.views:
            for side in rules.sides:
                stream = PostureStream(rules, view=view, side=side, width=WIDTH, height=HEIGHT)
                stream.push_many(recording.t_ms, recording.image)
                assert stream.finish().code == code
