"""The alarm: a sudden deterioration told within days, at a false-alarm rate that a clinic chooses.

`review_series` goes over a person's whole series; `AlarmState` takes one day after the other.
docs/science/motion_trend_alarm.md has the operating curve.
"""

from sessions.motion_trend.alarm.replay import AlarmState, review_series
from sessions.motion_trend.alarm.types import Alarm, AlarmSettings, DayValue, Shift

__all__ = ["Alarm", "AlarmSettings", "AlarmState", "DayValue", "Shift", "review_series"]
