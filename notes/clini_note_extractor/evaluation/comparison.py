"""Two systems on the same notes: by how much one is better, and whether that may be chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clinic.statistics import bootstrap_over_people
from notes.clini_note_extractor.evaluation.report import Report
from notes.clini_note_extractor.evaluation.scoring import Counts, Scored
from notes.clini_note_extractor.types import Label

Pair = tuple[Scored, Scored]


def compare(report: Report, other: Report, *, label: Label | None = None) -> dict[str, Any]:
    """Micro F1 of `report` minus that of `other`, strict and partial, as plain JSON with 95 % intervals.

    Paired bootstrap (Koehn, EMNLP 2004): notes are drawn, and both systems are scored on the same draw.
    `better` where the strict interval lies above zero, `worse` where below, else `undecided`. Raises
    ValueError where the two did not read the same notes.
    """
    if [one.id for one in report.notes] != [one.id for one in other.notes]:
        raise ValueError("Two systems are compared on the same notes in the same order.")
    by_note = {
        str(number): [pair] for number, pair in enumerate(zip(report.scored, other.scored, strict=True))
    }
    told = {
        kind: bootstrap_over_people(
            by_note, lambda pairs, kind=kind: _difference(pairs, kind, label)  # type: ignore[misc]
        ).to_dict()
        for kind in ("strict", "partial")
    }  # fmt: skip
    low, high = told["strict"]["low"], told["strict"]["high"]
    verdict = "undecided"
    if low is not None and high is not None:
        verdict = "better" if low > 0 else "worse" if high < 0 else "undecided"
    return {"system": report.system, "other": other.system, **told, "verdict": verdict}


def _difference(pairs: Sequence[Pair], kind: str, label: Label | None) -> float:
    one, other = (_pooled([pair[side] for pair in pairs], kind, label) for side in (0, 1))
    return one.f1 - other.f1


def _pooled(scored: Sequence[Scored], kind: str, label: Label | None) -> Counts:
    gold = found = 0
    credit = 0.0
    for one in scored:
        for name, counts in getattr(one, kind).items():
            if label is None or name is label:
                gold, found, credit = gold + counts.gold, found + counts.found, credit + counts.credit
    return Counts(gold, found, credit)
