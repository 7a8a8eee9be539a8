"""The shipped ladders: one exercise in harder and harder variations, and the fixed table of doses on each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prescriptions.adapt_rx.types import Action

Floats = NDArray[np.float64]

# A slow home repetition takes about four seconds (the same default as `prescriptions.dose`), so that a hold
# of four seconds counts as one repetition more.
SECONDS_PER_REPETITION = 4

REST = Action(rung=0, sets=0, repetitions=0, rest=True)

DOSE_COLUMNS = ("rung", "sets", "repetitions", "hold_s", "resistance")
TABLE_COLUMNS = (*DOSE_COLUMNS, "rest", "demand", "load", "surgery_days", "equipment")


@dataclass(frozen=True, slots=True)
class Resistance:
    """Added weight or a band. `factor` multiplies the rung's demand; `equipment` is "" for none."""

    code: str
    words: str
    factor: float
    equipment: str


@dataclass(frozen=True, slots=True)
class Rung:
    """One variation. `demand`: of one repetition, the ladder's lowest rung being 1."""

    exercise_code: str
    name: str
    kind: str
    demand: float
    position: str
    resistances: tuple[Resistance, ...]
    sets: tuple[int, ...]
    repetitions: tuple[int, ...]
    hold_s: tuple[int, ...]
    open_days_after_surgery: int
    resistance_days_after_surgery: int
    surgery_source: str

    @classmethod
    def of(cls, source: dict[str, Any]) -> Rung:
        steps = {name: tuple(source[name]) for name in ("sets", "repetitions", "hold_s")}
        resistances = tuple(Resistance(**one) for one in source["resistances"])
        return cls(**{**source, **steps, "resistances": resistances})


@dataclass(frozen=True, eq=False)
class Ladder:
    """`source` says where the order and the numbers come from. A ladder is equal to itself only."""

    code: str
    version: int
    title: str
    source: str
    rungs: tuple[Rung, ...]

    @classmethod
    def of(cls, source: dict[str, Any]) -> Ladder:
        return cls(**{**source, "rungs": tuple(Rung.of(one) for one in source["rungs"])})

    def actions(self) -> tuple[Action, ...]:
        """Every dose on the ladder in a fixed order, "rest" last."""
        return self._actions

    def index(self, action: Action) -> int:
        """The action's place in `actions()`. Raises KeyError for a dose that is not in the table."""
        return self._places[action]

    def find(self, action: Action) -> int:
        """The action's place, or -1 for a dose that is not in the table."""
        return self._places.get(action, -1)

    def table(self) -> Floats:
        """Shape (A, len(TABLE_COLUMNS)), read-only, a row an action, in the order of `actions()`.

        `demand` = rung's demand × resistance's factor, of one repetition. `load` = demand × sets ×
        repetitions × (4 s + hold) / 4 s: repetitions of the lowest rung that are as much work.
        `surgery_days`: days after an operation from which a step up to this is open. `equipment`: 1-based
        place among `equipment_codes`, 0 for none.
        """
        return self._table

    @property
    def loads(self) -> Floats:
        return self._table[:, TABLE_COLUMNS.index("load")]

    @cached_property
    def equipment_codes(self) -> tuple[str, ...]:
        codes = {one.equipment for rung in self.rungs for one in rung.resistances}
        return tuple(sorted(codes - {""}))

    @cached_property
    def _actions(self) -> tuple[Action, ...]:
        doses = [
            Action(place, sets, repetitions, hold_s, resistance)
            for place, rung in enumerate(self.rungs)
            for resistance, sets, hold_s, repetitions in product(
                range(len(rung.resistances)), rung.sets, rung.hold_s, rung.repetitions
            )
        ]
        return (*doses, REST)

    @cached_property
    def _places(self) -> dict[Action, int]:
        return {action: place for place, action in enumerate(self._actions)}

    @cached_property
    def _table(self) -> Floats:
        table = np.array([self._row(action) for action in self._actions], dtype=np.float64)
        table.setflags(write=False)
        return table

    def _row(self, action: Action) -> tuple[float, ...]:
        if action.rest:
            return (0, 0, 0, 0, 0, 1, 0.0, 0.0, 0, 0)
        rung = self.rungs[action.rung]
        resistance = rung.resistances[action.resistance]
        surgery_days = (
            max(rung.open_days_after_surgery, rung.resistance_days_after_surgery)
            if action.resistance
            else rung.open_days_after_surgery
        )
        equipment = 1 + self.equipment_codes.index(resistance.equipment) if resistance.equipment else 0
        demand = rung.demand * resistance.factor
        seconds = SECONDS_PER_REPETITION + action.hold_s
        load = demand * action.sets * action.repetitions * seconds / SECONDS_PER_REPETITION
        dose = (action.rung, action.sets, action.repetitions, action.hold_s, action.resistance)
        return (*dose, 0, demand, load, surgery_days, equipment)


@cache
def shipped_ladders() -> dict[str, Ladder]:
    """All shipped ladders by code."""
    folder = files(__package__) / "ladders"
    entries = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".json"))
    ladders = (Ladder.of(json.loads((folder / name).read_text("utf-8"))) for name in entries)
    return {ladder.code: ladder for ladder in ladders}


def ladder_of(exercise_code: str) -> tuple[Ladder, int] | None:
    """The ladder and the rung of a shipped exercise; None when on no ladder (a clinic's own)."""
    for ladder in shipped_ladders().values():
        for place, rung in enumerate(ladder.rungs):
            if rung.exercise_code == exercise_code:
                return ladder, place
    return None


def resistance_of(ladder: Ladder, rung: int, words: str) -> int | None:
    """The place of a resistance typed in words or as its code, case aside; None when the rung has no such."""
    typed = words.strip().casefold()
    for place, one in enumerate(ladder.rungs[rung].resistances):
        if typed in {one.code.casefold(), one.words.casefold()}:
            return place
    return None


def nearest_action(
    ladder: Ladder, rung: int, *, sets: int, repetitions: int, hold_s: int = 0, resistance_words: str = ""
) -> Action:
    """The dose of the table that stands for a prescribed one: the nearest not harder, number by number.

    Below the least step it is the least step. A resistance that the rung does not know counts as none; the
    caller then sets `Context.resistance_known` to False, so that it stays as typed.
    """
    place = ladder.rungs[rung]
    return Action(
        rung=rung,
        sets=_not_above(place.sets, sets),
        repetitions=_not_above(place.repetitions, repetitions),
        hold_s=_not_above(place.hold_s, hold_s),
        resistance=resistance_of(ladder, rung, resistance_words) or 0,
    )


def load_of(ladder: Ladder, action: Action) -> float:
    """The action's load as in `Ladder.table()`; 0 for rest. Raises KeyError for a dose not in the table."""
    return float(ladder.loads[ladder.index(action)])


def _not_above(steps: tuple[int, ...], asked: int) -> int:
    return max((step for step in steps if step <= asked), default=steps[0])
