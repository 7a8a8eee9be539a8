"""Tests against the clock from one phone at the waist, at the lower back or in a trouser pocket.

`ten_metre_walk`, `chair_stands`, `timed_up_and_go` (signal → TimedResult), `norm_for(kind, age, sex) -> Norm
| None`.
"""

from sessions.motion_trend.timed.chair import chair_stands
from sessions.motion_trend.timed.norms import Norm, norm_for, tug_risk_words
from sessions.motion_trend.timed.tug import timed_up_and_go
from sessions.motion_trend.timed.types import Phase, TestCurve, TestKind, TimedResult
from sessions.motion_trend.timed.walk import ten_metre_walk

__all__ = [
    "Norm",
    "Phase",
    "TestCurve",
    "TestKind",
    "TimedResult",
    "chair_stands",
    "norm_for",
    "ten_metre_walk",
    "timed_up_and_go",
    "tug_risk_words",
]
