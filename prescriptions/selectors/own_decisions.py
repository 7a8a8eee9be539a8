"""The clinic's own log of decisions, read for what the fixed protocol would have earned in the same places.

Only decisions that were delivered as proposed carry the probability with which they were drawn. Those that a
therapist changed, refused or took back are left out and counted: where therapists step in is no accident, so
every value below is that of the decisions which they let stand.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from prescriptions.adapt_rx.off_policy import LoggedSteps, LogUnusable, all_estimates, inverse_propensity
from prescriptions.models import DoseDecision
from prescriptions.selectors.own_model import expectations

State = DoseDecision.State
MOST_READ = 20_000
DELIVERED_AS_PROPOSED = (State.ACCEPTED, State.KEPT)
CHANGED = (State.EDITED, State.REJECTED, State.UNDONE)
COLUMNS = ("patient_id", "state", "ladder", "context", "current", "proposed", "delivered", "protocol_action",
           "allowed", "probabilities", "propensity", "reward", "reward_version")  # fmt: skip


@dataclass
class _Usable:
    """Columns of the decisions that can be judged, in parallel; `rows` as they are stored."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    rewards: list[float] = field(default_factory=list)
    propensities: list[float] = field(default_factory=list)
    protocol_did: list[float] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    impossible: int = 0


def judge_own_decisions() -> dict[str, Any]:
    """The newest decisions, judged: JSON-ready. `why_not` says in words why there is no estimate."""
    counts, usable, version = _gathered()
    result: dict[str, Any] = {
        "at": timezone.now().isoformat(),
        "counts": dict(counts),
        "patients": len(set(usable.people)),
        "reward_version": version,
        "same_share": _share(usable.protocol_did),
        "why_not": "",
    }
    try:
        ran, protocol = _steps(usable, did=None), _steps(usable, did=usable.protocol_did)
        result["ran"] = inverse_propensity(ran).to_dict() | {"method": "mean"}
        result["protocol"] = [one.to_dict() for one in all_estimates(protocol)]
    except LogUnusable as error:
        result["why_not"] = f"Nothing can be said yet: {error}."
    return result


def _gathered() -> tuple[Counter[str], _Usable, int | None]:
    rows = DoseDecision.objects.order_by("-pk").values(*COLUMNS)[:MOST_READ].iterator(chunk_size=200)
    counts: Counter[str] = Counter()
    usable = _Usable()
    version: int | None = None
    for row in _delivered(rows, counts):
        # The newest reward is the yardstick; rewards of another version are in other units.
        version = row["reward_version"] if version is None else version
        if row["reward_version"] != version:
            counts["other_reward"] += 1
            continue
        counts["usable"] += 1
        _add(usable, row)
    return counts, usable, version


def _delivered(rows: Iterable[dict[str, Any]], counts: Counter[str]) -> Iterable[dict[str, Any]]:
    for row in rows:
        counts["all"] += 1
        if row["state"] in CHANGED:
            counts["changed"] += 1
        elif row["state"] not in DELIVERED_AS_PROPOSED or row["delivered"] != row["proposed"]:
            counts["not_delivered"] += 1
        elif row["reward"] is None:
            counts["awaited"] += 1
        else:
            yield row


def _add(usable: _Usable, row: dict[str, Any]) -> None:
    protocol = row["protocol_action"]
    drawn = dict(zip(map(_key, row["allowed"]), row["probabilities"], strict=True))
    kept = ("patient_id", "ladder", "context", "current", "proposed", "protocol_action")
    usable.rows.append({name: row[name] for name in kept})
    usable.rewards.append(row["reward"])
    usable.propensities.append(row["propensity"])
    usable.protocol_did.append(float(row["proposed"] == protocol))
    usable.people.append(row["patient_id"])
    usable.impossible += not drawn.get(_key(protocol))


def _key(action: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(action.items()))


def _steps(usable: _Usable, *, did: list[float] | None) -> LoggedSteps:
    """`did`: the judged policy's probability of what was done; None judges the policy that ran."""
    if did is None:
        return LoggedSteps.of(usable.rewards, usable.propensities, usable.propensities, people=usable.people)
    expected_taken, expected_target = expectations(usable.rows, rewards=usable.rewards)
    return LoggedSteps.of(
        usable.rewards,
        usable.propensities,
        did,
        people=usable.people,
        expected_taken=expected_taken,
        expected_target=expected_target,
        unsupported=usable.impossible / max(1, len(usable.rewards)),
    )


def _share(flags: list[float]) -> float | None:
    return sum(flags) / len(flags) if flags else None
