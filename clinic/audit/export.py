"""The audit trail as a spreadsheet that cannot run formulas."""

import csv
import io
import json
from collections.abc import Iterable

from clinic.audit.selectors import AuditLine

COLUMNS = ("number", "at (UTC)", "who", "role", "action", "object", "reference", "patients", "purpose",
           "address", "door", "detail", "hash")  # fmt: skip
LIMIT = 50_000


def safe_cell(value: object) -> str:
    """Text that a spreadsheet will not take for a formula (OWASP: CSV injection)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else text


def as_csv(lines: Iterable[AuditLine]) -> str:
    """The lines as CSV, with a heading."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow([safe_cell(value) for value in _cells(line)])
    return out.getvalue()


def _cells(line: AuditLine) -> tuple[object, ...]:
    event = line.event
    return (
        event.sequence,
        event.at.isoformat(timespec="milliseconds"),
        line.who,
        event.actor_role,
        event.action,
        event.object_type,
        event.object_ref,
        "; ".join(line.patients),
        event.purpose,
        event.address,
        event.via,
        json.dumps(event.detail, sort_keys=True) if event.detail else "",
        event.hash,
    )
