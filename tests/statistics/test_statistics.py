"""Intervals and agreement against published values."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.statistics import balanced_accuracy, bland_altman, bootstrap_over_people, cohen_kappa, wilson


def test_wilson_of_newcombe_1998() -> None:
    """Table I of Newcombe, Stat Med 1998;17:857: 81/263, 15/148, 0/20, 1/29."""
    for hits, trials, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        interval = wilson(hits, trials)
        assert interval.low == pytest.approx(low, abs=5e-5)
        assert interval.high == pytest.approx(high, abs=5e-5)


@given(st.integers(0, 200), st.integers(0, 200))
def test_wilson_holds_its_value(a: int, b: int) -> None:
    interval = wilson(min(a, b), max(a, b))
    if max(a, b):
        assert 0 <= interval.low <= interval.value <= interval.high <= 1  # type: ignore[operator]
    else:
        assert interval.value is None


def test_wilson_refuses_nonsense() -> None:
    with pytest.raises(ValueError, match="hits"):
        wilson(3, 2)


def test_bootstrap_draws_people_not_repetitions() -> None:
    """Two people who always agree with themselves: the interval spans both, whatever their repetitions."""
    groups = {1: [1.0] * 500, 2: [0.0] * 500}
    interval = bootstrap_over_people(groups, lambda items: float(np.mean(items)))
    assert (interval.value, interval.low, interval.high) == (0.5, 0.0, 1.0)


def test_bootstrap_says_nothing_of_one_person_or_none() -> None:
    assert bootstrap_over_people({1: [1.0]}, np.mean).low is None
    assert bootstrap_over_people({}, np.mean).value is None
    assert bootstrap_over_people({1: [1.0], 2: [2.0]}, lambda items: math.nan).value is None


def test_bootstrap_is_repeatable() -> None:
    groups = {p: list(np.random.default_rng(p).normal(size=9)) for p in range(8)}
    mean = lambda items: float(np.mean(items))  # noqa: E731
    assert bootstrap_over_people(groups, mean) == bootstrap_over_people(groups, mean)


def test_balanced_accuracy_counts_a_withheld_answer_as_wrong() -> None:
    assert balanced_accuracy([(True, True), (True, None), (False, False), (False, False)]) == 0.75
    assert math.isnan(balanced_accuracy([(True, True)]))


def test_cohen_kappa_textbook() -> None:
    """20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: kappa 0.40."""
    first = ["y"] * 25 + ["n"] * 25
    second = ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15
    assert cohen_kappa(first, second) == pytest.approx(0.40)
    assert math.isnan(cohen_kappa(["y"], ["y"]))
    with pytest.raises(ValueError, match="same cases"):
        cohen_kappa(["y"], [])


def test_bland_altman_limits() -> None:
    found = bland_altman([11.0, 12.0, 9.0, 12.0], [10.0, 10.0, 10.0, 10.0])
    spread = math.sqrt(6.0 / 3)
    assert found.bias == 1.0
    assert found.high - found.bias == pytest.approx(1.96 * spread)
    with pytest.raises(ValueError, match="two"):
        bland_altman([1.0], [1.0])
