"""The results of comparisons as a page shows them: what they say first, then plots and tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prescriptions.views.comparison_drawing import Forest, Interval, forest, signed

Result = Mapping[str, Any]
ADAPTRX, PROTOCOL = "adaptrx", "protocol"
KINDS = {"misspecified": "misspecified on purpose", "adversarial": "made to defeat it"}
OUTCOME = ("Function at the end", "points of 100; right of zero is better")
FLARES = ("Flare days", "days per patient; left of zero is better")
ADHERENCE = ("Sessions done", "of 100 planned sessions; right of zero is better")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the comparison says, good or not."""

    state: str
    words: str


@dataclass(frozen=True, slots=True)
class PolicyRow:
    name: str
    cells: tuple[str, ...]
    is_ours: bool


@dataclass(frozen=True, slots=True)
class MechanismTable:
    name: str
    words: str
    kind: str
    rows: tuple[PolicyRow, ...]


@dataclass(frozen=True, slots=True)
class ComparisonShown:
    claim: str
    policy: str
    policies: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    forests: tuple[Forest, ...]
    overall: tuple[PolicyRow, ...]
    mechanisms: tuple[MechanismTable, ...]
    subgroups: tuple[Forest, ...]
    sensitivity: tuple[Forest, ...]
    versions: tuple[tuple[str, str], ...]


COLUMNS = (
    ("outcome", "{:.2f}"),
    ("flare_days", "{:.2f}"),
    ("adherence", "{:.0%}"),
    ("reached_goal", "{:.0%}"),
    ("time_to_goal_days", "{:.1f}"),
    ("regret", "{:.2f}"),
)


def shown_comparison(result: Result, *, policy: str = ADAPTRX) -> ComparisonShown:
    """A result with one policy beside the fixed protocol; one that was not run falls back to AdaptRx."""
    names = {one["code"]: one["name"] for one in result["policies"]}
    chosen = policy if policy in names and policy != PROTOCOL else ADAPTRX
    return ComparisonShown(
        claim=result.get("claim", ""),
        policy=chosen,
        policies=tuple((code, name) for code, name in names.items() if code != PROTOCOL),
        findings=tuple(_findings(result)) if chosen == ADAPTRX else (),
        forests=_forests(result, chosen),
        overall=_policy_rows(result["overall"]["policies"], names),
        mechanisms=tuple(_mechanism(one, names) for one in result["mechanisms"]),
        subgroups=_groups(result["subgroups"], "patients"),
        sensitivity=_groups(result["sensitivity"], ""),
        versions=tuple((str(name), str(value)) for name, value in result["versions"].items()),
    )


def _findings(result: Result) -> list[Finding]:
    """What the numbers say, the losses with the same weight as the gains."""
    overall = Interval.of(result["overall"]["differences"].get(ADAPTRX, {}).get("outcome"))
    found = [] if overall is None else [_outcome_finding(overall)]
    goals = result.get("goals") or {}
    names = {one["code"]: one["name"] for one in result["mechanisms"]}
    found += _flare_findings(goals, names)
    worse = [names.get(code, code) for code in goals.get("worse_outcome_in", ())]
    if worse:
        found.append(Finding("significant", f"It loses to the fixed protocol in: {', '.join(worse)}."))
    outside = result.get("decisions_outside_mask")
    if outside is not None:
        words = f"{outside:,} of {result['decisions']:,} decisions left the safety rules."
        found.append(Finding("significant" if outside else "correct", words))
    return found


def _outcome_finding(overall: Interval) -> Finding:
    judged = overall.judged(more_is_better=True)
    if judged == "no difference shown":
        words = f"No difference in function shown: {overall.words} points of 100."
        return Finding("not-scored", words)
    way = "higher" if judged == "better" else "lower"
    size = signed(overall.value).lstrip("+−")
    words = (
        f"Function at the end is {size} points of 100 {way} than under the fixed protocol "
        f"(95 % {signed(overall.low)} to {signed(overall.high)})."
    )
    return Finding("correct" if judged == "better" else "significant", words)


def _flare_findings(goals: Mapping[str, Any], names: Mapping[str, str]) -> list[Finding]:
    kept = goals.get("flare_days_under_margin")
    if not kept:
        return []
    margin = goals["flare_days_margin"]
    over = [names.get(code, code) for code, is_under in kept.items() if not is_under]
    if over:
        words = f"Not shown that flare days rise by less than {margin} a patient: {', '.join(over)}."
        return [Finding("mild", words)]
    words = f"In no mechanism do flare days rise by as much as {margin} a patient (upper end of 95 %)."
    return [Finding("correct", words)]


def _forests(result: Result, policy: str) -> tuple[Forest, ...]:
    overall = result["overall"]["differences"].get(policy, {})

    def drawn(code: str, title: str, unit: str, *, more_is_better: bool, scale: float = 1.0) -> Forest:
        named = [
            (one["name"], KINDS.get(one["kind"], ""), one["differences"].get(policy, {}).get(code))
            for one in result["mechanisms"]
        ]
        total = overall.get(code)
        return forest(title, unit, named, more_is_better=more_is_better, total=total, scale=scale)

    return (
        drawn("outcome", *OUTCOME, more_is_better=True),
        drawn("flare_days", *FLARES, more_is_better=False),
        drawn("adherence", *ADHERENCE, more_is_better=True, scale=100.0),
    )


def _groups(rows: list[dict[str, Any]], counted: str) -> tuple[Forest, ...]:
    """Outcome and flare days of subgroups, or under other weights; nothing when there are none."""
    if not rows:
        return ()

    def drawn(code: str, title: str, unit: str, *, more_is_better: bool) -> Forest:
        named = [
            (one["name"], f"{one[counted]:,} {counted}" if counted in one else "", one.get(code))
            for one in rows
        ]
        return forest(title, unit, named, more_is_better=more_is_better)

    return (
        drawn("outcome", *OUTCOME, more_is_better=True),
        drawn("flare_days", *FLARES, more_is_better=False),
    )


def _mechanism(mechanism: Mapping[str, Any], names: Mapping[str, str]) -> MechanismTable:
    return MechanismTable(
        name=mechanism["name"],
        words=mechanism["words"],
        kind=KINDS.get(mechanism["kind"], ""),
        rows=_policy_rows(mechanism["policies"], names),
    )


def _policy_rows(policies: Mapping[str, Any], names: Mapping[str, str]) -> tuple[PolicyRow, ...]:
    return tuple(
        PolicyRow(name, tuple(_cell(policies[code], *column) for column in COLUMNS), code == ADAPTRX)
        for code, name in names.items()
        if code in policies
    )


def _cell(measured: Mapping[str, Any], name: str, form: str) -> str:
    value = measured.get(name)
    return "–" if value is None else form.format(value)


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A one-step value with its interval and whether it may be read as one."""

    name: str
    value: str
    interval: str
    effective: str
    is_usable: bool


METHODS = {
    "mean": "What ran in this clinic",
    "IPS": "The fixed protocol, inverse propensity",
    "SNIPS": "The fixed protocol, self-normalised",
    "DR": "The fixed protocol, doubly robust",
}
COUNTS = (
    ("usable", "judged: delivered as proposed, and what came of it is known"),
    ("changed", "left out: a therapist edited, rejected or took it back"),
    ("awaited", "left out: what came of it is not known yet"),
    ("not_delivered", "left out: waiting, replaced or expired"),
    ("other_reward", "left out: measured by an older version of the reward"),
)


def own_values(result: Result) -> list[ValueRow]:
    """What ran, and what the fixed protocol would have earned in the same places."""
    values = [result["ran"], *result["protocol"]] if "ran" in result else []
    return [_value_row(one) for one in values]


def _value_row(value: Mapping[str, Any]) -> ValueRow:
    interval = Interval.of(value)
    return ValueRow(
        name=METHODS.get(value["method"], value["method"]),
        value=signed(value["value"]),
        interval=f"{signed(interval.low)} to {signed(interval.high)}" if interval else "cannot be said",
        effective=f"{value['effective']:.0f} of {value['decisions']:,}",
        is_usable=bool(value["is_usable"]) and interval is not None,
    )


def own_counts(result: Result) -> list[tuple[int, str]]:
    """How many decisions were judged, and how many were left out and why."""
    counts = result.get("counts", {})
    return [(counts.get(code, 0), words) for code, words in COUNTS if code == "usable" or counts.get(code)]
