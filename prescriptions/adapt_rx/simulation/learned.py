"""AdaptRx in the simulator: released prior, mask, protocol and reward, called as the product calls them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from prescriptions.adapt_rx import features
from prescriptions.adapt_rx.layout import COLUMN
from prescriptions.adapt_rx.learner import VERSION, Choices, Posterior, choose_array, prior, update_array
from prescriptions.adapt_rx.mask import mask_rules
from prescriptions.adapt_rx.protocol import Protocol, phase_array, protocol_array, shipped_protocol
from prescriptions.adapt_rx.rewards import RewardWeights, reward_array, shipped_weights
from prescriptions.adapt_rx.simulation.asking import Posed, Shelf, allowed_of
from prescriptions.adapt_rx.simulation.patients import Floats, Ints
from prescriptions.adapt_rx.simulation.policies import (
    FixedProtocol,
    Lessons,
    Oracle,
    Policy,
    Question,
    RandomInMask,
    greedy,
    lin_ucb,
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a comparison may vary: the reward's weights, the protocol and the prior. As shipped by default."""

    weights: RewardWeights = field(default_factory=shipped_weights)
    protocol: Protocol = field(default_factory=shipped_protocol)
    prior: Posterior = field(default_factory=prior)


def versions_of(settings: Settings) -> dict[str, str | int]:
    """What a result depends on, to be kept beside it."""
    return {
        "learner": VERSION,
        "prior": settings.prior.prior,
        "features": features.VERSION,
        "mask": mask_rules().version,
        "protocol": settings.protocol.version,
        "reward": settings.weights.version,
    }


class ScienceDesk:
    """The desk of `asking`, on the shipped mask and one protocol and reward."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def pose(self, shelf: Shelf, contexts: Floats, current: Ints) -> Posed:
        """The protocol's phase goes into the contexts first, as in the product."""
        known = contexts.copy()
        known[:, COLUMN["phase"]] = phase_array(known, self.settings.protocol)
        allowed = allowed_of(shelf, known, current)
        protocol = protocol_array(shelf.ladder, known, current, allowed, self.settings.protocol)
        return Posed(known, allowed, protocol)

    def reward(self, observed: Floats) -> Floats:
        """Totals of the visible reward."""
        return reward_array(observed, self.settings.weights)[0]


class AdaptRx:
    """The product's learner: one posterior for the clinic, offsets for its patients, updated each night."""

    code = "adaptrx"

    def __init__(self, posterior: Posterior, *, seed: tuple[int, ...]) -> None:
        self.posterior = posterior
        self.chance = np.random.default_rng((*seed, 4))

    def choose(self, question: Question) -> Ints:
        """Samples by the logged probabilities."""
        return self.choices(question).chosen

    def choices(self, question: Question) -> Choices:
        """What `choose` samples from."""
        return choose_array(
            self.posterior,
            question.shelf.ladder,
            question.contexts,
            current=question.current,
            allowed=question.allowed,
            protocol=question.protocol,
            patients=self._places(question.patients),
            rng=self.chance,
        )

    def learn(self, lessons: Lessons) -> None:
        """A night's rewards at once."""
        known = self.posterior.knowing(str(one) for one in lessons.patients)
        self.posterior = known
        self.posterior = update_array(
            known,
            lessons.features,
            lessons.rewards,
            self._places(lessons.patients),
            day=lessons.calendar_day,
        )

    def _places(self, patients: Ints) -> Ints:
        places = self.posterior.offsets.places
        return np.array([places.get(str(one), -1) for one in patients], dtype=np.int64)


def policy_of(code: str, settings: Settings, *, seed: tuple[int, ...]) -> Policy:
    """A new policy that has learned nothing yet. Raises KeyError for an unknown code."""
    made: dict[str, Callable[[], Policy]] = {
        "protocol": FixedProtocol,
        "random": RandomInMask,
        "oracle": Oracle,
        "greedy": greedy,
        "linucb": lin_ucb,
        "adaptrx": lambda: AdaptRx(settings.prior, seed=seed),
    }
    return made[code]()
