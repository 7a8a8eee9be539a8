"""What the learner sees: the patient's state, and an action as a move from the dose in force.

Columns (FEATURE_COLUMNS):

- `intercept`; the fifteen values of `Context`, centred and scaled (SCALES), 0 when not known or unreadable;
  `unknown:…` 1 for such a value;
- `step:…`: load over that of the dose in force, in weekly steps (ln(load / load) / ln(4/3), -3 to 3), alone
  and times parts of the state; `rise:…`: the same where positive, else 0; `rest`; `intensity`: demand of one
  repetition over that of the dose in force, in the same steps;
- `above:…`, `below:…`: how many steps of load the action is above or below the protocol's, alone and times
  parts of the state (`steady`: see `steady_array`); `far`: their square, so that the best is not always the
  farthest; `changes`: how many of its numbers differ from the protocol's.

The moves are learned from the protocol's own decisions, too: it steps up once a week at most, so patients in
the same state are kept on one day and raised on another. The last block is 0 for the protocol's action; the
prior makes them cost something, which holds the learner at the protocol until it knows better.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from prescriptions.adapt_rx.ladders import TABLE_COLUMNS, Ladder
from prescriptions.adapt_rx.layout import COLUMN, contexts_array
from prescriptions.adapt_rx.types import FEATURE_NAMES, Action, Context

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Places = NDArray[np.int64]

VERSION = 2
MOST_STEPS = 3.0
STEP = math.log(4 / 3)

# (centre, scale): a usual value and a change that matters; only conditioning depends on them.
SCALES: dict[str, tuple[float, float]] = {
    "pain_before": (2.0, 2.0),
    "pain_after": (2.0, 2.0),
    "morning_rise": (0.0, 2.0),
    "usual_pain": (2.0, 2.0),
    "effort": (5.0, 2.0),
    "form_correct": (0.8, 0.2),
    "range_share": (1.0, 0.2),
    "completion": (0.9, 0.2),
    "adherence": (0.7, 0.3),
    "days_in_plan": (42.0, 28.0),
    "days_since_onset": (90.0, 90.0),
    "phase": (1.0, 1.0),
    "sessions_at_dose": (3.0, 3.0),
    "flare_days_14": (1.0, 2.0),
    "days_since_session": (2.0, 3.0),
}
MOST_SCALED = 3.0
MAY_BE_UNKNOWN = tuple(
    name for name in FEATURE_NAMES if name not in ("phase", "sessions_at_dose", "flare_days_14")
)
STEP_STATE = (
    "pain_after",
    "usual_pain",
    "morning_rise",
    "effort",
    "form_correct",
    "completion",
    "adherence",
    "flare_days_14",
)
RISE_STATE = ("pain_after", "usual_pain", "effort", "form_correct", "flare_days_14")
BESIDE_STATE = ("pain_after", "usual_pain", "effort", "flare_days_14")

STEADY = {
    "pain_after": 3,
    "usual_pain": 3,
    "morning_rise": 2,
    "flare_days_14": 3,
    "effort": 5,
    "completion": 0.9,
    "form_correct": 0.8,
}

STATE_COLUMNS = ("intercept", *FEATURE_NAMES, *(f"unknown:{name}" for name in MAY_BE_UNKNOWN))
ACTION_COLUMNS = (
    "step",
    *(f"step:{name}" for name in STEP_STATE),
    "rise",
    *(f"rise:{name}" for name in RISE_STATE),
    "rest",
    "intensity",
    "above",
    *(f"above:{name}" for name in BESIDE_STATE),
    "above:steady",
    "below",
    *(f"below:{name}" for name in BESIDE_STATE),
    "far",
    "changes",
)
FEATURE_COLUMNS = (*STATE_COLUMNS, *ACTION_COLUMNS)
STATE, ACTION = slice(0, len(STATE_COLUMNS)), slice(len(STATE_COLUMNS), len(FEATURE_COLUMNS))
# What differs from patient to patient beyond the clinic's model: level, slope, and slope when load rises.
OFFSET_COLUMNS = ("intercept", "step", "rise")
OFFSETS = np.array([FEATURE_COLUMNS.index(name) for name in OFFSET_COLUMNS])


@dataclass(frozen=True)
class Steps:
    """Per ladder, (A,): log load and log demand in weekly steps, rest as MOST_STEPS below the lightest."""

    load: Floats
    demand: Floats
    rest: Truths
    numbers: Floats


@cache
def steps_of(ladder: Ladder) -> Steps:
    table = ladder.table()
    rest = table[:, TABLE_COLUMNS.index("rest")] == 1
    columns = [table[:, TABLE_COLUMNS.index(name)] for name in ("load", "demand")]
    logs = [np.log(np.where(rest, np.inf, one)) / STEP for one in columns]
    lowest = [float(one[~rest].min()) for one in logs]
    load, demand = (np.where(rest, low - MOST_STEPS, one) for low, one in zip(lowest, logs, strict=True))
    return Steps(load, demand, rest, table[:, :5].copy())


def state_array(contexts: Floats) -> Floats:
    """Shape (P, len(STATE_COLUMNS)) of contexts (P, CONTEXT_COLUMNS). Always finite."""
    values = contexts[:, : len(FEATURE_NAMES)]
    known = np.isfinite(values)
    within = np.clip(
        np.where(known, values, _CENTRE), _CENTRE - MOST_SCALED * _SCALE, _CENTRE + MOST_SCALED * _SCALE
    )
    scaled = (within - _CENTRE) / _SCALE
    unknown = (~known[:, _MAY_BE_UNKNOWN]).astype(np.float64)
    return np.hstack([np.ones((len(contexts), 1)), scaled, unknown])


def steady_array(state: Floats) -> Floats:
    """1 where the evidence is good although pain is felt, else 0, (P,) of `state_array`'s answer.

    Pain after at most 3 and no higher than usual, usual pain 3 or more, at most two flare days in two weeks,
    next morning less than 2 over usual, effort at most 5, completion from 90 % and form from 80 % where they
    are known. Pain up to 3 is safe after Silbernagel (2007); the shipped protocol waits for 2. The rest are
    defaults of ours.
    """
    seen = {name: state[:, place] for place, name in enumerate(STATE_COLUMNS)}
    scaled = {name: (value - SCALES[name][0]) / SCALES[name][1] for name, value in STEADY.items()}
    steady = (
        (seen["unknown:pain_after"] == 0)
        & (seen["pain_after"] <= scaled["pain_after"])
        & (seen["pain_after"] <= seen["usual_pain"])
        & (seen["usual_pain"] >= scaled["usual_pain"])
        & (seen["morning_rise"] < scaled["morning_rise"])
        & (seen["flare_days_14"] < scaled["flare_days_14"])
        & (seen["effort"] <= scaled["effort"])
        & (seen["completion"] >= scaled["completion"])
        & (seen["form_correct"] >= scaled["form_correct"])
    )
    return np.asarray(steady, dtype=np.float64)


def action_array(
    ladder: Ladder, state: Floats, places: Places, *, protocol: Places, current: Places
) -> Floats:
    """Shape (P, C, len(ACTION_COLUMNS)) of C actions each, `places` (P, C), beside the protocol's (P,).

    `state` is `state_array`'s answer; `current` (P,) is the dose in force, a place in the ladder's actions.
    """
    steps = steps_of(ladder)
    step = _apart(steps.load[places], steps.load[current])
    rise = np.maximum(step, 0.0)
    # Of moves that were cut at MOST_STEPS, so that nothing beside the protocol escapes the slope's doubt.
    beside = step - _apart(steps.load[protocol][:, None], steps.load[current])
    intensity = _apart(steps.demand[places], steps.demand[current])
    above, below = np.maximum(beside, 0.0), np.maximum(-beside, 0.0)
    rests = steps.rest[places]
    changes = (steps.numbers[places] != steps.numbers[protocol][:, None]).sum(axis=2)
    return np.concatenate(
        [
            step[..., None],
            step[..., None] * state[:, None, _STEP_STATE],
            rise[..., None],
            rise[..., None] * state[:, None, _RISE_STATE],
            rests[..., None],
            np.where(rests, 0.0, intensity)[..., None],
            above[..., None],
            above[..., None] * state[:, None, _BESIDE_STATE],
            (above * steady_array(state)[:, None])[..., None],
            below[..., None],
            below[..., None] * state[:, None, _BESIDE_STATE],
            np.square(beside)[..., None],
            changes[..., None],
        ],
        axis=2,
    )


def _apart(these: Floats, those: Floats) -> Floats:
    return np.clip(these - those[:, None], -MOST_STEPS, MOST_STEPS)


def features_array(
    ladder: Ladder, contexts: Floats, places: Places, *, protocol: Places, current: Places
) -> Floats:
    """Shape (P, C, len(FEATURE_COLUMNS)): state and action together, as `learner.update` takes them."""
    state = state_array(contexts)
    actions = action_array(ladder, state, places, protocol=protocol, current=current)
    repeated = np.broadcast_to(state[:, None], (*places.shape, state.shape[1]))
    return np.concatenate([repeated, actions], axis=2)


def features_of(
    ladder: Ladder, context: Context, action: Action, *, protocol_action: Action, current: Action
) -> tuple[float, ...]:
    """The features of one action; for learning, the delivered one. Raises KeyError for one off the ladder."""
    row = features_array(
        ladder,
        contexts_array([context]),
        np.array([[ladder.index(action)]]),
        protocol=np.array([ladder.index(protocol_action)]),
        current=np.array([ladder.index(current)]),
    )[0, 0]
    return tuple(row.tolist())


_CENTRE = np.array([SCALES[name][0] for name in FEATURE_NAMES])
_SCALE = np.array([SCALES[name][1] for name in FEATURE_NAMES])
_MAY_BE_UNKNOWN = np.array([COLUMN[name] for name in MAY_BE_UNKNOWN])
_STEP_STATE = np.array([STATE_COLUMNS.index(name) for name in STEP_STATE])
_RISE_STATE = np.array([STATE_COLUMNS.index(name) for name in RISE_STATE])
_BESIDE_STATE = np.array([STATE_COLUMNS.index(name) for name in BESIDE_STATE])
