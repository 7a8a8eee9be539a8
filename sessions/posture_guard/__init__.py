"""PostureGuard: counts repetitions and judges form from 33 landmarks. No web framework.

Acted faults of healthy people are the only evidence so far; see docs/science/posture_guard.md before quoting
a number.
"""

from sessions.posture_guard.stream import PostureStream, describe_baseline, score_recording
from sessions.posture_guard.types import (
    ENGINE_VERSION,
    Baseline,
    Curve,
    Finding,
    LiveState,
    Message,
    Repetition,
    SetResult,
    ViewCheck,
)

__all__ = [
    "ENGINE_VERSION",
    "Baseline",
    "Curve",
    "Finding",
    "LiveState",
    "Message",
    "PostureStream",
    "Repetition",
    "SetResult",
    "ViewCheck",
    "describe_baseline",
    "score_recording",
]
