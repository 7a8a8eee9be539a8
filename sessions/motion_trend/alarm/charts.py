"""The running sums behind the alarm: many series at once, one day at a time, never looking ahead.

Each day's surprise (value minus what the trend expected, in units of what is usual for this person) feeds two
CUSUM charts of log-likelihood ratios: a fast one for a sudden step and a slow one for smaller changes and
ramps. The likelihood is Student's, so that one odd day counts for little however odd it is, and at least two
days have to agree. Surprises are freed of their day-to-day echo (AR(1)) and of the weekday's habit first.
Weak points: an echo above about 0.5 is corrected only in part; a change within the first `least_seen` values
is not seen; sizes under one and a half day's standard deviations take a week or more.
Source: Page 1954 (CUSUM); Hawkins and Olwell 1998, chapters 1 and 6; the scores after Wallace 1959.
"""

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.trend import HUBER, LEAST_SCALE, Belief, Floats, robust_scale

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

ENGINE = "cusum-t 1"
FAST, SLOW, JOINT = 0, 1, 2
CHARTS = ("fast", "slow", "joint")
MOST_GAP_DAYS = 400.0
WEEK = 7
FEW_VALUES = 4


@dataclass(frozen=True, slots=True)
class Tuning:
    """Constants of the charts, chosen on the tuning families of `simulation`
    (docs/science/motion_trend_alarm.md).

    `step_sizes`: the shifts that the charts look for, in days' standard deviations; `quiet_after`: values
    that a series needs after an alarm or a new baseline before it is judged again.
    """

    step_sizes: tuple[float, float] = (2.5, 1.0)
    tail_freedom: float = 6.0
    least_seen: int = 10
    remembered: int = 84
    newest_left_out: int = 3
    most_echo: float = 0.6
    echo_doubt: float = 10.0
    echo_least: int = 8
    weekday_least: int = 28
    near_days: int = 2
    quiet_after: int = 4
    support: int = 2


TUNING = Tuning()


@dataclass(slots=True)
class Charts:
    """The state of `count` series; values are turned so that up is worse. Feed days in order with `add_day`.

    `sums`, `run_*`: float[2, count], fast and slow. A run is the stretch since its sum last stood at zero:
    its first day, its values' weighted sum and weight, the level expected on its first day, and how many of
    its days spoke for a change.
    """

    count: int
    recovery: bool = True
    tuning: Tuning = TUNING
    belief: Belief = field(init=False)
    sums: Floats = field(init=False)
    support: Ints = field(init=False)
    run_first_day: Floats = field(init=False)
    run_total: Floats = field(init=False)
    run_weight: Floats = field(init=False)
    run_base: Floats = field(init=False)
    seen: Ints = field(init=False)
    since_start: Ints = field(init=False)
    last_day: Floats = field(init=False)
    last_surprise: Floats = field(init=False)
    scale: Floats = field(init=False)
    expected: Floats = field(init=False)
    z: Floats = field(init=False)
    memory: Floats = field(init=False)
    memory_before: Floats = field(init=False)
    memory_raw: Floats = field(init=False)
    memory_weekday: Ints = field(init=False)

    def __post_init__(self) -> None:
        n, kept = self.count, self.tuning.remembered
        self.belief = Belief.blank(n)
        self.sums, self.run_total = np.zeros((2, n)), np.zeros((2, n))
        self.run_weight, self.run_base = np.zeros((2, n)), np.zeros((2, n))
        self.support = np.zeros((2, n), dtype=np.int64)
        self.run_first_day = np.full((2, n), np.nan)
        self.seen, self.since_start = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
        self.last_day, self.last_surprise = np.full(n, np.nan), np.full(n, np.nan)
        self.scale, self.expected = np.full(n, np.inf), np.full(n, np.nan)
        self.z = np.full(n, np.nan)
        self.memory, self.memory_before = np.full((n, kept), np.nan), np.full((n, kept), np.nan)
        self.memory_raw = np.full((n, kept), np.nan)
        self.memory_weekday = np.full((n, kept), -1, dtype=np.int64)

    def add_day(self, day: int, values: Floats, day_variance: Floats) -> Floats:
        """Take one day in (NaN where there is no value); answers the sums that two days support, float[2,
        count].

        `day`: any running day number; `day_variance`: this day's noise variance over an ordinary day's.
        """
        present = np.isfinite(values)
        first = present & np.isnan(self.belief.level[0])
        self.belief.start(first, values, day_variance, recovery=self.recovery)
        later = present & ~first
        gap = np.where(later, np.minimum(day - self.last_day, MOST_GAP_DAYS), 0.0)
        ahead = self.belief.predict(gap)
        settled = self._settled(self.memory)
        self.scale, freedom = robust_scale(settled)
        level, level_var = ahead.summed(self.scale)
        habit = self._weekday_habit(self._settled(self.memory_raw), day)
        self.expected = level + habit
        surprise = np.where(later, values - self.expected, np.nan)
        spread = np.sqrt(level_var + day_variance)
        z = _as_normal(surprise / (spread * self.scale), freedom)
        near = later & (gap <= self.tuning.near_days)
        judged = later & (self.since_start >= self.tuning.least_seen)
        self.z = np.where(judged, self._without_echo(z, settled, near), np.nan)
        self._judge(judged, day, np.nan_to_num(self.z), values - habit, level, day_variance)
        self._learn(later, ahead, values - habit, day_variance)
        self._remember(later, near, day, surprise / spread, (surprise + habit) / spread)
        self.seen += present
        self.since_start += present
        self.last_day[present] = day
        return np.where(self.support >= self.tuning.support, self.sums, 0.0)

    def begin_again(self, where: Bools, chart: Ints) -> None:
        """After an alarm: the level since the change is the new baseline, and the sums start from zero."""
        rows = np.flatnonzero(where)
        total, weight = self.run_total[chart[rows], rows], self.run_weight[chart[rows], rows]
        values = self.expected.copy()
        values[rows] = total / weight
        variance = np.ones(self.count)
        variance[rows] = np.maximum(1 / weight, 1 / self.tuning.quiet_after)
        self.belief.start(where, values, variance, recovery=self.recovery)
        self._forget_sums(where)

    def rebase(self, where: Bools) -> None:
        """A person has answered: judge from here on, with a level that is learnt anew from the last one."""
        self.belief.level_var[:, where] += 1.0
        self._forget_sums(where)

    def _forget_sums(self, where: Bools) -> None:
        for column in (self.sums, self.support, self.run_total, self.run_weight):
            column[:, where] = 0
        self.since_start[where] = np.minimum(
            self.since_start[where], self.tuning.least_seen - self.tuning.quiet_after
        )

    def _judge(
        self, judged: Bools, day: int, z: Floats, values: Floats, level: Floats, day_variance: Floats
    ) -> None:
        """Add the day's evidence to both charts; remember when each sum left zero."""
        for chart, size in enumerate(self.tuning.step_sizes):
            gain = np.where(judged, evidence(z, size, self.tuning.tail_freedom), 0.0)
            total = np.maximum(0.0, self.sums[chart] + gain)
            begins, ends = (self.sums[chart] <= 0) & (total > 0), total <= 0
            self.run_first_day[chart, begins] = day
            self.run_base[chart, begins] = level[begins]
            weight = np.where(judged, 1 / day_variance, 0.0)
            share = np.where(judged, weight * np.where(judged, values, 0.0), 0.0)
            self.run_total[chart] = np.where(ends, 0.0, self.run_total[chart] + share)
            self.run_weight[chart] = np.where(ends, 0.0, self.run_weight[chart] + weight)
            self.support[chart] = np.where(ends, 0, self.support[chart] + (gain > 0))
            self.sums[chart] = total

    def _learn(self, present: Bools, ahead: Belief, values: Floats, day_variance: Floats) -> None:
        """Let the trend follow; the first days are taken as they come."""
        known = np.where(self.since_start >= FEW_VALUES, self.scale, np.inf)
        ahead.learn(np.where(present, values, np.nan), day_variance, known)
        for one in fields(Belief):
            getattr(self.belief, one.name)[:, present] = getattr(ahead, one.name)[:, present]

    def _remember(self, present: Bools, near: Bools, day: int, surprise: Floats, raw: Floats) -> None:
        where = np.flatnonzero(present)
        slot = (self.seen[where] - 1) % self.tuning.remembered
        self.memory[where, slot], self.memory_raw[where, slot] = surprise[where], raw[where]
        self.memory_before[where, slot] = np.where(near[where], self.last_surprise[where], np.nan)
        self.memory_weekday[where, slot] = day % WEEK
        self.last_surprise[where] = surprise[where]

    def _settled(self, memory: Floats) -> Floats:
        """Remembered surprises without the newest, which may belong to a change that is being judged."""
        settled = memory.copy()
        rows = np.arange(self.count)
        for back in range(2, self.tuning.newest_left_out + 2):
            settled[rows, (self.seen - back) % self.tuning.remembered] = np.nan
        return settled

    def _without_echo(self, z: Floats, settled: Floats, near: Bools) -> Floats:
        """z freed of the share that the day before carries over, where the day before was measured."""
        scale = self.scale[:, None]
        now, before = (
            np.clip(settled / scale, -HUBER, HUBER),
            np.clip(self.memory_before / scale, -HUBER, HUBER),
        )
        both = np.isfinite(now) & np.isfinite(before)
        pairs = both.sum(axis=1)
        own = np.where(both, before**2, 0.0).sum(axis=1)
        echo = np.where(both, now * before, 0.0).sum(axis=1) / np.maximum(own, LEAST_SCALE)
        echo = np.where(
            near & (pairs >= self.tuning.echo_least), echo * pairs / (pairs + self.tuning.echo_doubt), 0.0
        )
        echo = np.clip(echo, 0.0, self.tuning.most_echo)
        last = np.nan_to_num(np.clip(self.last_surprise / self.scale, -2.5, 2.5))
        return np.asarray((z - echo * last) / np.sqrt(1 - echo**2))

    def _weekday_habit(self, settled: Floats, day: int) -> Floats:
        """What this weekday usually adds; shrunk (James and Stein) so that it is zero where no habit
        shows.
        """
        means, counts = np.zeros((WEEK, self.count)), np.zeros((WEEK, self.count))
        scale = np.where(np.isfinite(self.scale), self.scale, 1.0)
        kept = np.clip(settled / scale[:, None], -2.5, 2.5)
        for weekday in range(WEEK):
            there = np.isfinite(kept) & (self.memory_weekday == weekday)
            counts[weekday] = there.sum(axis=1)
            means[weekday] = np.where(there, kept, 0.0).sum(axis=1) / np.maximum(counts[weekday], 1)
        usable = (counts.sum(axis=0) >= self.tuning.weekday_least) & (counts.min(axis=0) >= 2)
        apart = means - means.mean(axis=0)
        between = np.maximum((apart**2).sum(axis=0), LEAST_SCALE)
        shrink = np.maximum(0.0, 1.0 - WEEK / np.maximum(counts.mean(axis=0), 1) / between)
        return np.where(usable, shrink * apart[day % WEEK] * scale, 0.0)


def evidence(z: Floats, size: float, freedom: float) -> Floats:
    """The log-likelihood ratio of "shifted by `size`" against "as expected", with Student's tails."""
    return np.asarray((freedom + 1) / 2 * (np.log1p(z**2 / freedom) - np.log1p((z - size) ** 2 / freedom)))


def _as_normal(t: Floats, freedom: Floats) -> Floats:
    """The normal score of a Student value: where the scale is a guess, odd days are less odd."""
    t = np.nan_to_num(t)
    factor = (8 * freedom + 1) / (8 * freedom + 3)
    return np.sign(t) * factor * np.sqrt(freedom * np.log1p(t**2 / freedom))
