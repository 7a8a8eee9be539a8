"""A worn phone's signal as a body's movement: up and down, turning, and how much it moves at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import cumulative_trapezoid
from scipy.ndimage import label, uniform_filter1d
from scipy.signal import butter, find_peaks, sosfiltfilt

from sessions.motion_trend.orientation import ups_of
from sessions.motion_trend.timed import reasons
from sessions.motion_trend.types import GRAVITY_M_S2, Placement, SensorSignal

Array = NDArray[np.float64]
RATE_HZ = 50.0
LEAST_RATE_HZ = 20.0
SHORTEST_S = 5.0
LONGEST_S = 900.0
LONGEST_GAP_S = 0.5
WRONG_UNIT_SHARE = 0.2

# Body movement lies below 3 Hz; above 0.08 Hz an integrated accelerometer has not drifted away.
BODY_HZ = 3.0
DRIFT_HZ = 0.08
THIGH_HZ = 1.2
# A move begins and ends where its speed passes this share of its fastest.
MOVE_EDGE_SHARE = 0.08
HESITATION_S = 0.5
REST_S = 0.8
MARGIN_S = 2.0
ACTIVITY_WINDOW_S = 0.25
ACTIVE_M_S2 = 0.35
STIRRING_M_S2 = 0.15
USUAL_SHARE = 0.25
# One rad/s counts as much movement as this acceleration.
TURN_WEIGHT_M = 0.7
THIGH_PLACEMENTS = (Placement.POCKET, Placement.LEFT_THIGH, Placement.RIGHT_THIGH)
TRUNK_PLACEMENTS = (Placement.LOWER_BACK, Placement.WAIST)


class Unusable(Exception):
    """A signal that a test cannot be read from; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class Move:
    """One rise (size > 0) or fall (size < 0) of the body: m at the trunk, degrees at the thigh."""

    start_s: float
    peak_s: float
    end_s: float
    size: float


@dataclass(frozen=True, slots=True)
class Body:
    """Evenly sampled at RATE_HZ: t_s[N]; up[N,3] in sensor axes; vertical[N] without gravity (m/s²);
    yaw_rad_s[N] or None without a gyroscope; activity[N] (m/s²).
    """

    t_s: Array
    up: Array
    vertical_m_s2: Array
    yaw_rad_s: Array | None
    activity_m_s2: Array
    on_thigh: bool

    def active(self) -> NDArray[np.bool_]:
        """Where the body moves: over its own quietest moments, and over a quarter of its usual movement.

        People who stand and wait shift their weight; measured on two, they reach a fifth of their walking.
        """
        usual = float(np.quantile(self.activity_m_s2, 0.75))
        least = max(ACTIVE_M_S2, 3 * self.quiet_m_s2, USUAL_SHARE * usual)
        return np.asarray(self.activity_m_s2 > least, dtype=np.bool_)

    def stirring(self) -> NDArray[np.bool_]:
        """Where the body has begun to move: a lower threshold, for looking back from a movement."""
        return np.asarray(
            self.activity_m_s2 > max(STIRRING_M_S2, 1.4 * self.quiet_m_s2 + 0.05), dtype=np.bool_
        )

    def between(self, start_s: float, end_s: float) -> Body:
        """Only a part of the time."""
        part = slice(self.at(start_s), self.at(end_s) + 1)
        return Body(
            self.t_s[part],
            self.up[part],
            self.vertical_m_s2[part],
            None if self.yaw_rad_s is None else self.yaw_rad_s[part],
            self.activity_m_s2[part],
            self.on_thigh,
        )

    @property
    def quiet_m_s2(self) -> float:
        """The activity of the quietest moments; a test holds few of them."""
        return float(np.quantile(self.activity_m_s2, 0.03))

    def at(self, t_s: float) -> int:
        """The sample at a time."""
        return int(np.clip(np.searchsorted(self.t_s, t_s), 0, len(self.t_s) - 1))


def body_of(signal: SensorSignal) -> Body:
    """Bring a signal of any axes and ≥ 20 Hz onto an even grid and find up in it.

    Raises Unusable for placements that do not follow the body's rise, gaps, wrong units, and short signals.
    """
    _refuse(signal)
    grid_s = np.arange(signal.t_s[0], signal.t_s[-1], 1 / RATE_HZ)
    force = _on_grid(grid_s, signal.t_s, signal.acceleration_m_s2)
    gyroscope = signal.angular_velocity_rad_s
    if gyroscope is None:
        turning = None
        up = _unit(_low_pass(force, 0.4))
    else:
        turning = _on_grid(grid_s, signal.t_s, gyroscope)
        up = ups_of(force, turning, rate_hz=RATE_HZ)
    vertical = np.einsum("ij,ij->i", force, up) - GRAVITY_M_S2
    yaw = None if turning is None else np.einsum("ij,ij->i", turning, up)
    activity = _activity_m_s2(force, turning)
    return Body(grid_s, up, vertical, yaw, activity, signal.placement in THIGH_PLACEMENTS)


def main_stretch(body: Body, *, pause_s: float) -> tuple[Body, bool]:
    """The longest movement without a pause of `pause_s`, with up to two seconds of rest about it; was more
    left out?

    What is done with a phone before and after a test, on its way into the pocket and out of it, is no test.
    """
    filled = moving(body.stirring(), pause_s=pause_s)
    groups, count = label(filled)
    if not count:
        return body, False
    index = np.flatnonzero(groups == 1 + int(np.argmax(np.bincount(groups)[1:])))
    most = round(MARGIN_S * RATE_HZ)
    before = np.flatnonzero(filled[: index[0]])
    after = np.flatnonzero(filled[index[-1] + 1 :])
    first = max(0, int(index[0]) - most, int(before[-1]) + 1 if before.size else 0)
    last = min(len(filled) - 1, int(index[-1]) + (min(most, int(after[0])) if after.size else most))
    return body.between(float(body.t_s[first]), float(body.t_s[last])), count > 1


def moving(active: NDArray[np.bool_], *, pause_s: float) -> NDArray[np.bool_]:
    """Activity with the quiet moments inside it that are shorter than `pause_s` filled in."""
    still = _lasting(~active, round(pause_s * RATE_HZ))
    inside = np.logical_or.accumulate(active) & np.logical_or.accumulate(active[::-1])[::-1]
    return np.asarray(active | (inside & ~still), dtype=np.bool_)


def _activity_m_s2(force: Array, turning: Array | None) -> Array:
    """Spread of the acceleration within a quarter of a second, and turning.

    Spread, not what gravity leaves over: a tilt that settles after a walk is no movement.
    """
    width = round(ACTIVITY_WINDOW_S * RATE_HZ)
    square = uniform_filter1d((force**2).sum(axis=1), width)
    spread = square - (uniform_filter1d(force, width, axis=0) ** 2).sum(axis=1)
    if turning is not None:
        spread = spread + TURN_WEIGHT_M**2 * uniform_filter1d((turning**2).sum(axis=1), width)
    return np.asarray(np.sqrt(np.maximum(spread, 0.0)), dtype=np.float64)


def _refuse(signal: SensorSignal) -> None:
    if signal.placement not in (*THIGH_PLACEMENTS, *TRUNK_PLACEMENTS):
        raise Unusable(reasons.PLACE)
    if len(signal) < 3 or signal.t_s[-1] - signal.t_s[0] < SHORTEST_S:
        raise Unusable(reasons.TOO_SHORT.format(SHORTEST_S))
    if signal.t_s[-1] - signal.t_s[0] > LONGEST_S:
        raise Unusable(reasons.TOO_LONG.format(LONGEST_S / 60))
    steps = np.diff(signal.t_s)
    if 1 / float(np.median(steps)) < LEAST_RATE_HZ:
        raise Unusable(reasons.SLOW_SENSOR.format(LEAST_RATE_HZ))
    if float(steps.max()) > LONGEST_GAP_S:
        raise Unusable(reasons.GAP.format(float(steps.max())))
    size = float(np.median(np.linalg.norm(signal.acceleration_m_s2, axis=1)))
    if abs(size / GRAVITY_M_S2 - 1) > WRONG_UNIT_SHARE:
        raise Unusable(reasons.WRONG_UNIT)


def velocity_curve(body: Body) -> Array:
    """How fast the body rises: m/s at the trunk; degrees per second of the thigh towards upright."""
    if body.on_thigh:
        return np.asarray(np.gradient(thigh_angle_deg(body), body.t_s), dtype=np.float64)
    smooth = _low_pass(body.vertical_m_s2, BODY_HZ)
    speed = cumulative_trapezoid(smooth, dx=1 / RATE_HZ, initial=0)
    return np.asarray(sosfiltfilt(butter(2, DRIFT_HZ, "high", fs=RATE_HZ, output="sos"), speed))


def thigh_angle_deg(body: Body) -> Array:
    """How far the thigh has turned from where it lay in the first half second, on the chair."""
    seat = _unit(body.up[: round(0.5 * RATE_HZ)].mean(axis=0)[None, :])[0]
    angle = np.rad2deg(np.arccos(np.clip(body.up @ seat, -1, 1)))
    return _low_pass(angle, THIGH_HZ)


def moves_of(body: Body, *, least_speed: float, least_size: float) -> list[Move]:
    """Rises and falls of at least `least_size` whose fastest moment reaches `least_speed`, in order of time.

    A rise that hesitates for under half a second is one rise; a smaller move after it (the leg's first swing)
    is not of it.
    """
    speed = velocity_curve(body)
    spans = sorted(
        (*span, sign) for sign in (1.0, -1.0) for span in _spans(sign * speed, least_speed=least_speed)
    )
    joined: list[tuple[int, int, float]] = []
    for first, last, sign in spans:
        if joined and joined[-1][2] == sign and _goes_on(speed, joined[-1][:2], (first, last)):
            joined[-1] = (joined[-1][0], last, sign)
        else:
            joined.append((first, last, sign))
    moves = [_move(body, speed, (first, last)) for first, last, _ in joined]
    return [move for move in moves if abs(move.size) >= least_size]


def _goes_on(speed: Array, before: tuple[int, int], after: tuple[int, int]) -> bool:
    if after[0] - before[1] >= HESITATION_S * RATE_HZ:
        return False
    sizes = [abs(float(speed[first : last + 1].sum())) for first, last in (before, after)]
    return sizes[1] >= 0.5 * sizes[0]


def _spans(speed: Array, *, least_speed: float) -> list[tuple[int, int]]:
    """Stretches of one direction about each fast moment, the fastest first choosing its edges."""
    peaks, _ = find_peaks(speed, height=least_speed)
    spans: list[tuple[int, int]] = []
    for peak in sorted(peaks.tolist(), key=lambda at: -speed[at]):
        if not any(first <= peak <= last for first, last in spans):
            spans.append(_span(speed, peak))
    return spans


def _span(speed: Array, peak: int) -> tuple[int, int]:
    """From where the speed was last near zero before a peak to where it is again."""
    under = speed <= MOVE_EDGE_SHARE * speed[peak]
    before, after = np.flatnonzero(under[:peak]), np.flatnonzero(under[peak:])
    first = int(before[-1]) if before.size else 0
    return first, peak + int(after[0]) if after.size else len(speed) - 1


def _move(body: Body, speed: Array, span: tuple[int, int]) -> Move:
    first, last = span
    part = speed[first : last + 1]
    peak = first + int(np.argmax(np.abs(part)))
    size = float(part.sum() / RATE_HZ)
    return Move(float(body.t_s[first]), float(body.t_s[peak]), float(body.t_s[last]), size)


def onset_before(body: Body, t_s: float, *, longest_s: float = 4.0) -> float:
    """When the movement that is under way at `t_s` began: back to the last quiet moment."""
    stirring = body.stirring()
    first = max(0, body.at(t_s - longest_s))
    # A moment's pause between leaning and rising is not yet rest.
    still = _lasting(~stirring[first : body.at(t_s) + 1], round(REST_S * RATE_HZ))
    quiet = np.flatnonzero(still)
    index = first + int(quiet[-1]) + 1 if quiet.size else first
    # The window looks half its width ahead.
    return min(t_s, float(body.t_s[min(index, len(body.t_s) - 1)]) + ACTIVITY_WINDOW_S / 2)


def _lasting(flags: NDArray[np.bool_], least: int) -> NDArray[np.bool_]:
    """Only the stretches of at least `least` samples."""
    groups, _ = label(flags)
    sizes = np.bincount(groups)
    sizes[0] = 0
    return np.asarray(sizes[groups] >= least, dtype=np.bool_)


def _low_pass(values: Array, hertz: float) -> Array:
    sos = butter(2, hertz, fs=RATE_HZ, output="sos")
    return np.asarray(sosfiltfilt(sos, values, axis=0), dtype=np.float64)


def _unit(vectors: Array) -> Array:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))


def _on_grid(grid_s: Array, t_s: Array, values: NDArray[np.float32]) -> Array:
    return np.stack([np.interp(grid_s, t_s, values[:, axis]) for axis in range(3)], axis=1)
