"""The posterior's mathematics against another library: ridge regression as in mabwiser's LinUCB and LinTS."""

from dataclasses import replace

import numpy as np
import pytest
from mabwiser.mab import MAB, LearningPolicy

from prescriptions.adapt_rx import prior
from prescriptions.adapt_rx.features import OFFSETS
from prescriptions.adapt_rx.learning import update, update_array
from prescriptions.adapt_rx.posterior import COUNT

RIDGE = 2.0


def plain(noise=1.0):
    """No prior knowledge: mean 0 and the same precision everywhere, as the other library starts."""
    return replace(
        prior(),
        settings=replace(prior().settings, noise=noise, discount_per_day=1.0),
        base_precision=np.full(COUNT, RIDGE / noise),
        base_mean=np.zeros(COUNT),
        precision=np.eye(COUNT) * RIDGE / noise,
        information=np.zeros(COUNT),
    )


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(8)
    features = rng.normal(size=(300, COUNT))
    return features, features @ rng.normal(size=COUNT) + rng.normal(size=300)


@pytest.mark.parametrize("policy", [LearningPolicy.LinUCB, LearningPolicy.LinTS])
@pytest.mark.parametrize("noise", [1.0, 0.25])
def test_mean_and_covariance_are_those_of_mabwiser(data, policy, noise):
    features, rewards = data
    other = MAB([1], policy(alpha=1.0, l2_lambda=RIDGE))
    other.fit(np.ones(len(rewards), dtype=int), rewards, features)
    model = other._imp.arm_to_model[1]
    ours = update_array(plain(noise), features, rewards, np.full(len(rewards), -1), day=1)
    np.testing.assert_allclose(ours.mean, model.beta, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(ours.covariance, noise * model.A_inv, rtol=1e-8, atol=1e-12)


def test_one_by_one_is_all_at_once(data):
    features, rewards = data
    one_by_one = plain()
    for row, reward in zip(features[:50], rewards[:50], strict=True):
        one_by_one = update(one_by_one, row, reward, day=1)
    at_once = update_array(plain(), features[:50], rewards[:50], np.full(50, -1), day=1)
    np.testing.assert_allclose(one_by_one.mean, at_once.mean, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(one_by_one.covariance, at_once.covariance, rtol=1e-8, atol=1e-12)


def test_samples_spread_as_linear_thompson_sampling_of_mabwiser_does(data):
    features, rewards = data
    other = MAB([1], LearningPolicy.LinTS(alpha=1.0, l2_lambda=RIDGE), seed=1)
    other.fit(np.ones(len(rewards), dtype=int), rewards, features)
    point = features[:1]
    theirs = [other.predict_expectations(point)[1] for _ in range(4000)]
    ours = update_array(plain(), features, rewards, np.full(len(rewards), -1), day=1)
    spread = float(np.sqrt((point @ ours.covariance @ point.T)[0, 0]))
    assert np.mean(theirs) == pytest.approx(float((point @ ours.mean)[0]), abs=5 * spread / np.sqrt(4000))
    assert np.std(theirs) == pytest.approx(spread, rel=0.06)


def test_a_patients_offset_is_the_exact_one_when_the_clinic_is_known_for_sure():
    """With the clinic's coefficients certain, what is left is a ridge regression of three columns by hand."""
    certain = replace(plain(), precision=np.eye(COUNT) * 1e14, information=np.zeros(COUNT)).knowing(["p"])
    rng = np.random.default_rng(4)
    features = rng.normal(size=(80, COUNT))
    rewards = rng.normal(size=80)
    learned = update_array(certain, features, rewards, np.zeros(80, dtype=int), day=1)
    own = features[:, OFFSETS]
    by_hand = np.linalg.solve(
        own.T @ own + np.diag(np.array(certain.settings.offset_sd) ** -2.0), own.T @ rewards
    )
    found = np.linalg.solve(learned.offsets.precision[0], learned.offsets.information[0])
    np.testing.assert_allclose(found, by_hand, rtol=1e-6)
