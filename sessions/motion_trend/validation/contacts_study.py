"""Single contacts against the reference's: how late, how scattered, and whose foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sessions.motion_trend.types import GaitResult, WalkingBout
from sessions.motion_trend.validation.mobilised import ReferenceContacts, Trial

NEAR_S = 0.3


@dataclass(frozen=True, slots=True)
class ContactAgreement:
    """Even bouts: n contacts near a reference contact; late by bias_s; scatter_s around each bout's own mean;
    sides given and right.
    """

    n: int
    bias_s: float | None
    scatter_s: float | None
    sides_given: int
    sides_right: int

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)


def contacts_study(trials: Sequence[Trial], results: Sequence[GaitResult]) -> ContactAgreement:
    """Over all even bouts."""
    late: list[float] = []
    centred: list[float] = []
    given = right = 0
    for trial, result in zip(trials, results, strict=True):
        for bout in result.bouts:
            if any(flag.code == "uneven" for flag in bout.flags) or not len(trial.contacts.times_s):
                continue
            errors, sides = _against(bout, trial.contacts)
            late += errors
            centred += [error - float(np.mean(errors)) for error in errors]
            given += len(sides)
            right += sum(sides)
    scatter = float(np.std(centred)) if centred else None
    return ContactAgreement(len(late), float(np.mean(late)) if late else None, scatter, given, right)


def _against(bout: WalkingBout, reference: ReferenceContacts) -> tuple[list[float], list[bool]]:
    """Without the bout's first and last contact."""
    errors: list[float] = []
    sides: list[bool] = []
    for step in bout.steps[1:-1]:
        nearest = int(np.argmin(np.abs(reference.times_s - step.t_s)))
        error = step.t_s - float(reference.times_s[nearest])
        if abs(error) < NEAR_S:
            errors.append(error)
            if step.side:
                sides.append(step.side == reference.sides[nearest])
    return errors, sides
