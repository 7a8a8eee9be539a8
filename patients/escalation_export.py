"""Closed alerts as CSV, one row an alert, safe to open in a spreadsheet. Without the patient's words."""

import csv
import io
from collections.abc import Iterable

from clinic.audit.export import safe_cell
from patients.alert_clock import MINUTE_S, minutes_to_acknowledge
from patients.models import Alert
from patients.red_flags.flag_words import words_of_flag
from patients.selectors.escalations import SOURCES, source_of

COLUMNS = ("alert", "patient", "severity", "flag", "rule", "version", "source", "raised (UTC)", "due (UTC)",
           "seen by", "minutes to acknowledge", "in time", "closed by", "minutes to close",
           "outcome")  # fmt: skip


def alerts_as_csv(alerts: Iterable[Alert]) -> str:
    """With a heading."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for alert in alerts:
        writer.writerow(_cells(alert))
    return out.getvalue()


def _cells(alert: Alert) -> list[object]:
    closing = alert.closed_at - alert.raised_at if alert.closed_at else None
    in_time = alert.acknowledged_at is not None and alert.acknowledged_at <= alert.due_at
    return [
        str(alert.ref),
        safe_cell(alert.patient.full_name),
        alert.get_severity_display(),
        words_of_flag(alert.rule_id).name,
        safe_cell(alert.rule_id),
        alert.rule_version,
        SOURCES[source_of(alert)],
        f"{alert.raised_at:%Y-%m-%d %H:%M}",
        f"{alert.due_at:%Y-%m-%d %H:%M}",
        safe_cell(alert.acknowledged_by.display_name) if alert.acknowledged_by else "",
        minutes_to_acknowledge(alert),
        "yes" if in_time else "no",
        safe_cell(alert.closed_by.display_name) if alert.closed_by else "",
        int(closing.total_seconds() // MINUTE_S) if closing else "",
        safe_cell(alert.outcome),
    ]
