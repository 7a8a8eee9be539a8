"""Recognising what was sent."""

from __future__ import annotations

from collections.abc import Sequence

from sessions.motion_trend.reading.errors import ReadingError
from sessions.motion_trend.reading.types import Reading, ReadingOptions, Source

NOTHING_SENT = "Nothing was sent."


def open_reading(sources: Sequence[Source], *, options: ReadingOptions | None = None) -> Reading:
    """Recognise files that were sent together. Raises ReadingError, or ColumnsUnknown for a table to explain."""
    if not sources:
        raise ReadingError("", None, NOTHING_SENT, "Choose at least one file.")
    raise ReadingError(
        sources[0].name, None, "This kind of file is not known.", "Send a CSV, C3D or Apple Health export."
    )
