"""An evaluation's numbers in words and rows. The form is that of the evaluation commands' JSON:

{"notes": n, "on": "what notes they are",
"strict": {"micro": {"precision", "recall", "f1", "low", "high"}, "labels": {name: {… "gold": spans}}}}.
What is missing is left out, never shown as zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One line of the table: shares from 0 to 1, or None where nothing was measured."""

    name: str
    precision: float | None
    recall: float | None
    f1: float | None
    low: float | None
    high: float | None
    support: int | None


def headline(scores: Mapping[str, Any]) -> str:
    """The number to compare versions by, with its interval and on how much it rests."""
    micro = _mapping(_mapping(scores.get("strict")).get("micro"))
    f1, low, high = (_number(micro.get(name)) for name in ("f1", "low", "high"))
    if f1 is None:
        return "Not measured"
    between = "" if low is None or high is None else f" ({low:.2f} to {high:.2f})"
    notes, on = scores.get("notes"), scores.get("on") or "notes"
    return f"F1 {f1:.2f}{between}" + (f", {_counted(notes, str(on))}" if isinstance(notes, int) else "")


def score_rows(scores: Mapping[str, Any]) -> list[ScoreRow]:
    """All labels together, then each label."""
    strict = _mapping(scores.get("strict"))
    micro = _mapping(strict.get("micro"))
    if not micro:
        return []
    labels = _mapping(strict.get("labels"))
    return [_row("All", micro), *(_row(str(name), _mapping(one)) for name, one in labels.items())]


def comparison_words(comparison: Mapping[str, Any]) -> str:
    """How a version does against the one that ran when it was trained."""
    difference, low, high = (_number(comparison.get(name)) for name in ("difference", "low", "high"))
    if difference is None or low is None or high is None:
        return ""
    against, notes = str(comparison.get("against", "the version in use")), comparison.get("notes")
    if low > 0:
        verdict = "better"
    elif high < 0:
        verdict = "worse"
    else:
        verdict = "not shown to differ"
    unseen = "notes that neither has learned from"
    on = f" on {_counted(notes, unseen)}" if isinstance(notes, int) else ""
    return f"Against {against}{on}: F1 {difference:+.3f} ({low:+.3f} to {high:+.3f}), {verdict}."


def _row(name: str, values: Mapping[str, Any]) -> ScoreRow:
    shares = {key: _number(values.get(key)) for key in ("precision", "recall", "f1", "low", "high")}
    support = values.get("gold")
    return ScoreRow(name=name, support=support if isinstance(support, int) else None, **shares)


def _counted(notes: int, on: str) -> str:
    return f"1 {on.replace('notes', 'note', 1)}" if notes == 1 else f"{notes} {on}"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: Any) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and value == value
    return float(value) if usable else None
