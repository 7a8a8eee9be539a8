"""Repetitions out of made-up courses: what counts, what does not, and when."""

import numpy as np
import pytest

from prescriptions.library import load
from prescriptions.movement import ExerciseRules
from prescriptions.movement.generator import generate
from sessions.posture_guard import score_recording
from tests.posture_guard.stick_figure import SQUAT, Recording, bump_course, pose, squats


def test_each_squat_counts_once() -> None:
    result = squats([95] * 6).score()
    assert len(result.repetitions) == 6
    assert [r.classification for r in result.repetitions] == ["correct"] * 6


def test_golden_times_and_angles() -> None:
    result = squats([95, 100, 90], seconds=3.0, rest_s=0.7).score()
    assert [r.peak_s for r in result.repetitions] == pytest.approx([2.5, 6.2, 9.9], abs=0.12)
    assert [r.peak_deg for r in result.repetitions] == pytest.approx([95, 100, 90], abs=1.5)
    for repetition, begin in zip(result.repetitions, (1.0, 4.7, 8.4), strict=True):
        assert begin < repetition.start_s < begin + 0.6
        assert begin + 2.4 < repetition.end_s <= begin + 3.2


def test_a_count_appears_on_the_way_back_not_after_the_next_one() -> None:
    recording = squats([95])
    stream, first_seen = recording.stream(), None
    for t_ms, image in zip(recording.t_ms, recording.image, strict=True):
        if stream.push(t_ms, image).count == 1 and first_seen is None:
            first_seen = t_ms / 1000
    assert first_seen is not None
    assert first_seen < 1.0 + 3.0, "counted before standing still"


@pytest.mark.parametrize("seconds", [1.0, 2.0, 5.0, 10.0])
def test_slow_and_fast_count_alike(seconds: float) -> None:
    assert len(squats([90] * 5, seconds=seconds).score().repetitions) == 5


def test_small_movements_before_the_first_repetition_do_not_count_in_the_end() -> None:
    t_ms, before = bump_course([30, 27, 32], seconds=1.0, rest_s=0.3)
    later, during = bump_course([100] * 5)
    angle = np.concatenate([before, during])
    t_ms = np.concatenate([t_ms, t_ms[-1] + 33 + later])
    assert len(Recording(t_ms, pose(angle)).score().repetitions) == 5


def test_a_return_cut_short_counts_at_the_end() -> None:
    recording = squats([95] * 4)
    stop = int(np.searchsorted(recording.t_ms, 1000 * (1.0 + 3 * 3.7 + 2.3)))
    cut = Recording(recording.t_ms[:stop], recording.image[:stop])
    assert len(cut.score().repetitions) == 4


def test_a_pause_at_the_bottom_is_one_repetition() -> None:
    t_ms, angle = bump_course([90, 90, 90])
    bottom = int(angle[: len(angle) // 2].argmax())
    angle = np.concatenate([angle[:bottom], np.full(120, angle[bottom]), angle[bottom:]])
    t_ms = np.arange(len(angle)) * (1000 / 30)
    assert len(Recording(t_ms, pose(angle)).score().repetitions) == 3


def test_sitting_down_on_the_floor_is_no_squat() -> None:
    recording = squats([95] * 5)
    lying = recording.image[40:110].copy()
    middle = lying[..., :2].mean(axis=(0, 1))
    away = (lying[..., :2] - middle) * [1280, 720]
    lying[..., :2] = middle + away[..., ::-1] * [-1, 1] / [1280, 720]
    image = np.concatenate([lying, recording.image])
    t_ms = np.arange(len(image)) * (1000 / 30)
    assert len(Recording(t_ms, image).score().repetitions) == 5


def test_standing_up_counts_on_arrival() -> None:
    rules = ExerciseRules.from_dict(load("sit_to_stand"))
    t_ms, sitting = bump_course([4] * 5, rest=95.0)
    recording = Recording(t_ms, pose(sitting))
    assert len(recording.score(rules).repetitions) == 5
    standing_first = Recording(t_ms, pose(99.0 - sitting))
    assert len(standing_first.score(rules).repetitions) == 5


def test_a_timed_hold_runs_while_the_angle_is_held() -> None:
    angle = np.concatenate(
        [np.linspace(5, 90, 30), np.full(150, 90.0), np.linspace(90, 5, 30), np.full(30, 5.0)]
    )
    t_ms = np.arange(len(angle)) * (1000 / 30)
    stream = Recording(t_ms, pose(angle)).stream()
    held = type(stream)(SQUAT, view="side", side="both", width=1280, height=720, timed_hold=True)
    seen = [held.push(t, frame).hold_s for t, frame in zip(t_ms, pose(angle), strict=True)]
    assert max(s for s in seen if s is not None) == pytest.approx(5.0, abs=0.3)
    assert seen[-1] == 0.0
    assert held.finish().hold_s == pytest.approx(5.0, abs=0.3)


@pytest.mark.parametrize(
    "code", ["bridge", "calf_raise", "squat", "straight_leg_raise", "wall_slide", "clamshell"]
)
@pytest.mark.parametrize(("held_s", "moving_s"), [(2.0, 3.0), (5.0, 3.0), (20.0, 3.0)])
def test_a_hold_is_timed_without_the_way_there_and_back(code: str, held_s: float, moving_s: float) -> None:
    rules = ExerciseRules.from_dict(load(code))
    side = "both" if "both" in load(code)["sides"] else "left"
    motion = generate(
        code, repetitions=2, seconds_per_repetition=held_s + moving_s, hold_s=held_s,
        view=rules.default_view, side=side, seed=4,
    )  # fmt: skip
    result = score_recording(
        rules, motion.t_ms, motion.image, view=motion.view, side=side,
        width=motion.width, height=motion.height, timed_hold=True,
    )  # fmt: skip
    assert result.hold_s == pytest.approx(held_s, abs=0.3)
    assert len(result.repetitions) == 2
