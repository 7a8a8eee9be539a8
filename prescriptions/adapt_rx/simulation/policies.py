"""What chooses a dose: every policy is asked the same question and may choose only what the mask allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from prescriptions.adapt_rx.features import (
    ACTION,
    FEATURE_COLUMNS,
    STATE,
    action_array,
    state_array,
)
from prescriptions.adapt_rx.simulation.asking import Shelf
from prescriptions.adapt_rx.simulation.patients import Flags, Floats, Ints


@dataclass(frozen=True, slots=True)
class Question:
    """n patients of one ladder with A actions, on one morning.

    `contexts` (n, CONTEXT_COLUMNS); `current` and `protocol` (n,) places among the ladder's actions;
    `allowed` (n, A); `worth` gives (n, A), the mechanism's true one-session worth, for the oracle only;
    `chance` (n, 2) uniform; `patients` (n,) places in the cohort; `calendar_day` for what learns day by day.
    """

    shelf: Shelf
    calendar_day: int
    patients: Ints
    contexts: Floats
    current: Ints
    protocol: Ints
    allowed: Flags
    worth: Callable[[], Floats]
    chance: Floats

    def action_features(self, state: Floats) -> Floats:
        """The learner's features of every action beside the protocol's, (n, A, len(ACTION_COLUMNS))."""
        places = np.broadcast_to(np.arange(len(self.shelf.loads)), self.allowed.shape)
        return action_array(self.shelf.ladder, state, places, protocol=self.protocol, current=self.current)


@dataclass(frozen=True, slots=True)
class Lessons:
    """What became known on `calendar_day`: features of the action in force (n, k), rewards and whose (n,)."""

    calendar_day: int
    patients: Ints
    features: Floats
    rewards: Floats


EQUAL = 1e-7


class Policy(Protocol):
    """Chooses, and may learn from what comes of it."""

    code: str

    def choose(self, question: Question) -> Ints:
        """Places among the ladder's actions, (n,)."""

    def learn(self, lessons: Lessons) -> None:
        """Take in a day's rewards."""


class Forgetful:
    """A policy that learns nothing."""

    def learn(self, lessons: Lessons) -> None:
        """Nothing to learn."""


def best_allowed(scores: Floats, allowed: Flags) -> Ints:
    """The place of the highest score among allowed actions, (n,); the first of equals."""
    return np.asarray(np.argmax(np.where(allowed, scores, -np.inf), axis=1))


class FixedProtocol(Forgetful):
    """The clinic's fixed protocol, brought inside the mask."""

    code = "protocol"

    def choose(self, question: Question) -> Ints:
        return question.protocol


class RandomInMask(Forgetful):
    """Any allowed action, each as likely as another."""

    code = "random"

    def choose(self, question: Question) -> Ints:
        upto = np.cumsum(question.allowed, axis=1)
        pick = np.floor(question.chance[:, 0] * upto[:, -1]).astype(int) + 1
        return np.asarray(np.argmax(upto >= np.minimum(pick, upto[:, -1])[:, None], axis=1))


class Oracle(Forgetful):
    """Knows the mechanism and the hidden state, and takes the action worth most over one session.

    It looks one session ahead, so it is a strong reference and not the best possible course; of equals it
    takes the heaviest.
    """

    code = "oracle"

    def choose(self, question: Question) -> Ints:
        return best_allowed(question.worth() + EQUAL * question.shelf.loads, question.allowed)


class RidgePolicy:
    """Shared by greedy and LinUCB: ridge regression on the learner's features, no prior knowledge.

    LinUCB after Li et al. (2010), one model for all actions (shared features). `optimism` 0 is greedy.
    """

    def __init__(self, *, code: str, optimism: float, ridge: float = 1.0) -> None:
        self.code = code
        self.optimism = optimism
        self.precision = np.eye(len(FEATURE_COLUMNS)) * ridge
        self.weighted = np.zeros(len(FEATURE_COLUMNS))

    def choose(self, question: Question) -> Ints:
        state = state_array(question.contexts)
        actions = question.action_features(state)
        covariance = np.linalg.inv(self.precision)
        scores = actions @ (covariance @ self.weighted)[ACTION]
        if self.optimism:
            # The state is the same for all actions of a patient, so its part is computed once.
            own = np.einsum("ni,ij,nj->n", state, covariance[STATE, STATE], state)
            both = 2.0 * (actions @ covariance[ACTION, STATE]) @ state[:, :, None]
            theirs = np.sum((actions @ covariance[ACTION, ACTION]) * actions, axis=2)
            spread = own[:, None] + both[:, :, 0] + theirs
            scores = scores + self.optimism * np.sqrt(np.maximum(spread, 0.0))
        return best_allowed(scores, question.allowed)

    def learn(self, lessons: Lessons) -> None:
        self.precision += lessons.features.T @ lessons.features
        self.weighted += lessons.features.T @ lessons.rewards


def greedy() -> RidgePolicy:
    """Takes what looks best so far; explores nothing."""
    return RidgePolicy(code="greedy", optimism=0.0)


def lin_ucb() -> RidgePolicy:
    """Optimism in the face of doubt, width 1."""
    return RidgePolicy(code="linucb", optimism=1.0)
