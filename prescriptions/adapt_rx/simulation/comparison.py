"""The evaluation: policies on the same simulated patients, with paired differences and their intervals.

Units. `outcome` is points of function (0 to 100), `flare_days` days per patient over the whole course,
`adherence` a share of due sessions, `time_to_goal_days` days until the mean of a week is 12 points over the
start (the length of the course where that is never reached), `regret` what the oracle's course is worth more
(points of function, a flare day costing one). Differences are policy minus fixed protocol on the same patient
with the same chance; 95 % t intervals over patients. All of it is simulated benefit only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np

from prescriptions.adapt_rx.simulation.course import Clinic, World
from prescriptions.adapt_rx.simulation.learned import ScienceDesk, Settings, policy_of, versions_of
from prescriptions.adapt_rx.simulation.measuring import COMPARED, Arm, Measured, measure, paired
from prescriptions.adapt_rx.simulation.mechanisms import MECHANISMS, Mechanism, mechanism_of
from prescriptions.adapt_rx.simulation.results import Comparison, Json
from prescriptions.adapt_rx.simulation.worlds import build_world

POLICIES = {
    "protocol": "Fixed protocol",
    "adaptrx": "AdaptRx",
    "random": "Random in the mask",
    "greedy": "Greedy",
    "linucb": "LinUCB",
    "oracle": "Oracle",
}
LEAST_PATIENTS, MOST_PATIENTS = 10, 20_000
LEAST_WEEKS, MOST_WEEKS = 2, 52
MOST_WORKERS = 64

Progress = Callable[[float], None]

# What a clinic might weigh otherwise: one weight at a time, doubled or halved or left out.
OTHER_WEIGHTS: tuple[tuple[str, str, float], ...] = (
    ("Flare days twice as bad", "flare", 2.0),
    ("Flare days half as bad", "flare", 0.5),
    ("Next morning's pain left out", "morning", 0.0),
    ("Progress twice as good", "progress", 2.0),
    ("Missed sessions twice as bad", "dropout", 2.0),
    ("Missed sessions left out", "dropout", 0.0),
)


class BadComparison(ValueError):
    """What was asked cannot be simulated; the words say why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to simulate. `patients` is the number in EACH mechanism."""

    patients: int
    weeks: int
    seed: int
    mechanisms: tuple[Mechanism, ...] = MECHANISMS
    policies: tuple[str, ...] = tuple(POLICIES)
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        if not LEAST_PATIENTS <= self.patients <= MOST_PATIENTS:
            raise BadComparison(
                f"Patients: a number from {LEAST_PATIENTS} to {MOST_PATIENTS:,}, not {self.patients:,}."
            )
        if not LEAST_WEEKS <= self.weeks <= MOST_WEEKS:
            raise BadComparison(f"Weeks: a number from {LEAST_WEEKS} to {MOST_WEEKS}, not {self.weeks}.")
        if not 0 <= self.seed < 2**31:
            raise BadComparison(f"Seed: a whole number from 0 to {2**31 - 1}, not {self.seed}.")
        strange = [one for one in self.policies if one not in POLICIES]
        if strange:
            raise BadComparison(f"There is no policy '{strange[0]}'. There are: {', '.join(POLICIES)}.")


def run_arm(asked: Asked, mechanism: Mechanism, progress: Progress | None = None) -> Arm:
    """All asked policies on one mechanism's patients."""
    world = build_world(mechanism, asked.patients, weeks=asked.weeks, seed=asked.seed)
    done: dict[str, Measured] = {}
    for code in asked.policies:
        done[code] = run_policy(
            world, code, asked.settings, _share_of(progress, len(done), len(asked.policies))
        )
    return Arm(mechanism.code, world.patients, done)


def run_policy(world: World, code: str, settings: Settings, progress: Progress | None = None) -> Measured:
    """One policy in one world."""
    policy = policy_of(code, settings, seed=world.seed)
    return measure(Clinic(world, ScienceDesk(settings)).run(policy, progress))


def _share_of(progress: Progress | None, done: int, of: int) -> Progress | None:
    if progress is None:
        return None
    return lambda share: progress((done + share) / of)


def run_arms(asked: Asked, *, workers: int = 1, progress: Progress | None = None) -> list[Arm]:
    """Every mechanism, in this process or in some of its own. What `progress` raises ends the run."""
    if workers <= 1 or len(asked.mechanisms) == 1:
        return [
            run_arm(asked, one, _share_of(progress, number, len(asked.mechanisms)))
            for number, one in enumerate(asked.mechanisms)
        ]
    with ProcessPoolExecutor(workers) as pool:
        arms = []
        try:
            for arm in pool.map(run_arm, [asked] * len(asked.mechanisms), asked.mechanisms):
                arms.append(arm)
                if progress:
                    progress(len(arms) / len(asked.mechanisms))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return arms


def compare(
    patients: int = 1000,
    weeks: int = 12,
    seed: int = 1,
    progress: Progress | None = None,
    *,
    mechanisms: Sequence[str] = (),
    policies: Sequence[str] = (),
    sensitivity: bool = False,
    workers: int = 1,
    settings: Settings | None = None,
) -> Comparison:
    """Compare policies on `patients` simulated patients in each mechanism, followed for `weeks`.

    Codes of `mechanisms` and `policies`: none means all; the protocol always takes part. `progress` is called
    with a share from 0 to 1, at least once a simulated week with one worker; what it raises ends the run. The
    same arguments give the same result, whatever `workers`. Raises BadComparison or UnknownMechanism.
    """
    asked = Asked(
        patients=patients,
        weeks=weeks,
        seed=seed,
        mechanisms=tuple(mechanism_of(code) for code in dict.fromkeys(mechanisms)) or MECHANISMS,
        policies=_with_protocol(policies),
        settings=settings or Settings(),
    )
    if not 1 <= workers <= MOST_WORKERS:
        raise BadComparison(f"Workers: a number from 1 to {MOST_WORKERS}, not {workers}.")
    rounds = 1 + (len(OTHER_WEIGHTS) if sensitivity else 0)
    arms = run_arms(asked, workers=workers, progress=_share_of(progress, 0, rounds))
    other = _sensitivity(asked, arms, workers=workers, progress=progress) if sensitivity else ()
    if progress:
        progress(1.0)
    return Comparison(
        patients=patients,
        weeks=weeks,
        seed=seed,
        versions=versions_of(asked.settings),
        policies={code: POLICIES[code] for code in asked.policies},
        arms=tuple(arms),
        sensitivity=other,
    )


def _with_protocol(policies: Sequence[str]) -> tuple[str, ...]:
    """Known codes in the usual order, the protocol always; unknown ones stay, to be refused."""
    if not policies:
        return tuple(POLICIES)
    wanted = {*policies, "protocol"}
    return (*(code for code in POLICIES if code in wanted), *sorted(wanted - set(POLICIES)))


def _sensitivity(
    asked: Asked, arms: Sequence[Arm], *, workers: int, progress: Progress | None
) -> tuple[Json, ...]:
    """AdaptRx against the same protocol when it is rewarded otherwise; outcomes are measured as ever."""
    told = []
    for number, (name, part, factor) in enumerate(OTHER_WEIGHTS, start=1):
        weights = asked.settings.weights
        weights = replace(weights, **{part: factor * getattr(weights, part)})
        again = replace(asked, policies=("adaptrx",), settings=replace(asked.settings, weights=weights))
        share = _share_of(progress, number, 1 + len(OTHER_WEIGHTS))
        others = run_arms(again, workers=workers, progress=share)
        differences = [
            {
                measure: other.policies["adaptrx"].values[measure] - arm.policies["protocol"].values[measure]
                for measure in COMPARED
            }
            for arm, other in zip(arms, others, strict=True)
        ]
        told.append(
            {
                "name": name,
                "weight": part,
                "factor": factor,
                **{
                    measure: paired(np.concatenate([one[measure] for one in differences])).to_dict()
                    for measure in COMPARED
                },
            }
        )
    return tuple(told)
