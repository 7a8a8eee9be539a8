"""Foot off and foot strike inside a stride, from how the foot pitches and from its impact.

Pitch is read about the axis across the direction of travel, so that the sensor may sit on the foot in any
way. Foot off: the fastest turn toes-down, at the end of push-off. Foot strike: the sharpest impact about the
moment at which the toes come down again in late swing. Of the features in use (Rampp et al., IEEE Trans
Biomed Eng 2015, take the change of sign after push-off) these two lie nearest to when the toe and heel
markers of the one recording that we have start and stop. Unclear, and then None: very short steps, turns on
the spot, feet that land flat without an impact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.feet.trajectory import Paths

# Under this a stride has no direction of its own.
LEAST_LENGTH_M = 0.15
LEAST_PITCH_RAD_S = np.deg2rad(30.0)
IMPACT_BEFORE_S = 0.06
IMPACT_AFTER_S = 0.10
LEAST_SWING_S = 0.15
MOST_SWING_SHARE = 0.75


def foot_events(
    paths: Paths, stride: int, force: NDArray[np.float64], rate_hz: float
) -> tuple[int | None, int | None]:
    """Foot off and foot strike, in samples after the stride's start; force[N,3]: its accelerations."""
    last = int(paths.last[stride])
    travel = paths.position_m[stride, last, :2]
    length = float(np.linalg.norm(travel))
    if length < LEAST_LENGTH_M:
        return None, None
    forward = travel / length
    toes_down = paths.turning_rad_s[stride, : last + 1] @ np.array([-forward[1], forward[0], 0.0])
    swing = int(np.argmax(paths.velocity_m_s[stride, : last + 1, :2] @ forward))
    lift = _lift(toes_down, swing)
    contact = _contact(toes_down, swing, force[: last + 1], rate_hz)
    if lift is None or contact is None:
        return None, None
    if not LEAST_SWING_S * rate_hz <= contact - lift <= MOST_SWING_SHARE * last:
        return None, None
    return lift, contact


def _lift(toes_down: NDArray[np.float64], swing: int) -> int | None:
    """The fastest turn toes-down before mid-swing, if it is a push-off worth the name."""
    push = int(np.argmax(toes_down[: swing + 1]))
    return push if toes_down[push] >= LEAST_PITCH_RAD_S else None


def _contact(
    toes_down: NDArray[np.float64], swing: int, force: NDArray[np.float64], rate_hz: float
) -> int | None:
    raised = toes_down[swing:]
    top = swing + int(np.argmin(raised))
    down = np.flatnonzero(toes_down[top:] >= 0)
    if not down.size:
        return None
    back = top + int(down[0])
    first = max(swing, back - round(IMPACT_BEFORE_S * rate_hz))
    window = force[first : back + round(IMPACT_AFTER_S * rate_hz) + 1]
    if len(window) < 2:
        return None
    return first + int(np.argmax(np.linalg.norm(np.diff(window, axis=0), axis=1)))
