"""What was asked a week ago, for the rules that say how fast a dose may grow."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from prescriptions.adapt_rx.ladders import Ladder, ladder_of, nearest_action, resistance_of
from prescriptions.adapt_rx.types import Action
from prescriptions.dose import Dose
from prescriptions.models import PrescribedExercise
from prescriptions.selectors.adapting.evidence import LineEvidence

A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WeekAgo:
    """NaN for an exercise without a ladder, and for one that is in the plan for less than a week."""

    load: float = math.nan
    rung: float = math.nan
    resistance: float = math.nan


def a_week_ago(line: LineEvidence, *, at: datetime) -> WeekAgo:
    """The dose in force seven days before `at`.

    A line that took another variation's place goes on from there: a change of variation does not start the
    week anew.
    """
    then = at - A_WEEK
    code, dose = line.prescribed.exercise.code, line.dose_at(then)
    found = ladder_of(code)
    if found is None:
        return WeekAgo()
    ladder, rung = found
    if line.prescribed.created_at > then:
        came_from = line.came_from
        if came_from is None or came_from.ladder != ladder.code:
            return WeekAgo()
        rung, dose = Action.of(came_from.current).rung, line.dose_before_swap(then, came_from)
    return _week_ago(ladder, action_of(ladder, rung, dose))


def knows_resistance(prescribed: PrescribedExercise) -> bool:
    """False for a resistance in words of one's own: it is then never changed."""
    found = ladder_of(prescribed.exercise.code)
    return found is None or resistance_of(*found, prescribed.resistance) is not None


def action_of(ladder: Ladder, rung: int, dose: Dose) -> Action:
    """The dose of the ladder's table that stands for this one."""
    return nearest_action(
        ladder,
        rung,
        sets=dose.sets,
        repetitions=dose.repetitions,
        hold_s=dose.hold_s,
        resistance_words=dose.resistance,
    )


def _week_ago(ladder: Ladder, action: Action) -> WeekAgo:
    load = float(ladder.loads[ladder.index(action)])
    return WeekAgo(load=load, rung=float(action.rung), resistance=float(action.resistance))
