"""Findings as JSON that PostgreSQL takes: it refuses NaN and infinity, and knows no numpy."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """The same value in dicts, lists, strings and numbers; a number that is none becomes None."""
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, (np.generic, np.ndarray)):
        return plain(value.tolist())
    if isinstance(value, float):
        return finite(value)
    if isinstance(value, str):
        return value.replace("\x00", "")
    return value


def finite(value: float | None) -> float | None:
    """A number, or None for NaN and infinity."""
    return float(value) if value is not None and isfinite(value) else None
