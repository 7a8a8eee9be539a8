"""Change points: known steps are found; the partition is that of `ruptures`, or better."""

import subprocess
import sys
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from sessions.motion_trend.change_points import LEAST_DAYS, best_ends, change_points
from sessions.motion_trend.trend import DailySeries

MONDAY = date(2026, 3, 2)


def series(values: np.ndarray) -> DailySeries:
    days = tuple(MONDAY + timedelta(days=at) for at in range(len(values)))
    return DailySeries("walking_speed_m_s", days, np.asarray(values, dtype=np.float64))


def noisy(levels: list[float], *, days: int, seed: int = 4) -> np.ndarray:
    return np.repeat(levels, days) + np.random.default_rng(seed).normal(0, 0.03, len(levels) * days)


def test_a_step_up_and_a_step_down_are_found_on_their_days_with_their_sizes():
    found = change_points(series(noisy([0.9, 1.2, 0.8], days=20)))
    assert [one.day for one in found] == [MONDAY + timedelta(days=20), MONDAY + timedelta(days=40)]
    assert [one.size for one in found] == pytest.approx([0.3, -0.4], abs=0.03)


def test_the_partition_costs_no_more_than_that_of_ruptures():
    ruptures = pytest.importorskip("ruptures")
    random = np.random.default_rng(1)
    same = 0
    for _ in range(30):
        values = random.normal(size=80) + np.repeat(random.normal(size=4) * 2, 20)
        penalty = 3 * np.log(len(values))
        ours = best_ends(values, least=LEAST_DAYS, penalty=penalty)
        theirs = ruptures.Pelt(model="l2", min_size=LEAST_DAYS, jump=1).fit(values[:, None]).predict(penalty)
        assert _cost(values, ours, penalty) <= _cost(values, theirs, penalty) + 1e-9
        same += ours == theirs
    assert same >= 28


def _cost(values: np.ndarray, ends: list[int], penalty: float) -> float:
    return sum(float(np.var(values[a:b])) * (b - a) + penalty for a, b in pairwise([0, *ends]))


def test_a_web_process_loads_nothing_heavy_for_them():
    program = (
        "import sys, numpy as np; from tests.motion_trend.trend.test_change_points import *;"
        "assert change_points(series(noisy([0.9, 1.2], days=20)));"
        "print(sorted({'ruptures', 'numba', 'scipy', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
