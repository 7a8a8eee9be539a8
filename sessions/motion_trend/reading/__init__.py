"""Reading sensor files: from what people export to repaired signals and daily values, in constant memory."""

from sessions.motion_trend.reading.errors import ColumnsUnknown, ReadingError, TableHead
from sessions.motion_trend.reading.opening import open_reading
from sessions.motion_trend.reading.types import (
    ColumnPlan,
    DailyValue,
    Reading,
    ReadingOptions,
    SignalDescription,
    Source,
)

__all__ = [
    "ColumnPlan",
    "ColumnsUnknown",
    "DailyValue",
    "Reading",
    "ReadingError",
    "ReadingOptions",
    "SignalDescription",
    "Source",
    "TableHead",
    "open_reading",
]
