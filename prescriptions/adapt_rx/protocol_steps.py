"""What "one step up" and "one step back" mean on a ladder: candidates in order of choice, for every dose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prescriptions.adapt_rx.ladders import Ladder, Rung
from prescriptions.adapt_rx.types import Action

Places = NDArray[np.int64]

STEPS = ("repetitions", "sets", "rung", "hold", "resistance")
# A step up is no larger than the mask's weekly ceiling.
LARGEST_STEP = 4 / 3 + 1e-9


@dataclass(frozen=True, slots=True)
class StepTables:
    """`forward` (A, F) and `back` (A, B): places of each dose's candidates, first choice first, -1 none."""

    forward: Places
    back: Places


def step_tables(
    ladder: Ladder, steps: Sequence[str], *, restart: int, target: int, target_sets: int
) -> StepTables:
    """Repetitions rise to `target` first; then the other `steps` in their order, repetitions starting lower.

    `restart`: most repetitions after a change of variation or resistance. A step back takes off resistance
    first, then a set, repetitions, hold, and the variation last: load is cut before the exercise is changed.
    """
    doses = [one for one in ladder.actions() if not one.rest]
    forward = [
        [*_forward(ladder, one, steps, restart=restart, target=target, target_sets=target_sets)]
        for one in doses
    ]
    back = [[*_back(ladder, one)] for one in doses]
    return StepTables(_padded(forward), _padded(back))


def _padded(rows: list[list[int]]) -> Places:
    table = np.full((len(rows) + 1, max(1, *(len(row) for row in rows))), -1, dtype=np.int64)
    for place, row in enumerate(rows):
        table[place, : len(row)] = row
    return table


def _forward(
    ladder: Ladder, dose: Action, steps: Sequence[str], *, restart: int, target: int, target_sets: int
) -> Iterator[int]:
    rung = ladder.rungs[dose.rung]
    for step in steps:
        if step == "repetitions" and dose.repetitions < target:
            yield from _known(ladder, _risen(dose, "repetitions", rung.repetitions))
        elif step == "sets" and dose.sets < target_sets:
            yield from _lighter_repetitions(ladder, dose, _risen(dose, "sets", rung.sets), dose.repetitions)
        elif step == "hold":
            yield from _lighter_repetitions(
                ladder, dose, _risen(dose, "hold_s", rung.hold_s), dose.repetitions
            )
        elif step == "rung" and dose.rung + 1 < len(ladder.rungs):
            harder = _on_rung(dose, dose.rung + 1, ladder.rungs[dose.rung + 1])
            yield from _lighter_repetitions(ladder, dose, harder, min(restart, dose.repetitions))
        elif step == "resistance" and dose.resistance + 1 < len(rung.resistances):
            harder = replace(dose, resistance=dose.resistance + 1)
            yield from _lighter_repetitions(ladder, dose, harder, min(restart, dose.repetitions))


def _back(ladder: Ladder, dose: Action) -> Iterator[int]:
    rung = ladder.rungs[dose.rung]
    if dose.resistance:
        yield from _known(ladder, replace(dose, resistance=dose.resistance - 1))
    if dose.sets > 2:
        yield from _known(ladder, _fallen(dose, "sets", rung.sets))
    # One step of repetitions is about a sixth; after too much pain two are taken off, as with a third set.
    fewer = _fallen(dose, "repetitions", rung.repetitions)
    yield from _known(ladder, fewer and (_fallen(fewer, "repetitions", rung.repetitions) or fewer))
    yield from _known(ladder, _fallen(dose, "hold_s", rung.hold_s))
    yield from _known(ladder, _fallen(dose, "sets", rung.sets))
    if dose.rung:
        yield from _known(ladder, _on_rung(dose, dose.rung - 1, ladder.rungs[dose.rung - 1]))


def _on_rung(dose: Action, place: int, rung: Rung) -> Action:
    """The same numbers on another rung, none of them higher, without resistance."""
    return Action(
        rung=place,
        sets=_not_above(rung.sets, dose.sets),
        repetitions=_not_above(rung.repetitions, dose.repetitions),
        hold_s=_not_above(rung.hold_s, dose.hold_s),
    )


def _not_above(steps: Sequence[int], value: int) -> int:
    return max((one for one in steps if one <= value), default=steps[0])


def _risen(dose: Action, name: str, steps: Sequence[int]) -> Action | None:
    higher = [one for one in steps if one > getattr(dose, name)]
    return _with(dose, name, min(higher)) if higher else None


def _fallen(dose: Action, name: str, steps: Sequence[int]) -> Action | None:
    lower = [one for one in steps if one < getattr(dose, name)]
    return _with(dose, name, max(lower)) if lower else None


def _with(dose: Action, name: str, value: int) -> Action:
    return Action.of({**dose.to_dict(), name: value})


def _lighter_repetitions(ladder: Ladder, dose: Action, harder: Action | None, most: int) -> Iterator[int]:
    """`harder` with the most repetitions, up to `most`, that keep the step within LARGEST_STEP."""
    if harder is None:
        return
    ceiling = ladder.loads[ladder.index(dose)] * LARGEST_STEP
    for repetitions in sorted(ladder.rungs[harder.rung].repetitions, reverse=True):
        place = ladder.find(replace(harder, repetitions=repetitions))
        if repetitions <= most and place >= 0 and ladder.loads[place] <= ceiling:
            yield place
            return


def _known(ladder: Ladder, dose: Action | None) -> Iterator[int]:
    place = ladder.find(dose) if dose else -1
    if place >= 0:
        yield place
