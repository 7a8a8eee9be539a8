"""MotionTrend: gait, timed tests, effort and recovery from sensors. Arrays in, dataclasses out; no web framework.

Each method says at its top where it does not hold; docs/science/motion_trend.md has what was measured.
"""
