"""Which foot landed: from the pelvis's turning about the vertical and the fore-and-aft axis.

A linear classifier of six features (angular velocity between 0.5 and 2 Hz, its first and second difference,
about both axes at each contact): Ullrich et al., EMBC 2021, trained on the MS-Project data. The weights are
those that mobgap 1.2.0's pickled model multiplies out to, written down here so that nothing is unpickled
(the tests hold them to it). Steps alternate, so the answers of a run of steps are pooled: one wrong answer
turns no side over.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.gait.filters import ANALYSIS_RATE_HZ, stride_banded
from sessions.motion_trend.orientation import Facing, Levelled

Array = NDArray[np.float64]

WEIGHTS = (
    0.08153310108235733,
    -0.0374022590444261,
    6.166198414198591,
    -0.11142694784253229,
    -0.9588941033570354,
    -13.577746418258563,
)
INTERCEPT = 0.048197760211391216
LEAST_MARGIN = 0.25
SURE_FACING = 0.6


def side_scores(levelled: Levelled, facing: Facing, contacts_s: Array) -> Array:
    """Signed distances for contacts_s[K]: above 0 speaks for the right foot, below for the left."""
    if levelled.yaw_rad_s is None or levelled.tilting_rad_s is None:
        return np.zeros(len(contacts_s))
    about_forward = levelled.tilting_rad_s @ facing.forward
    banded = stride_banded(np.degrees(np.column_stack([levelled.yaw_rad_s, about_forward])))
    slope = np.gradient(banded, axis=0)
    curve = np.gradient(slope, axis=0)
    at = np.clip(np.round(contacts_s * ANALYSIS_RATE_HZ).astype(int), 0, len(banded) - 1)
    features = np.column_stack(
        [banded[at, 0], slope[at, 0], curve[at, 0], banded[at, 1], slope[at, 1], curve[at, 1]]
    )
    weights = np.array(WEIGHTS)
    if facing.share < SURE_FACING:
        weights[3:] = 0.0
    return np.asarray(features @ weights + INTERCEPT)


def alternating_sides(scores: Array, contacts_s: Array, *, step_s: float) -> tuple[str, ...]:
    """A side for each contact, alternating through each run without a missed step; "" where unsure."""
    sides: list[str] = []
    for run in np.split(np.arange(len(scores)), np.flatnonzero(np.diff(contacts_s) > 1.6 * step_s) + 1):
        signs = np.where(np.arange(len(run)) % 2 == 0, 1.0, -1.0)
        lean = float(np.mean(signs * scores[run])) if len(run) > 2 else 0.0
        if abs(lean) < LEAST_MARGIN:
            sides += [""] * len(run)
        else:
            sides += ["right" if sign * lean > 0 else "left" for sign in signs]
    return tuple(sides)
