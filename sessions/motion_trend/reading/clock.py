"""Repairing a sensor's clock: gaps, jumps, repeated and late samples, coarse stamps, drift, summer time.

`ClockRepair` works piece by piece in constant memory; `repair_clock` does a whole array at once. What was
put right is said in `repairs`. A clock that was set back while nobody noticed cannot be told from one that
repeats an hour: samples that come after a jump back are laid behind those before it, and the words say so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.types import Repair

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.int64]
# Radio packets come late by up to about a second; a clock is not set back by so little.
LATE_S = 2.0
LONGEST_GLITCH = 5
COARSE_SHARE = 0.3
HOUR_S = 3600.0
DAY_S = 86_400.0
HOUR_TOLERANCE_S = 5.0
# No recording is older than wearable sensors: an earlier stamp is a clock that was never set.
EARLIEST_EPOCH_S = datetime(2005, 1, 1, tzinfo=UTC).timestamp()
LATEST_EPOCH_S = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
# Beyond this a clock was set, not slow: crystals stay within 100 parts per million.
MOST_DRIFT_PPM = 1000.0
LEAST_DRIFT_S = 0.02


@dataclass
class Tally:
    """What a clock's repair met so far."""

    gaps: int = 0
    gap_s: float = 0.0
    repeated: int = 0
    late: int = 0
    glitches: int = 0
    set_back: int = 0
    summer_time: int = 0
    never_set: int = 0
    spread: int = 0
    broken: int = 0


def repair_clock(
    t_s: FloatArray, *, zone: tzinfo | None = None, is_epoch: bool = False
) -> tuple[FloatArray, IndexArray, tuple[Repair, ...]]:
    """Repair the stamps of one sensor: answers increasing `t_s`, which samples, and repairs.

    t_s[N]: seconds. `zone`: of stamps that are local clock times without a zone, given as if they were UTC.
    """
    clock = ClockRepair(period_s=find_period_s(t_s), zone=zone, is_epoch=is_epoch)
    repaired, keep, _ = clock.push(np.asarray(t_s, dtype=np.float64), is_last=True)
    return repaired, keep, clock.repairs()


def find_period_s(t_s: FloatArray) -> float:
    """The usual time between samples, also where stamps are coarse; 0.01 where it cannot be told."""
    steps = np.diff(t_s[np.isfinite(t_s)])
    forward = np.flatnonzero(steps > 0)
    if not len(forward):
        return 0.01
    known = steps[: forward[-1] + 1]
    taken = known[(known > 0) & (known < 10)]
    if not len(taken):
        return float(np.median(known[known > 0]))
    zeros = int(np.count_nonzero(known == 0))
    if zeros > COARSE_SHARE * len(known):
        return float(np.sum(taken) / (len(taken) + zeros))
    return float(np.median(taken))


@dataclass
class ClockRepair:
    """The clock of one sensor, repaired as its samples come. `period_s`: the usual time between samples."""

    period_s: float
    zone: tzinfo | None = None
    is_epoch: bool = False
    tally: Tally = field(default_factory=Tally)
    _offset_s: float = 0.0
    _last_raw_s: float | None = None
    _last_s: float = -np.inf

    @property
    def gap_limit_s(self) -> float:
        """A longer pause between samples is a gap."""
        return max(4 * self.period_s, 0.1)

    def push(self, t_s: FloatArray, *, is_last: bool = False) -> tuple[FloatArray, IndexArray, int]:
        """Repair the next stamps: new times, which samples they are, how many last to push again.

        Coarse stamps that are all alike at the end of a piece are held back until the next ones are known.
        """
        usable = np.flatnonzero(np.isfinite(t_s))
        self.tally.broken += len(t_s) - len(usable)
        held = 0
        raw = t_s[usable]
        if len(raw) and self._is_coarse(raw):
            if not is_last:
                held = int(np.argmax(raw[::-1] != raw[-1])) if np.any(raw != raw[-1]) else 0
                usable, raw = (usable[:-held], raw[:-held]) if held else (usable, raw)
            raw = self._spread(raw)
        if not len(raw):
            return np.empty(0), np.empty(0, dtype=np.int64), held
        times, order = self._lay_out(raw)
        return times, usable[order], held

    def _is_coarse(self, raw: FloatArray) -> bool:
        return len(raw) > 8 and bool(np.mean(np.diff(raw) == 0) > COARSE_SHARE)

    def _spread(self, raw: FloatArray) -> FloatArray:
        """Lay samples that share a coarse stamp evenly until the next stamp."""
        starts = np.flatnonzero(np.concatenate([[True], np.diff(raw) != 0]))
        counts = np.diff(np.append(starts, len(raw)))
        expected = counts * self.period_s
        until_next = np.append(np.diff(raw[starts]), expected[-1])
        room = np.where((until_next > 0) & (until_next < 2 * expected + 0.1), until_next, expected)
        place = np.arange(len(raw)) - np.repeat(starts, counts)
        self.tally.spread += int(len(raw) - len(starts))
        return np.asarray(raw + place * np.repeat(room / counts, counts))

    def _lay_out(self, raw: FloatArray) -> tuple[FloatArray, IndexArray]:
        """Cut at big jumps, then lay the stretches one behind the other."""
        before = raw[0] - self.period_s if self._last_raw_s is None else self._last_raw_s
        steps = np.diff(raw, prepend=before)
        cuts = np.flatnonzero((steps < -LATE_S) | (steps > 30.0))
        edges = [0, *[int(cut) for cut in cuts if cut > 0], len(raw)]
        times: list[FloatArray] = []
        orders: list[IndexArray] = []
        for start, end in pairwise(edges):
            if end <= start or self._is_glitch(raw, start, end):
                continue
            laid, order = self._lay_stretch(raw[start:end], earlier=times)
            times.append(laid)
            orders.append(order + start)
        if not times:
            return np.empty(0), np.empty(0, dtype=np.int64)
        return np.concatenate(times), np.concatenate(orders)

    def _is_glitch(self, raw: FloatArray, start: int, end: int) -> bool:
        """Whether a few stamps lie far off between two that belong together."""
        last = self._last_raw_s
        if end - start > LONGEST_GLITCH or end >= len(raw) or last is None:
            return False
        is_glitch = abs(raw[end] - last) < LATE_S + (end - start + 1) * self.period_s
        self.tally.glitches += (end - start) if is_glitch else 0
        return bool(is_glitch)

    def _lay_stretch(self, raw: FloatArray, *, earlier: list[FloatArray]) -> tuple[FloatArray, IndexArray]:
        if self._last_raw_s is not None:
            self._meet_jump(float(raw[0]), earlier=earlier)
        order = np.arange(len(raw), dtype=np.int64)
        if np.any(np.diff(raw) < 0):
            self.tally.late += int(np.count_nonzero(np.diff(raw) < 0))
            order = np.argsort(raw, kind="stable").astype(np.int64)
        times = raw[order] + self._offset_s
        fresh = (np.diff(times, prepend=self._last_s) > 0) & (times > self._last_s)
        self.tally.repeated += int(np.count_nonzero(~fresh))
        times, order = times[fresh], order[fresh]
        if len(times):
            self._count_gaps(times)
            self._last_s = float(times[-1])
        self._last_raw_s = float(raw.max())
        return times, order

    def _meet_jump(self, first: float, *, earlier: list[FloatArray]) -> None:
        last = self._last_raw_s if self._last_raw_s is not None else first
        jump = first - last
        if jump < -LATE_S:
            self._offset_s += self.period_s - jump
            is_hour = self.zone is not None and abs(jump + HOUR_S) < HOUR_TOLERANCE_S
            self.tally.summer_time += is_hour
            self.tally.set_back += not is_hour
        elif self._is_summer_time(jump):
            self._offset_s -= HOUR_S
            self.tally.summer_time += 1
        elif self.is_epoch and last < EARLIEST_EPOCH_S <= first:
            self._meet_set_clock(jump - self.period_s, earlier)

    def _is_summer_time(self, jump: float) -> bool:
        if self.zone is None or self._last_raw_s is None or abs(jump - HOUR_S) > HOUR_TOLERANCE_S:
            return False
        moments = [self._last_raw_s, self._last_raw_s + jump]
        if not all(0 < moment < LATEST_EPOCH_S for moment in moments):
            return False
        naive = [datetime.fromtimestamp(moment, tz=UTC).replace(tzinfo=None) for moment in moments]
        before, after = (self.zone.utcoffset(moment) for moment in naive)
        return before != after

    def _meet_set_clock(self, shift: float, earlier: list[FloatArray]) -> None:
        """A clock that was never set got its time: what is at hand from before moves, else what follows."""
        self.tally.never_set += 1
        if earlier and len(earlier[0]):
            for times in earlier:
                times += shift
            self._last_s += shift
        else:
            self._offset_s -= shift

    def _count_gaps(self, times: FloatArray) -> None:
        first = self._last_s if np.isfinite(self._last_s) else times[0] - self.period_s
        steps = np.diff(times, prepend=first)
        gaps = steps[steps > self.gap_limit_s]
        self.tally.gaps += len(gaps)
        self.tally.gap_s += float(np.sum(gaps))

    def repairs(self) -> tuple[Repair, ...]:
        """What was put right so far, one entry a kind."""
        tally = self.tally
        gaps = f"Gaps in the recording: {tally.gaps}, {tally.gap_s:,.1f} s in all."
        back = f"The clock jumped back {how_often(tally.set_back)}; what follows was laid behind the rest."
        summer = f"The clock changed to or from summer time {how_often(tally.summer_time)}; put right."
        found: list[tuple[int, str, str, float | None]] = [
            (tally.gaps, "gap", gaps, tally.gap_s),
            (tally.repeated, "repeated", f"Samples that came twice: {tally.repeated:,}; kept once.", None),
            (tally.late, "late", f"Samples out of order: {tally.late:,}; put in order.", None),
            (
                tally.glitches,
                "glitch",
                f"Samples with an impossible time: {tally.glitches:,}; left out.",
                None,
            ),
            (tally.set_back, "set_back", back, None),
            (tally.summer_time, "summer_time", summer, None),
            (tally.never_set, "never_set", "The clock was set during the recording; times moved.", None),
            (
                tally.spread,
                "coarse",
                f"Samples that shared a stamp: {tally.spread:,}; laid out evenly.",
                None,
            ),
            (tally.broken, "no_time", f"Samples without a readable time: {tally.broken:,}; left out.", None),
        ]
        return tuple(
            Repair(code, words, float(count if amount is None else amount))
            for count, code, words, amount in found
            if count
        )


def how_often(count: int) -> str:
    """A count in words, as often as something happened."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


@dataclass(frozen=True, slots=True)
class ClockDifference:
    """How a second clock runs against a first: `offset_s` ahead at the start, gaining `drift_ppm`."""

    offset_s: float
    drift_ppm: float
    residual_s: float
    windows: int


def drift_between(wall_s: tuple[float, float], counter_s: tuple[float, float]) -> float:
    """How many parts per million a counter runs slow against a wall clock, from their first and last stamps.

    0 where it cannot be told: too short, below one stamp's width, or a wall clock that was set in between.
    """
    counted = counter_s[1] - counter_s[0]
    if counted < 60:
        return 0.0
    slow_s = (wall_s[1] - wall_s[0]) - counted
    ppm = 1e6 * slow_s / counted
    return ppm if abs(slow_s) >= LEAST_DRIFT_S and abs(ppm) <= MOST_DRIFT_PPM else 0.0


def compare_clocks(
    first_t_s: FloatArray, first: FloatArray, second_t_s: FloatArray, second: FloatArray, *,
    most_offset_s: float = 5.0, window_s: float = 60.0,
) -> ClockDifference | None:  # fmt: skip
    """Compare the clocks of two sensors on one body by what both felt (length of acceleration, [N] each).

    Windows of both are cross-correlated at 50 Hz and a line is laid through the lags that agree (Theil-Sen).
    None where fewer than two windows agree clearly: two sensors that move apart, or too short a recording.
    """
    rate_hz = 50.0
    start, end = max(first_t_s[0], second_t_s[0]), min(first_t_s[-1], second_t_s[-1])
    middles, lags = [], []
    for at in np.arange(start + most_offset_s, end - window_s - most_offset_s, window_s):
        grid = np.arange(at, at + window_s, 1 / rate_hz)
        wide = np.arange(at - most_offset_s, at + window_s + most_offset_s, 1 / rate_hz)
        lag = _best_lag_s(
            np.interp(grid, first_t_s, first), np.interp(wide, second_t_s, second), rate_hz=rate_hz
        )
        if lag is not None:
            middles.append(at + window_s / 2 - start)
            lags.append(lag - most_offset_s)
    if len(lags) < 2:
        return None
    return _line(np.asarray(middles), np.asarray(lags))


def _best_lag_s(pattern: FloatArray, wide: FloatArray, *, rate_hz: float) -> float | None:
    """Where in a wider signal a pattern lies best, s; None where nothing stands out."""
    pattern = pattern - pattern.mean()
    if pattern.std() < 0.2:
        return None
    count = len(wide) - len(pattern) + 1
    size = 1 << (len(wide) + len(pattern)).bit_length()
    spectrum = np.fft.rfft(wide - wide.mean(), size) * np.conj(np.fft.rfft(pattern, size))
    score = np.fft.irfft(spectrum, size)[:count]
    sums = np.cumsum(np.insert((wide - wide.mean()) ** 2, 0, 0.0))
    power = np.sqrt((sums[len(pattern) :] - sums[: -len(pattern)])[:count] * np.sum(pattern**2))
    score = score / np.maximum(power, 1e-9)
    best = int(np.argmax(score))
    if score[best] < 0.6 or not 0 < best < count - 1:
        return None
    left, middle, right = score[best - 1 : best + 2]
    bend = left - 2 * middle + right
    return float((best + (0.5 * (left - right) / bend if bend < 0 else 0.0)) / rate_hz)


def _line(at_s: FloatArray, lag_s: FloatArray) -> ClockDifference:
    first, second = np.triu_indices(len(at_s), k=1)
    slope = float(np.median((lag_s[second] - lag_s[first]) / (at_s[second] - at_s[first])))
    offset = float(np.median(lag_s - slope * at_s))
    residual = float(np.median(np.abs(lag_s - offset - slope * at_s)))
    return ClockDifference(offset, 1e6 * slope, residual, len(at_s))
