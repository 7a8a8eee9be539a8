"""A session to take along: every repetition with the versions that judged it."""

import csv
import io
from typing import Any

import orjson

from sessions.models import ExerciseSet, Repetition, SetAdjustment, TherapySession
from sessions.selectors.adjustments import adjustments_by_set
from sessions.selectors.review import pain_of, repetitions_by_set, set_label, sets_of

EXPORT_FORMATS = ("csv", "json")
COLUMNS = (
    "set", "exercise", "view", "side", "counted_by", "repetition", "start_s", "peak_s", "end_s", "peak_deg",
    "classification", "findings", "reason", "rules", "engine",
)  # fmt: skip
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def session_as_csv(session: TherapySession) -> str:
    """One row a repetition; sets that were counted by tapping have one row with their count."""
    sets = sets_of(session)
    by_set = repetitions_by_set(sets)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in sets:
        head = [one.order + 1, one.spec["name"], one.view, one.side, one.counted_by]
        for repetition in by_set[one.pk]:
            writer.writerow([safe_cell(cell) for cell in [*head, *_cells(repetition)]])
        if not by_set[one.pk]:
            writer.writerow([safe_cell(cell) for cell in [*head, f"{one.repetition_count} in all"]])
    return out.getvalue()


def _cells(repetition: Any) -> list[Any]:
    findings = "; ".join(f"{f['code']} {f['severity']}" for f in repetition.findings)
    versions = repetition.versions
    return [
        repetition.index, repetition.start_s, repetition.peak_s, repetition.end_s, repetition.peak_deg,
        repetition.classification, findings, repetition.reason, versions.get("rules", ""),
        versions.get("engine", ""),
    ]  # fmt: skip


def safe_cell(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula is kept a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def session_as_json(session: TherapySession) -> bytes:
    """The same, with curves and what the patient was shown."""
    sets = sets_of(session)
    by_set = repetitions_by_set(sets)
    changed = adjustments_by_set(sets)
    return orjson.dumps(
        {
            "session": session.ref,
            "patient": session.patient.ref,
            "state": session.state,
            "mode": session.mode,
            "simulated": session.simulated,
            "started_at": session.started_at,
            "ended_at": session.ended_at,
            "stop_reason": session.stop_reason,
            "pain": pain_of(session),
            "sets": [
                _set_as_dict(
                    one, by_set[one.pk], label=set_label(one, among=sets), adjustments=changed[one.pk]
                )
                for one in sets
            ],
        }
    )


def _set_as_dict(
    one: ExerciseSet, repetitions: list[Repetition], *, label: str, adjustments: list[SetAdjustment]
) -> dict[str, Any]:
    return {
        "ref": one.ref,
        "label": label,
        "exercise": one.spec["code"],
        "view": one.view,
        "side": one.side,
        "state": one.state,
        "counted_by": one.counted_by,
        "repetition_count": one.repetition_count,
        "effort": one.effort,
        "pain": one.pain,
        "adjustments": [
            {
                "before": row.before, "after": row.after, "code": row.code, "words": row.words,
                "versions": row.versions, "after_set": row.after_set.ref, "declined_at": row.declined_at,
            }
            for row in adjustments
        ],
        "as_shown": one.as_shown,
        "result": one.result,
        "repetitions": [
            {
                "index": r.index, "side": r.side, "start_s": r.start_s, "peak_s": r.peak_s, "end_s": r.end_s,
                "peak_deg": r.peak_deg, "classification": r.classification, "findings": r.findings,
                "reason": r.reason, "versions": r.versions,
            }
            for r in repetitions
        ],
    }  # fmt: skip
