"""Made-up recoveries with made-up trouble, to measure the alarm before it meets people.

Values are in units of one ordinary day's standard deviation; up is better. Families are split: thresholds and
constants come from the tuning families only, the operating curve is told for both. Nobody's recovery looks
like these: they test robustness, they do not stand for patients.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sessions.motion_trend.trend import Floats

WEEK = 7
LONGEST_GAIN = 10.0


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of person: how they recover, how their days scatter, what is missing, what goes wrong."""

    name: str
    recovery: str
    noise: str
    gaps: str = "none"
    trouble: str = "none"
    tuning: bool = False


TUNING_FAMILIES = tuple(
    Family(f"{recovery}, {noise}", recovery, noise, gaps, tuning=True)
    for recovery, noise, gaps in (
        ("exponential", "gaussian", "none"),
        ("exponential", "student_5", "some"),
        ("exponential", "echo_0.3", "none"),
        ("linear", "gaussian", "none"),
        ("plateau", "gaussian", "some"),
        ("plateau", "weekday", "none"),
        ("steady", "gaussian", "none"),
        ("steady", "echo_0.3", "none"),
    )
)
HELD_OUT_FAMILIES = (
    Family("sigmoid, Laplace noise", "sigmoid", "laplace"),
    Family("sigmoid, uneven days", "sigmoid", "uneven"),
    Family("staircase, Gaussian noise", "staircase", "gaussian"),
    Family("frail wandering, Gaussian noise", "wandering", "gaussian"),
    Family("slow waves, Gaussian noise", "waves", "gaussian"),
    Family("power law, heavy tails (t3)", "power", "student_3"),
    Family("power law, echo 0.5", "power", "echo_0.5"),
    Family("power law, weekday cycle", "power", "weekday"),
    Family("power law, every eighth day missing", "power", "gaussian", gaps="some"),
    Family("power law, holidays", "power", "gaussian", gaps="holidays"),
    Family("power law, odd days", "power", "gaussian", trouble="odd_days"),
    Family("power law, days of low wear", "power", "gaussian", trouble="low_wear"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """A deterioration: `size` in days' SDs reached over `ramp_days` (1: at once), in `series` of the
    metrics.
    """

    size: float
    ramp_days: int = 1
    series: int | None = None
    earliest_day: int = 56
    latest_day: int = 140


@dataclass(frozen=True, slots=True)
class Simulated:
    """values[people, metrics, days] (NaN missing), the noise variance that is known of each,
    onset[people].
    """

    values: Floats
    day_variance: Floats
    onset: NDArray[np.int64]


def simulate(
    family: Family,
    *,
    people: int,
    metrics: int,
    days: int,
    per_week: int,
    rng: Generator,
    change: Change | None = None,
) -> Simulated:
    """Draw people of one family. `per_week`: 7 is daily, otherwise that many spread days a week."""
    shape = (people, metrics, days)
    values = RECOVERIES[family.recovery](shape, rng) + _scatter(family.noise, shape, rng)
    variance = np.ones(shape)
    onset = np.full(people, -1)
    if change is not None:
        onset = rng.integers(change.earliest_day, min(change.latest_day, days - 14), size=people)
        share = np.clip((np.arange(days)[None, :] - onset[:, None] + 1) / change.ramp_days, 0, 1)
        hit = np.zeros(metrics)
        hit[slice(None) if change.series is None else slice(0, change.series)] = change.size
        values = values - hit[None, :, None] * share[:, None, :]
    values, variance = _trouble(family.trouble, values, variance, rng)
    measured = _measured(family.gaps, (people, days), per_week, rng)
    if change is not None:
        onset = _next_measured(measured, onset)
    return Simulated(np.where(measured[:, None, :], values, np.nan), variance, onset)


def _next_measured(measured: NDArray[np.bool_], onset: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first measured day on or after each onset."""
    later = measured & (np.arange(measured.shape[1])[None, :] >= onset[:, None])
    return np.where(later.any(axis=1), later.argmax(axis=1), onset)


def _uniform(low: float, high: float, shape: tuple[int, int, int], rng: Generator) -> Floats:
    """One number for each person and metric."""
    return rng.uniform(low, high, size=(shape[0], shape[1], 1))


def _steady(shape: tuple[int, int, int], rng: Generator) -> Floats:
    return np.zeros(shape)


def _exponential(shape: tuple[int, int, int], rng: Generator) -> Floats:
    gain, pace = _uniform(0, LONGEST_GAIN, shape, rng), _uniform(15, 60, shape, rng)
    return np.asarray(gain * (1 - np.exp(-np.arange(shape[2]) / pace)))


def _linear(shape: tuple[int, int, int], rng: Generator) -> Floats:
    return np.asarray(_uniform(0, LONGEST_GAIN, shape, rng) * np.arange(shape[2]) / shape[2])


def _plateau(shape: tuple[int, int, int], rng: Generator) -> Floats:
    gain, until = _uniform(0, LONGEST_GAIN, shape, rng), _uniform(40, 110, shape, rng)
    return np.asarray(gain * np.minimum(np.arange(shape[2]) / until, 1))


def _sigmoid(shape: tuple[int, int, int], rng: Generator) -> Floats:
    gain, middle = _uniform(0, LONGEST_GAIN, shape, rng), _uniform(30, 100, shape, rng)
    return np.asarray(gain / (1 + np.exp(-(np.arange(shape[2]) - middle) / 10)))


def _staircase(shape: tuple[int, int, int], rng: Generator) -> Floats:
    jumps = (rng.random(shape) < 1 / 25) * rng.uniform(0, 2, size=shape)
    return np.asarray(np.cumsum(jumps, axis=2))


def _wandering(shape: tuple[int, int, int], rng: Generator) -> Floats:
    return np.asarray(_exponential(shape, rng) + np.cumsum(rng.normal(0, 0.06, size=shape), axis=2))


def _waves(shape: tuple[int, int, int], rng: Generator) -> Floats:
    turns = np.arange(shape[2]) / _uniform(45, 90, shape, rng) + _uniform(0, 1, shape, rng)
    return np.asarray(_exponential(shape, rng) + 0.6 * np.sin(2 * np.pi * turns))


def _power(shape: tuple[int, int, int], rng: Generator) -> Floats:
    gain, bend = _uniform(0, LONGEST_GAIN, shape, rng), _uniform(0.3, 1.0, shape, rng)
    return np.asarray(gain * (np.arange(shape[2]) / shape[2]) ** bend)


RECOVERIES: dict[str, Callable[[tuple[int, int, int], Generator], Floats]] = {
    "steady": _steady,
    "exponential": _exponential,
    "linear": _linear,
    "plateau": _plateau,
    "sigmoid": _sigmoid,
    "staircase": _staircase,
    "wandering": _wandering,
    "waves": _waves,
    "power": _power,
}


def _scatter(kind: str, shape: tuple[int, int, int], rng: Generator) -> Floats:
    """Day-to-day noise of standard deviation one; metrics of one person share a part of it."""
    together = np.sqrt(_uniform(0, 0.5, (shape[0], 1, 1), rng))
    shared, own = _noise(kind, (shape[0], 1, shape[2]), rng), _noise(kind, shape, rng)
    return np.asarray(together * shared + np.sqrt(1 - together**2) * own)


def _noise(kind: str, shape: tuple[int, int, int], rng: Generator) -> Floats:
    name, _, detail = kind.partition("_")
    white = rng.normal(size=shape)
    if name == "student":
        freedom = float(detail)
        return np.asarray(rng.standard_t(freedom, size=shape) / np.sqrt(freedom / (freedom - 2)))
    if name == "laplace":
        return np.asarray(rng.laplace(size=shape) / np.sqrt(2))
    if name == "uneven":
        return np.asarray(white * np.exp(rng.normal(0, 0.4, size=shape) - 0.16))
    if name == "echo":
        return _echo(white, float(detail))
    if name == "weekday":
        habit = rng.normal(size=(*shape[:2], WEEK))
        habit = 0.6 * (habit - habit.mean(axis=2, keepdims=True))
        return np.asarray(0.8 * white + habit[:, :, np.arange(shape[2]) % WEEK])
    return white


def _echo(white: Floats, echo: float) -> Floats:
    """First-order autoregression with standard deviation one."""
    noise = white.copy()
    for day in range(1, white.shape[2]):
        noise[:, :, day] = echo * noise[:, :, day - 1] + np.sqrt(1 - echo**2) * white[:, :, day]
    return noise


def _trouble(kind: str, values: Floats, variance: Floats, rng: Generator) -> tuple[Floats, Floats]:
    """Odd single days of either sign, or days on which the sensor was hardly worn (which the data tell)."""
    people, _, days = values.shape
    if kind == "odd_days":
        odd = rng.random(values.shape) < 0.02
        return np.where(odd, values + rng.normal(0, 6, size=values.shape), values), variance
    if kind == "low_wear":
        low = rng.random((people, 1, days)) < 0.1
        return np.where(low, values + rng.normal(0, 2, size=values.shape), values), np.where(
            low, 4.0, variance
        )
    return values, variance


def _measured(kind: str, shape: tuple[int, int], per_week: int, rng: Generator) -> NDArray[np.bool_]:
    """Which of the days were measured."""
    people, days = shape
    if per_week >= WEEK:
        measured = rng.random(shape) >= (0.125 if kind == "some" else 0.0)
    else:
        first = rng.integers(0, WEEK, size=(people, 1))
        place = (np.arange(days)[None, :] + first) % WEEK
        measured = np.isin(place, np.floor(np.arange(per_week) * WEEK / per_week))
    if kind == "holidays":
        for _ in range(2):
            start = rng.integers(20, days - 20, size=(people, 1))
            away = (np.arange(days)[None, :] >= start) & (np.arange(days)[None, :] < start + 14)
            measured &= ~away
    return measured
