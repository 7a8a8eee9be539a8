"""Small drawn lines for tables: points of an SVG polyline, computed without a browser."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 120.0, 32.0, 4.0


@dataclass(frozen=True)
class Sparkline:
    """A line ready for `<polyline points=…>`, its last point, and what it says in words."""

    points: str
    last_x: float
    last_y: float
    words: str
    last_value: str


def draw_sparkline(
    values: Sequence[tuple[float, float]], *, least: float, most: float, unit: str = "", scale: float = 1.0
) -> Sparkline | None:
    """Draw (position 0..1, value) pairs; the top edge is `most`. None for fewer than two points."""
    if len(values) < 2:
        return None
    placed = [(_across(position), _down(value, least=least, most=most)) for position, value in values]
    first, last = (f"{value * scale:.0f}{unit}" for value in (values[0][1], values[-1][1]))
    return Sparkline(
        points=" ".join(f"{x:.1f},{y:.1f}" for x, y in placed),
        last_x=round(placed[-1][0], 1),
        last_y=round(placed[-1][1], 1),
        words=f"from {first} to {last}",
        last_value=last,
    )


def _across(position: float) -> float:
    return MARGIN + min(max(position, 0.0), 1.0) * (WIDTH - 2 * MARGIN)


def _down(value: float, *, least: float, most: float) -> float:
    share = (min(max(value, least), most) - least) / (most - least)
    return HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)
