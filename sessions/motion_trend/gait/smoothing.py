"""Outliers among steps."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

HALF_WINDOW = 2
SIGMAS = 3.0


def hampel(values: Array) -> Array:
    """Values further than 3 robust deviations from the median of their five neighbours become that median.

    As mobgap 1.2.0 smooths step lengths; values[K] → [K].
    """
    padded = np.pad(values, HALF_WINDOW, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * HALF_WINDOW + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        middle = np.nanmedian(windows, axis=1)
        spread = 1.4826 * np.nanmedian(np.abs(windows - middle[:, None]), axis=1)
    return np.where(np.abs(values - middle) > SIGMAS * spread, middle, values)
