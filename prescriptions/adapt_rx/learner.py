"""The learner's choice: conservative linear Thompson sampling inside the safety mask, beside the protocol.

Thompson sampling with a linear model after Agrawal and Goyal (2013), held back as in conservative bandits
(Kazerouni 2017): an action may be sampled only when its advantage over the fixed protocol's action is above 0
by so many standard deviations of the posterior, more of them when it is harder than the protocol's. With the
released prior none is, so that day one is the protocol.

A small share of decisions (`floor`) explores: doses next to the protocol's, inside the mask, of which no
number is harder. A step up may wait, and where something gives concern the dose may be eased; nobody who does
well is eased to learn from it. Every probability is logged.

Support, and with it what can be judged from the log: policies that choose the protocol's action, those
neighbours, or what the learner had come to allow. A policy that is harder than the protocol where the learner
never was cannot be judged from this log.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

from prescriptions.adapt_rx import features as columns
from prescriptions.adapt_rx import mask as safety
from prescriptions.adapt_rx.features import action_array, state_array, steps_of
from prescriptions.adapt_rx.ladders import Ladder
from prescriptions.adapt_rx.layout import COLUMN, bounds_array, contexts_array
from prescriptions.adapt_rx.learning import (
    NOBODY,
    Lesson,
    LessonRefused,
    offset_moments,
    replay,
    update,
    update_array,
)
from prescriptions.adapt_rx.posterior import LearnerSettings, Posterior, PosteriorUnreadable, prior
from prescriptions.adapt_rx.protocol import Protocol, judge, protocol_array, protocol_words
from prescriptions.adapt_rx.reasons import reasons_of
from prescriptions.adapt_rx.types import Action, Bounds, Context, Decision, Expectation

__all__ = [
    "VERSION",
    "Choices",
    "Lesson",
    "LessonRefused",
    "Posterior",
    "PosteriorUnreadable",
    "choose_array",
    "decide",
    "expected_reward",
    "is_tender",
    "learned_versions",
    "near",
    "prior",
    "replay",
    "update",
    "update_array",
]

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Places = NDArray[np.int64]

VERSION = 1
# How far from the protocol's action the learner looks: weekly steps of load, steps of repetitions, and one
# step of one other number. It corrects the protocol; it does not write another one.
FARTHEST_LOAD, FARTHEST_REPETITIONS, MOST_NEAR = 2.0, 3, 32
# What the floor explores is nearer still, and never harder.
NEXT_LOAD = 1.5
# However sure the learner is, the protocol's action stays this likely: without it no log could tell what the
# protocol would have done.
PROTOCOL_KEEPS = 0.1
NINETY_PCT = 1.645
# What speaks for an easier dose: the frozen protocol's own criteria, just missed. Defaults of ours.
CONCERNS: dict[str, tuple[Callable[[Floats, float], Truths], float]] = {
    "pain_before": (operator.ge, 3),
    "pain_after": (operator.ge, 3),
    "morning_rise": (operator.ge, 1),
    "effort": (operator.ge, 8),
    "completion": (operator.lt, 0.9),
    "form_correct": (operator.lt, 0.8),
    "flare_days_14": (operator.ge, 1),
}
OWN = slice(1, None)  # of an offset: the slopes; the level is the same for every action
SLOPE = columns.OFFSET_COLUMNS.index("step")
TENDER_DOUBT = 1.2816  # standard deviations: nine chances in ten


@dataclass(frozen=True, slots=True)
class Choices:
    """For P patients: C candidates each as places on the ladder, (P, C), -1 for none, the protocol's first.

    `probabilities` (P, C) sum to 1 over a row. `chosen`, `propensity`, `advantage` and `advantage_sd` (of the
    chosen over the protocol's, in units of reward) have shape (P,); `features` (P, k) are the chosen one's.
    """

    candidates: Places
    probabilities: Floats
    chosen: Places
    propensity: Floats
    advantage: Floats
    advantage_sd: Floats
    features: Floats

    def over(self, actions: int) -> Floats:
        """The probabilities over all `actions` of the ladder, (P, A)."""
        spread = np.zeros((len(self.chosen), actions))
        rows = np.broadcast_to(np.arange(len(self.chosen))[:, None], self.candidates.shape)
        np.add.at(spread, (rows, np.maximum(self.candidates, 0)), self.probabilities)
        return spread


@dataclass(frozen=True)
class Neighbours:
    """Per action of a ladder: places (A, C) near it, itself first, -1 for none; which are not `harder` in any
    number, and which of those the floor may `explore`.
    """

    places: Places
    harder: Truths
    explore: Truths


@cache
def near(ladder: Ladder) -> Neighbours:
    """Computed once a ladder. Rest is near to nothing: only a safety rule or the protocol chooses it."""
    steps, compared = steps_of(ladder), safety.comparison_of(ladder)
    count = len(ladder.actions())
    places = np.full((count, MOST_NEAR), -1, dtype=np.int64)
    apart = np.abs(steps.load - steps.load[:, None])
    moves = _moves(ladder)
    reachable = (apart <= FARTHEST_LOAD) & (moves <= 1) & ~steps.rest & ~steps.rest[:, None]
    for place in range(count):
        others = np.flatnonzero(reachable[place] & (np.arange(count) != place))
        order = others[np.lexsort((others, moves[place, others], apart[place, others].round(9)))]
        row = np.concatenate([[place], order])[:MOST_NEAR]
        places[place, : len(row)] = row
    at = np.maximum(places, 0)
    own = np.arange(count)[:, None]
    easier = compared.none_harder[own, at]
    explore = easier & (apart[own, at] <= NEXT_LOAD) & (places >= 0) & (at != own)
    return Neighbours(places, ~easier & (at != own), explore)


def _moves(ladder: Ladder) -> NDArray[np.int64]:
    """(A, A): how many numbers besides repetitions change; more than one step of any counts as too many.

    Another rung may bring less resistance, hold and sets along with it, as the protocol's own steps do.
    """
    numbers = steps_of(ladder).numbers
    ranks = np.stack([np.unique(column, return_inverse=True)[1] for column in numbers.T], axis=1)
    apart = ranks - ranks[:, None]
    rung, others = apart[..., 0], apart[..., [1, 3, 4]]
    moves = np.where(rung != 0, 1 + (others > 0).sum(axis=2), (others != 0).sum(axis=2))
    far = (np.abs(rung) > 1) | (np.abs(others) > 1).any(axis=2) & (rung == 0)
    far |= np.abs(apart[..., 2]) > FARTHEST_REPETITIONS
    return np.asarray(np.where(far, 99, moves), dtype=np.int64)


def choose_array(
    posterior: Posterior,
    ladder: Ladder,
    contexts: Floats,
    *,
    current: Places,
    allowed: Truths,
    protocol: Places,
    patients: Places,
    rng: np.random.Generator,
) -> Choices:
    """Choose for P patients of one ladder at once.

    `contexts` (P, CONTEXT_COLUMNS), `current` and `protocol` (P,) places of the dose in force and of the
    protocol's action, `allowed` (P, A) the mask, `patients` (P,) places among the posterior's known patients,
    -1 for one that is new. The probabilities are exact given the generator's state: they are the mixture that
    the action is drawn from. A posterior that is no posterior (NaN, no precision) leaves the protocol.
    """
    beside = near(ladder)
    candidates = beside.places[protocol]
    is_open = (candidates >= 0) & np.take_along_axis(allowed, np.maximum(candidates, 0), axis=1)
    is_open[:, 0] = True
    # Without a readable dose in force there is only rest; any place will do for the features.
    current = np.where((current >= 0) & (current < allowed.shape[1]), current, protocol)
    state = state_array(contexts)
    belief = _belief(
        posterior, ladder, state, np.where(is_open, candidates, -1), current=current, patients=patients
    )
    passing = is_open & _passes(belief, beside.harder[protocol], posterior.settings)
    passing[:, 0] = True
    sampled = _sampled(posterior, belief, passing, patients, rng)
    explore = is_open & beside.explore[protocol] & _may_explore(ladder, contexts, candidates, current)
    probabilities = _with_floor(sampled, explore, posterior.settings.floor)
    upto = np.cumsum(probabilities, axis=1)
    drawn = rng.random(len(protocol))[:, None] * upto[:, -1:]
    pick = np.minimum((upto <= drawn).sum(axis=1), candidates.shape[1] - 1)
    rows = np.arange(len(protocol))
    return Choices(
        candidates=np.where(is_open, candidates, -1),
        probabilities=probabilities,
        chosen=candidates[rows, pick],
        propensity=probabilities[rows, pick],
        advantage=belief.mean[rows, pick],
        advantage_sd=belief.sd[rows, pick],
        features=np.hstack([state, belief.moves[belief.at[rows, pick]]]),
    )


@dataclass(frozen=True, slots=True)
class _Belief:
    """Advantage over the protocol's action, (P, C), 0 where there is none to judge.

    `moves` (F, columns) are the features of the F open candidates, `actions` these less the protocol's own,
    `at` (P, C) the candidates' places among them.
    """

    mean: Floats
    sd: Floats
    moves: Floats
    actions: Floats
    at: Places


_OWN_COLUMNS = [columns.ACTION_COLUMNS.index(name) for name in columns.OFFSET_COLUMNS[1:]]


def _belief(
    posterior: Posterior,
    ladder: Ladder,
    state: Floats,
    candidates: Places,
    *,
    current: Places,
    patients: Places,
) -> _Belief:
    rows, cells = np.nonzero(candidates >= 0)
    # One flat row an open candidate: most of the padded table is closed.
    moves = action_array(
        ladder,
        state[rows],
        candidates[rows, cells][:, None],
        protocol=candidates[rows, 0],
        current=current[rows],
    )[:, 0]
    at = np.zeros(candidates.shape, dtype=np.int64)
    at[rows, cells] = np.arange(len(rows))
    actions = moves - moves[at[rows, 0]]
    block = columns.ACTION
    own = actions[:, _OWN_COLUMNS]
    means, spreads = offset_moments(posterior, patients)
    mean, sd = np.zeros(candidates.shape), np.zeros(candidates.shape)
    with np.errstate(all="ignore"):
        mean[rows, cells] = actions @ posterior.mean[block] + (own * means[rows, OWN]).sum(axis=1)
        spread = ((actions @ posterior.covariance[block, block]) * actions).sum(axis=1)
        spread += np.einsum("fi,fij,fj->f", own, spreads[rows, OWN, OWN], own)
        sd[rows, cells] = np.sqrt(spread)
    return _Belief(mean, sd, moves, actions, at)


def _passes(belief: _Belief, harder: Truths, settings: LearnerSettings) -> Truths:
    """Whether the advantage is above 0 with the doubt asked; NaN and infinity never are."""
    doubt = np.where(harder, settings.doubt_harder, settings.doubt_easier)
    with np.errstate(all="ignore"):
        surely: Truths = np.isfinite(belief.mean) & (belief.mean - doubt * belief.sd > 0)
    return surely


def _sampled(
    posterior: Posterior, belief: _Belief, passing: Truths, patients: Places, rng: np.random.Generator
) -> Floats:
    """How often each candidate is the best among those passing over the draws, (P, C); the protocol's own
    action keeps its share.
    """
    shares = np.zeros(passing.shape)
    shares[:, 0] = 1.0
    rows = np.flatnonzero(passing[:, 1:].any(axis=1))
    root = posterior.action_root if len(rows) else None
    if root is None:
        return shares
    draws = posterior.settings.draws
    shared = posterior.mean[columns.ACTION] + rng.standard_normal((draws, len(root))) @ root.T
    means, spreads = offset_moments(posterior, patients[rows])
    noise = rng.standard_normal((len(rows), draws, len(_OWN_COLUMNS)))
    slopes = means[:, None, OWN] + noise @ np.linalg.cholesky(spreads[:, OWN, OWN]).transpose(0, 2, 1)
    # Those that pass first, in their order: the protocol's stays the first of equals.
    order = np.argsort(~passing[rows], axis=1, kind="stable")[:, : int(passing[rows].sum(axis=1).max())]
    actions = belief.actions[belief.at[rows[:, None], order]]
    scores = actions @ shared.T + actions[..., _OWN_COLUMNS] @ slopes.transpose(0, 2, 1)
    scores[~passing[rows[:, None], order]] = -np.inf
    best = np.take_along_axis(order, scores.argmax(axis=1), axis=1)
    width = passing.shape[1]
    flat = (best + width * np.arange(len(rows))[:, None]).ravel()
    best_of_draws = np.bincount(flat, minlength=width * len(rows)).reshape(-1, width) / draws
    shares[rows] = (1.0 - PROTOCOL_KEEPS) * best_of_draws
    shares[rows, 0] += PROTOCOL_KEEPS
    return shares


def _may_explore(ladder: Ladder, contexts: Floats, candidates: Places, current: Places) -> Truths:
    """With concern anything easier, else nothing below the dose in force: that would only cost weeks."""
    concern = np.zeros(len(contexts), dtype=np.bool_)
    for name, (compare, value) in CONCERNS.items():
        with np.errstate(invalid="ignore"):
            concern |= compare(contexts[:, COLUMN[name]], value)
    loads = ladder.loads
    may: Truths = concern[:, None] | (loads[candidates] >= loads[current][:, None] * (1 - safety.SAME_LOAD))
    return may


def _with_floor(sampled: Floats, explore: Truths, floor: float) -> Floats:
    many = explore.sum(axis=1, keepdims=True)
    share = np.where(many > 0, floor, 0.0)
    return np.asarray((1 - share) * sampled + explore * (share / np.maximum(many, 1)))


def expected_reward(posterior: Posterior, features: Floats, patients: Places) -> tuple[Floats, Floats]:
    """Mean and standard deviation, (n,) each, of the reward expected of features (n, k); NaN if unusable."""
    means, spreads = offset_moments(posterior, patients)
    own = features[:, columns.OFFSETS]
    with np.errstate(all="ignore"):
        mean = features @ posterior.mean + (own * means).sum(axis=1)
        spread = ((features @ posterior.covariance) * features).sum(axis=1)
        sd = np.sqrt(spread + np.einsum("pi,pij,pj->p", own, spreads, own))
    usable = np.isfinite(mean) & np.isfinite(sd)
    return np.where(usable, mean, np.nan), np.where(usable, sd, np.nan)


def decide(
    posterior: Posterior,
    ladder: Ladder,
    current: Action,
    context: Context,
    bounds: Bounds,
    protocol: Protocol,
    *,
    seed: int,
    patient: str | None = None,
    learner_on: bool = True,
) -> Decision:
    """One decision: the mask, the protocol's action, the learner's choice between them, and why.

    The same arguments give the same decision. `patient` is an opaque key. With the learner off the protocol's
    action is chosen with probability 1. Raises ValueError for a negative seed, TypeError for text.
    """
    contexts, place = contexts_array([context]), np.array([ladder.find(current)])
    row, fired = safety.judge_one(ladder, contexts, place, bounds_array(ladder, [bounds]))
    verdicts = judge(ladder, contexts, place, protocol)
    first = protocol_array(ladder, contexts, place, row, protocol, verdicts=verdicts)
    rng = np.random.default_rng(seed)
    choices, expected = None, _no_expectation()
    if learner_on:
        patients = np.array([posterior.offsets.places.get(patient or "", NOBODY)])
        choices = choose_array(
            posterior,
            ladder,
            contexts,
            current=place,
            allowed=row,
            protocol=first,
            patients=patients,
            rng=rng,
        )
        expected = _expectation(posterior, choices, int(first[0]), patients)
    action = ladder.actions()[int(first[0] if choices is None else choices.chosen[0])]
    by_protocol = ladder.actions()[int(first[0])]
    allowed = np.flatnonzero(row[0])
    words = protocol_words(ladder, contexts, place, by_protocol, protocol, verdicts=verdicts)
    return Decision(
        action=action,
        protocol_action=by_protocol,
        allowed=tuple(ladder.actions()[one] for one in allowed.tolist()),
        probabilities=_probabilities(choices, int(first[0]), row.shape[1], allowed),
        expected=expected,
        reasons=reasons_of(
            ladder, current, action, by_protocol, context, fired, expected=expected, words=words
        ),
        fired=fired,
        seed=seed,
        ladder=ladder.code,
        versions=learned_versions(ladder, protocol),
    )


def is_tender(posterior: Posterior, patient: str) -> bool:
    """Whether load costs this patient more than the clinic's others, by nine chances in ten.

    A patient that nothing was learned of is not; nor is anybody while the posterior is no use.
    """
    place = posterior.offsets.places.get(patient)
    if place is None:
        return False
    means, spreads = offset_moments(posterior, np.array([place]))
    slope, spread = float(means[0, SLOPE]), float(spreads[0, SLOPE, SLOPE])
    return spread > 0 and slope + TENDER_DOUBT * sqrt(spread) < 0


def learned_versions(ladder: Ladder, protocol: Protocol) -> dict[str, int]:
    """What a decision was made with; the reward's version is kept with the reward."""
    return {
        "learner": VERSION,
        "features": columns.VERSION,
        "mask": safety.mask_rules().version,
        "protocol": protocol.version,
        "ladder": ladder.version,
    }


def _probabilities(choices: Choices | None, first: int, actions: int, allowed: Places) -> tuple[float, ...]:
    if choices is None:
        return tuple(float(one == first) for one in allowed)
    return tuple(choices.over(actions)[0, allowed].tolist())


def _expectation(posterior: Posterior, choices: Choices, first: int, patients: Places) -> Expectation:
    means, sds = expected_reward(posterior, choices.features, patients)
    mean, sd = float(means[0]), float(sds[0])
    advantage, doubt = float(choices.advantage[0]), float(choices.advantage_sd[0])
    differs = choices.chosen[0] != first
    better = 0.5 * (1 + erf(advantage / doubt / sqrt(2))) if differs and doubt > 0 else float("nan")
    return Expectation(mean, mean - NINETY_PCT * sd, mean + NINETY_PCT * sd, better)


def _no_expectation() -> Expectation:
    return Expectation(float("nan"), float("nan"), float("nan"))
