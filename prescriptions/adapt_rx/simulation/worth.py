"""What an action is really worth over one session, as only the simulator can know: for the oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from prescriptions.adapt_rx.simulation.asking import Shelf
from prescriptions.adapt_rx.simulation.body import (
    CAPACITY_WEIGHT,
    FLARE_POINTS,
    TRAINING_THROUGH_PAIN,
    Body,
    Limits,
    irritation_of,
    stimulus,
)
from prescriptions.adapt_rx.simulation.patients import Floats, Ints

if TYPE_CHECKING:
    from prescriptions.adapt_rx.simulation.course import World

FLARE_DAY_COSTS = 1.0


def worth_of(world: World, shelf: Shelf, body: Body, limits: Limits, rows: Ints, chosen: Ints) -> Floats:
    """Points of function gained by one session minus the flare days it causes (1 point each), (n, A).

    `body` and `limits` hold the active patients; `chosen` are the places of `rows` among them. The dose is
    taken as done in full; the days after the flare has settled are not looked at.
    """
    mechanism = world.mechanism
    few = Limits(*(getattr(limits, name)[chosen][:, None] for name in Limits.__slots__))
    irritation = body.irritation[chosen][:, None]
    share = shelf.loads[None, :] / few.usable
    gain = stimulus(
        share,
        mechanism,
        volume=np.broadcast_to(shelf.volumes[None, :], share.shape),
        volume_lover=world.patients.volume_lover[rows][:, None],
    )
    capacity, ceiling = body.capacity[chosen][:, None], body.ceiling[chosen][:, None]
    room = np.maximum(1.0 - capacity / ceiling, 0.0) * np.clip(1.0 - 0.1 * irritation, 0.2, 1.0)
    points = 100.0 * CAPACITY_WEIGHT * capacity / body.goal[chosen][:, None] * few.growth * gain * room
    added = irritation_of(share, few, mechanism) + TRAINING_THROUGH_PAIN * share * irritation
    days = _flare_days(irritation + added, mechanism.irritation_days)
    days = days - _flare_days(irritation, mechanism.irritation_days)
    return np.asarray(points - FLARE_DAY_COSTS * days)


def _flare_days(peak: Floats, settling_days: float) -> Floats:
    """Days until irritation that settles exponentially is under the flare's two points."""
    return np.asarray(settling_days * np.log(np.maximum(peak / FLARE_POINTS, 1.0)))
