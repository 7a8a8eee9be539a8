"""A model of the reward for the doubly robust estimate, fitted to the clinic's log crosswise.

Each half of the patients is judged by what the other half taught, so that no reward is corrected by a model
that has seen it.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prescriptions.adapt_rx.learner import expected_reward, prior, update_array
from prescriptions.adapt_rx.learning import NOBODY, LessonRefused
from prescriptions.selectors.adapting.logged_features import logged_features

Row = Mapping[str, Any]
Floats = NDArray[np.float64]


def expectations(rows: Sequence[Row], *, rewards: Sequence[float]) -> tuple[list[float], list[float]]:
    """What is expected of what was done and of the fixed protocol's action, per decision.

    A decision that this version's ladders cannot read expects 0 of both: the estimate stays right without it.
    """
    taken, target = (
        [logged_features(row, row["proposed"]) for row in rows],
        [logged_features(row, row["protocol_action"]) for row in rows],
    )
    known = np.array([a is not None and b is not None for a, b in zip(taken, target, strict=True)])
    half = np.array([row["patient_id"] % 2 for row in rows])
    earned = np.asarray(rewards, dtype=np.float64)
    found = np.zeros((2, len(rows)))
    for side in (0, 1):
        judged, teaching = np.flatnonzero(known & (half == side)), np.flatnonzero(known & (half != side))
        if judged.size:
            found[:, judged] = _expected(taken, target, earned, judged=judged, teaching=teaching)
    return found[0].tolist(), found[1].tolist()


def _expected(
    taken: Sequence[Any],
    target: Sequence[Any],
    earned: Floats,
    *,
    judged: NDArray[np.intp],
    teaching: NDArray[np.intp],
) -> Floats:
    """Shape (2, len(judged)); 0 for what nothing could be learned about."""
    posterior = prior()
    if teaching.size:
        lessons = np.array([taken[place] for place in teaching])
        with suppress(LessonRefused):
            nobody = np.full(teaching.size, NOBODY)
            posterior = update_array(posterior, lessons, earned[teaching], nobody)
    nobody = np.full(judged.size, NOBODY)
    both = [
        expected_reward(posterior, np.array([side[place] for place in judged]), nobody)[0]
        for side in (taken, target)
    ]
    return np.nan_to_num(np.array(both))
