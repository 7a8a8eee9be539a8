"""The off-policy estimates on simulated patients, where the truth is known."""

import json
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from prescriptions.adapt_rx.off_policy import LoggedSteps, inverse_propensity
from prescriptions.adapt_rx.simulation.off_policy_study import TARGETS, Pool, draw_pool, study


@pytest.fixture(scope="module")
def pool() -> Pool:
    return draw_pool(12, weeks=8, seed=5)


def test_probabilities_are_probabilities(pool):
    assert pool.probabilities.min() >= 0
    assert pool.probabilities.sum(axis=1) == pytest.approx(np.ones(len(pool.people)))
    for code in TARGETS:
        target = pool.target(code)
        assert target.min() >= -1e-12
        assert target.sum(axis=1) == pytest.approx(np.ones(len(pool.people)))
        assert not ((target > 1e-12) & (pool.probabilities == 0)).any()


def test_the_protocols_truth_is_what_its_actions_are_worth(pool):
    assert pool.truth("protocol") == pytest.approx(pool.worth[:, 0].mean())


def test_intervals_hold_the_truth_and_wrong_propensities_do_not():
    """A coarse look at 300 runs of a made-up pool; the command runs 2,000 on simulated patients."""
    rng = np.random.default_rng(2)
    people = np.repeat(np.arange(80), 10)
    probabilities = np.tile([0.7, 0.2, 0.1], (800, 1))
    worth = rng.normal([0.2, 0.6, -0.3], 0.4, (800, 3))
    made = Pool(people, probabilities, worth, np.tile([0.0, -0.2, -0.4], (800, 1)))
    for one in study(made, runs=300, people=60, seed=1):
        assert 0.90 <= one.covered <= 0.99
        assert abs(one.bias) < 0.05
    lied = LoggedSteps.of(worth[:, 1], np.full(800, 0.9), np.full(800, 0.2), people=people)
    assert inverse_propensity(lied).high < made.worth[:, 1].mean()


def test_the_command_prints_coverage(monkeypatch, pool):
    monkeypatch.setattr("prescriptions.management.commands.check_off_policy.draw_pool", lambda *a, **k: pool)
    out = StringIO()
    call_command("check_off_policy", "--runs", "20", "--people", "30", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert {one["target"] for one in told["coverage"]} == set(TARGETS)
    assert {one["method"] for one in told["coverage"]} == {"IPS", "SNIPS", "DR"}
    out = StringIO()
    call_command("check_off_policy", "--runs", "20", "--people", "30", stdout=out)
    assert "held the truth in" in out.getvalue()


@pytest.mark.parametrize("asked", [["--runs", "many"], ["--runs", "1"], ["--people", "-3"], ["--weeks", "0"]])
def test_the_command_refuses_what_it_cannot_do(asked):
    with pytest.raises(CommandError):
        call_command("check_off_policy", *asked)
