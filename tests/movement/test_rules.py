"""The library files and what a broken one says."""

from typing import Any

import pytest

from prescriptions.library import UnknownExercise, codes, load
from prescriptions.movement import QUANTITIES, ExerciseRules, InvalidRules
from prescriptions.movement.criteria import REPETITION_QUANTITIES


@pytest.mark.parametrize("code", codes())
def test_a_shipped_exercise_reads(code: str) -> None:
    rules = ExerciseRules.from_dict(load(code))
    assert rules.code == code
    assert rules.default_view in rules.views
    for view in rules.views:
        for side in rules.sides:
            assert rules.criteria_for(view, side), f"nothing to judge in {view}, {side}"


@pytest.mark.parametrize("code", codes())
def test_each_rule_stands_in_a_view_that_can_judge_it(code: str) -> None:
    for criterion in ExerciseRules.from_dict(load(code)).criteria:
        if criterion.quantity not in REPETITION_QUANTITIES:
            assert set(criterion.views) <= set(QUANTITIES[criterion.quantity].views), criterion.code
        assert criterion.words.endswith(".")
        assert criterion.cue.endswith(".")
        assert criterion.source


def test_eleven_exercises_and_only_the_clamshell_is_experimental() -> None:
    assert len(codes()) == 11
    assert [code for code in codes() if load(code)["experimental"]] == ["clamshell"]


def test_no_mild_knee_or_hip_limit_lies_under_what_a_webcam_can_see() -> None:
    for code in codes():
        for criterion in ExerciseRules.from_dict(load(code)).criteria:
            if criterion.quantity in ("knee_flexion", "knee_valgus", "hip_flexion"):
                assert criterion.mild >= 8.0, (code, criterion.code)


def test_unknown_exercise() -> None:
    with pytest.raises(UnknownExercise, match="Known: bridge"):
        load("moonwalk")


def test_a_loaded_file_is_a_copy() -> None:
    load("squat")["criteria"].clear()
    assert load("squat")["criteria"]


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("criteria", 0, "quantity"), "wingspan", "criteria"),
        (("criteria", 0, "sign"), "sideways", "sideways"),
        (("criteria", 0, "mild"), 0, "mild"),
        (("criteria", 0, "significant"), 1, "mild <= significant"),
        (("criteria", 0, "share"), 2, "share"),
        (("criteria", 0, "views"), ["moon"], "unknown view"),
        (("criteria", 0, "mild"), "much", "much"),
        (("views", "side", "primary", "quantity"), "wingspan", "wingspan"),
        (("views", "side", "primary", "target_deg"), [90, 70], "low to high"),
        (("segmentation", "direction"), "sideways", "direction"),
        (("segmentation", "least_s"), 99, "durations"),
        (("kind",), "dance", "dance"),
        (("sides",), [], "side"),
        (("sides",), ["middle"], "middle"),
        (("views",), {}, "view"),
    ],
)
def test_a_broken_file_says_where(path: tuple[Any, ...], value: object, says: str) -> None:
    spec: Any = load("squat")
    place = spec
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(InvalidRules, match=says):
        ExerciseRules.from_dict(spec)


@pytest.mark.parametrize("key", ["code", "version", "views", "criteria", "sides"])
def test_a_missing_key_is_named(key: str) -> None:
    spec = load("squat")
    del spec[key]
    with pytest.raises(InvalidRules, match=key):
        ExerciseRules.from_dict(spec)


def test_the_same_rule_twice_for_a_view_is_refused() -> None:
    spec = load("squat")
    spec["criteria"].append(spec["criteria"][0])
    with pytest.raises(InvalidRules, match="twice"):
        ExerciseRules.from_dict(spec)


def test_caution_stands_where_nothing_was_shown() -> None:
    spec = load("squat")
    spec["validation"] = {"shown_to_separate": False, "words": "Not shown to separate good from poor form."}
    assert ExerciseRules.from_dict(spec).caution == "Not shown to separate good from poor form."
    assert ExerciseRules.from_dict(load("clamshell")).caution == "Not yet tested on people."
