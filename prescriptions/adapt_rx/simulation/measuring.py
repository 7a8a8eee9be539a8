"""What is measured of a course, and how two policies are compared on the same patients."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from clinic.statistics import Interval
from prescriptions.adapt_rx.simulation.course import Course
from prescriptions.adapt_rx.simulation.patients import Flags, Floats, Patients

COMPARED = ("outcome", "flare_days", "adherence", "time_to_goal_days")
GOAL_POINTS = 12.0


@dataclass(frozen=True, slots=True)
class Measured:
    """Per patient, arrays (P,): MEASURES of one policy in one mechanism (regret apart), and its counts."""

    values: dict[str, Floats]
    reached: Flags
    decisions: float
    harder: float
    easier: float
    outside: int


@dataclass(frozen=True, slots=True)
class Arm:
    """All policies in one mechanism."""

    mechanism: str
    patients: Patients
    policies: dict[str, Measured]


def measure(course: Course) -> Measured:
    """The measures of a course; the outcome is the mean function of the last seven days."""
    weekly = _week_means(course.function)
    start = course.function[:, 0]
    over = weekly >= (start + GOAL_POINTS)[:, None]
    reached = np.asarray(over.any(axis=1))
    days = np.where(reached, np.argmax(over, axis=1) + 7.0, float(course.function.shape[1]))
    values = {
        "outcome": weekly[:, -1],
        "flare_days": course.flare_days,
        "adherence": course.sessions / np.maximum(course.due, 1.0),
        "time_to_goal_days": days,
    }
    return Measured(
        values,
        reached,
        decisions=float(course.decisions.sum()),
        harder=float(course.harder.sum()),
        easier=float(course.easier.sum()),
        outside=course.outside,
    )


def _week_means(function: Floats) -> Floats:
    upto = np.cumsum(np.pad(function, ((0, 0), (1, 0))), axis=1)
    return np.asarray((upto[:, 7:] - upto[:, :-7]) / 7.0)


def paired(difference: Floats) -> Interval:
    """Mean of paired differences with its 95 % t interval (normal from 200 patients on)."""
    if len(difference) < 2:
        return Interval(float(difference.mean()) if len(difference) else None, None, None)
    half = _t_975(len(difference) - 1) * float(difference.std(ddof=1)) / math.sqrt(len(difference))
    mean = float(difference.mean())
    return Interval(mean, mean - half, mean + half)


def _t_975(degrees: int) -> float:
    """The 97.5 % point of Student's t (Cornish-Fisher to the third order: within 0.003 from 4 degrees on)."""
    z = 1.959963984540054
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / degrees + second / degrees**2 + third / degrees**3


SUBGROUPS: tuple[tuple[str, str], ...] = (
    ("age_under_50", "Under 50"),
    ("age_50_to_69", "50 to 69"),
    ("age_70_up", "70 and older"),
    ("post_operative", "After an operation"),
    ("not_post_operative", "No operation"),
    ("high_pain", "Pain 5 or more at the start"),
    ("low_adherence", "Does under 60 % of sessions"),
)
HIGH_PAIN, LOW_ADHERENCE = 5.0, 0.6


def subgroup(patients: Patients, code: str) -> Flags:
    """Who belongs to a subgroup, (P,). Raises KeyError for an unknown one."""
    belongs = {
        "age_under_50": patients.age < 50,
        "age_50_to_69": (patients.age >= 50) & (patients.age < 70),
        "age_70_up": patients.age >= 70,
        "post_operative": patients.post_operative,
        "not_post_operative": ~patients.post_operative,
        "high_pain": patients.slow_pain >= HIGH_PAIN,
        "low_adherence": patients.adherence < LOW_ADHERENCE,
    }
    return np.asarray(belongs[code])
