"""Results of comparisons for tests, in the words of `adapt_rx.simulation`. Invented numbers."""

from typing import Any

POLICIES = ("protocol", "adaptrx", "oracle")
MEANS = {
    "outcome": 62.5,
    "flare_days": 3.25,
    "adherence": 0.71,
    "time_to_goal_days": 40.5,
    "reached_goal": 0.5,
    "regret": 1.25,
}


def interval(value: float, reach: float = 0.5) -> dict[str, float]:
    return {"value": value, "low": value - reach, "high": value + reach}


def differences(outcome: float, flare_days: float) -> dict[str, Any]:
    return {
        "outcome": interval(outcome),
        "flare_days": interval(flare_days, 0.05),
        "adherence": interval(0.0, 0.02),
        "time_to_goal_days": interval(-2.0),
    }


def simulated_result(
    *, outcome: float = 1.5, lost: tuple[str, ...] = (), over: tuple[str, ...] = ()
) -> dict[str, Any]:
    """A whole result with two mechanisms; `lost`: where AdaptRx is worse, `over`: where flare days pass the
    margin.
    """
    policies = {code: dict(MEANS) for code in POLICIES}
    made = {code: differences(outcome, -0.02) for code in POLICIES if code != "protocol"}
    mechanisms = [
        {"code": "load_capacity", "name": "Load and pain", "words": "Load hurts.", "kind": "plain"},
        {"code": "adversary", "name": "The adversary", "words": "Lies.", "kind": "adversarial"},
    ]
    return {
        "claim": "Simulated benefit only",
        "patients": 500,
        "weeks": 12,
        "seed": 7,
        "versions": {"mask": 1},
        "policies": [{"code": code, "name": code.capitalize()} for code in POLICIES],
        "overall": {"policies": policies, "differences": made},
        "mechanisms": [one | {"policies": policies, "differences": made} for one in mechanisms],
        "subgroups": [{"code": "old", "name": "Over 65", "patients": 120, **differences(0.2, 0.01)}],
        "sensitivity": [{"name": "Flares count double", **differences(1.0, -0.1)}],
        "decisions": 1000,
        "decisions_outside_mask": 0,
        "goals": {
            "better_outcome_overall": outcome > 0.5,
            "flare_days_margin": 0.1,
            "flare_days_under_margin": {one["code"]: one["code"] not in over for one in mechanisms},
            "worse_outcome_in": list(lost),
        },
    }
