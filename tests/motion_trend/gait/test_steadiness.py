"""Which steps count as even, and what happens to the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sessions.motion_trend.gait import analyse_gait
from sessions.motion_trend.gait.steadiness import (
    borders_of_uneven,
    longest_run,
    regularity,
    steady_steps,
    turned_deg,
)
from sessions.motion_trend.walker import walk

EVEN = np.arange(0, 12, 0.5)


def turning(at_s: float, by_deg: float, *, seconds: float = 1.0) -> np.ndarray:
    yaw = np.zeros(1300)
    first, last = round(at_s * 100), round((at_s + seconds) * 100)
    yaw[first:last] = np.radians(by_deg) / seconds
    return yaw


def test_even_steps_are_steady_but_for_the_first_and_last() -> None:
    assert steady_steps(EVEN, None).tolist() == [False] + [True] * (len(EVEN) - 3) + [False]


def test_an_even_limp_is_steady() -> None:
    limp = np.concatenate([[0.0], np.cumsum(np.tile([0.45, 0.75], 10))])
    assert steady_steps(limp, None)[1:-1].all()


@pytest.mark.parametrize(("by_deg", "steady"), [(30, True), (60, False), (-60, False)])
def test_a_turn_of_45_degrees_in_a_stride_is_not_steady(by_deg: float, steady: bool) -> None:
    inside = (EVEN[:-1] >= 5.0) & (EVEN[1:] <= 6.0)
    assert steady_steps(EVEN, turning(5.0, by_deg))[inside].all() == steady


def test_turning_is_measured_in_degrees() -> None:
    assert turned_deg(EVEN, turning(5.0, 90)).max() == pytest.approx(90, abs=1)


def test_a_missed_contact_is_not_steady() -> None:
    missed = np.delete(EVEN, 12)
    steady = steady_steps(missed, None)
    assert not steady[11] and steady[10] and steady[12]


def test_uneven_stepping_between_even_walking_is_cut_out() -> None:
    shuffle = 5.5 + np.cumsum([1.2, 0.3, 1.1, 0.25, 1.3])
    contacts = np.concatenate([np.arange(0, 6, 0.5), shuffle, shuffle[-1] + np.arange(0.5, 6, 0.5)])
    first, last = borders_of_uneven(contacts, None, longest_s=3.0)
    assert contacts[first] == pytest.approx(5.5, abs=0.1)
    assert contacts[last] == pytest.approx(shuffle[-1], abs=0.6)
    assert borders_of_uneven(contacts, None, longest_s=30.0) == []


def test_the_longest_run() -> None:
    assert longest_run(np.array([True, False, True, True, False])) == (2, 4)
    assert longest_run(np.zeros(3, dtype=bool)) == (0, 0)


def test_regularity_of_a_closed_form() -> None:
    t_s = np.arange(0, 20, 0.01)
    both = np.cos(2 * np.pi * 2 * t_s) + np.cos(2 * np.pi * 1 * t_s)
    found = regularity(both, step_s=0.5)
    assert found is not None
    assert found.stride == pytest.approx(1, abs=0.02)
    assert found.step == pytest.approx(0.14, abs=0.15)
    assert regularity(both[:100], step_s=0.5) is None


def test_walking_in_circles_is_flagged_and_tells_no_symmetry() -> None:
    signal, truth = walk(seconds=30, cadence_spm=90, step_length_m=0.6, seed=2)
    assert signal.angular_velocity_rad_s is not None
    circling = signal.angular_velocity_rad_s.copy()
    walking = (signal.t_s > truth.start_s) & (signal.t_s < truth.end_s)
    circling[walking, 2] += np.float32(np.radians(60))
    (bout,) = analyse_gait([replace(signal, angular_velocity_rad_s=circling)], height_m=1.7).bouts
    assert "uneven" in {flag.code for flag in bout.flags}
    assert "uneven" in bout.measures["step_time_asymmetry_pct"].withheld
    speed = bout.measures["walking_speed_m_s"]
    assert speed.value is not None and speed.high is not None
    assert speed.high - speed.value == pytest.approx(2 * 1.96 * 0.1253, rel=0.01)
