"""The way of the centre of pressure seen from above, with its 95 % ellipse: both axes in the same scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, isfinite, radians, sin
from typing import Any

SIZE = 360
LEFT, RIGHT, TOP, FLOOR = 44, 352, 12, 320
STEPS_MM = (1, 2, 5, 10, 20, 50, 100, 200)
MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid, along the one axis and along the other."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class SwayDrawing:
    """Ready for an SVG of SIZE by SIZE; `turn` is in degrees, clockwise."""

    label: str
    words: str
    size: int
    left: int
    right: int
    top: int
    floor: int
    way: str
    center_x: float
    center_y: float
    long_radius: float
    short_radius: float
    turn: float
    ticks: tuple[Tick, ...]
    x_name: str
    y_name: str


def draw_sway(curve: Mapping[str, Any]) -> SwayDrawing | None:
    """A stored curve of a centre of pressure (mm around its mean) as a drawing; None for other curves."""
    ellipse, lines = curve.get("ellipse"), curve["lines"]
    if not isinstance(ellipse, Mapping) or len(lines) != 2:
        return None
    axes, angle = ellipse.get("half_axes"), ellipse.get("angle_deg")
    if not isinstance(axes, list) or len(axes) != 2 or not all(_is_finite(one) for one in (*axes, angle)):
        return None
    long, short, turned = float(axes[0]), float(axes[1]), float(str(angle))
    points = [
        (float(x), float(y))
        for x, y in zip(lines[0]["values"], lines[1]["values"], strict=True)
        if _is_finite(x) and _is_finite(y)
    ]
    reach = max([*(abs(value) for point in points for value in point), *_reach(long, short, turned), 1.0])
    step = next((one for one in STEPS_MM if 2 * reach / one <= MOST_TICKS), STEPS_MM[-1])
    return _drawing(curve, points, (long, short, turned), reach=reach * 1.06, step=step)


def _is_finite(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


def _reach(long: float, short: float, angle_deg: float) -> tuple[float, float]:
    """How far the ellipse goes along either axis."""
    c, s = cos(radians(angle_deg)), sin(radians(angle_deg))
    return ((long * c) ** 2 + (short * s) ** 2) ** 0.5, ((long * s) ** 2 + (short * c) ** 2) ** 0.5


def _drawing(
    curve: Mapping[str, Any],
    points: list[tuple[float, float]],
    ellipse: tuple[float, float, float],
    *,
    reach: float,
    step: int,
) -> SwayDrawing:
    scale = (RIGHT - LEFT) / (2 * reach)
    middle_x, middle_y = (LEFT + RIGHT) / 2, (TOP + FLOOR) / 2
    long, short, angle = ellipse
    most = int(reach // step)
    label = str(curve.get("label", ""))
    return SwayDrawing(
        label=label,
        words=f"{label}: seen from above, with the 95 % ellipse of {2 * long:.0f} by {2 * short:.0f} mm.",
        size=SIZE,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        floor=FLOOR,
        way=" ".join(f"{middle_x + x * scale:.1f},{middle_y - y * scale:.1f}" for x, y in points),
        center_x=middle_x,
        center_y=middle_y,
        long_radius=round(long * scale, 1),
        short_radius=round(short * scale, 1),
        turn=round(-angle, 1),
        ticks=tuple(
            Tick(
                round(middle_x + n * step * scale, 1),
                round(middle_y - n * step * scale, 1),
                str(n * step).replace("-", "−"),
            )
            for n in range(-most, most + 1)
        ),
        x_name=str(curve["lines"][0].get("name", "")),
        y_name=str(curve["lines"][1].get("name", "")),
    )
