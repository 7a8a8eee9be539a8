"""What an index of clips may say: names of angles, sides, views and counts; limbs that take turns."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from prescriptions.movement import Side
from sessions.posture_guard.validation.angle_names import angle_named, counts_given, view_named
from sessions.posture_guard.validation.clips import Clip, count_clip, count_clips
from tests.posture_guard.stick_figure import HEIGHT, WIDTH, pose
from tests.posture_guard.test_validation import write_clip

PERIOD_S = 4.0


@pytest.mark.parametrize(
    ("name", "view", "quantity", "side"),
    [
        ("knee_flexion", "side", "knee_flexion", Side.BOTH),
        ("left_knee_flexion", "side", "knee_flexion", Side.LEFT),
        ("knee_flexion_right", "front", "knee_flexion", Side.RIGHT),
        ("Elbow flexion angle (R)", "front", "elbow_flexion", Side.RIGHT),
        ("knee", "side", "knee_flexion", Side.BOTH),
        ("hip-extension", "side", "hip_extension", Side.BOTH),
        ("ankle", "side", "ankle_plantarflexion", Side.BOTH),
        ("ankle_dorsiflexion", "side", "ankle_plantarflexion", Side.BOTH),
        ("shoulder", "front", "shoulder_abduction", Side.BOTH),
        ("shoulder", "side", "shoulder_flexion", Side.BOTH),
        ("right shoulder elevation", "front", "shoulder_abduction", Side.RIGHT),
        ("lumbar_flexion", "side", "trunk_lean", Side.BOTH),
        ("trunk_lateral_flexion", "front", "trunk_side_lean", Side.BOTH),
        ("hip_abduction", "front", "hip_abduction", Side.BOTH),
    ],
)
def test_names_of_an_angle(name: str, view: str, quantity: str, side: Side) -> None:
    assert angle_named(name, view=view) == (quantity, side)


@pytest.mark.parametrize("name", ["", "wingspan", "left", "shoulder_external_rotation", "42"])
def test_an_unknown_name_is_not_guessed(name: str) -> None:
    assert angle_named(name, view="front") is None


@pytest.mark.parametrize(
    ("word", "view"),
    [
        ("side", "side"),
        ("left side", "side"),
        ("Sagittal", "side"),
        ("diagonal", "front_diagonal"),
        ("3/4 quarter", "front_diagonal"),
        ("feet_end", "feet_end"),
        ("back", "front"),
        ("from a drone", "front"),
        ("", "front"),
    ],
)
def test_names_of_a_view(word: str, view: str) -> None:
    assert view_named(word) == view


@pytest.mark.parametrize(
    ("raw", "counts"),
    [
        (10, (10,)),
        ([10, 11], (10, 11)),
        ("10 or 11", (10, 11)),
        (7.0, (7,)),
        (None, ()),
        (True, ()),
        ({}, ()),
        (float("nan"), ()),
    ],
)
def test_counts_in_several_shapes(raw: Any, counts: tuple[int, ...]) -> None:
    assert counts_given(raw) == counts


def test_a_clip_without_rate_or_size_and_with_an_odd_view_is_counted(tmp_path: Path) -> None:
    write_clip(tmp_path, entry={"view": "from the sofa", "repetitions": 4, "count_by": "left knee"})
    stored = dict(np.load(tmp_path / "landmarks" / "clip.npz"))
    np.savez(tmp_path / "landmarks" / "clip.npz", image=stored["image"])
    (count,) = count_clips(tmp_path)
    assert (count.counted, count.true, count.error) == (4, (4,), "")


def test_a_file_that_is_no_archive_is_an_error_of_that_clip(tmp_path: Path) -> None:
    write_clip(tmp_path)
    (tmp_path / "landmarks" / "clip.npz").write_bytes(b"PK\x03\x04 not an archive")
    assert "cannot be read" in count_clips(tmp_path)[0].error


def taking_turns(share: float) -> Clip:
    """Twelve knee bends, left and right in turn, each lasting this share of the four-second cycle."""
    t_s = np.arange(0.0, 27.0, 1 / 30)

    def bending(begin_s: float) -> np.ndarray:
        course = (t_s - begin_s) / PERIOD_S
        inside = (course >= 0) & (course < 6) & (course % 1 < share)
        return 5 + 85 * np.where(inside, 0.5 - 0.5 * np.cos(2 * np.pi * (course % 1) / share), 0.0)

    image, right = pose(bending(1.0)), pose(bending(1.0 + PERIOD_S / 2))
    image[:, 24:33:2] = right[:, 24:33:2]
    image[..., :2] += np.random.default_rng(0).normal(0, 0.002, image[..., :2].shape)
    return Clip("turns.npz", "knee_flexion", "side", (12,), image, 30.0, WIDTH, HEIGHT)


@pytest.mark.parametrize("share", [0.5, 0.75, 1.0])
def test_limbs_that_take_turns_are_counted_each(share: float) -> None:
    count = count_clip(taking_turns(share))
    assert count.exact
    assert count.live is not None
    assert abs(count.live - 12) <= 1
