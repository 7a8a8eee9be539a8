"""What another policy would have earned, judged from the decisions of the policy that ran.

Inverse propensity scoring (Horvitz and Thompson 1952), its self-normalised form (Swaminathan and Joachims
2015) and the doubly robust estimator (Dudík, Langford and Li 2011), each of the *one-step* value: the mean
reward of one decision in the contexts that were met. None of them tells what twelve weeks under the other
policy would have brought, because the contexts would then have been others.

Intervals: each estimate is a ratio of sums over people; its standard error comes from leaving out one person
at a time (jackknife), its reach from Student's t. They hold when no weight stands out; the effective sample
size says so.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# Below this the normal approximation has nothing to stand on: a default of ours, checked by `manage.py
# check_off_policy`.
LEAST_EFFECTIVE = 30.0
LEAST_PEOPLE = 20


class LogUnusable(ValueError):
    """The log cannot carry an estimate; the words say why."""


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """A one-step value in reward units with its 95 % interval.

    `effective` is Kish's effective sample size of the weights, out of `decisions` of `people`. `unsupported`
    is the share of the other policy's probability that fell on actions the log could never have shown.
    """

    method: str
    value: float
    low: float
    high: float
    effective: float
    decisions: int
    people: int
    unsupported: float = 0.0

    @property
    def is_usable(self) -> bool:
        """Whether the interval may be read as one."""
        return self.effective >= LEAST_EFFECTIVE and self.people >= LEAST_PEOPLE and self.unsupported < 0.01

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "is_usable": self.is_usable}


@dataclass(frozen=True, slots=True)
class LoggedSteps:
    """n decisions of the policy that ran, and what the other policy would have done in the same contexts.

    `rewards`, `propensities` (of the action taken, when it was taken), `target` (the other policy's
    probability of that action), `expected_taken` (a model's reward of the action taken) and `expected_target`
    (the model's reward under the other policy) have shape (n,); `people` says whose decision each was. The
    model may be wrong, the propensities may not. `unsupported`: see PolicyValue.
    """

    rewards: Floats
    propensities: Floats
    target: Floats
    people: NDArray[np.int64]
    expected_taken: Floats
    expected_target: Floats
    unsupported: float = 0.0

    @classmethod
    def of(
        cls,
        rewards: ArrayLike,
        propensities: ArrayLike,
        target: ArrayLike,
        *,
        people: ArrayLike | None = None,
        expected_taken: ArrayLike | None = None,
        expected_target: ArrayLike | None = None,
        unsupported: float = 0.0,
    ) -> LoggedSteps:
        """Check and gather. Without a model its expectations are 0. Raises LogUnusable."""
        reward = np.asarray(rewards, dtype=np.float64)
        count = reward.size
        columns = [
            np.zeros(count) if column is None else np.asarray(column, dtype=np.float64)
            for column in (propensities, target, expected_taken, expected_target)
        ]
        whose = np.arange(count) if people is None else np.unique(np.asarray(people), return_inverse=True)[1]
        steps = cls(
            reward, columns[0], columns[1], whose.astype(np.int64), columns[2], columns[3], unsupported
        )
        steps._check()
        return steps

    @property
    def weights(self) -> Floats:
        return self.target / self.propensities

    def _check(self) -> None:
        columns = (self.rewards, self.propensities, self.target, self.expected_taken, self.expected_target)
        if self.rewards.ndim != 1 or any(one.shape != self.rewards.shape for one in (*columns, self.people)):
            raise LogUnusable("each decision needs a reward, a propensity and the other policy's probability")
        if self.rewards.size < 2:
            raise LogUnusable("an estimate needs at least two decisions")
        if not all(np.isfinite(one).all() for one in columns):
            raise LogUnusable("a number of the log is missing or not finite")
        if (self.propensities <= 0).any() or (self.propensities > 1).any():
            raise LogUnusable("a propensity is not above 0 and at most 1")
        if (self.target < 0).any() or (self.target > 1).any():
            raise LogUnusable("a probability of the other policy is not between 0 and 1")


def inverse_propensity(steps: LoggedSteps) -> PolicyValue:
    """Unbiased whatever the rewards depend on; noisy when weights are large."""
    return _ratio("IPS", steps.weights * steps.rewards, np.ones(steps.rewards.size), steps)


def self_normalised(steps: LoggedSteps) -> PolicyValue:
    """The weighted mean: slightly biased, steadier. Raises LogUnusable when all weights are 0."""
    weights = steps.weights
    if float(weights.sum()) <= 0:
        raise LogUnusable("the other policy would never have done what was done")
    return _ratio("SNIPS", weights * steps.rewards, weights, steps)


def doubly_robust(steps: LoggedSteps) -> PolicyValue:
    """The model's expectation, corrected where the log says otherwise; unbiased when the propensities are
    right.
    """
    corrected = steps.expected_target + steps.weights * (steps.rewards - steps.expected_taken)
    return _ratio("DR", corrected, np.ones(steps.rewards.size), steps)


def all_estimates(steps: LoggedSteps) -> tuple[PolicyValue, ...]:
    """The three estimates of one log, SNIPS left out where it cannot be had."""
    values = [inverse_propensity(steps)]
    if float(steps.weights.sum()) > 0:
        values.append(self_normalised(steps))
    return (*values, doubly_robust(steps))


def effective_size(weights: Floats) -> float:
    """Kish's (Σw)² / Σw²; 0 when every weight is 0."""
    squares = float(weights @ weights)
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def _ratio(method: str, terms: Floats, shares: Floats, steps: LoggedSteps) -> PolicyValue:
    """Sum of `terms` over sum of `shares`, both (n,), and its interval."""
    by_person = np.bincount(steps.people, weights=terms).astype(np.float64)
    share = np.bincount(steps.people, weights=shares).astype(np.float64)
    value = float(by_person.sum() / share.sum())
    low, high = _jackknife(by_person, share, value)
    return PolicyValue(
        method=method,
        value=value,
        low=low,
        high=high,
        effective=effective_size(steps.weights),
        decisions=terms.size,
        people=by_person.size,
        unsupported=steps.unsupported,
    )


def _jackknife(terms: Floats, shares: Floats, value: float) -> tuple[float, float]:
    # scipy.stats takes a while to load, and the pages that import this mostly never estimate.
    from scipy.stats import t as student_t

    people, rest = terms.size, shares.sum() - shares
    if people < 2 or (rest <= 0).any():
        return -np.inf, np.inf
    without = (terms.sum() - terms) / rest
    pseudo = people * value - (people - 1) * without
    error = float(pseudo.std(ddof=1)) / people**0.5
    reach = float(student_t.ppf(0.975, people - 1)) * error
    return value - reach, value + reach
