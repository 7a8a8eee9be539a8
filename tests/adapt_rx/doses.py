"""Patients, doses and random tables that the tests of AdaptRx share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prescriptions.adapt_rx import Action, Context, Ladder, load_of, shipped_ladders
from prescriptions.adapt_rx.ladders import TABLE_COLUMNS
from prescriptions.adapt_rx.layout import BOUND_COLUMNS, COLUMN, CONTEXT_COLUMNS, OPEN_BOUND

KNEE = shipped_ladders()["knee_extension"]
SQUAT = Action(rung=2, sets=2, repetitions=10)


def doing_well(current: Action = SQUAT, ladder: Ladder = KNEE, **changes: Any) -> Context:
    """Little pain, all done, in good form, the same dose for a week: ready for a step up."""
    well = Context(
        pain_before=1,
        pain_after=1,
        morning_rise=0,
        usual_pain=1,
        effort=5,
        form_correct=0.95,
        range_share=1.0,
        completion=1.0,
        adherence=0.9,
        days_in_plan=30,
        days_since_onset=90,
        sessions_at_dose=3,
        days_since_session=2,
        load_seven_days_ago=load_of(ladder, current),
        rung_seven_days_ago=current.rung,
        resistance_seven_days_ago=current.resistance,
    )
    return replace(well, **changes)


GARBAGE = np.array([np.nan, np.inf, -np.inf, -1.0, -1e9, 1e9, 1e300, -0.5, 11.0, 2.5, 0.1])
SENSIBLE: dict[str, tuple[float, ...]] = {
    "pain_before": (0, 1, 2, 3, 4, 6, np.nan),
    "pain_after": (0, 1, 1, 2, 2, 3, 4, 5, 6, np.nan),
    "morning_rise": (-1, 0, 0, 1, 2, np.nan),
    "usual_pain": (0, 2, 4, np.nan),
    "effort": (2, 5, 7, 9, 10, np.nan),
    "form_correct": (0.3, 0.7, 0.9, 1.0, np.nan),
    "range_share": (0.6, 1.0, 1.2, np.nan),
    "completion": (0.3, 0.8, 1.0, 1.0, np.nan),
    "adherence": (0.2, 0.7, 1.0, np.nan),
    "days_in_plan": (0, 10, 20, 50, 90),
    "days_since_onset": (10, 100, 2000, np.nan),
    "phase": (0, 1, 2),
    "sessions_at_dose": (0, 1, 2, 3, 8),
    "flare_days_14": (0, 0, 0, 1, 3),
    "days_since_session": (1, 2, 3, 5, 20, np.nan),
    "trigger": (0, 0, 0, 0, 0, 0, 1, 2, 3),
    "days_since_surgery": (np.nan, 5, 20, 50, 100),
    "post_operative": (0, 0, 1),
    "exercise_on_hold": (0, 0, 0, 0, 0, 0, 0, 1),
    "compensated_sessions": (0, 0, 0, 1, 2),
    "resistance_known": (1, 1, 1, 1, 0),
}


def random_table(
    rng: np.random.Generator, ladder: Ladder, people: int
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Contexts, doses in force and bounds; half of the rows hold garbage somewhere, some of it everywhere."""
    current = rng.integers(0, len(ladder.actions()) - 1, people)
    contexts = np.empty((people, len(CONTEXT_COLUMNS)))
    for name, values in SENSIBLE.items():
        contexts[:, COLUMN[name]] = rng.choice(np.array(values), people)
    then = np.where(rng.random(people) < 0.7, current, rng.integers(0, len(ladder.actions()) - 1, people))
    for name in ("load", "rung", "resistance"):
        contexts[:, COLUMN[f"{name}_seven_days_ago"]] = ladder.table()[then, TABLE_COLUMNS.index(name)]
    bounds = _random_bounds(rng, people)
    dirty = rng.choice([0.0, 0.0, 0.05, 0.5], people)[:, None]
    for table in (contexts, bounds):
        bad = rng.random(table.shape) < dirty
        table[bad] = rng.choice(GARBAGE, int(bad.sum()))
    current[rng.random(people) < 0.01] = rng.choice([-1, len(ladder.actions()) - 1, 10_000])
    return contexts, current, bounds


def _random_bounds(rng: np.random.Generator, people: int) -> NDArray[np.float64]:
    columns = {
        "pinned": (0,) * 19 + (1,),
        "forbid_progression": (0,) * 9 + (1,),
        "least_rung": (0, 0, 0, 1),
        "most_rung": (OPEN_BOUND, OPEN_BOUND, 0, 1, 2),
        "least_sets": (0, 0, 0, 2),
        "most_sets": (OPEN_BOUND, OPEN_BOUND, 2),
        "least_repetitions": (0, 0, 0, 8),
        "most_repetitions": (OPEN_BOUND, OPEN_BOUND, 10),
        "most_hold_s": (OPEN_BOUND, OPEN_BOUND, 2),
        "most_resistance": (OPEN_BOUND, OPEN_BOUND, 0),
        "pain_limit": (5, 5, 5, 3),
        "equipment_bits": (1, 1, 3),
    }
    assert tuple(columns) == BOUND_COLUMNS
    return np.stack([rng.choice(np.array(values, float), people) for values in columns.values()], axis=1)
