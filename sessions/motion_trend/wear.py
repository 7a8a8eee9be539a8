"""Whether a sensor was worn: a body is never quite still for an hour, a table is.

Weak points: deep sleep may pass for a table, and a bag that is carried for a body.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.types import GRAVITY_M_S2, SensorSignal

BLOCK_S = 60.0
LONGEST_STILL_BLOCKS = 60
STILL_SD_M_S2 = 0.013 * GRAVITY_M_S2
STILL_RANGE_M_S2 = 0.050 * GRAVITY_M_S2
STILL_AXES = 2
LEAST_BLOCK_SAMPLES = 10
LONGEST_PAUSE_S = 5.0


class WearTime:
    """Wear of one sensor, piece by piece in constant memory.

    A block of a minute is still when at least two axes have a standard deviation under 13 mg and a range
    under 50 mg; sixty still blocks in a row are a sensor that nobody wears. Limits: van Hees 2011, PLoS ONE
    6:e22922, who judge windows of half an hour; the full hour follows their later GGIR.
    """

    def __init__(self) -> None:
        self._blocks: dict[int, tuple[float, bool]] = {}
        self._recorded: list[list[float]] = []

    def push(self, piece: SensorSignal) -> None:
        """Take the next samples, in order of time; a block that a piece ends in is judged by its parts."""
        if not len(piece):
            return
        self._note_recorded(piece.t_s, 1.0 / max(piece.sampling_rate_hz, 1e-6))
        numbers = np.floor(piece.t_s / BLOCK_S).astype(np.int64)
        edges = [0, *(np.flatnonzero(np.diff(numbers)) + 1), len(numbers)]
        for start, end in pairwise(edges):
            self._judge(int(numbers[start]), piece.acceleration_m_s2[start:end])

    def worn(self) -> list[tuple[float, float]]:
        """Stretches of wear in seconds since the recording's start, in order; gaps are not worn."""
        away = list(self._away())
        found = []
        for start, end in self._recorded:
            found += _without(start, end, away)
        return found

    def worn_s(self) -> float:
        """Seconds of wear in all."""
        return sum(end - start for start, end in self.worn())

    def _note_recorded(self, t_s: NDArray[np.float64], period_s: float) -> None:
        cuts = np.flatnonzero(np.diff(t_s) > LONGEST_PAUSE_S)
        starts, ends = [0, *(cuts + 1)], [*cuts, len(t_s) - 1]
        for first, last in zip(starts, ends, strict=True):
            begin, stop = float(t_s[first]), float(t_s[last]) + period_s
            if self._recorded and begin - self._recorded[-1][1] <= LONGEST_PAUSE_S:
                self._recorded[-1][1] = stop
            else:
                self._recorded.append([begin, stop])

    def _judge(self, number: int, force: NDArray[np.float32]) -> None:
        _, was_still = self._blocks.get(number, (0.0, True))
        if len(force) < LEAST_BLOCK_SAMPLES:
            self._blocks.setdefault(number, (number * BLOCK_S, True))
            return
        is_still = (force.std(axis=0) < STILL_SD_M_S2) & (np.ptp(force, axis=0) < STILL_RANGE_M_S2)
        self._blocks[number] = (number * BLOCK_S, was_still and int(is_still.sum()) >= STILL_AXES)

    def _away(self) -> Iterator[tuple[float, float]]:
        """Stretches in which the sensor lay still for so long that nobody wore it; a gap does not end one."""
        run: list[float] = []
        for _, (start, is_still) in sorted(self._blocks.items()):
            if is_still:
                run.append(start)
                continue
            if len(run) >= LONGEST_STILL_BLOCKS:
                yield run[0], run[-1] + BLOCK_S
            run = []
        if len(run) >= LONGEST_STILL_BLOCKS:
            yield run[0], run[-1] + BLOCK_S


def _without(start: float, end: float, away: list[tuple[float, float]]) -> list[tuple[float, float]]:
    found = []
    for begin, stop in away:
        if stop <= start or begin >= end:
            continue
        if begin > start:
            found.append((start, begin))
        start = max(start, stop)
    if start < end:
        found.append((start, end))
    return found
