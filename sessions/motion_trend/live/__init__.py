"""Repetitions and compensations from one movement sensor, live and again from what was stored.

Simulated movement and virtual sensors on recorded healthy people are the only evidence so far; see
docs/science/motion_trend_live.md before quoting a number.
"""

from sessions.motion_trend.live.stream import ENGINE_VERSION, ImuStream, score_samples

__all__ = ["ENGINE_VERSION", "ImuStream", "score_samples"]
