"""What stands between a simulated clinic and a policy: the ladder as columns, the safety mask, the fixed
protocol inside it, the learner's features and the reward. Every policy is asked through the same desk.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np

from prescriptions.adapt_rx.ladders import DOSE_COLUMNS, TABLE_COLUMNS, Ladder, shipped_ladders
from prescriptions.adapt_rx.layout import bounds_array
from prescriptions.adapt_rx.mask import mask_array
from prescriptions.adapt_rx.simulation.patients import Flags, Floats, Ints
from prescriptions.adapt_rx.types import Action, Bounds

STARTS = ((2, 8), (2, 10), (3, 8))


@dataclass(frozen=True, slots=True)
class Shelf:
    """One ladder: columns (A,) over its actions, `starts` (3,) the starting doses, `bounds` one row.

    `volumes`: sets times repetitions as a share of the ladder's most; `minutes`: time under exercise.
    """

    ladder: Ladder
    loads: Floats
    volumes: Floats
    minutes: Floats
    rungs: Floats
    resistances: Floats
    starts: Ints
    rest: int
    bounds: Floats

    @property
    def open_days(self) -> int:
        """Days after an operation from which the lowest variation is open."""
        return self.ladder.rungs[0].open_days_after_surgery


def shelf_of(ladder: Ladder) -> Shelf:
    """A ladder's columns. The therapist allows all of it and the patient has the equipment."""
    table = {name: ladder.table()[:, place] for place, name in enumerate(TABLE_COLUMNS)}
    sets, repetitions, hold = (table[name] for name in DOSE_COLUMNS[1:4])
    volume = sets * repetitions
    bounds = Bounds(equipment=ladder.equipment_codes)
    return Shelf(
        ladder=ladder,
        loads=table["load"],
        volumes=volume / volume.max(),
        minutes=volume * (4.0 + hold) / 60.0,
        rungs=table["rung"],
        resistances=table["resistance"],
        starts=np.array([ladder.index(Action(0, *start)) for start in STARTS]),
        rest=len(ladder.actions()) - 1,
        bounds=bounds_array(ladder, [bounds])[0],
    )


@cache
def shipped_shelves() -> tuple[Shelf, ...]:
    """All shipped ladders, in the order of their codes."""
    return tuple(shelf_of(ladder) for ladder in shipped_ladders().values())


@dataclass(frozen=True, slots=True)
class Posed:
    """What a question needs of the science: contexts with their phase (n, c), mask (n, A), protocol (n,)."""

    contexts: Floats
    allowed: Flags
    protocol: Ints


class Desk(Protocol):
    """Asks the science for all patients of a ladder at once, and rewards what came of a decision."""

    def pose(self, shelf: Shelf, contexts: Floats, current: Ints) -> Posed:
        """The mask, the protocol's action and the features for n patients."""

    def reward(self, observed: Floats) -> Floats:
        """The reward (n,) of what was seen (n, len(OBSERVED_COLUMNS)); NaN where nothing can be said."""


def allowed_of(shelf: Shelf, contexts: Floats, current: Ints) -> Flags:
    """The mask, (n, A)."""
    bounds = np.broadcast_to(shelf.bounds, (len(current), len(shelf.bounds)))
    return mask_array(shelf.ladder, contexts, current, bounds)
