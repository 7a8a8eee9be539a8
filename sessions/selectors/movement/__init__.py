from sessions.selectors.movement.access import (
    access_recording,
    check_recording_access,
    devices_of,
    recordings_for,
    set_for_sensor,
)
from sessions.selectors.movement.series import (
    bouts_of,
    movement_days,
    series_for,
    series_of,
    timed_tests_of,
)
from sessions.selectors.movement.trend import TrendView, trend_of, trends_of

__all__ = [
    "TrendView",
    "access_recording",
    "bouts_of",
    "check_recording_access",
    "devices_of",
    "movement_days",
    "recordings_for",
    "series_for",
    "series_of",
    "set_for_sensor",
    "timed_tests_of",
    "trend_of",
    "trends_of",
]
