"""The Movement page to take along: every daily value with its band, its trend and what it rests on."""

import csv
import io

from sessions.selectors.export import safe_cell
from sessions.selectors.movement.dashboard import Dashboard, MetricChart

COLUMNS = (
    "day", "code", "measure", "unit", "value", "low", "high", "n", "origin", "device", "recording", "flags",
    "simulated", "trend", "trend_low", "trend_high", "minimal_detectable_change", "minimal_important_change",
)  # fmt: skip


def dashboard_as_csv(dashboard: Dashboard) -> str:
    """One row a value, oldest first within each measure."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for chart in dashboard.all_charts:
        for row in _rows(chart):
            writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue()


def _rows(chart: MetricChart) -> list[list[object]]:
    metric = chart.metric
    levels = {level.day: level for level in chart.levels}
    rows: list[list[object]] = []
    for point in chart.points:
        level = levels.get(point.day)
        trend = (
            ["", "", ""] if level is None else [round(one, 4) for one in (level.value, level.low, level.high)]
        )
        rows.append(
            [
                point.day.isoformat(), metric.code, metric.name, metric.unit, point.value, point.low,
                point.high, point.n, point.origin, point.device, point.recording_ref or "",
                "; ".join(point.flags),
                "yes" if point.simulated else "no", *trend, metric.mdc, metric.mic,
            ]
        )  # fmt: skip
    return rows
