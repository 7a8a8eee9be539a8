"""Between a dose as it is prescribed and an action as AdaptRx proposes it."""

from dataclasses import replace
from typing import Any

from prescriptions.adapt_rx.ladders import Ladder, resistance_of
from prescriptions.adapt_rx.types import Action
from prescriptions.dose import BOTH, Dose, sides_of

REST_WORDS = "Rest for now"


def dose_for(action: Action, *, current: Action, dose: Dose, ladder: Ladder, spec: dict[str, Any]) -> Dose:
    """The dose that an action asks for. `spec` is that of the action's exercise.

    Only numbers that the action changes are changed: a dose between the ladder's steps stays there
    otherwise. Rest between sets and days a week stay; the therapist's line stays with its exercise.
    """
    resistance = ladder.rungs[action.rung].resistances[action.resistance].words
    if action.rung != current.rung:
        return replace(
            dose,
            sets=action.sets,
            repetitions=action.repetitions,
            hold_s=action.hold_s,
            resistance=resistance,
            side=dose.side if dose.side in sides_of(spec) else BOTH,
            patient_note="",
        )
    changed: dict[str, Any] = {
        name: getattr(action, name)
        for name in ("sets", "repetitions", "hold_s")
        if getattr(action, name) != getattr(current, name)
    }
    if action.resistance != current.resistance:
        changed["resistance"] = resistance
    return replace(dose, **changed)


def direction_of(action: Action, *, current: Action, ladder: Ladder) -> str:
    """ "rest", "easier", "harder" or "other", by the load of both."""
    if action.rest:
        return "rest"
    asked, before = (ladder.loads[ladder.index(one)] for one in (action, current))
    if action.rung != current.rung:
        return "harder" if action.rung > current.rung else "easier"
    if asked == before:
        return "other"
    return "harder" if asked > before else "easier"


def covering_action(dose: Dose, *, before: Dose, rung: int, current: Action, ladder: Ladder) -> Action | None:
    """The least action of the table that asks for no less than `dose`; None when the table has none.

    What stays as it was stays the number in force, also between the ladder's steps.
    """
    place = ladder.rungs[rung]
    found: dict[str, int] = {}
    for name, steps in (
        ("sets", place.sets),
        ("repetitions", place.repetitions),
        ("hold_s", place.hold_s),
    ):
        asked = getattr(dose, name)
        if rung == current.rung and asked == getattr(before, name):
            found[name] = getattr(current, name)
            continue
        enough = [step for step in steps if step >= asked]
        if not enough:
            return None
        found[name] = min(enough)
    if rung == current.rung and dose.resistance == before.resistance:
        resistance: int | None = current.resistance
    else:
        resistance = resistance_of(ladder, rung, dose.resistance)
    if resistance is None:
        return None
    return Action(rung, found["sets"], found["repetitions"], found["hold_s"], resistance)
