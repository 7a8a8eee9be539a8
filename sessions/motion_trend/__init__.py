"""MotionTrend: gait, timed tests, effort and recovery from sensors. No web framework.

Each method says at its top where it does not hold; docs/science/motion_trend.md has what was measured.
"""
