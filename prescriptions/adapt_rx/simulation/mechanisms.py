"""The worlds that a comparison runs in: what a dose does to a simulated patient, and from which numbers.

Frozen before the learner was tuned (docs/science/adapt_rx.md); a test pins the hash of this file. None is the
learner's own model: load acts through a hidden capacity, with thresholds, delays and memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["plain", "misspecified", "adversarial"]


@dataclass(frozen=True, slots=True)
class Spread:
    """A number that differs between patients: log-normal round `middle` where `sd` is of the logarithm."""

    middle: float
    sd: float


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One world. Loads are shares of capacity: 1.0 is the most that the patient can just do well today.

    Pain in points of 0 to 10. Sources of the numbers: table "What the simulated patients are made of" in
    docs/science/adapt_rx.md; where none is named there the number is an assumption.
    """

    code: str
    name: str
    words: str
    kind: Kind = "plain"
    start_share: Spread = Spread(0.70, 0.28)
    goal_ratio: Spread = Spread(2.2, 0.25)
    ceiling_ratio: Spread = Spread(2.6, 0.20)
    growth: Spread = Spread(0.035, 0.35)
    tolerance: Spread = Spread(1.00, 0.10)
    irritation: Spread = Spread(7.0, 0.30)
    irritation_days: float = 2.0
    delayed_share: float = 0.2
    fatigue_per_session: float = 0.05
    fatigue_days: float = 4.0
    detraining_days: float = 120.0
    spontaneous_flares_per_day: float = 1 / 60
    pain_report_sd: float = 0.7
    pain_missing: float = 0.10
    morning_missing: float = 0.35
    effort_report_sd: float = 0.8
    effort_missing: float = 0.10
    form_missing: float = 0.15
    adherence_middle: float = 0.75
    burden_on_adherence: float = 0.25
    drop_out_per_day: float = 0.0015
    drop_out_by_effort: float = 0.0
    drifts: bool = False
    drift_tolerance: float = 0.0
    drift_growth: float = 1.0
    illness_per_day: float = 0.0
    step_irritation: bool = False
    volume_matters: float = 0.0
    bad_nights: float = 0.0
    silent_until: float = 0.0
    less_is_more: bool = False


MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism(
        "load_capacity",
        "Load, capacity and pain",
        "Training near capacity builds it, training above it hurts for some days.",
    ),
    Mechanism(
        "delayed_flare",
        "Delayed flare",
        "Nine tenths of the pain of a dose too high come 48 hours later, after the next morning's question.",
        delayed_share=0.9,
    ),
    Mechanism(
        "ceiling",
        "Ceiling",
        "Capacity can grow by a third only; doses above that hurt and gain nothing.",
        ceiling_ratio=Spread(1.33, 0.12),
    ),
    Mechanism(
        "drift",
        "Drift",
        "In the middle of the calendar everybody tolerates less and gains less, and illnesses cost capacity.",
        drifts=True,
        drift_tolerance=-0.20,
        drift_growth=0.6,
        illness_per_day=1 / 80,
    ),
    Mechanism(
        "non_adherence",
        "Non-adherence",
        "Long and hard doses are skipped, and effort drives patients out of the programme.",
        adherence_middle=0.55,
        burden_on_adherence=0.9,
        drop_out_by_effort=0.004,
    ),
    Mechanism(
        "noisy_missing",
        "Noisy and missing reports",
        "Reports are twice as noisy, and about half are missing.",
        pain_report_sd=1.6,
        pain_missing=0.45,
        morning_missing=0.7,
        effort_report_sd=1.8,
        effort_missing=0.45,
        form_missing=0.6,
    ),
    Mechanism(
        "misspecified",
        "Misspecified",
        "Pain comes as a step, earlier after bad nights and in older patients; half gain from volume, half"
        " from heavier variations.",
        kind="misspecified",
        step_irritation=True,
        volume_matters=0.6,
        bad_nights=0.25,
    ),
    Mechanism(
        "silent",
        "Silent until it breaks",
        "Patients report little pain and little effort until irritation breaks through.",
        kind="adversarial",
        silent_until=3.5,
        irritation_days=5.0,
        irritation=Spread(4.5, 0.30),
    ),
    Mechanism(
        "less_is_more",
        "Less is more",
        "Light doses build capacity, doses near capacity build none, and harder ones feel easier.",
        kind="adversarial",
        less_is_more=True,
    ),
)


class UnknownMechanism(ValueError):
    """No mechanism has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"There is no mechanism '{code}'. There are: {', '.join(one.code for one in MECHANISMS)}."
        )
        self.code = code


def mechanism_of(code: str) -> Mechanism:
    """The mechanism of a code. Raises UnknownMechanism."""
    for one in MECHANISMS:
        if one.code == code:
            return one
    raise UnknownMechanism(code)
