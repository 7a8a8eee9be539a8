"""A comparison as JSON and as a table for people. Key by key in docs/science/adapt_rx.md."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from clinic.statistics import Interval
from prescriptions.adapt_rx.simulation.measuring import (
    COMPARED,
    SUBGROUPS,
    Arm,
    Measured,
    paired,
    subgroup,
)
from prescriptions.adapt_rx.simulation.mechanisms import mechanism_of
from prescriptions.adapt_rx.simulation.patients import Flags, Floats
from prescriptions.adapt_rx.simulation.worth import FLARE_DAY_COSTS

FORMAT = 1
FLARE_MARGIN = 0.1
BENEFIT = "Simulated benefit only: no patient was treated by any of these policies."

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What `compare` found. `patients` is the number in each mechanism."""

    patients: int
    weeks: int
    seed: int
    versions: dict[str, Any]
    policies: dict[str, str]
    arms: tuple[Arm, ...]
    sensitivity: tuple[Json, ...] = field(default=())

    def difference(self, policy: str, measure: str, *, arm: Arm | None = None) -> Interval:
        """Policy minus fixed protocol, in one mechanism or in all together."""
        arms = self.arms if arm is None else (arm,)
        return paired(np.concatenate([_difference(one, policy, measure) for one in arms]))

    def decisions_outside_mask(self) -> int:
        """How many decisions of all policies left the safety mask."""
        return sum(told.outside for arm in self.arms for told in arm.policies.values())

    def to_dict(self) -> Json:
        """Plain JSON: no NaN, the same for the same arguments. Keys: docs/science/adapt_rx.md."""
        return {
            "format": FORMAT,
            "claim": BENEFIT,
            "patients": self.patients,
            "patients_are": "in each mechanism",
            "weeks": self.weeks,
            "seed": self.seed,
            "versions": self.versions,
            "policies": [{"code": code, "name": name} for code, name in self.policies.items()],
            "overall": self._overall(),
            "mechanisms": [self._mechanism(arm) for arm in self.arms],
            "subgroups": self._subgroups(),
            "sensitivity": list(self.sensitivity),
            "decisions": sum(round(told.decisions) for told in self._told()),
            "decisions_outside_mask": self.decisions_outside_mask(),
            "goals": self._goals(),
        }

    def _told(self) -> list[Measured]:
        return [told for arm in self.arms for told in arm.policies.values()]

    def _others(self) -> list[str]:
        return [code for code in self.policies if code != "protocol"]

    def _overall(self) -> Json:
        return {
            "patients": sum(len(arm.patients) for arm in self.arms),
            "policies": {code: self._of_policy(code, self.arms) for code in self.policies},
            "differences": {code: self._differences(code, None) for code in self._others()},
        }

    def _mechanism(self, arm: Arm) -> Json:
        mechanism = mechanism_of(arm.mechanism)
        return {
            "code": mechanism.code,
            "name": mechanism.name,
            "words": mechanism.words,
            "kind": mechanism.kind,
            "policies": {code: self._of_policy(code, (arm,)) for code in self.policies},
            "differences": {code: self._differences(code, arm) for code in self._others()},
        }

    def _of_policy(self, code: str, arms: Sequence[Arm]) -> Json:
        return {**_summary([arm.policies[code] for arm in arms]), "regret": self._regret(code, arms)}

    def _regret(self, policy: str, arms: Sequence[Arm]) -> float | None:
        """Mean worth that the oracle's course has more; None where the oracle took no part."""
        if "oracle" not in self.policies:
            return None
        lost = [_worth(arm.policies["oracle"]) - _worth(arm.policies[policy]) for arm in arms]
        return _rounded(float(np.concatenate(lost).mean()))

    def _differences(self, policy: str, arm: Arm | None) -> Json:
        return {measure: self.difference(policy, measure, arm=arm).to_dict() for measure in COMPARED}

    def _subgroups(self) -> list[Json]:
        return [self._subgroup(code, name) for code, name in SUBGROUPS] if "adaptrx" in self.policies else []

    def _subgroup(self, code: str, name: str) -> Json:
        belongs = [subgroup(arm.patients, code) for arm in self.arms]
        return {
            "code": code,
            "name": name,
            "patients": int(sum(one.sum() for one in belongs)),
            **{measure: self._in_subgroup(measure, belongs).to_dict() for measure in COMPARED},
        }

    def _in_subgroup(self, measure: str, belongs: Sequence[Flags]) -> Interval:
        return paired(
            np.concatenate(
                [
                    _difference(arm, "adaptrx", measure)[one]
                    for arm, one in zip(self.arms, belongs, strict=True)
                ]
            )
        )

    def _goals(self) -> Json:
        """Whether AdaptRx kept what it has to keep: better outcome overall, no more flare days anywhere."""
        if "adaptrx" not in self.policies:
            return {}
        outcome = self.difference("adaptrx", "outcome")
        flares = {arm.mechanism: self.difference("adaptrx", "flare_days", arm=arm) for arm in self.arms}
        return {
            "better_outcome_overall": outcome.low is not None and outcome.low > 0,
            "flare_days_margin": FLARE_MARGIN,
            "flare_days_under_margin": {
                code: one.high is not None and one.high < FLARE_MARGIN for code, one in flares.items()
            },
            "no_decision_outside_mask": self.decisions_outside_mask() == 0,
            "worse_outcome_in": [
                arm.mechanism
                for arm in self.arms
                if (self.difference("adaptrx", "outcome", arm=arm).high or 0.0) < 0
            ],
        }


def _difference(arm: Arm, policy: str, measure: str) -> Floats:
    return np.asarray(arm.policies[policy].values[measure] - arm.policies["protocol"].values[measure])


def _worth(told: Measured) -> Floats:
    """Points of function at the end, less one for each flare day."""
    return np.asarray(told.values["outcome"] - FLARE_DAY_COSTS * told.values["flare_days"])


def _summary(told: Sequence[Measured]) -> Json:
    means = {
        measure: _rounded(np.concatenate([one.values[measure] for one in told]).mean())
        for measure in COMPARED
    }
    decisions = max(sum(one.decisions for one in told), 1.0)
    return {
        **means,
        "reached_goal": _rounded(np.concatenate([one.reached for one in told]).mean()),
        "decisions": round(sum(one.decisions for one in told)),
        "harder": _rounded(sum(one.harder for one in told) / decisions),
        "easier": _rounded(sum(one.easier for one in told) / decisions),
        "decisions_outside_mask": sum(one.outside for one in told),
    }


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 4)


def as_text(told: Json) -> str:
    """The JSON of a comparison as tables for people."""
    weeks, each = told["weeks"], told["patients"]
    parts = [
        f"{told['claim']}\n{each:,} patients in each of {len(told['mechanisms'])} mechanisms, {weeks} weeks, "
        f"seed {told['seed']}.",
        _policies_text("All mechanisms together", told["overall"]["policies"], told["policies"]),
        _differences_text(told),
        _rows_text("AdaptRx minus protocol in subgroups", told["subgroups"], lambda one: one["name"]),
        _rows_text(
            "AdaptRx minus protocol with other reward weights", told["sensitivity"], lambda one: one["name"]
        ),
        f"{told['decisions']:,} decisions, {told['decisions_outside_mask']} outside the safety mask.",
        _goals_text(told["goals"]),
    ]
    return "\n\n".join(part for part in parts if part)


def _policies_text(title: str, policies: Json, names: Sequence[Json]) -> str:
    lines = [
        title,
        f"{'':22}{'outcome':>9}{'flare days':>12}{'adherence':>11}{'days to goal':>14}"
        f"{'reached':>9}{'regret':>8}",
    ]
    for one in names:
        of_it = policies[one["code"]]
        lines.append(
            f"{one['name']:22}{of_it['outcome']:>9.2f}{of_it['flare_days']:>12.2f}{of_it['adherence']:>11.2f}"
            f"{of_it['time_to_goal_days']:>14.1f}{of_it['reached_goal']:>9.2f}{_or_dash(of_it['regret']):>8}"
        )
    return "\n".join(lines)


def _differences_text(told: Json) -> str:
    parts = []
    for one in told["policies"]:
        if one["code"] == "protocol":
            continue
        rows = [{"name": "All together", **told["overall"]["differences"][one["code"]]}]
        rows += [{"name": arm["name"], **arm["differences"][one["code"]]} for arm in told["mechanisms"]]
        parts.append(_rows_text(f"{one['name']} minus protocol", rows, lambda row: row["name"]))
    return "\n\n".join(parts)


def _rows_text(title: str, rows: Sequence[Json], name: Callable[[Json], str]) -> str:
    if not rows:
        return ""
    lines = [title, f"{'':40}{'outcome (95 % interval)':>28}{'flare days (95 % interval)':>30}"]
    for row in rows:
        lines.append(
            f"{name(row):40}{_interval_text(row['outcome']):>28}{_interval_text(row['flare_days']):>30}"
        )
    return "\n".join(lines)


def _or_dash(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _interval_text(one: Json) -> str:
    if one["low"] is None:
        return "-"
    return f"{one['value']:+.2f} ({one['low']:+.2f} to {one['high']:+.2f})"


def _goals_text(goals: Json) -> str:
    if not goals:
        return ""
    over = [code for code, kept in goals["flare_days_under_margin"].items() if not kept]
    better = "yes" if goals["better_outcome_overall"] else "NO"
    lines = [
        f"Better outcome overall, interval without zero: {better}",
        "Upper bound of the difference in flare days under "
        f"{goals['flare_days_margin']} in every mechanism: {'yes' if not over else 'NO: ' + ', '.join(over)}",
    ]
    if goals["worse_outcome_in"]:
        lines.append(f"AdaptRx has the worse outcome in: {', '.join(goals['worse_outcome_in'])}")
    return "\n".join(lines)
