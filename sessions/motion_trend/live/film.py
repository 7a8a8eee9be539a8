"""What is remembered of a set's sensor signal: about thirty looks a second."""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray


class SensorFilm:
    """Per look: time, tilt against the start, up in the sensor's axes, turn, and the signal since then.

    `shake`: mean change of the force from sample to sample, in m/s² a second; `samples`: how many there were;
    `gap_s`: the longest pause between two of them.
    """

    __slots__ = ("angle", "gap_s", "samples", "shake", "t_s", "turn_deg", "x", "y", "z")

    def __init__(self) -> None:
        self.t_s = array("d")
        self.angle = array("d")
        self.x = array("d")
        self.y = array("d")
        self.z = array("d")
        self.turn_deg = array("d")
        self.shake = array("d")
        self.samples = array("l")
        self.gap_s = array("d")

    def up(self, window: slice) -> NDArray[np.float64]:
        """Up in the sensor's axes, (N, 3)."""
        return np.column_stack(
            [np.asarray(axis[window], dtype=np.float64) for axis in (self.x, self.y, self.z)]
        )
