"""Do the off-policy intervals hold what they promise? Checked where the truth is known.

A clinic of simulated patients is treated by AdaptRx, which learns as it goes. Of each decision in the second
half of the calendar the study keeps what it could choose, with which probability, and what each choice would
truly have been worth over one session (`worth.worth_of`: points of function, a flare day costing one). The
true one-step value of another policy is then a plain mean. In each run some patients are drawn, AdaptRx's
choices are drawn anew from the logged probabilities, rewards get noise, and every estimator gives its
interval.

Assumption: noise as in `_rewards`, skewed and with a level of each person's own.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from clinic.statistics.intervals import wilson
from prescriptions.adapt_rx.off_policy import LoggedSteps, PolicyValue, all_estimates
from prescriptions.adapt_rx.simulation.course import Clinic
from prescriptions.adapt_rx.simulation.learned import AdaptRx, ScienceDesk, Settings
from prescriptions.adapt_rx.simulation.mechanisms import MECHANISMS
from prescriptions.adapt_rx.simulation.patients import Floats, Ints
from prescriptions.adapt_rx.simulation.policies import Question
from prescriptions.adapt_rx.simulation.worlds import build_world

TARGETS = {
    "protocol": "The fixed protocol",
    "half_and_half": "The protocol half of the time, else what AdaptRx would rather do or explore",
    "surer": "AdaptRx with half of its departures from the protocol",
}
PERSON_SD, NOISE_SD, SETBACK, SETBACK_SHARE = 0.5, 1.0, 4.0, 0.06


@dataclass(frozen=True, slots=True)
class Pool:
    """N decisions of many patients with C candidates each, the protocol's first.

    `people` (N,); `probabilities` of AdaptRx, true `worth` and `step` (the logarithm of load over the
    protocol's), each (N, C). A place without a candidate has probability 0.
    """

    people: Ints
    probabilities: Floats
    worth: Floats
    step: Floats

    def target(self, code: str) -> Floats:
        """The other policy's probabilities, (N, C). Raises KeyError."""
        others = self.probabilities.copy()
        others[:, 0] = 0.0
        total = others.sum(axis=1, keepdims=True)
        shares = {"protocol": 0.0, "half_and_half": 0.5, "surer": 0.5 * total}[code]
        wanted = np.where(total > 0, others / np.where(total > 0, total, 1.0) * shares, 0.0)
        wanted[:, 0] = 1.0 - wanted.sum(axis=1)
        return wanted

    def truth(self, code: str) -> float:
        """The true one-step value: the mean over all decisions."""
        return float((self.target(code) * self.worth).sum(axis=1).mean())


class _Recording(AdaptRx):
    """AdaptRx as it is, keeping what it could have chosen from a calendar day on."""

    def __init__(self, learner: AdaptRx, *, since: int) -> None:
        super().__init__(learner.posterior, seed=(0,))
        self.chance = learner.chance
        self.since = since
        self.kept: list[Pool] = []

    def choose(self, question: Question) -> Ints:
        choices = self.choices(question)
        if question.calendar_day >= self.since:
            places = np.maximum(choices.candidates, 0)
            loads = np.maximum(question.shelf.loads[places], 1e-3)
            worth = np.take_along_axis(question.worth(), places, axis=1)
            step = np.log(loads / loads[:, :1])
            self.kept.append(Pool(question.patients, choices.probabilities, worth, step))
        return choices.chosen


def draw_pool(patients: int, *, weeks: int, seed: int) -> Pool:
    """Treat `patients` of every mechanism with the shipped AdaptRx and keep the second half's decisions."""
    settings = Settings()
    pools: list[Pool] = []
    for number, mechanism in enumerate(MECHANISMS):
        world = build_world(mechanism, patients, weeks=weeks, seed=seed)
        learner = _Recording(AdaptRx(settings.prior, seed=world.seed), since=world.calendar_days // 2)
        Clinic(world, ScienceDesk(settings)).run(learner)
        pools += [
            Pool(one.people + number * patients, one.probabilities, one.worth, one.step)
            for one in learner.kept
        ]
    return Pool(*(np.concatenate([getattr(one, name) for one in pools]) for name in Pool.__slots__))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the 95 % intervals of one estimator held the truth, with Wilson's interval of that share.

    `bias` and `width` (mean) in units of worth; `effective` the median effective sample size; `usable` the
    share of runs whose estimate calls itself usable, the only ones that `covered` counts.
    """

    target: str
    method: str
    truth: float
    covered: float | None
    low: float | None
    high: float | None
    bias: float
    width: float
    effective: float
    usable: float
    runs: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def study(pool: Pool, *, runs: int, people: int, seed: int) -> list[Coverage]:
    """Coverage of every estimator and target over `runs` logs of `people` patients each."""
    rng = np.random.default_rng((seed, 77))
    decisions = [np.flatnonzero(pool.people == person) for person in np.unique(pool.people)]
    model = _model(pool, rng)
    targets = {code: pool.target(code) for code in TARGETS}
    found: dict[tuple[str, str], list[PolicyValue]] = {}
    for _ in range(runs):
        picked = [decisions[one] for one in rng.integers(len(decisions), size=people)]
        rows = np.concatenate(picked)
        whose = np.repeat(np.arange(people), [len(one) for one in picked])
        taken = _drawn(pool.probabilities[rows], rng)
        rewards = _rewards(pool.worth[rows, taken], whose, rng)
        for code, target in targets.items():
            steps = LoggedSteps.of(
                rewards,
                pool.probabilities[rows, taken],
                target[rows, taken],
                people=whose,
                expected_taken=model[rows, taken],
                expected_target=(target[rows] * model[rows]).sum(axis=1),
            )
            for value in all_estimates(steps):
                found.setdefault((code, value.method), []).append(value)
    return [
        _coverage(code, method, values, truth=pool.truth(code)) for (code, method), values in found.items()
    ]


def _coverage(code: str, method: str, values: list[PolicyValue], *, truth: float) -> Coverage:
    usable = [one for one in values if one.is_usable]
    share = wilson(sum(one.low <= truth <= one.high for one in usable), len(usable))
    return Coverage(
        target=code,
        method=method,
        truth=truth,
        covered=share.value,
        low=share.low,
        high=share.high,
        bias=float(np.mean([one.value for one in values])) - truth,
        width=float(np.mean([one.high - one.low for one in values])),
        effective=float(np.median([one.effective for one in values])),
        usable=len(usable) / len(values),
        runs=len(values),
    )


def _drawn(probabilities: Floats, rng: np.random.Generator) -> Ints:
    upto = np.cumsum(probabilities, axis=1)
    drawn = rng.random(len(upto))[:, None] * upto[:, -1:]
    return np.asarray(np.minimum((upto <= drawn).sum(axis=1), upto.shape[1] - 1))


def _rewards(worth: Floats, whose: Ints, rng: np.random.Generator) -> Floats:
    """What the record would say of it: each person's own level, noise, and now and then a setback."""
    level = rng.normal(0.0, PERSON_SD, int(whose.max()) + 1)[whose]
    setbacks = SETBACK * (SETBACK_SHARE - (rng.random(worth.size) < SETBACK_SHARE))
    return np.asarray(worth + level + rng.normal(0.0, NOISE_SD, worth.size) + setbacks)


def _model(pool: Pool, rng: np.random.Generator) -> Floats:
    """A plain model of the reward for the doubly robust estimate, (N, C): a parabola in the step of load,
    fitted to one drawn log. It is wrong, as models are.
    """
    taken = _drawn(pool.probabilities, rng)
    rows = np.arange(len(taken))
    rewards = pool.worth[rows, taken] + rng.normal(0.0, NOISE_SD, len(taken))
    return np.asarray(np.polynomial.Polynomial.fit(pool.step[rows, taken], rewards, deg=2)(pool.step))
