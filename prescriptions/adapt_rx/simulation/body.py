"""What a dose does to a body: capacity, fatigue, irritation and slow pain, day by day, for many patients.

Fitness and fatigue after Banister (1975); pain above a tolerance of load after the envelope of function (Dye
2005); a share of the irritation may come two days later (delayed soreness peaks at 24 to 72 hours).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from prescriptions.adapt_rx.simulation.mechanisms import Mechanism
from prescriptions.adapt_rx.simulation.patients import Flags, Floats, Patients

FLARE_POINTS = 2.0
MOST_FATIGUE = 0.5
MOST_IRRITATION = 8.0
LEAST_STIMULUS, FULL_STIMULUS, TOO_MUCH, NO_GAIN = 0.30, 0.85, 1.15, 1.80
SLOW_PAIN_DAYS = 90.0
SLOW_PAIN_PER_SESSION = 0.012
TRAINING_THROUGH_PAIN = 0.12
OLD, OLDER_TOLERANCE, BAD_NIGHT_TOLERANCE = 65.0, -0.08, -0.15
STEP_POINTS_PER_IRRITATION = 0.35
CAPACITY_WEIGHT = 0.7


@dataclass(slots=True)
class Body:
    """State of P patients, all arrays (P,). `capacity` in load units of the ladder, the rest in points.

    `coming`: irritation that arrives tomorrow and the day after, (P, 2).
    """

    capacity: Floats
    first_capacity: Floats
    goal: Floats
    ceiling: Floats
    fatigue: Floats
    irritation: Floats
    slow_pain: Floats
    coming: Floats
    dropped_out: Flags

    def part(self, rows: slice) -> Body:
        """The same arrays for some patients; writing to them writes through."""
        return Body(*(getattr(self, name)[rows] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Limits:
    """What a session would meet today, arrays (P,): usable capacity, tolerated share, irritation, growth."""

    usable: Floats
    tolerance: Floats
    irritation: Floats
    growth: Floats


def new_body(patients: Patients, start_load: Floats) -> Body:
    """Bodies whose capacity makes the starting dose the share of it that was drawn. `start_load`: (P,)."""
    capacity = start_load / patients.start_share
    zeros = np.zeros(len(patients))
    return Body(
        capacity=capacity.copy(),
        first_capacity=capacity,
        goal=capacity * patients.goal_ratio,
        ceiling=capacity * patients.ceiling_ratio,
        fatigue=zeros.copy(),
        irritation=zeros.copy(),
        slow_pain=patients.slow_pain.copy(),
        coming=np.zeros((len(patients), 2)),
        dropped_out=np.zeros(len(patients), dtype=bool),
    )


def limits_of(
    body: Body, patients: Patients, mechanism: Mechanism, rows: slice, *, bad_night: Flags, drifted: bool
) -> Limits:
    """What today's session would meet; `body` holds the patients of `rows` only."""
    tolerance = patients.tolerance[rows]
    growth = patients.growth[rows]
    if mechanism.bad_nights:
        tolerance = tolerance + BAD_NIGHT_TOLERANCE * bad_night
        tolerance = tolerance + OLDER_TOLERANCE * (patients.age[rows] >= OLD)
    if drifted:
        tolerance = tolerance + mechanism.drift_tolerance
        growth = growth * mechanism.drift_growth
    usable = body.capacity * (1.0 - np.minimum(body.fatigue, MOST_FATIGUE))
    return Limits(usable, tolerance, patients.irritation[rows], growth)


def stimulus(share: Floats, mechanism: Mechanism, *, volume: Floats, volume_lover: Floats) -> Floats:
    """How much of a full gain a session of this share of capacity gives, 0 to about 1.3.

    `volume`: sets times repetitions as a share of the ladder's most, 0 to 1.
    """
    if mechanism.less_is_more:
        return np.where(share > 0.05, np.clip((0.75 - share) / 0.40, 0.0, 1.0), 0.0)
    rising = np.clip((share - LEAST_STIMULUS) / (FULL_STIMULUS - LEAST_STIMULUS), 0.0, 1.0)
    falling = np.clip((NO_GAIN - share) / (NO_GAIN - TOO_MUCH), 0.0, 1.0)
    liked = 1.0 + mechanism.volume_matters * volume_lover * (volume - 0.5)
    return np.asarray(rising * falling * liked)


def irritation_of(share: Floats, limits: Limits, mechanism: Mechanism) -> Floats:
    """Points of irritation that a session of this share of capacity adds, now and later together."""
    excess = np.maximum(share - limits.tolerance, 0.0)
    small = 0.3 * np.maximum(share, 0.0)
    if mechanism.step_irritation:
        return np.where(excess > 0, STEP_POINTS_PER_IRRITATION * limits.irritation, 0.0) + small
    return limits.irritation * excess + small


def pass_night(body: Body, mechanism: Mechanism, *, flares: Floats, falls_ill: Flags) -> None:
    """One night: irritation and fatigue settle, delayed irritation and a day's own flare arrive."""
    body.irritation *= np.exp(-1.0 / mechanism.irritation_days)
    body.irritation += body.coming[:, 0] + flares
    np.minimum(body.irritation, MOST_IRRITATION, out=body.irritation)
    body.coming[:, 0] = body.coming[:, 1]
    body.coming[:, 1] = 0.0
    body.fatigue *= np.exp(-1.0 / mechanism.fatigue_days)
    body.slow_pain *= np.exp(-1.0 / SLOW_PAIN_DAYS)
    gained = body.capacity - body.first_capacity
    body.capacity[:] = body.first_capacity + gained * np.exp(-1.0 / mechanism.detraining_days)
    body.capacity[falls_ill] *= 0.93


def train(
    body: Body, limits: Limits, mechanism: Mechanism, *, share: Floats, gain: Floats, did: Flags
) -> Floats:
    """One session for those who `did`; returns the irritation added at once, (P,). `gain`: their stimulus."""
    adds = irritation_of(share, limits, mechanism) + TRAINING_THROUGH_PAIN * share * body.irritation
    adds = np.where(did, adds, 0.0)
    now = adds * (1.0 - mechanism.delayed_share)
    inhibited = np.clip(1.0 - 0.1 * body.irritation, 0.2, 1.0)
    room = np.maximum(1.0 - body.capacity / body.ceiling, 0.0)
    grown = limits.growth * gain * inhibited * room * did
    body.capacity *= 1.0 + grown
    body.slow_pain *= 1.0 - SLOW_PAIN_PER_SESSION * gain * did
    body.fatigue += mechanism.fatigue_per_session * share * did
    body.irritation += now
    np.minimum(body.irritation, MOST_IRRITATION, out=body.irritation)
    body.coming[:, 1] += adds - now
    return now


def pain_of(body: Body) -> Floats:
    """True pain now, 0 to 10."""
    return np.asarray(np.clip(body.slow_pain + body.irritation, 0.0, 10.0))


def function_of(body: Body) -> Floats:
    """Functional outcome 0 to 100: 70 points capacity as a share of the goal, 30 points freedom from pain."""
    able = np.clip(body.capacity / body.goal, 0.0, 1.0)
    return np.asarray(
        100.0 * (CAPACITY_WEIGHT * able + (1.0 - CAPACITY_WEIGHT) * (1.0 - pain_of(body) / 10.0))
    )


def is_flare_day(body: Body) -> Flags:
    """Pain at least 2 points over the patient's own slow level (2 is the change that matters on 0 to 10)."""
    return np.asarray(body.irritation >= FLARE_POINTS)
