"""Angles of drawn poses, and that one frame and many give the same."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prescriptions.movement import MIRRORED, QUANTITIES, UnknownQuantity, plain_names, quantities, quantity
from prescriptions.movement.quantities import facing_score, pixel_points
from tests.posture_guard.stick_figure import HEIGHT, WIDTH, pose


def measure(name: str, image: np.ndarray, *, side: int = 0, facing: float = 1.0) -> np.ndarray:
    found = quantities(image, names=[name], side=side, width=WIDTH, height=HEIGHT, facing=facing)
    return found[name]


@pytest.mark.parametrize("bend", [0.0, 30.0, 90.0, 130.0])
def test_knee_flexion_of_a_drawn_knee(bend: float) -> None:
    assert measure("knee_flexion", pose(np.array([bend])))[0] == pytest.approx(bend, abs=0.01)


def test_an_unsquare_picture_is_scaled_to_pixels_first() -> None:
    image = pose(np.array([60.0]))
    as_if_square = quantities(image, names=["knee_flexion"], side=0, width=1, height=1)["knee_flexion"][0]
    assert abs(as_if_square - 60.0) > 7.0


def test_trunk_lean_is_positive_forwards_whichever_way_the_person_faces() -> None:
    image = pose(np.array([0.0]), lean_deg=20.0)
    flipped = image[:, MIRRORED].copy()
    flipped[..., 0] = 1 - flipped[..., 0]
    assert measure("trunk_lean", image)[0] == pytest.approx(20.0)
    assert measure("trunk_lean", flipped, facing=-1.0)[0] == pytest.approx(20.0)
    assert measure("hip_flexion", flipped, facing=-1.0)[0] == pytest.approx(20.0)


def test_hip_extension_behind_the_body_goes_on_below_zero() -> None:
    image = pose(np.array([0.0]), lean_deg=-15.0)
    assert measure("hip_flexion", image)[0] == pytest.approx(-15.0)


def test_facing_is_read_from_the_body_not_from_the_posture() -> None:
    standing = pose(np.array([40.0]))
    lying = standing.copy()
    lying[..., 0], lying[..., 1] = standing[..., 1] * HEIGHT / WIDTH, standing[..., 0] * WIDTH / HEIGHT
    for image, sign in ((standing, 1), (lying, -1)):
        points = list(pixel_points(image, width=WIDTH, height=HEIGHT))
        assert math.copysign(1, float(np.asarray(facing_score(points))[0])) == sign


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0, 1]), st.sampled_from([-1.0, 0.0, 1.0]))
def test_one_frame_and_many_give_the_same(seed: int, side: int, facing: float) -> None:
    image = np.random.default_rng(seed).uniform(0, 1, size=(3, 33, 4))
    many = quantities(image, names=QUANTITIES, side=side, width=WIDTH, height=HEIGHT, facing=facing)
    points = pixel_points(image, width=WIDTH, height=HEIGHT)
    for name, values in many.items():
        for k in range(3):
            one = QUANTITIES[name].formula([complex(z) for z in points[:, k]], side, facing)
            assert one == pytest.approx(values[k], abs=1e-9), name


def test_a_missing_landmark_gives_nan_not_a_guess() -> None:
    image = pose(np.array([50.0]))
    image[0, 25] = np.nan
    assert math.isnan(measure("knee_flexion", image)[0])


def test_the_right_side_needs_the_right_landmarks() -> None:
    for found in QUANTITIES.values():
        if found.one_sided:
            assert {MIRRORED[i] for i in found.needs(0)} == set(found.needs(1)), found.name


def test_a_raised_arm_counts_above_a_hidden_hip() -> None:
    assert quantity("shoulder_abduction").needs_to_count(0) == (11, 13)


def test_unknown_quantities_and_shapes_are_refused() -> None:
    with pytest.raises(UnknownQuantity, match="wingspan"):
        quantity("wingspan")
    with pytest.raises(ValueError, match="33"):
        quantities(np.zeros((2, 32, 4)), names=[], side=0, width=1, height=1)


@pytest.mark.parametrize(
    ("hidden", "words"),
    [
        ((23, 24), "hips"),
        ((23,), "left hip"),
        ((24, 26), "right hip and right knee"),
        ((23, 24, 25, 26, 28), "hips, knees and right ankle"),
        ((0,), "face"),
        ((), ""),
    ],
)
def test_hidden_landmarks_in_plain_words(hidden: tuple[int, ...], words: str) -> None:
    assert plain_names(hidden) == words
