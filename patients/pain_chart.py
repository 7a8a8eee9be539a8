"""The pain chart of a patient's page: points of an SVG, computed without a browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from patients.attention_rules import PainPoint
from patients.red_flags import PAIN_RULE

WIDTH, HEIGHT = 640.0, 200.0
LEFT, RIGHT, TOP, BOTTOM = 34.0, 12.0, 12.0, 30.0
PAIN_MOST = 10
SHAPES = {"before": "circle", "after": "square", "next_morning": "triangle", "stop": "square"}


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    shape: str
    words: str


@dataclass(frozen=True)
class Tick:
    position: float
    label: str


@dataclass(frozen=True)
class PainChart:
    """Everything that the template draws; positions in the chart's own units."""

    marks: tuple[Mark, ...]
    line: str
    limit_y: float
    band_height: float
    days: tuple[Tick, ...]
    values: tuple[Tick, ...]
    words: str
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    floor: float = HEIGHT - BOTTOM
    width: float = WIDTH
    height: float = HEIGHT
    plot_width: float = WIDTH - LEFT - RIGHT
    label_x: float = LEFT - 8


def draw_pain(pains: Sequence[PainPoint], *, today: date, days: int = 56) -> PainChart | None:
    """Draw the pain answers of the last `days` days; None without any. The line joins each day's worst."""
    first = today - timedelta(days=days - 1)
    shown = [pain for pain in pains if first <= pain.day <= today]
    if not shown:
        return None
    worst: dict[date, int] = {}
    for pain in shown:
        worst[pain.day] = max(pain.value, worst.get(pain.day, 0))
    marks = tuple(_mark(pain, first=first, days=days) for pain in shown)
    line = " ".join(
        f"{_x(day, first=first, days=days):.1f},{_y(value):.1f}" for day, value in sorted(worst.items())
    )
    latest = max(shown, key=lambda pain: pain.day)
    return PainChart(
        marks=marks,
        line=line,
        limit_y=_y(PAIN_RULE.limit),
        band_height=HEIGHT - BOTTOM - _y(PAIN_RULE.limit),
        days=_day_ticks(first, days=days),
        values=tuple(Tick(_y(value), str(value)) for value in (0, 5, 10)),
        words=f"{len(shown)} answers, highest {max(worst.values())}, last {latest.value}",
    )


def _mark(pain: PainPoint, *, first: date, days: int) -> Mark:
    words = f"{pain.day.day} {pain.day:%B}: {pain.value}, {pain.moment.replace('_', ' ')}"
    return Mark(
        _x(pain.day, first=first, days=days), _y(pain.value), SHAPES.get(pain.moment, "circle"), words
    )


def _day_ticks(first: date, *, days: int) -> tuple[Tick, ...]:
    ticks = (first + timedelta(days=n) for n in range(0, days, 14))
    return tuple(Tick(_x(day, first=first, days=days), f"{day.day} {day:%b}") for day in ticks)


def _x(day: date, *, first: date, days: int) -> float:
    return round(LEFT + (day - first).days / max(1, days - 1) * (WIDTH - LEFT - RIGHT), 1)


def _y(value: float) -> float:
    return round(HEIGHT - BOTTOM - value / PAIN_MOST * (HEIGHT - TOP - BOTTOM), 1)
