"""Looking back: where the level of a metric changed over the whole episode, with sizes (no alarm, no hurry).

Optimal partitioning (Jackson et al. 2005; PELT, Killick, Fearnhead and Eckley 2012, finds the same)
on values freed of odd days. It sees the whole series, so it may mark a change that nobody could have known on
that day. A steady recovery is cut into steps.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from sessions.motion_trend.trend import DailySeries, robust_scale

LEAST_DAYS = 7
PENALTY = 3.0
MOST_ODD = 3.0


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """The level changed by `size` (in the metric's unit) on `day`, from `before` to `after`."""

    day: date
    size: float
    before: float
    after: float


def change_points(series: DailySeries) -> tuple[ChangePoint, ...]:
    """The series' changes, oldest first; nothing under twice `LEAST_DAYS` values."""
    values = np.asarray(series.values, dtype=np.float64)
    if len(values) < 2 * LEAST_DAYS:
        return ()
    steps = np.diff(values)[None, :] / np.sqrt(2)
    scale = float(robust_scale(steps)[0][0])
    cut = np.clip(values, *_usual_range(values, scale)) / scale
    penalty = PENALTY * np.log(len(values))
    ends = best_ends(cut, least=LEAST_DAYS, penalty=penalty)
    edges = [0, *ends]
    levels = [float(np.median(values[start:end])) for start, end in pairwise(edges)]
    return tuple(
        ChangePoint(series.days[edge], after - before, before, after)
        for edge, before, after in zip(ends[:-1], levels, levels[1:], strict=False)
    )


def best_ends(values: np.ndarray, *, least: int, penalty: float) -> list[int]:
    """Ends of the stretches of `least` values or more for which the squared distances from the stretches' own
    means, and one `penalty` for each stretch, are least. Quadratic in the values: three years take 10 ms.
    """
    n = len(values)
    sums, squares = (np.r_[0.0, np.cumsum(part)] for part in (values, values**2))
    total = np.full(n + 1, np.inf)
    total[0] = 0.0
    last = np.zeros(n + 1, dtype=np.intp)
    for end in range(least, n + 1):
        starts = np.arange(end - least + 1)
        spread = squares[end] - squares[starts] - (sums[end] - sums[starts]) ** 2 / (end - starts)
        costs = total[starts] + spread + penalty
        last[end] = int(np.argmin(costs))
        total[end] = costs[last[end]]
    ends = [n]
    while last[ends[0]]:
        ends.insert(0, int(last[ends[0]]))
    return ends


def _usual_range(values: np.ndarray, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Around each value's neighbours' median, as far as is usual."""
    windows = [values[max(0, at - 3) : at + 4] for at in range(len(values))]
    middle = np.array([np.median(window) for window in windows])
    return middle - MOST_ODD * scale, middle + MOST_ODD * scale
