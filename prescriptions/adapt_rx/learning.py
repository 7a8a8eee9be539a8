"""How a posterior learns from what came of decisions, and how a log gives the same posterior again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prescriptions.adapt_rx.features import OFFSETS
from prescriptions.adapt_rx.posterior import COUNT, NO_DAY, Offsets, Posterior, prior

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

# Rewards and features are a few units; beyond this something is broken, and one would drown all others.
LARGEST = 100.0
NOBODY = -1


class LessonRefused(ValueError):
    """Features or a reward that nothing can be learned from."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One decision with its reward. `day` counts days from any fixed date and never goes back.

    `features` are those of the action that was *delivered*; `patient` is an opaque key.
    """

    day: int
    features: tuple[float, ...]
    reward: float
    patient: str | None = None


def update(
    posterior: Posterior,
    features: Sequence[float],
    reward: float,
    patient: str | None = None,
    *,
    day: int | None = None,
) -> Posterior:
    """Learn from one decision. Without a patient only the clinic's part learns; without a day nothing is
    discounted. Raises LessonRefused.
    """
    known = posterior if patient is None else posterior.knowing([patient])
    place = NOBODY if patient is None else known.offsets.places[patient]
    return update_array(known, np.array([features]), np.array([reward]), np.array([place]), day=day)


def replay(log: Iterable[Lesson], start: Posterior | None = None) -> Posterior:
    """The posterior after these lessons, one by one in their order; the same log gives the same sha256."""
    posterior = start or prior()
    for one in log:
        posterior = update(posterior, one.features, one.reward, one.patient, day=one.day)
    return posterior


def update_array(
    posterior: Posterior, features: Floats, rewards: Floats, patients: Places, *, day: int | None = None
) -> Posterior:
    """Learn from n decisions at once: features (n, k), rewards (n,), patients (n,) as places among
    `posterior.offsets.keys`, -1 for nobody.

    All are judged by the posterior as it was before. Raises LessonRefused for a number that is not finite or
    absurdly large, another shape, a place that does not exist or a day before the last one.
    """
    _check(posterior, features, rewards, patients, day)
    now = posterior if day is None else _discounted(posterior, day)
    own = features[:, OFFSETS]
    belongs = patients >= 0
    means, spreads = offset_moments(now, patients)
    spreads[~belongs] = 0.0
    noise = now.settings.noise + np.einsum("ni,nij,nj->n", own, spreads, own)
    weighted = features / noise[:, None]
    doubt = now.settings.noise + np.einsum("ni,ij,nj->n", features, now.covariance, features)
    misses = (rewards - features @ now.mean) / doubt
    return replace(
        now,
        precision=now.precision + weighted.T @ features,
        information=now.information + weighted.T @ (rewards - (own * means).sum(axis=1)),
        offsets=_learned(now.offsets, patients[belongs], own[belongs], doubt[belongs], misses[belongs]),
        learned=now.learned + len(rewards),
    )


def _check(
    posterior: Posterior, features: Floats, rewards: Floats, patients: Places, day: int | None
) -> None:
    if features.ndim != 2 or features.shape != (len(rewards), COUNT) or patients.shape != rewards.shape:
        raise LessonRefused(f"a lesson needs {COUNT} features, one reward and one patient")
    if not (np.abs(features) <= LARGEST).all() or not (np.abs(rewards) <= LARGEST).all():
        raise LessonRefused("a feature or a reward is missing or absurdly large")
    if len(patients) and not (patients.min() >= NOBODY and patients.max() < len(posterior.offsets.keys)):
        raise LessonRefused("a patient of the lessons is not known to the posterior")
    if day is not None and day < max(posterior.day, 0):
        raise LessonRefused("a lesson is older than the last one that was learned")


def _discounted(posterior: Posterior, day: int) -> Posterior:
    passed = 0 if posterior.day == NO_DAY else day - posterior.day
    kept = posterior.settings.discount_per_day**passed
    if kept == 1.0:
        return replace(posterior, day=day)
    base, offsets = posterior.base_precision, posterior.offsets
    least = np.diag(np.array(posterior.settings.offset_sd) ** -2.0)
    return replace(
        posterior,
        precision=kept * posterior.precision + (1 - kept) * np.diag(base),
        information=kept * posterior.information + (1 - kept) * base * posterior.base_mean,
        offsets=replace(
            offsets,
            precision=kept * offsets.precision + (1 - kept) * least,
            information=kept * offsets.information,
        ),
        day=day,
    )


def offset_moments(posterior: Posterior, patients: Places) -> tuple[Floats, Floats]:
    """Means (n, 3) and covariances (n, 3, 3) of the patients' offsets; for -1 as for one yet unseen."""
    count, width = len(patients), len(OFFSETS)
    means, spreads = np.zeros((count, width)), np.empty((count, width, width))
    spreads[:] = posterior.unseen
    rows = np.flatnonzero(patients >= 0)
    if len(rows):
        offsets, places = posterior.offsets, patients[rows]
        spreads[rows] = np.linalg.inv(offsets.precision[places])
        means[rows] = np.einsum("nij,nj->ni", spreads[rows], offsets.information[places])
    return means, spreads


def _learned(offsets: Offsets, patients: Places, own: Floats, doubt: Floats, misses: Floats) -> Offsets:
    if not len(patients):
        return offsets
    precision, information = offsets.precision.copy(), offsets.information.copy()
    seen = offsets.seen.copy()
    np.add.at(precision, patients, own[:, :, None] * own[:, None, :] / doubt[:, None, None])
    np.add.at(information, patients, own * misses[:, None])
    seen[patients] = int(seen.max()) + 1
    return replace(offsets, precision=precision, information=information, seen=seen)
