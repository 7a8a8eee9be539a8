"""The chart over all of one person's metrics together: a deterioration seldom moves only one of them.

Each day's surprises are averaged over the person's metrics; how much such an average usually varies is learnt
from the person's own days, so that metrics which always move together count as little more than one.
Weak point: a change in one metric of many is diluted here; the metric's own charts see it.
"""

from dataclasses import dataclass, field

import numpy as np

from sessions.motion_trend.alarm.charts import FAST, TUNING, Bools, Charts, Ints, Tuning, evidence
from sessions.motion_trend.trend import Floats, robust_scale

MOST_SURPRISE = 4.0
LEAST_METRICS = 2


@dataclass(slots=True)
class JointChart:
    """One sum a person over all their series. `person`: int[series], whose series each is."""

    person: Ints
    tuning: Tuning = TUNING
    sums: Floats = field(init=False)
    support: Ints = field(init=False)
    since_start: Ints = field(init=False)
    run_first_day: Floats = field(init=False)
    seen: Ints = field(init=False)
    memory: Floats = field(init=False)

    def __post_init__(self) -> None:
        people = int(self.person.max()) + 1 if len(self.person) else 0
        self.sums = np.zeros(people)
        self.support = np.zeros(people, dtype=np.int64)
        self.since_start, self.seen = np.zeros(people, dtype=np.int64), np.zeros(people, dtype=np.int64)
        self.run_first_day = np.full(people, np.nan)
        self.memory = np.full((people, self.tuning.remembered), np.nan)

    def add_day(self, day: int, z: Floats) -> Floats:
        """Take the day's surprises (NaN where not judged) in; answers the sums that two days support."""
        known = np.isfinite(z)
        people = len(self.sums)
        count = np.bincount(self.person, weights=known, minlength=people)
        cut = np.where(known, np.clip(z, -MOST_SURPRISE, MOST_SURPRISE), 0.0)
        mean = np.bincount(self.person, weights=cut, minlength=people) / np.sqrt(np.maximum(count, 1))
        present = count >= LEAST_METRICS
        scale = self._scale()
        judged = present & (self.since_start >= self.tuning.least_seen)
        size = self.tuning.step_sizes[FAST]
        gain = np.where(judged, evidence(mean / scale, size, self.tuning.tail_freedom), 0.0)
        total = np.maximum(0.0, self.sums + gain)
        self.run_first_day[(self.sums <= 0) & (total > 0)] = day
        self.support = np.where(total <= 0, 0, self.support + (gain > 0))
        self.sums = total
        rows = np.flatnonzero(present)
        self.memory[rows, self.seen[rows] % self.tuning.remembered] = mean[rows]
        self.seen += present
        self.since_start += present
        return np.where(present & (self.support >= self.tuning.support), self.sums, 0.0)

    def begin_again(self, people: Bools) -> None:
        """After an alarm of these people."""
        self.sums[people], self.support[people] = 0.0, 0
        self.since_start[people] = np.minimum(
            self.since_start[people], self.tuning.least_seen - self.tuning.quiet_after
        )

    def _scale(self) -> Floats:
        """How much the average usually varies; never less than what independent metrics would show."""
        settled = self.memory.copy()
        rows = np.arange(len(settled))
        for back in range(1, self.tuning.newest_left_out):
            settled[rows, (self.seen - back) % self.tuning.remembered] = np.nan
        scale, known = robust_scale(settled)
        few = 1 + 4 / np.maximum(known, 4)
        return np.where(np.isfinite(scale), np.maximum(scale, 0.8) * few, np.inf)


def strongest_series(charts: Charts, person: Ints, one: int) -> int:
    """The series of a person that speaks loudest for a change now."""
    own = np.flatnonzero(person == one)
    return int(own[np.argmax(charts.sums[FAST, own])])
