"""Two simpler alarms to compare with: an EWMA against a trailing median, and a two-window likelihood ratio.

Both are set to the false-alarm rate that the shipped alarm shows on the tuning families, so that only what
they detect differs. Neither merges metrics into causes, knows weekdays or gaps, nor frees the days of their
echo. Source: BMC Med Res Methodol 2016;16:23 (EWMA); Basseville and Nikiforov 1993, chapter 2 (GLR).
"""

import warnings
from collections.abc import Callable

import numpy as np

from sessions.motion_trend.simulation import Simulated
from sessions.motion_trend.trend import CONSISTENT_MAD, LEAST_SCALE, Floats

LOOK_BACK = 28
NEWEST = 4
EWMA_SHARE = 0.4
LEAST_BEFORE = 10
QUIET_DAYS = 14

Statistic = Callable[[Floats], Floats]


def ewma_against_median(values: Floats) -> Floats:
    """How far the moving average of a drop stands below the trailing median, in robust SDs: float[series,
    days].
    """
    score = np.zeros_like(values)
    average = np.zeros(len(values))
    for day in range(LEAST_BEFORE, values.shape[1]):
        before = values[:, max(0, day - LOOK_BACK) : max(1, day - 2)]
        middle, scale = _middle_and_scale(before)
        drop = np.nan_to_num((middle - values[:, day]) / scale)
        average = EWMA_SHARE * np.clip(drop, -4, 4) + (1 - EWMA_SHARE) * average
        score[:, day] = average
    return score


def two_windows(values: Floats) -> Floats:
    """The largest likelihood ratio of the last one to four days against the four weeks before them."""
    score = np.zeros_like(values)
    for day in range(LEAST_BEFORE + NEWEST, values.shape[1]):
        for length in range(2, NEWEST + 1):
            late = values[:, day - length + 1 : day + 1]
            middle, scale = _middle_and_scale(values[:, max(0, day - length - LOOK_BACK) : day - length + 1])
            known = np.isfinite(late).sum(axis=1)
            drop = np.nan_to_num((middle[:, None] - late) / scale[:, None]).clip(-4, 4).sum(axis=1)
            score[:, day] = np.maximum(score[:, day], drop / np.sqrt(np.maximum(known, 1)))
    return score


def _middle_and_scale(before: Floats) -> tuple[Floats, Floats]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        middle = np.nan_to_num(np.nanmedian(before, axis=1))
        scale = CONSISTENT_MAD * np.nanmedian(np.abs(before - middle[:, None]), axis=1)
    return middle, np.maximum(np.nan_to_num(scale), LEAST_SCALE)


def alarm_days_of(statistic: Statistic, made: Simulated, height: float) -> list[list[int]]:
    """Days on which any metric's statistic rises to the height; quiet for two weeks after."""
    return _days_over(_scores(statistic, made), height)


def height_at_rate(statistic: Statistic, drawn: list[Simulated], rate: float) -> float:
    """The lowest height at which the statistic's false alarms a person stay at or under `rate`."""
    scores = [_scores(statistic, made) for made in drawn]
    for height in np.arange(1.0, 12.0, 0.1):
        counts = [len(days) for score in scores for days in _days_over(score, float(height))]
        if np.mean(counts) <= rate:
            return float(height)
    return 12.0


def _scores(statistic: Statistic, made: Simulated) -> Floats:
    """The largest statistic over a person's metrics, float[people, days]."""
    people, metrics, days = made.values.shape
    return np.asarray(statistic(made.values.reshape(-1, days)).reshape(people, metrics, days).max(axis=1))


def _days_over(scores: Floats, height: float) -> list[list[int]]:
    return [_spaced(np.flatnonzero(one >= height).tolist()) for one in scores]


def _spaced(days: list[int]) -> list[int]:
    kept: list[int] = []
    for day in days:
        if not kept or day - kept[-1] > QUIET_DAYS:
            kept.append(day)
    return kept
