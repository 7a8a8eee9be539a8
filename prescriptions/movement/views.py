"""Which side of the person does the camera see? Judged from widths against the trunk, whatever way the person
lies.
"""

from __future__ import annotations

import math

from prescriptions.movement.quantities import Number, Points, share

VIEW_WORDS = {
    "side": "from the side",
    "front": "from the front",
    "front_diagonal": "half turned to the camera",
    "feet_end": "from the foot end",
}
# Shoulder and hip width as a share of trunk length, seen square on, is about 0.55-0.75; edge on it is below
# 0.2.
_LIMITS = {
    "side": (0.0, 0.42),
    "front": (0.33, math.inf),
    "front_diagonal": (0.12, 0.75),
    "feet_end": (0.45, math.inf),
}


def width_share(p: Points) -> Number:
    """Mean of shoulder and hip width over trunk length: about 0.6 from the front, under 0.2 from the side."""
    trunk = abs((p[11] + p[12] - p[23] - p[24]) * 0.5)
    return share((abs(p[11] - p[12]) + abs(p[23] - p[24])) * 0.5, trunk)


def view_fits(view: str, median_width_share: float) -> bool:
    """False only when the picture clearly shows another view; the ranges overlap on purpose."""
    low, high = _LIMITS[view]
    return not math.isfinite(median_width_share) or low <= median_width_share <= high


def view_advice(view: str, median_width_share: float) -> str:
    """What to tell a person whom the camera sees from the wrong side."""
    low, _ = _LIMITS[view]
    seen = "too much from the side" if median_width_share < low else "too much from the front"
    return f"I see you {seen}. I need to see you {VIEW_WORDS[view]}."
