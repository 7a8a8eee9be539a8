"""From a reading's probabilities to the labels that are raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from patients.red_flags.hearing.reader.labels import FLAG_LABELS, LABELS, URGENT, severity_of

# A flag no more urgent than the likeliest is told beside it at half of what a more urgent one needs: to name
# one too many costs less than to send somebody to the emergency department for it.
MILDER = 0.5

Probabilities = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Limits:
    """From which probability on something is raised, 0 to 1.

    `labels`: each flag by itself. `urgent`: where the message as a whole is this likely urgent, its likeliest
    flag is raised however unlikely, and every more urgent flag at least `beside` times as likely as that one
    (no more urgent ones at MILDER of that).
    """

    urgent: float
    beside: float
    labels: Mapping[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def limits_in(told: Any) -> Limits:
    """The limits that a manifest tells. Raises ValueError, KeyError or TypeError where it tells none."""
    labels = {label: _share(told["labels"][label]) for label in FLAG_LABELS}
    return Limits(_share(told["urgent"]), _share(told["beside"]), labels)


def _share(value: Any) -> float:
    share = float(value)
    if not 0 < share <= 1:
        raise ValueError("a limit lies above 0 and at most at 1")
    return share


def raised(probabilities: Probabilities, limits: Limits) -> tuple[str, ...]:
    """The labels raised by one reading, the likeliest first; `probabilities` one a label of LABELS."""
    likely = dict(zip(LABELS, probabilities.tolist(), strict=True))
    top = max(FLAG_LABELS, key=lambda label: likely[label])
    urgent = likely[URGENT] >= limits.urgent
    found = [
        label
        for label in FLAG_LABELS
        if likely[label] >= limits.labels[label]
        or (urgent and likely[label] >= _share_needed(label, top, limits) * likely[top])
    ]
    return tuple(sorted(found, key=lambda label: -likely[label]))


def _share_needed(label: str, top: str, limits: Limits) -> float:
    """How likely a label must be beside the likeliest one, as a share of it."""
    is_worse = severity_of(label).rank > severity_of(top).rank
    return limits.beside * (1.0 if is_worse else MILDER)
