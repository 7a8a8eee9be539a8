"""From the frames of one repetition to a value per criterion, and from values and the own baseline to a
class.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from prescriptions.movement.criteria import Criterion
from sessions.posture_guard.film import Film
from sessions.posture_guard.holding import longest_hold_s
from sessions.posture_guard.observing import Plan
from sessions.posture_guard.segmentation import Swing
from sessions.posture_guard.types import Baseline, Classification, Finding, number_or_none

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


def measure(
    swing: Swing, plan: Plan, film: Film, *, far_side: int | None, sign: float, doubtful: frozenset[int]
) -> tuple[tuple[tuple[float, ...], ...], float]:
    """Values per criterion and channel over their phases, and the seconds held near the far point.

    The side that is turned away (`far_side`) is not judged where the other one is, nor is what needs a
    `doubtful` landmark.
    """
    window = slice(swing.start, swing.end + 1)
    angle = sign * np.asarray(film.angle[window], dtype=np.float64)
    times = np.asarray(film.t_s[window], dtype=np.float64)
    peak = swing.peak - swing.start
    base = angle[peak] - max(swing.rise, 1e-9)
    with np.errstate(invalid="ignore"):
        raised = (angle - base) / max(swing.rise, 1e-9)
    phases = {name: _phase(name, raised, peak) for name in {c.phase for c in plan.criteria}}
    whole = {
        "range_of_motion": swing.rise,
        "duration_s": float(times[-1] - times[0]),
        "rise_s": float(times[peak] - times[0]),
        "return_s": float(times[-1] - times[peak]),
    }
    unjudged = {i for i, channel in enumerate(plan.channels) if not doubtful.isdisjoint(channel.needs)}
    behind = {
        i for c, on in zip(plan.criteria, plan.judged_on, strict=True) if plan.may_go_behind(c) for i in on
    }
    values = tuple(
        tuple(
            math.nan
            if i in unjudged - behind or (len(on) > 1 and plan.channels[i].side == far_side)
            else _statistic(np.asarray(film.values[i][window], dtype=np.float64), phases[c.phase], c)
            for i in on
        )
        if on
        else (whole[c.quantity],)
        for c, on in zip(plan.criteria, plan.judged_on, strict=True)
    )
    held_s = longest_hold_s(times.tolist(), angle.tolist(), least_amplitude=swing.rise / 2)
    return values, held_s


def unseen(plan: Plan, values: Sequence[Sequence[float]]) -> tuple[int, ...]:
    """Landmarks of the required criteria that went unseen: from the side on every channel, else on any."""
    enough = all if plan.view == "side" else any
    marks: set[int] = set()
    for criterion, on, seen in zip(plan.criteria, plan.judged_on, values, strict=True):
        if criterion.required and on and enough(math.isnan(value) for value in seen):
            marks.update(
                i
                for channel, value in zip(on, seen, strict=True)
                if math.isnan(value)
                for i in plan.channels[channel].needs
            )
    return tuple(sorted(marks))


def _phase(name: str, raised: NDArray[np.float64], peak: int) -> NDArray[np.bool_]:
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


def _statistic(values: NDArray[np.float64], phase: NDArray[np.bool_], criterion: Criterion) -> float:
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
