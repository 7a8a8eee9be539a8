"""Checking units by what a body sensor must feel: gravity at rest, and rotation that turns gravity."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.reading.errors import ReadingError
from sessions.motion_trend.types import GRAVITY_M_S2, Repair

Vectors = NDArray[np.float64]
ACCELERATION = {"m/s2": 1.0, "g": GRAVITY_M_S2, "mg": GRAVITY_M_S2 / 1000}
ANGULAR_VELOCITY = {"rad/s": 1.0, "deg/s": float(np.pi / 180)}
NAMES = {"m/s2": "m/s²", "g": "g", "mg": "mg", "rad/s": "rad/s", "deg/s": "°/s"}
# Full scale of ±2 to ±16 g in 16 bits.
COUNTS_PER_G = (2048, 4096, 8192, 16384)
REST_TOLERANCE = 0.25
COUNTS_TOLERANCE = 0.04
# Below this share of gravity the sensor's program has taken gravity away.
NO_GRAVITY = 0.35
LEAST_AGREEMENT = 0.7
LEAST_QUIET_S = 3.0
QUIET_M_S2 = 0.6


@dataclass(frozen=True, slots=True)
class Scale:
    """Factors to m/s² and rad/s for one sensor, and what was put right on the way."""

    acceleration: float
    angular_velocity: float
    repairs: tuple[Repair, ...] = ()


def rest_length(acceleration: Vectors, *, rate_hz: float) -> float:
    """The acceleration's length while the sensor is quiet (quietest fifth of one-second windows), any unit.

    acceleration[N,3]. While somebody walks the whole time it is within a few percent of gravity too.
    """
    length = np.linalg.norm(acceleration, axis=1)
    window = max(4, round(rate_hz))
    count = len(length) // window
    if count < 5:
        return float(np.median(length))
    windows = length[: count * window].reshape(count, window)
    spread = windows.std(axis=1)
    quiet = spread <= np.quantile(spread, 0.2)
    return float(np.median(windows[quiet].mean(axis=1)))


def find_acceleration_scale(rest: float, *, said: str, file: str) -> tuple[float, Repair | None]:
    """The factor to m/s² and, where the unit that was said cannot be true, what was put right.

    Raises ReadingError where no unit explains what the sensor feels at rest.
    """
    for unit in (said, *(unit for unit in ACCELERATION if unit != said)):
        factor = ACCELERATION.get(unit)
        if factor is None or abs(rest * factor / GRAVITY_M_S2 - 1) > REST_TOLERANCE:
            continue
        if unit == said or not said:
            return factor, None
        words = f"The acceleration was called {NAMES[said]}, but is {NAMES[unit]}: at rest it is {rest:.3g}."
        return factor, Repair("acceleration_unit", f"{words} Read as {NAMES[unit]}.")
    for counts in COUNTS_PER_G:
        if abs(rest / counts - 1) < COUNTS_TOLERANCE:
            words = f"The acceleration is in raw counts ({counts} are 1 g); read so."
            return GRAVITY_M_S2 / counts, Repair("acceleration_counts", words)
    raise _no_unit_fits(rest, said=said, file=file)


def _no_unit_fits(rest: float, *, said: str, file: str) -> ReadingError:
    told = rest * ACCELERATION.get(said, 1.0)
    if rest < NO_GRAVITY or (said and told < NO_GRAVITY * GRAVITY_M_S2):
        words = "Gravity is missing from the acceleration: at rest it is near zero."
        cure = "Export the acceleration with gravity (raw, or “total”), or add the gravity columns."
        return ReadingError(file, None, words, cure)
    words = (
        f"The acceleration fits no unit: at rest it is {rest:.3g}, where 1 g, 1000 mg or 9.81 m/s² belong."
    )
    return ReadingError(file, None, words, "Check which columns are the acceleration, and their unit.")


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a gyroscope explains gravity's turning: `slope` 1 fits; `correlation` −1 to 1; `quiet_s` used."""

    slope: float
    correlation: float
    quiet_s: float


UNDECIDED = Agreement(1.0, 0.0, 0.0)


def compare_with_gravity(
    t_s: NDArray[np.float64], acceleration_m_s2: Vectors, angular_velocity: Vectors
) -> Agreement:
    """Compare how gravity turns in the sensor (d/dt a) with how the gyroscope says it turns (−ω × a).

    Arrays [N], [N,3], [N,3]; smoothed over half a second, and only where the acceleration is hardly more than
    gravity: while a foot swings, its own acceleration turns against the rotation and would tell the opposite.
    """
    rate_hz = 1 / max(float(np.median(np.diff(t_s))), 1e-4)
    width = max(3, round(0.5 * rate_hz))
    if len(t_s) < 6 * width:
        return UNDECIDED
    acceleration = _smooth(acceleration_m_s2, width)
    turning = -np.cross(_smooth(angular_velocity, width), acceleration)
    felt = np.gradient(acceleration, axis=0) * rate_hz
    used = _is_quiet(acceleration_m_s2, width)
    used[:width] = used[-width:] = False
    seen, said = felt[used].ravel(), turning[used].ravel()
    power = float(np.sqrt(np.sum(seen**2) * np.sum(said**2)))
    quiet_s = float(np.count_nonzero(used) / rate_hz)
    if power < 1e-9:
        return UNDECIDED
    product = float(np.sum(seen * said))
    return Agreement(product / float(np.sum(said**2)), product / power, quiet_s)


def _is_quiet(acceleration_m_s2: Vectors, width: int) -> NDArray[np.bool_]:
    """Where, for half a second around, the acceleration keeps close to gravity's length."""
    off = (np.linalg.norm(acceleration_m_s2, axis=1) - GRAVITY_M_S2) ** 2
    near = _smooth(off[:, None], width)[:, 0] < QUIET_M_S2**2
    return np.asarray(_smooth(near[:, None].astype(float), width)[:, 0] > 0.999)


def _smooth(values: Vectors, width: int) -> Vectors:
    """Moving average, twice (a triangle), down each column."""
    kernel = np.convolve(np.ones(width) / width, np.ones(width) / width)
    return np.column_stack([np.convolve(column, kernel, mode="same") for column in values.T])


def find_angular_scale(
    t_s: NDArray[np.float64], acceleration_m_s2: Vectors, angular_velocity: Vectors, *, said: str
) -> tuple[float, tuple[Repair, ...]]:
    """The factor to rad/s. A unit that was not said, or cannot be true, is told from the turning of gravity.

    A negative factor turns a left-handed frame (two axes swapped) into a right-handed one: what is left is a
    rotated sensor, which the methods do not mind.
    """
    trusted = ANGULAR_VELOCITY.get(said, _by_size(angular_velocity))
    agreement = compare_with_gravity(t_s, acceleration_m_s2, angular_velocity * trusted)
    if abs(agreement.correlation) < LEAST_AGREEMENT or agreement.quiet_s < LEAST_QUIET_S:
        return trusted, ()
    repairs, factor = [], trusted
    other = next(value for value in ANGULAR_VELOCITY.values() if value != trusted)
    if _is_off_by(agreement.slope, other / trusted):
        factor = other
        read_as = next(unit for unit, value in ANGULAR_VELOCITY.items() if value == other)
        if said:
            words = (
                f"The rotation was called {NAMES[said]}, but is {NAMES[read_as]}. Read as {NAMES[read_as]}."
            )
            repairs.append(Repair("rotation_unit", words))
    if agreement.correlation < 0:
        factor = -factor
        repairs.append(Repair("mirrored", "Two axes were swapped; the rotation was turned to match them."))
    return factor, tuple(repairs)


def _by_size(angular_velocity: Vectors) -> float:
    """A body seldom turns faster than 20 rad/s, and seldom stays below 20 °/s."""
    fast = float(np.quantile(np.linalg.norm(angular_velocity, axis=1), 0.98))
    return ANGULAR_VELOCITY["deg/s" if fast > 20 else "rad/s"]


def _is_off_by(slope: float, ratio: float) -> bool:
    return bool(abs(np.log(max(abs(slope), 1e-9) / ratio)) < np.log(3))


def stretches(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where an array of flags keeps one value: [start, end) of each stretch."""
    edges = [0, *(int(n) for n in np.flatnonzero(np.diff(flags)) + 1), len(flags)]
    return [(start, end) for start, end in pairwise(edges) if end > start]
