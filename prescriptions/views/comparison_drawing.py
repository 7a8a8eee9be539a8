"""Differences with their intervals as a forest plot: one row each, all on the same scale."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Any

WIDTH, EDGE, ROW_HEIGHT = 320.0, 24.0, 28.0
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Interval:
    """A difference from the fixed protocol with its 95 % interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, source: Mapping[str, Any] | None, *, scale: float = 1.0) -> "Interval | None":
        """None where a number is missing. `scale`: 100 turns a share into points of 100."""
        numbers = [(source or {}).get(name) for name in ("value", "low", "high")]
        if not all(isinstance(one, (int, float)) and isfinite(one) for one in numbers):
            return None
        return cls(*(scale * float(one) for one in numbers if one is not None))

    @property
    def words(self) -> str:
        """ "+1.20 (0.90 to 1.50)"."""
        return f"{signed(self.value)} ({signed(self.low)} to {signed(self.high)})"

    def judged(self, *, more_is_better: bool) -> str:
        """ "better", "worse", or "no difference shown" while the interval holds zero."""
        if self.low <= 0 <= self.high:
            return "no difference shown"
        return "better" if (self.value > 0) == more_is_better else "worse"


@dataclass(frozen=True, slots=True)
class ForestRow:
    """`state` is one of the four signs of the product, so that no colour stands alone."""

    name: str
    note: str
    interval: Interval | None
    judged: str
    state: str
    x: float = 0.0
    low_x: float = 0.0
    high_x: float = 0.0
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Forest:
    title: str
    unit: str
    rows: tuple[ForestRow, ...]
    zero_x: float
    ticks: tuple[Tick, ...]
    words: str
    width: float = WIDTH
    height: float = ROW_HEIGHT
    middle: float = ROW_HEIGHT / 2


STATES = {"better": "correct", "worse": "significant", "no difference shown": "not-scored"}


def forest(
    title: str,
    unit: str,
    named: Iterable[tuple[str, str, Mapping[str, Any] | None]],
    *,
    more_is_better: bool,
    total: Mapping[str, Any] | None = None,
    scale: float = 1.0,
) -> Forest:
    """`named`: (name, note, interval) in order; `total` is drawn last, as all of them together."""
    rows = [(name, note, Interval.of(source, scale=scale), False) for name, note, source in named]
    if total is not None:
        rows.append(("All together", "", Interval.of(total, scale=scale), True))
    low, high = _range([interval for _, _, interval, _ in rows if interval])

    def x(value: float) -> float:
        return round(EDGE + (value - low) / (high - low) * (WIDTH - 2 * EDGE), 1)

    return Forest(
        title=title,
        unit=unit,
        rows=tuple(_row(*row, x=x, more_is_better=more_is_better) for row in rows),
        zero_x=x(0.0),
        ticks=tuple(Tick(x(value), label) for value, label in _ticks(low, high)),
        words=f"{title}: difference from the fixed protocol, 95 % intervals, {unit}",
    )


def _row(
    name: str, note: str, interval: Interval | None, is_total: bool, *, x: Any, more_is_better: bool
) -> ForestRow:
    if interval is None:
        return ForestRow(name, note, None, "not measured", "not-scored", is_total=is_total)
    judged = interval.judged(more_is_better=more_is_better)
    return ForestRow(
        name=name,
        note=note,
        interval=interval,
        judged=judged,
        state=STATES[judged],
        x=x(interval.value),
        low_x=x(interval.low),
        high_x=x(interval.high),
        is_total=is_total,
    )


def _range(intervals: list[Interval]) -> tuple[float, float]:
    """Zero is always on the scale."""
    low = min([0.0, *(one.low for one in intervals)])
    high = max([0.0, *(one.high for one in intervals)])
    return (low, high) if high > low else (-1.0, 1.0)


def _ticks(low: float, high: float) -> list[tuple[float, str]]:
    rough = (high - low) / (MOST_TICKS - 2)
    power = 10.0 ** floor(log10(rough))
    step = next(times * power for times in (1, 2, 2.5, 5, 10) if times * power >= rough)
    first = -int(-low // step)
    values = [place * step for place in range(first, first + MOST_TICKS + 2) if place * step <= high + 1e-9]
    return [(value, signed(value, f"{value:g}")) for value in (round(one, 10) for one in values)]


def signed(value: float, text: str | None = None) -> str:
    """ "+0.12", "−0.03", "0"; a true minus sign, so that a screen reader says it."""
    words = text if text is not None else f"{value:.2f}"
    if not float(words):
        return words.lstrip("-")
    return f"+{words}" if value > 0 else f"−{words.lstrip('-')}"
