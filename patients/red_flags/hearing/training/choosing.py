"""Choosing the reader's limits on messages that it was not trained on, and measuring both halves together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from patients.red_flags.hearing.reader.deciding import Limits, raised
from patients.red_flags.hearing.reader.labels import FLAG_LABELS, flag_of, severity_of
from patients.red_flags.hearing.scoring import SuiteLine, SuiteScore, summed
from patients.red_flags.hearing.types import Heard
from patients.red_flags.types import Severity

URGENT_STEPS = tuple(round(0.05 + 0.01 * step, 2) for step in range(90))
BESIDE = 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """A line, what the rules hear in it beside a reader and alone, and the probabilities of a reader that had
    not learnt it.
    """

    line: SuiteLine
    by_rules: Heard
    alone: Heard
    probabilities: NDArray[np.float64]


def is_right(one: Judged, limits: Limits | None, *, rules: bool = True) -> bool:
    """As the suite counts it, of rules and reader together, or of one alone: without limits of the rules."""
    flags = [(flag.flag, flag.severity) for flag in one.by_rules.flags] if rules else []
    labels = raised(one.probabilities, limits) if limits else ()
    flags += [(flag_of(label), severity_of(label)) for label in labels]
    reached = max((severity.rank for _, severity in flags), default=0)
    if not one.line.urgent:
        return reached < Severity.SAME_DAY.rank
    enough = reached >= Severity(one.line.severity).rank
    return enough and any(flag in one.line.flags for flag, _ in flags)


def measure(judged: Iterable[Judged], limits: Limits | None, *, rules: bool = True) -> SuiteScore:
    """The suite's score at these limits."""
    return summed([(one.line, is_right(one, limits, rules=rules)) for one in judged])


def choose_limits(judged: Sequence[Judged], *, most_false: float) -> Limits:
    """The lowest limit of urgency at which rules and reader together call at most `most_false` of the
    near-misses urgent; a flag by itself needs what the whole needs, and half as much again up to 0.9.

    A lower limit hears more: of those that keep false alarms in bounds the lowest hears most.
    """
    for urgent in URGENT_STEPS:
        limits = limits_at(urgent)
        if _false_share(judged, limits) <= most_false:
            return limits
    return limits_at(URGENT_STEPS[-1])


def limits_at(urgent: float) -> Limits:
    """The limits that follow from that of urgency."""
    alone = min(0.9, 1.5 * urgent)
    return Limits(urgent, BESIDE, dict.fromkeys(FLAG_LABELS, alone))


def _false_share(judged: Sequence[Judged], limits: Limits) -> float:
    near_misses = [one for one in judged if not one.line.urgent]
    return float(np.mean([not is_right(one, limits) for one in near_misses])) if near_misses else 0.0
