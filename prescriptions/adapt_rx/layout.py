"""Contexts and bounds of many patients as arrays: a row a patient, the columns named here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from prescriptions.adapt_rx.ladders import Ladder
from prescriptions.adapt_rx.types import FEATURE_NAMES, Bounds, Context, Trigger

Floats = NDArray[np.float64]

TRIGGERS = tuple(Trigger)
CONTEXT_COLUMNS = (
    *FEATURE_NAMES,
    "trigger",
    "days_since_surgery",
    "post_operative",
    "exercise_on_hold",
    "load_seven_days_ago",
    "rung_seven_days_ago",
    "resistance_seven_days_ago",
    "compensated_sessions",
    "resistance_known",
)
COLUMN = {name: place for place, name in enumerate(CONTEXT_COLUMNS)}

BOUND_COLUMNS = (
    "pinned",
    "forbid_progression",
    "least_rung",
    "most_rung",
    "least_sets",
    "most_sets",
    "least_repetitions",
    "most_repetitions",
    "most_hold_s",
    "most_resistance",
    "pain_limit",
    "equipment_bits",
)
BOUND = {name: place for place, name in enumerate(BOUND_COLUMNS)}
# A bound that the therapist left open; NaN is not "open" but unreadable, and narrows.
OPEN_BOUND = 1000.0


def contexts_array(contexts: Sequence[Context]) -> Floats:
    """Shape (P, len(CONTEXT_COLUMNS)); truths as 0 and 1, the trigger as its place among TRIGGERS.

    Raises TypeError for a value that is no number: text is refused here and goes no further.
    """
    return np.array([[_number(_value(one, name)) for name in CONTEXT_COLUMNS] for one in contexts])


def bounds_array(ladder: Ladder, bounds: Sequence[Bounds]) -> Floats:
    """Shape (P, len(BOUND_COLUMNS)). Raises TypeError for a value that is no number."""
    return np.array([_bounds_row(ladder, one) for one in bounds])


def _value(context: Context, name: str) -> object:
    return TRIGGERS.index(context.trigger) if name == "trigger" else getattr(context, name)


def _bounds_row(ladder: Ladder, bounds: Bounds) -> list[float]:
    bits = sum(
        1 << (place + 1) for place, code in enumerate(ladder.equipment_codes) if code in bounds.equipment
    )
    named = {"equipment_bits": bits | 1}
    return [
        _number(_bound(bounds, name)) if name not in named else float(named[name]) for name in BOUND_COLUMNS
    ]


def _bound(bounds: Bounds, name: str) -> object:
    if name == "pinned":
        return bounds.pinned or not bounds.adaptive
    value = getattr(bounds, name)
    if value is None and name.startswith(("least", "most")):
        return 0.0 if name.startswith("least") else OPEN_BOUND
    return value


def _number(value: object) -> float:
    # A tick travels as 0 or 1; float() would also read text, which has no place here.
    if not isinstance(value, (bool, int, float, np.floating, np.integer)):
        raise TypeError(f"a number is needed, not {type(value).__name__}")
    try:
        return float(value)
    except OverflowError:
        return float("inf")
