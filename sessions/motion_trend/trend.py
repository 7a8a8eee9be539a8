"""The course of one metric: a local-level model with the recovery that the person's own weeks lead one to
expect.

Level and slope follow a Kalman filter in which the slope fades (a recovery saturates: the expected path is a
level plus a decaying exponential), seen through noise whose scale is estimated robustly from the person's own
days. All variances are in units of one ordinary day's variance, so that the same constants serve every
metric. Weak points: an abrupt end of a steep recovery is over-predicted for about ten days; with fewer than
eight observations the band rests on a guess; a level that wanders faster than `LEVEL_WANDER` lags behind.
Source: Durbin and Koopman, Time Series Analysis by State Space Methods, chapters 2 and 4; weights after
Huber.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Three ways in which a level may move, from "stays" to "recovers quickly"; a person's own days weigh them.
LEVEL_WANDER = np.array([[0.0025], [0.0025], [0.0005]])
SLOPE_WANDER = np.array([[0.0], [0.00002], [0.0001]])
SLOPE_FADES_DAYS = np.array([[42.0], [42.0], [90.0]])
SLOPE_START_VARIANCE = np.array([[0.0], [0.12**2], [0.12**2]])
WEIGHT_KEEPS = 0.97
HUBER = 1.5
CONSISTENT_MAD = 1.4826
LEAST_SCALE = 1e-9
LEAST_NOISE, MOST_NOISE = 0.25, 10.0
JUMP_VARIANCE = 9.0
WINSOR_FACTOR = 1.01


@dataclass(frozen=True, slots=True)
class DailySeries:
    """One metric's days, oldest first: a value a day, with what is known about how it was measured.

    `low`, `high`: that day's band, `n`: bouts or tests behind it, `wear_minutes`: how long the sensor was
    worn (NaN where unknown); `devices`, `placements`, `notes`: words, "" where unknown. Optional columns may
    be left empty. `days` must rise strictly.
    """

    code: str
    days: tuple[date, ...]
    values: Floats
    low: Floats | None = None
    high: Floats | None = None
    n: Floats | None = None
    wear_minutes: Floats | None = None
    devices: tuple[str, ...] = ()
    placements: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.days) != len(self.values):
            raise ValueError(f"{self.code}: {len(self.days)} days, {len(self.values)} values")
        if any(later <= earlier for earlier, later in zip(self.days, self.days[1:], strict=False)):
            raise ValueError(f"{self.code}: the days do not rise")

    def __len__(self) -> int:
        return len(self.days)

    def until(self, day: date) -> "DailySeries":
        """The same series as it was known on `day`, the day included."""
        keep = sum(1 for one in self.days if one <= day)

        def cut(column: Floats | None) -> Floats | None:
            return None if column is None else column[:keep]

        return DailySeries(
            self.code, self.days[:keep], self.values[:keep], cut(self.low), cut(self.high), cut(self.n),
            cut(self.wear_minutes), self.devices[:keep], self.placements[:keep], self.notes[:keep],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trend:
    """The course day by day, missing days included: arrays of the same length, in the metric's unit.

    `level` with its 95 % band `low` to `high`, smoothed over all days; `expected`: what the days before led
    one to expect of this day, NaN before the first; `day_scale`: one ordinary day's standard deviation.
    """

    code: str
    days: tuple[date, ...]
    level: Floats
    low: Floats
    high: Floats
    expected: Floats
    day_scale: float


@dataclass(slots=True)
class Belief:
    """Level and slope of many series under each way of moving, float[ways, series]; variances in days'
    variances.

    `trust`: the log weight of each way, from how well it foretold this person's days (older days fade).
    """

    level: Floats
    slope: Floats
    level_var: Floats
    cross: Floats
    slope_var: Floats
    trust: Floats

    @classmethod
    def blank(cls, count: int) -> "Belief":
        """Nothing known yet: levels are NaN."""
        shape = (len(LEVEL_WANDER), count)
        return cls(np.full(shape, np.nan), *(np.zeros(shape) for _ in range(5)))

    def start(self, where: NDArray[np.bool_], values: Floats, variance: Floats, *, recovery: bool) -> None:
        """Begin (again) at these values."""
        self.level[:, where] = values[where]
        self.slope[:, where] = 0.0
        self.level_var[:, where] = variance[where]
        self.cross[:, where] = 0.0
        self.slope_var[:, where] = SLOPE_START_VARIANCE * recovery
        self.trust[:, where] = 0.0

    def predict(self, gap_days: Floats) -> "Belief":
        """What is believed `gap_days` later: slopes fade, uncertainty grows."""
        fade = np.exp(-gap_days / SLOPE_FADES_DAYS)
        reach = (1.0 - fade) * SLOPE_FADES_DAYS
        wander = np.where(self.slope_var > 0, SLOPE_WANDER * gap_days, 0.0)
        return Belief(
            self.level + reach * self.slope,
            fade * self.slope,
            self.level_var + 2 * reach * self.cross + reach**2 * self.slope_var + LEVEL_WANDER * gap_days,
            fade * (self.cross + reach * self.slope_var),
            fade**2 * self.slope_var + wander,
            self.trust.copy(),
        )

    def summed(self, scale: Floats) -> tuple[Floats, Floats]:
        """The level over all ways, and its variance in units of one day's variance."""
        weight = np.exp(self.trust - self.trust.max(axis=0))
        weight /= weight.sum(axis=0)
        level = (weight * self.level).sum(axis=0)
        apart = ((self.level - level) / scale) ** 2
        return level, (weight * (np.maximum(self.level_var, 0.0) + apart)).sum(axis=0)

    def learn(self, values: Floats, day_variance: Floats, scale: Floats) -> None:
        """Take a day in (NaN: nothing); an odd day moves the level less, after Huber."""
        present = np.isfinite(values)
        surprise = np.where(present, values - self.level, 0.0)
        total = self.level_var + day_variance
        z = surprise / (np.sqrt(total) * scale)
        weight = np.where(present, HUBER / np.maximum(np.abs(z), HUBER), 0.0)
        foretold = -0.5 * np.log(total) - 3.5 * np.log1p(z**2 / 6.0)
        self.trust = np.where(present, WEIGHT_KEEPS * self.trust + foretold, self.trust)
        level_gain, slope_gain = self.level_var / total, self.cross / total
        self.level = self.level + level_gain * surprise * weight
        self.slope = self.slope + slope_gain * surprise * weight
        self.slope_var = self.slope_var - slope_gain * self.cross * weight
        self.cross = self.cross - slope_gain * self.level_var * weight
        self.level_var = self.level_var - level_gain * self.level_var * weight


def robust_scale(surprises: Floats) -> tuple[Floats, Floats]:
    """One ordinary day's standard deviation of each row, and how well it is known (degrees of freedom).

    `surprises`: float[series, kept], NaN where empty. The standard deviation about zero of values cut at
    three times the median deviation; infinite under three values.
    """
    size = np.sort(np.abs(surprises), axis=1)
    known = np.isfinite(size).sum(axis=1)
    rows = np.arange(len(size))
    low, high = np.maximum((known - 1) // 2, 0), np.minimum(known // 2, size.shape[1] - 1)
    middle = CONSISTENT_MAD * 0.5 * (size[rows, low] + size[rows, high])
    cut = np.nan_to_num(np.minimum(size, 3.0 * middle[:, None]))
    scale = WINSOR_FACTOR * np.sqrt((cut**2).sum(axis=1) / np.maximum(known, 1))
    return np.where(known >= 3, np.maximum(scale, LEAST_SCALE), np.inf), np.maximum(0.9 * known, 2.0)


def day_variance(series: DailySeries) -> Floats:
    """How noisy each day is beside an ordinary one of this person, from its band or else its number of bouts.

    Each day is compared with the days until then only. Half of a day's noise is taken to lie between days
    (mood, shoes, weather), which no number of bouts makes smaller.
    """
    ratio = np.ones(len(series))
    if series.low is not None and series.high is not None:
        ratio = _beside_usual(series.high - series.low) ** 2
    elif series.n is not None:
        ratio = 1 / _beside_usual(series.n)
    if series.wear_minutes is not None:
        ratio = ratio / np.minimum(_beside_usual(series.wear_minutes), 1.0)
    return 0.5 + 0.5 * np.clip(ratio, LEAST_NOISE, MOST_NOISE)


def _beside_usual(column: Floats) -> Floats:
    """Each value over the median of the values until then; 1 where nothing is known."""
    usual = np.array([np.nanmedian(column[: at + 1]) if np.isfinite(column[: at + 1]).any() else np.nan
                      for at in range(len(column))])  # fmt: skip
    ratio = np.divide(column, usual, out=np.ones_like(column, dtype=np.float64), where=usual > 0)
    return np.where(np.isfinite(ratio), np.clip(ratio, 0.05, 20.0), 1.0)


def fit_trend(series: DailySeries, *, recovery: bool = True, breaks: Sequence[date] = ()) -> Trend:
    """Level, band and expected path of one metric. `breaks`: days on which the level may jump (alarms).

    Raises ValueError for an empty series.
    """
    if not len(series):
        raise ValueError(f"{series.code}: no days")
    first, last = series.days[0].toordinal(), series.days[-1].toordinal()
    days = last - first + 1
    values, variance = np.full(days, np.nan), np.ones(days)
    at = np.array([day.toordinal() - first for day in series.days])
    values[at], variance[at] = series.values, day_variance(series)
    jumps = {day.toordinal() - first for day in breaks}
    expected, scale, way = _foretell(values, variance, jumps, recovery)
    level, level_var = _smooth(values, variance, jumps, scale, way, recovery)
    half = 1.96 * scale * np.sqrt(np.maximum(level_var, 0.0))
    dates = tuple(date.fromordinal(first + day) for day in range(days))
    return Trend(series.code, dates, level, level - half, level + half, expected, scale)


def _foretell(values: Floats, variance: Floats, jumps: set[int], recovery: bool) -> tuple[Floats, float, int]:
    """What each day was expected to be, one ordinary day's SD, and the way of moving that foretold best."""
    belief = Belief.blank(1)
    scale = np.array([np.inf])
    surprises = np.full((1, len(values)), np.nan)
    expected = np.full(len(values), np.nan)
    belief.start(np.array([True]), values[:1], variance[:1], recovery=recovery)
    for day in range(1, len(values)):
        belief = belief.predict(np.ones(1))
        if day in jumps:
            belief.level_var += JUMP_VARIANCE
        level, level_var = belief.summed(scale)
        expected[day] = level[0]
        if np.isfinite(values[day]):
            surprises[0, day] = (values[day] - level[0]) / np.sqrt(level_var[0] + variance[day])
            belief.learn(values[day : day + 1], variance[day : day + 1], scale)
            scale, _ = robust_scale(surprises)
    known = float(scale[0]) if np.isfinite(scale[0]) else float(np.nanstd(values)) or LEAST_SCALE
    return expected, known, int(np.argmax(belief.trust[:, 0]))


def _smooth(
    values: Floats, variance: Floats, jumps: set[int], scale: float, way: int, recovery: bool
) -> tuple[Floats, Floats]:
    """The level seen from all days (Rauch, Tung and Striebel 1965), with its variance in days' variances."""
    fade = float(np.exp(-1 / SLOPE_FADES_DAYS[way, 0]))
    move = np.array([[1.0, (1 - fade) * SLOPE_FADES_DAYS[way, 0]], [0.0, fade]])
    with_slope = recovery and SLOPE_START_VARIANCE[way, 0] > 0
    wander = np.diag([LEVEL_WANDER[way, 0], SLOPE_WANDER[way, 0] if with_slope else 0.0])
    days = len(values)
    means, spreads = np.zeros((days, 2)), np.zeros((days, 2, 2))
    ahead_means, ahead_spreads = means.copy(), spreads.copy()
    mean = np.array([values[0], 0.0])
    spread = np.diag([variance[0], SLOPE_START_VARIANCE[way, 0] if with_slope else 0.0])
    for day in range(days):
        if day:
            mean, spread = move @ mean, move @ spread @ move.T + wander
            spread[0, 0] += JUMP_VARIANCE if day in jumps else 0.0
        ahead_means[day], ahead_spreads[day] = mean, spread
        if day and np.isfinite(values[day]):
            mean, spread = _take_in(mean, spread, values[day], variance[day], scale)
        means[day], spreads[day] = mean, spread
    for day in range(days - 2, -1, -1):
        gain = spreads[day] @ move.T @ np.linalg.pinv(ahead_spreads[day + 1])
        means[day] = means[day] + gain @ (means[day + 1] - ahead_means[day + 1])
        spreads[day] = spreads[day] + gain @ (spreads[day + 1] - ahead_spreads[day + 1]) @ gain.T
    return means[:, 0], spreads[:, 0, 0]


def _take_in(
    mean: Floats, spread: Floats, value: float, variance: float, scale: float
) -> tuple[Floats, Floats]:
    """One day's update; an odd day counts as a noisier one."""
    surprise = value - mean[0]
    z = abs(surprise) / (scale * np.sqrt(spread[0, 0] + variance))
    noise = variance * max(1.0, z / HUBER) ** 2
    gain = spread[:, 0] / (spread[0, 0] + noise)
    return mean + gain * surprise, spread - np.outer(gain, spread[0])
