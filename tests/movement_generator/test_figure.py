"""The moving figures: one for each exercise, inside the box, smooth, ending where they began."""

import json

import numpy as np
import pytest

from prescriptions import library
from prescriptions.movement.figure import UnknownFigure, keyframes

CODES = sorted(library.codes())


@pytest.mark.parametrize("code", CODES)
def test_every_exercise_has_a_figure_that_ends_where_it_began(code):
    figure = keyframes(code)
    assert figure["frames"][0]["points"] == figure["frames"][-1]["points"]
    assert [figure["frames"][i]["at"] for i in (0, -1)] == [0.0, 1.0]
    assert figure["description"].startswith("A person")
    assert len(json.dumps(figure)) < 40_000


@pytest.mark.parametrize("code", CODES)
def test_everything_drawn_has_a_place_inside_the_box(code):
    figure = keyframes(code)
    named = {name for bone in figure["bones"] for name in bone["points"]}
    named |= {figure["head"]["centre"], figure["highlight"]["centre"]}
    for frame in figure["frames"]:
        assert named <= set(frame["points"])
        assert all(0 <= value <= 100 for point in frame["points"].values() for value in point)


@pytest.mark.parametrize("code", CODES)
def test_each_bone_has_one_width_for_each_point(code):
    assert all(len(bone["widths"]) == len(bone["points"]) for bone in keyframes(code)["bones"])


@pytest.mark.parametrize("code", CODES)
def test_the_joint_to_look_at_or_its_limb_moves(code):
    frames = keyframes(code)["frames"]
    places = np.array(
        [[p for n, p in sorted(f["points"].items()) if not n.startswith("prop_")] for f in frames]
    )
    steps = np.linalg.norm(np.diff(places, axis=0), axis=-1)
    assert np.ptp(places, axis=0).max() > 5
    assert steps.max() < 15


def test_far_limbs_are_drawn_behind_and_near_arms_last():
    layers = [(bone["layer"], bone.get("halo", False)) for bone in keyframes("squat")["bones"]]
    assert layers[-1] == ("front", True)
    assert ("back", False) in layers and layers[0] == ("prop", False)


def _reach(figure, point):
    """How far a point goes, in units."""
    return np.ptp(np.array([frame["points"][point] for frame in figure["frames"]]), axis=0).max()


def test_one_arm_prescribed_is_one_arm_drawn():
    figure = keyframes("shoulder_abduction", side="right")
    assert _reach(figure, "right_wrist") > 20
    assert _reach(figure, "left_wrist") < 3
    assert figure["description"].endswith("lowers it: the right side.")


@pytest.mark.parametrize("code", ["shoulder_abduction", "standing_hip_abduction", "lunge", "clamshell"])
def test_the_left_side_is_the_right_side_in_a_mirror(code):
    right, left = keyframes(code, side="right"), keyframes(code, side="left")
    for there, here in zip(right["frames"], left["frames"], strict=True):
        for name, (x, y) in there["points"].items():
            assert here["points"][name] == [pytest.approx(100 - x, abs=0.011), y]
    assert left["description"].endswith("the left side.")


@pytest.mark.parametrize("code", ["squat", "bridge", "wall_slide"])
def test_an_exercise_of_both_sides_has_one_figure(code):
    assert keyframes(code, side="left") == keyframes(code)


def test_an_exercise_without_a_figure_is_named():
    with pytest.raises(UnknownFigure, match="handstand"):
        keyframes("handstand")
