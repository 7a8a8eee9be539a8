"""Units and axes by gravity: on made-up motion, and on real people who stride hard."""

import os
from pathlib import Path

import numpy as np
import pytest

from sessions.motion_trend.reading.errors import ReadingError
from sessions.motion_trend.reading.units import (
    ANGULAR_VELOCITY,
    compare_with_gravity,
    find_acceleration_scale,
    find_angular_scale,
    rest_length,
)
from sessions.motion_trend.types import GRAVITY_M_S2
from tests.motion_trend.reading.made import grid, motion

DATA = Path(os.environ.get("REHAB_DATA_DIR", "nowhere"))
needs_data = pytest.mark.skipif(not (DATA / "gaitmap_foot").is_dir(), reason="needs REHAB_DATA_DIR")
T_S = grid(60, rate_hz=100)
FORCE, TURN = motion(T_S)


@pytest.mark.parametrize(("rest", "factor"), [(9.7, 1.0), (1.03, GRAVITY_M_S2), (985.0, GRAVITY_M_S2 / 1000)])
def test_an_unnamed_unit_is_told_by_the_length_at_rest(rest, factor):
    assert find_acceleration_scale(rest, said="", file="") == (factor, None)


@pytest.mark.parametrize("rest", [0.01, 0.5, 4.0, 60.0, 1e6])
def test_lengths_that_no_unit_explains_are_refused(rest):
    with pytest.raises(ReadingError):
        find_acceleration_scale(rest, said="", file="")


def test_the_quietest_fifth_decides():
    chance = np.random.default_rng(1)
    moving = FORCE + np.where(T_S < 45, 8.0, 0.0)[:, None] * chance.normal(size=FORCE.shape)
    assert rest_length(moving, rate_hz=100) == pytest.approx(GRAVITY_M_S2, rel=0.01)


def test_a_true_gyroscope_agrees_with_gravity():
    found = compare_with_gravity(T_S, FORCE, TURN)
    assert found.slope == pytest.approx(1, abs=0.1)
    assert found.correlation > 0.95


@pytest.mark.parametrize("said", ["", "rad/s", "deg/s"])
@pytest.mark.parametrize("true", ["rad/s", "deg/s"])
def test_units_of_rotation_are_told_whatever_was_said(said, true):
    factor, repairs = find_angular_scale(T_S, FORCE, TURN / ANGULAR_VELOCITY[true], said=said)
    assert factor == ANGULAR_VELOCITY[true]
    assert bool(repairs) == (said not in ("", true))


def test_nothing_is_concluded_where_nobody_is_ever_quiet():
    chance = np.random.default_rng(2)
    shaken = FORCE + chance.normal(0, 6, FORCE.shape)
    assert find_angular_scale(T_S, shaken, -TURN, said="rad/s") == (1.0, ())


def feet():
    from pandas import read_csv

    table = read_csv(DATA / "gaitmap_foot" / "imu_sample.csv", header=[0, 1], index_col=0)
    for side in ("left_sensor", "right_sensor"):
        three = [table[side][[f"{kind}_{axis}" for axis in "xyz"]].to_numpy() for kind in ("acc", "gyr")]
        yield 204.8, three[0], three[1]


def backs():
    from scipy.io import loadmat

    def sensors(held):
        for name, value in held.items():
            if name == "LowerBack" and isinstance(value, dict) and "Acc" in value:
                yield value
            elif isinstance(value, dict):
                yield from sensors(value)

    for path in sorted((DATA / "mobilised").rglob("data.mat")):
        for sensor in sensors(loadmat(path, simplify_cells=True)):
            yield 100.0, np.asarray(sensor["Acc"]) * GRAVITY_M_S2, np.asarray(sensor["Gyr"])


@needs_data
def test_real_feet_and_backs_are_never_taken_for_mirrored_nor_their_units_for_others():
    """Striding feet accelerate against their rotation: the check must not fall for it."""
    people = [*feet(), *backs()]
    assert len(people) >= 4
    for rate_hz, force, turn_deg in people:
        t_s = np.arange(len(force)) / rate_hz
        assert find_angular_scale(t_s, force, turn_deg, said="deg/s") == (ANGULAR_VELOCITY["deg/s"], ())
        assert find_angular_scale(t_s, force, np.radians(turn_deg), said="rad/s") == (1.0, ())
