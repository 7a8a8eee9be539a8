"""What came of a decision, as one number with visible parts: functional progress − pain flare − dropout risk.

The parts come in late (the next morning, the next week) and some never come. A part that is not known is
left out, said so, and never counted as zero harm: without the progress part or without any word on pain there
is no reward to learn from.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NAN = float("nan")
FLARE_POINTS = 2.0  # over usual: the smallest change that matters (patients/red_flags/pain.py)
PAIN_LIMIT = 5.0
PROGRESS_SCALE = math.log(4 / 3)  # one full weekly step up counts as 1
WHOLE_WEEK = 7.0


@dataclass(frozen=True, slots=True)
class RewardWeights:
    """Visible and versioned: a clinic sees them, and each reward carries their version.

    `progress`: of one weekly step (a third) of estimated capacity. `function`: of one smallest important
    change of a function questionnaire. `flare`: of one flare day in the week. `morning`: of one point over
    usual the next morning. `dropout`: of a week in which none of the sessions asked for were done.
    """

    version: int
    progress: float
    function: float
    flare: float
    morning: float
    dropout: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, source: dict[str, Any]) -> RewardWeights:
        """Raises ValueError for weights that are missing, unknown, negative or not finite."""
        names = {one.name for one in fields(cls)}
        if set(source) != names:
            raise ValueError(f"Reward weights are {', '.join(sorted(names))}, all of them and no others.")
        for name, value in source.items():
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 100:
                raise ValueError(f"The weight {name} must be a number from 0 to 100.")
        return cls(**source)


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen after a decision; NaN while, or if never, known.

    `capacity_before`, `capacity_after`: `estimated_capacity` of the session before it and of the last session
    in the seven days after it. `function_change`: in smallest important changes, + is better. `morning_rise`:
    points over usual the next morning. `flare_days`: days of the seven with pain over 5 or 2 over usual;
    `pain_days`: days of the seven on which pain was asked and answered. `sessions_asked`, `sessions_done`: of
    the seven days.
    """

    capacity_before: float = NAN
    capacity_after: float = NAN
    function_change: float = NAN
    morning_rise: float = NAN
    flare_days: float = NAN
    pain_days: float = NAN
    sessions_asked: float = NAN
    sessions_done: float = NAN

    def to_dict(self) -> dict[str, Any]:
        return {name: None if math.isnan(value) else value for name, value in asdict(self).items()}

    @classmethod
    def of(cls, source: dict[str, Any]) -> Observed:
        """The inverse of `to_dict`. Raises TypeError for an unknown field."""
        return cls(**{name: NAN if value is None else float(value) for name, value in source.items()})


OBSERVED_COLUMNS = tuple(one.name for one in fields(Observed))
PARTS = ("progress", "function", "flare", "morning", "dropout")


@dataclass(frozen=True, slots=True)
class Reward:
    """`total` is None when too little is known to learn from. `parts` are signed; a missing part is None."""

    total: float | None
    parts: dict[str, float | None]
    version: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@cache
def shipped_weights() -> RewardWeights:
    """The weights in force, as shipped; where each comes from stands beside them in the file."""
    source = json.loads((files(__package__) / "reward_weights.json").read_text("utf-8"))
    return RewardWeights.of({name: value for name, value in source.items() if name != "source"})


def estimated_capacity(load_done: float | Floats, effort: float | Floats) -> Floats:
    """The load that would be effort 10: correct work done, times 10 over the effort (0 to 10, at least 1).

    A harder dose by itself changes nothing here, since its effort rises with it; only more work at the same
    effort does. Proportional effort is a default of ours; NaN where either is not known.
    """
    work = np.where(np.asarray(load_done, dtype=np.float64) > 0, load_done, np.nan)
    return np.asarray(work * 10.0 / np.clip(np.asarray(effort, dtype=np.float64), 1.0, 10.0))


def reward_of(observed: Observed, weights: RewardWeights | None = None) -> Reward:
    """The reward of one decision."""
    weights = weights or shipped_weights()
    row = np.array([[getattr(observed, name) for name in OBSERVED_COLUMNS]], dtype=np.float64)
    totals, parts = reward_array(row, weights)
    named = {name: _or_none(value) for name, value in zip(PARTS, parts[0], strict=True)}
    return Reward(_or_none(totals[0]), named, weights.version)


def reward_array(observed: Floats, weights: RewardWeights) -> tuple[Floats, Floats]:
    """Totals (n,) and signed parts (n, 5: PARTS) of observations (n, 8: OBSERVED_COLUMNS).

    NaN where not known. A total needs progress or function, and morning or flare days.
    """
    seen = {name: observed[:, place] for place, name in enumerate(OBSERVED_COLUMNS)}
    parts = np.stack(
        [
            weights.progress * _progress(seen["capacity_before"], seen["capacity_after"]),
            weights.function * _within(seen["function_change"], -3.0, 3.0),
            -weights.flare * _flare_days(seen["flare_days"], seen["pain_days"]),
            -weights.morning * np.maximum(_within(seen["morning_rise"], -10.0, 10.0), 0.0),
            -weights.dropout * _missed(seen["sessions_done"], seen["sessions_asked"]),
        ],
        axis=1,
    )
    parts += 0.0  # no negative zeros among what is stored and shown
    known = np.isfinite(parts)
    enough = (known[:, 0] | known[:, 1]) & (known[:, 2] | known[:, 3])
    return np.where(enough, np.where(known, parts, 0.0).sum(axis=1), np.nan), parts


def _progress(before: Floats, after: Floats) -> Floats:
    with np.errstate(all="ignore"):
        ratio = np.where((before > 0) & (after > 0), after / before, np.nan)
        steps: Floats = np.log(ratio) / PROGRESS_SCALE
    return np.where(np.isfinite(steps), np.clip(steps, -3.0, 3.0), np.nan)


def _flare_days(flare_days: Floats, pain_days: Floats) -> Floats:
    """Flare days of the seven, carried over to the days without an answer."""
    with np.errstate(all="ignore"):
        right = (pain_days >= 1) & (pain_days <= WHOLE_WEEK) & (flare_days >= 0) & (flare_days <= pain_days)
        return np.where(right, WHOLE_WEEK * flare_days / pain_days, np.nan)


def _missed(done: Floats, asked: Floats) -> Floats:
    with np.errstate(all="ignore"):
        right = (asked > 0) & (done >= 0) & np.isfinite(asked)
        return np.where(right, 1.0 - np.clip(done / asked, 0.0, 1.0), np.nan)


def _within(values: Floats, least: float, most: float) -> Floats:
    return np.where((values >= least) & (values <= most), values, np.nan)


def _or_none(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
