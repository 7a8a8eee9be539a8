"""Findings as CSV, one row a value, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable

from clinic.audit.export import safe_cell
from notes.finding_words import say_finding
from notes.models import Finding

COLUMNS = ("patient", "day", "kind", "region", "side", "motion", "measure", "low", "high", "unit", "out of",
           "goal", "icf", "in words", "note")  # fmt: skip


def findings_as_csv(rows: Iterable[Finding]) -> str:
    """With a heading. Numbers stay numbers, also negative ones."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(_cells(row))
    return out.getvalue()


def _cells(row: Finding) -> list[object]:
    texts = (row.kind, row.region, row.side, row.motion, row.measure)
    return [
        safe_cell(row.patient.full_name),
        row.observed_on.isoformat(),
        *(safe_cell(text) for text in texts),
        row.low,
        row.high,
        row.unit,
        "" if row.out_of is None else row.out_of,
        "yes" if row.is_goal else "",
        row.icf_code,
        safe_cell(say_finding(row)),
        str(row.note.ref),
    ]
