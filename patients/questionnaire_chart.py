"""Scores over time as an SVG, computed without a browser. The band is the change that does not matter yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from patients.pain_chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Tick
from patients.questionnaires import Bands

SCORE_MOST = 10.0
LEAST_SPAN_DAYS = 28
DAY_TICKS = 5


@dataclass(frozen=True)
class ScorePoint:
    x: float
    y: float
    words: str


@dataclass(frozen=True)
class ScoreChart:
    """Everything that the template draws; positions in the chart's own units."""

    title: str
    points: tuple[ScorePoint, ...]
    line: str
    band_y: float
    band_height: float
    values: tuple[Tick, ...]
    days: tuple[Tick, ...]
    words: str
    caption: str
    left: float = LEFT
    right: float = WIDTH - RIGHT
    width: float = WIDTH
    height: float = HEIGHT
    plot_width: float = WIDTH - LEFT - RIGHT
    label_x: float = LEFT - 8


def draw_scores(
    title: str, scores: Sequence[tuple[date, float]], *, bands: Bands, better: str
) -> ScoreChart | None:
    """Draw (day, score 0..10) pairs, oldest first; None without any. `better` says which way is better."""
    if not scores:
        return None
    first, last = scores[0][0], scores[-1][0]
    span = max(LEAST_SPAN_DAYS, (last - first).days)
    start = scores[0][1]
    points = tuple(
        ScorePoint(_x((day - first).days, span), _y(score), f"{day.day} {day:%B %Y}: {score:.1f}")
        for day, score in scores
    )
    top, floor = _y(min(SCORE_MOST, start + bands.small)), _y(max(0.0, start - bands.small))
    return ScoreChart(
        title=title,
        points=points,
        line=" ".join(f"{point.x:.1f},{point.y:.1f}" for point in points),
        band_y=top,
        band_height=round(floor - top, 1),
        values=tuple(Tick(_y(value), f"{value:.0f}") for value in (0.0, 5.0, 10.0)),
        days=_ticks([day for day, _ in scores], first=first, span=span),
        words=f"{len(scores)} times, from {start:.1f} to {scores[-1][1]:.1f}",
        caption=f"0 to 10, {better}. Pale band: within {bands.small:g} of the first answers, "
        "less than the smallest change that matters.",
    )


def _ticks(days: Sequence[date], *, first: date, span: int) -> tuple[Tick, ...]:
    """The day of the first, the last and some between: labels that stand too close hide each other."""
    ticks: list[Tick] = []
    for day in days:
        at = _x((day - first).days, span)
        if not ticks or at - ticks[-1].position >= (WIDTH - LEFT - RIGHT) / DAY_TICKS:
            ticks.append(Tick(at, f"{day.day} {day:%b}"))
    return tuple(ticks)


def _x(days: int, span: int) -> float:
    # The last label needs room to its right.
    return round(LEFT + 6 + days / span * (WIDTH - LEFT - RIGHT - 48), 1)


def _y(value: float) -> float:
    return round(HEIGHT - BOTTOM - value / SCORE_MOST * (HEIGHT - TOP - BOTTOM), 1)
