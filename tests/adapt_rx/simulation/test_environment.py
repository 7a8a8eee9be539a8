"""The Gymnasium environment: Gymnasium's own checks, and the mask at its door."""

import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from prescriptions.adapt_rx.simulation import MECHANISMS, UnknownMechanism
from prescriptions.adapt_rx.simulation.environment import ENVIRONMENT_ID


def made(**settings):
    return gymnasium.make(ENVIRONMENT_ID, **settings)


@pytest.mark.parametrize("mechanism", [one.code for one in MECHANISMS])
def test_gymnasium_finds_nothing_wrong(mechanism):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(made(mechanism=mechanism, weeks=3).unwrapped, skip_render_check=True)


def play(environment, *, seed, choose):
    observed, told = environment.reset(seed=seed)
    course = [observed]
    rewards, outside = [], 0
    done = False
    while not done:
        observed, reward, terminated, truncated, told = environment.step(choose(told))
        course.append(observed)
        rewards.append(reward)
        outside += told["outside_mask"]
        done = terminated or truncated
    return np.array(course), rewards, outside


def protocol(told):
    return told["protocol_action"]


def test_the_same_seed_is_the_same_patient():
    first = play(made(), seed=5, choose=protocol)
    again = play(made(), seed=5, choose=protocol)
    np.testing.assert_array_equal(first[0], again[0])
    assert first[1] == again[1]
    assert first[1] != play(made(), seed=6, choose=protocol)[1]


def test_an_action_outside_the_mask_becomes_the_protocol_s():
    def forbidden(told):
        return int(np.flatnonzero(told["action_mask"] == 0)[-1])

    refused = play(made(), seed=5, choose=forbidden)
    held = play(made(), seed=5, choose=protocol)
    assert refused[2] == len(refused[1]) > 5
    assert refused[1] == held[1]
    assert held[2] == 0


def test_an_allowed_action_is_carried_out():
    def lightest(told):
        return int(np.flatnonzero(told["action_mask"])[0])

    light = play(made(), seed=5, choose=lightest)
    assert light[2] == 0
    assert light[1] != play(made(), seed=5, choose=protocol)[1]


def test_an_unknown_mechanism_is_refused():
    with pytest.raises(UnknownMechanism, match="There is no mechanism 'magic'"):
        made(mechanism="magic")
