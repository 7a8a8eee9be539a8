"""What PostureGuard says about frames, repetitions and sets: the shapes that all movement science shares."""

from prescriptions.movement.results import (
    Baseline,
    Classification,
    Curve,
    Finding,
    LiveState,
    Message,
    Repetition,
    SetResult,
    ViewCheck,
    number_or_none,
)

ENGINE_VERSION = "1.0"

__all__ = [
    "ENGINE_VERSION",
    "Baseline",
    "Classification",
    "Curve",
    "Finding",
    "LiveState",
    "Message",
    "Repetition",
    "SetResult",
    "ViewCheck",
    "number_or_none",
]
