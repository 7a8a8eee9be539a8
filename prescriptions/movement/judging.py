"""From measured repetitions and the own baseline to a class: shared by camera and sensor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from prescriptions.movement.criteria import Criterion
from prescriptions.movement.results import Baseline, Classification, Finding, number_or_none
from prescriptions.movement.swings import Swing

BASELINE_REPETITIONS = 2
LEAST_FRAMES_SEEN = 0.5
ONLY_COUNTED = "Counted. Form cannot be judged from here."
_PHASE_SHARE = {"loaded": 0.5, "peak": 0.9}


@dataclass(frozen=True, slots=True)
class Measured:
    """One repetition measured: for each criterion a value per channel, NaN where it was hidden."""

    swing: Swing
    start_s: float
    peak_s: float
    end_s: float
    peak_deg: float
    hold_s: float
    values: tuple[tuple[float, ...], ...]
    not_scored: str


def phase_frames(name: str, raised: NDArray[np.float64], peak: int) -> NDArray[np.bool_]:
    """Which frames belong to a phase; `raised`: share of the way out, `peak`: the far point's index."""
    frames = np.arange(len(raised))
    if name in _PHASE_SHARE:
        return raised >= _PHASE_SHARE[name]
    if name == "rise":
        return frames <= peak
    if name == "return":
        return frames >= peak
    if name == "start":
        return (frames <= peak) & (raised <= 0.2)
    if name == "end":
        return (frames >= peak) & (raised <= 0.2)
    return np.ones(len(raised), dtype=np.bool_)


def phase_value(values: NDArray[np.float64], phase: NDArray[np.bool_], criterion: Criterion) -> float:
    """The value that `share` of the phase's frames reach or pass; NaN when half of them are hidden."""
    frames = values[phase]
    seen = frames[~np.isnan(frames)]
    if len(frames) == 0 or len(seen) < LEAST_FRAMES_SEEN * len(frames):
        return math.nan
    if criterion.statistic == "range":
        ordered = np.sort(seen)
        return _quantile(ordered, 0.95) - _quantile(ordered, 0.05)
    if criterion.sign == "either":
        ordered = np.sort(seen)
        low, high = _quantile(ordered, criterion.share), _quantile(ordered, 1 - criterion.share)
        return high if abs(high) >= abs(low) else low
    return _quantile(np.sort(seen), 1 - criterion.share if criterion.sign == "above" else criterion.share)


def _quantile(ordered: NDArray[np.float64], share: float) -> float:
    """Linear interpolation, as numpy's default; its own function costs ten times the sorting here."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (ordered[above] - ordered[below]) * (place - below))


def own_baseline(
    repetitions: Sequence[Measured], criteria: Sequence[Criterion]
) -> dict[str, tuple[float | None, ...]]:
    """Mean of the first repetitions that no absolute limit rejects; None where none was seen."""
    clean = list(islice((r for r in repetitions if calibrates(r, criteria)), BASELINE_REPETITIONS))
    return {
        c.code: tuple(
            _mean([r.values[i][k] for r in clean])
            for k in range(len(repetitions[0].values[i]) if repetitions else 0)
        )
        for i, c in enumerate(criteria)
    }


def calibrates(repetition: Measured, criteria: Sequence[Criterion]) -> bool:
    """May this repetition define what is normal for this person?"""
    return not repetition.not_scored and _within_limits(repetition, criteria)


def _within_limits(repetition: Measured, criteria: Sequence[Criterion]) -> bool:
    for criterion, values in zip(criteria, repetition.values, strict=True):
        for value in values:
            if criterion.beyond_ceiling(value) > 0:
                return False
            if criterion.baseline == "absolute" and criterion.deviation(value, None) >= criterion.significant:
                return False
    return True


def _mean(values: Sequence[float]) -> float | None:
    seen = [value for value in values if math.isfinite(value)]
    return sum(seen) / len(seen) if seen else None


def classify(
    repetition: Measured, criteria: Sequence[Criterion], baseline: Baseline
) -> tuple[Classification, tuple[Finding, ...], str]:
    """Class, findings (worst first), and why not scored. A seen fault outweighs a hidden limb."""
    if not criteria:
        return "not_scored", (), ONLY_COUNTED
    findings: list[tuple[float, Finding]] = []
    for criterion, values in zip(criteria, repetition.values, strict=True):
        own = baseline.get(criterion.code, ())
        worst = _worst(criterion, values, own)
        if worst is not None:
            findings.append(worst)
    findings.sort(key=lambda pair: -pair[0])
    found = tuple(finding for _, finding in findings)
    if any(finding.severity == "significant" for finding in found):
        return "significant", found, ""
    if found:
        return "mild", found, ""
    return ("not_scored", (), repetition.not_scored) if repetition.not_scored else ("correct", (), "")


def _worst(
    criterion: Criterion, values: Sequence[float], own: Sequence[float | None]
) -> tuple[float, Finding] | None:
    worst: tuple[float, Finding] | None = None
    for k, value in enumerate(values):
        base = own[k] if k < len(own) else None
        if math.isnan(value):
            continue
        severity = criterion.severity(value, base)
        if severity == "correct":
            continue
        away = (
            max(criterion.beyond_ceiling(value), _or_zero(criterion.deviation(value, base)))
            / criterion.significant
        )
        if worst is None or away > worst[0]:
            shown = base if criterion.baseline == "own" else criterion.reference
            worst = (
                away,
                Finding(
                    criterion.code,
                    criterion.words,
                    criterion.cue,
                    severity,
                    round(value, 3),
                    criterion.unit,
                    None if shown is None else number_or_none(round(shown, 3)),
                ),
            )
    return worst


def _or_zero(value: float) -> float:
    return value if math.isfinite(value) else 0.0
