"""The features of a logged decision, for all who learn from the log or judge it."""

from collections.abc import Mapping
from typing import Any

from prescriptions.adapt_rx.features import features_of
from prescriptions.adapt_rx.ladders import shipped_ladders
from prescriptions.adapt_rx.types import Action, Context


def logged_features(row: Mapping[str, Any], action: Mapping[str, Any]) -> tuple[float, ...] | None:
    """Features of `action` where this decision was made; None for a dose or a context that this version's
    ladders and types do not have. `row`: ladder, context, current and protocol_action, as they are stored.
    """
    try:
        return features_of(
            shipped_ladders()[row["ladder"]],
            Context.of(dict(row["context"])),
            Action.of(dict(action)),
            protocol_action=Action.of(row["protocol_action"]),
            current=Action.of(row["current"]),
        )
    except (KeyError, TypeError, ValueError):
        return None
