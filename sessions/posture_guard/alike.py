"""Is a swing of the angle the same movement as the others? Sitting down and walking up also bend a knee."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Shoulders, hips, knees, ankles: the landmarks that say how a body is folded; pairs stand left, right.
POSE = (11, 12, 23, 24, 25, 26, 27, 28)
_SWAPPED = (1, 0, 3, 2, 5, 4, 7, 6)
LEAST_SWINGS = 4
# As many of the first swings tell what is typical.
ENOUGH_SWINGS = 12
# Odd swings are a minority and this many times further from the typical pose than most.
FURTHER = 4.0
LARGEST_MINORITY = 1 / 3


def _shapes(poses: NDArray[np.complex128]) -> NDArray[np.complex128]:
    hips = (poses[:, 2] + poses[:, 3]) / 2
    trunk = np.abs(poses[:, 0] + poses[:, 1] - poses[:, 2] - poses[:, 3]) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        shapes: NDArray[np.complex128] = (poses - hips[:, None]) / trunk[:, None]
    return shapes


def pose_distances(one: NDArray[np.complex128], others: NDArray[np.complex128]) -> NDArray[np.float64]:
    """Mean landmark distance in trunk lengths of poses (n, 8) from poses (m, 8), whichever side did it: (n,
    m).
    """
    shapes, reference = _shapes(one), _shapes(others)
    swapped = reference[:, _SWAPPED]
    seen_as = np.stack([reference, swapped, -reference.conj(), -swapped.conj()])
    gaps = np.abs(shapes[None, :, None, :] - seen_as[:, None, :, :]).mean(axis=-1)
    distances: NDArray[np.float64] = np.nan_to_num(gaps, nan=0.0, posinf=0.0).min(axis=0)
    return distances


def odd_swings(poses: Sequence[Sequence[complex]], *, limit: float) -> frozenset[int]:
    """Positions of far-point poses over `limit` trunk lengths away from the most typical one; empty when
    unsure.
    """
    if len(poses) < LEAST_SWINGS:
        return frozenset()
    every = np.asarray(poses, dtype=np.complex128)
    some = every[:ENOUGH_SWINGS]
    typical = some[int(np.median(pose_distances(some, some), axis=1).argmin())]
    from_typical = pose_distances(every, typical[None])[:, 0]
    far = max(limit, FURTHER * float(np.median(from_typical)))
    odd = np.flatnonzero(from_typical > far)
    return frozenset(odd.tolist()) if len(odd) <= LARGEST_MINORITY * len(poses) else frozenset()
