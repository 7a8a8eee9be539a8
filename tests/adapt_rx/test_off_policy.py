"""Off-policy estimates: against values worked out by hand and against a world whose truth is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prescriptions.adapt_rx.off_policy import (
    LoggedSteps,
    LogUnusable,
    all_estimates,
    doubly_robust,
    effective_size,
    inverse_propensity,
    self_normalised,
)

# Two contexts, three actions: the mean reward, what the running policy does, and what the other would do.
MEANS = np.array([[0.2, 0.5, 0.9], [0.6, 0.1, -0.4]])
RUNNING = np.array([[0.7, 0.2, 0.1], [0.5, 0.4, 0.1]])
OTHER = np.array([[0.1, 0.3, 0.6], [0.8, 0.1, 0.1]])
TRUTH = float((OTHER * MEANS).sum(axis=1).mean())


def draw_log(rng: np.random.Generator, *, people: int, each: int, wrong_model: bool = False) -> LoggedSteps:
    """A log of that world; decisions of a person share a random effect."""
    count = people * each
    context = rng.integers(2, size=count)
    action = (rng.random(count)[:, None] > RUNNING[context].cumsum(axis=1)).sum(axis=1)
    whose = np.repeat(np.arange(people), each)
    rewards = MEANS[context, action] + rng.normal(0, 0.3, people)[whose] + rng.normal(0, 0.5, count)
    model = np.zeros_like(MEANS) if wrong_model else MEANS
    return LoggedSteps.of(
        rewards,
        RUNNING[context, action],
        OTHER[context, action],
        people=whose,
        expected_taken=model[context, action],
        expected_target=(OTHER * model).sum(axis=1)[context],
    )


def test_values_worked_out_by_hand():
    steps = LoggedSteps.of([1.0, 0.0, 2.0], [0.5, 0.5, 0.25], [1.0, 0.0, 0.5])
    assert steps.weights.tolist() == [2.0, 0.0, 2.0]
    assert inverse_propensity(steps).value == pytest.approx(2.0)
    assert self_normalised(steps).value == pytest.approx(1.5)
    assert doubly_robust(steps).value == pytest.approx(2.0)
    assert effective_size(steps.weights) == pytest.approx(2.0)


def test_the_same_policy_earns_what_was_earned():
    rewards = np.array([0.3, 0.9, -0.2, 0.4])
    steps = LoggedSteps.of(rewards, [0.2, 0.9, 0.5, 1.0], [0.2, 0.9, 0.5, 1.0])
    assert [one.value for one in all_estimates(steps)] == pytest.approx([rewards.mean()] * 3)


@pytest.mark.parametrize("method", [inverse_propensity, self_normalised, doubly_robust])
@pytest.mark.parametrize("wrong_model", [False, True])
def test_intervals_cover_the_truth_as_often_as_they_say(method, wrong_model):
    """95 % within two points and the noise of 2,000 runs (three standard errors are 1.5 points)."""
    rng = np.random.default_rng(11)
    values = [method(draw_log(rng, people=60, each=8, wrong_model=wrong_model)) for _ in range(2000)]
    covered = np.mean([one.low <= TRUTH <= one.high for one in values])
    assert 0.93 <= covered <= 0.97
    assert np.mean([one.value for one in values]) == pytest.approx(TRUTH, abs=0.01)


def test_leaving_people_out_of_account_would_be_too_sure():
    rng = np.random.default_rng(5)
    with_people = draw_log(rng, people=40, each=30)
    without = LoggedSteps.of(
        with_people.rewards, with_people.propensities, with_people.target, people=np.arange(1200)
    )
    wide, narrow = inverse_propensity(with_people), inverse_propensity(without)
    assert wide.value == narrow.value
    assert wide.high - wide.low > narrow.high - narrow.low
    assert (wide.people, narrow.people) == (40, 1200)


def test_the_right_model_narrows_the_interval():
    rng = np.random.default_rng(3)
    steps = draw_log(rng, people=200, each=4)
    plain, robust = inverse_propensity(steps), doubly_robust(steps)
    assert robust.high - robust.low < plain.high - plain.low


def test_a_policy_that_was_never_tried_is_said_to_be_unknown():
    steps = LoggedSteps.of([1.0, 2.0], [0.5, 0.5], [0.0, 0.0])
    with pytest.raises(LogUnusable, match="never have done"):
        self_normalised(steps)
    assert [one.method for one in all_estimates(steps)] == ["IPS", "DR"]
    assert not any(one.is_usable for one in all_estimates(steps))


def test_few_weights_that_count_are_said_to_be_few():
    steps = LoggedSteps.of(np.ones(500), np.full(500, 0.5), [1.0] * 20 + [0.0] * 480)
    assert inverse_propensity(steps).effective == pytest.approx(20)
    assert not inverse_propensity(steps).is_usable


def test_actions_without_support_make_it_unusable():
    steps = LoggedSteps.of(np.ones(500), np.ones(500), np.ones(500), unsupported=0.2)
    assert inverse_propensity(steps).effective == 500
    assert not inverse_propensity(steps).is_usable
    assert inverse_propensity(steps).to_dict()["is_usable"] is False


def test_few_people_are_said_to_be_few():
    steps = LoggedSteps.of(np.ones(500), np.ones(500), np.ones(500), people=np.arange(500) % 19)
    assert inverse_propensity(steps).effective == 500
    assert not inverse_propensity(steps).is_usable
    more = LoggedSteps.of(np.ones(500), np.ones(500), np.ones(500), people=np.arange(500) % 20)
    assert inverse_propensity(more).is_usable


def test_one_person_gives_no_interval():
    value = inverse_propensity(LoggedSteps.of([1.0, 2.0], [0.5, 0.5], [0.5, 0.5], people=[7, 7]))
    assert (value.low, value.high, value.is_usable) == (-np.inf, np.inf, False)


@pytest.mark.parametrize(
    ("rewards", "propensities", "target"),
    [
        ([1.0], [0.5], [0.5]),
        ([1.0, 2.0], [0.5], [0.5, 0.5]),
        ([1.0, float("nan")], [0.5, 0.5], [0.5, 0.5]),
        ([1.0, float("inf")], [0.5, 0.5], [0.5, 0.5]),
        ([1.0, 2.0], [0.0, 0.5], [0.5, 0.5]),
        ([1.0, 2.0], [1.5, 0.5], [0.5, 0.5]),
        ([1.0, 2.0], [0.5, 0.5], [-0.1, 0.5]),
        ([1.0, 2.0], [0.5, 0.5], [0.5, 1.1]),
        ([[1.0], [2.0]], [[0.5], [0.5]], [[0.5], [0.5]]),
    ],
)
def test_a_broken_log_is_refused_with_words(rewards, propensities, target):
    with pytest.raises(LogUnusable):
        LoggedSteps.of(rewards, propensities, target)


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 1), st.floats(0, 1)), min_size=2, max_size=40))
def test_values_stay_within_what_the_rewards_allow(rows):
    rewards, propensities, target = (np.array(column) for column in zip(*rows, strict=True))
    steps = LoggedSteps.of(rewards, propensities, target)
    if steps.weights.sum() > 1e-9:
        value = self_normalised(steps).value
        assert rewards.min() - 1e-9 <= value <= rewards.max() + 1e-9
    assert 0 <= effective_size(steps.weights) <= len(rows) + 1e-9
