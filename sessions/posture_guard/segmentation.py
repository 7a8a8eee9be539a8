"""Repetitions out of one angle: the method that all movement science shares."""

from prescriptions.movement.swings import Cut, Pivot, PivotTracker, Swing, cut, typical_swing

__all__ = ["Cut", "Pivot", "PivotTracker", "Swing", "cut", "typical_swing"]
