"""Simulated patients: who they are and all the chance that their days hold, drawn before any policy acts.

Every policy meets the same people with the same noise (common random numbers): the chance of patient i on day
d is a stored number, so what a policy chooses shifts nobody's luck, nor the same patient's later.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from prescriptions.adapt_rx.simulation.mechanisms import Mechanism, Spread

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Patients:
    """One clinic's patients, all arrays (P,), ordered by the calendar day on which they start.

    `adherence`: share of due sessions done when nothing deters; `volume_lover`: +1 gains from volume, -1 from
    heavier variations (only where the mechanism asks); `growth`: of capacity in one well-dosed session.
    """

    enrolled_day: Ints
    ladder: Ints
    start: Ints
    age: Floats
    post_operative: Flags
    days_since_start: Floats
    slow_pain: Floats
    start_share: Floats
    goal_ratio: Floats
    ceiling_ratio: Floats
    growth: Floats
    tolerance: Floats
    irritation: Floats
    adherence: Floats
    volume_lover: Floats

    def __len__(self) -> int:
        return len(self.age)


@dataclass(frozen=True, slots=True)
class Noise:
    """The chance of every patient's every day: arrays (P, days). Uniform unless said otherwise."""

    trains: Floats
    drops_out: Floats
    flares: Floats
    flare_size: Floats
    falls_ill: Floats
    bad_night: Floats
    pain_before: Floats
    pain_after: Floats
    pain_morning: Floats
    effort: Floats
    form: Floats
    range: Floats
    missing_pain: Floats
    missing_after: Floats
    missing_morning: Floats
    missing_effort: Floats
    missing_form: Floats


NORMAL = {"pain_before", "pain_after", "pain_morning", "effort", "form", "range"}
POST_OPERATIVE_SHARE = 0.35
STARTS_A_LADDER = 3


def draw_patients(
    mechanism: Mechanism, patients: int, *, enrol_days: int, open_days: Floats, seed: tuple[int, ...]
) -> Patients:
    """Draw a clinic's patients, and which of a ladder's three starting doses each gets.

    `open_days` (L,): days after an operation from which a ladder is open; nobody is prescribed it before.
    """
    chance = np.random.default_rng((*seed, 1))
    post_operative = chance.random(patients) < POST_OPERATIVE_SHARE
    ladder = chance.integers(0, len(open_days), patients)
    since_surgery = open_days[ladder] + chance.integers(7, 70, patients)
    since_onset = chance.integers(21, 400, patients)
    return Patients(
        enrolled_day=np.sort(chance.integers(0, max(1, enrol_days), patients)),
        ladder=ladder,
        start=chance.integers(0, STARTS_A_LADDER, patients),
        age=np.clip(chance.normal(56, 15, patients), 18, 90),
        post_operative=post_operative,
        days_since_start=np.where(post_operative, since_surgery, since_onset).astype(float),
        slow_pain=np.clip(chance.normal(3.4, 1.4, patients), 0.5, 7.0),
        start_share=_spread(chance, mechanism.start_share, patients),
        goal_ratio=np.maximum(_spread(chance, mechanism.goal_ratio, patients), 1.25),
        ceiling_ratio=np.maximum(_spread(chance, mechanism.ceiling_ratio, patients), 1.1),
        growth=_spread(chance, mechanism.growth, patients),
        tolerance=np.maximum(
            chance.normal(mechanism.tolerance.middle, mechanism.tolerance.sd, patients), 0.8
        ),
        irritation=_spread(chance, mechanism.irritation, patients),
        adherence=np.clip(chance.normal(mechanism.adherence_middle, 0.15, patients), 0.15, 0.98),
        volume_lover=np.where(chance.random(patients) < 0.5, 1.0, -1.0),
    )


def _spread(chance: np.random.Generator, spread: Spread, patients: int) -> Floats:
    return spread.middle * np.exp(chance.normal(0.0, spread.sd, patients))


def draw_noise(patients: int, days: int, *, seed: tuple[int, ...]) -> Noise:
    """Draw the chance of all days; each kind from a stream of its own."""
    drawn = {}
    for number, one in enumerate(fields(Noise)):
        chance = np.random.default_rng((*seed, 2, number))
        shape = (patients, days)
        if one.name in NORMAL:
            drawn[one.name] = chance.standard_normal(shape)
        elif one.name == "flare_size":
            drawn[one.name] = 1.0 + chance.exponential(1.2, shape)
        else:
            drawn[one.name] = chance.random(shape)
    return Noise(**drawn)
