"""How high a sum must stand: looked up from a table that `manage.py measure_alarms --table` recomputes.

The table says how often, per value of one series, a sum crosses a height in simulated recoveries without any
deterioration (mean of the tuning families). A clinic chooses false alarms per patient and 26 weeks over all
metrics together; that budget is shared by all values expected in 26 weeks, and `MARGIN` of it is kept back
for people who are unlike the simulated ones.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from sessions.motion_trend.alarm.charts import CHARTS, FAST, SLOW
from sessions.motion_trend.trend import Floats

TABLE_FILE = Path(__file__).with_name("thresholds.json")
CURVE_FILE = Path(__file__).with_name("curve.json")
BUDGET_DAYS = 182.0
MARGIN = 0.2
SHARES = (0.65, 0.15, 0.2)
SPARSE_A_WEEK, DAILY_A_WEEK = 2.0, 7.0
TAIL = 6


@dataclass(frozen=True, slots=True)
class ThresholdTable:
    """`heights`: rising; `daily`, `sparse`: crossings per value at each height, by chart (fast, slow,
    joint), for people measured every day and twice a week.
    """

    version: str
    heights: tuple[float, ...]
    daily: tuple[tuple[float, ...], ...]
    sparse: tuple[tuple[float, ...], ...]

    def height_for(self, rate: Floats, chart: int, a_week: Floats) -> Floats:
        """The height that is crossed `rate` times per value by people measured on `a_week` days a week."""
        daily = self._height(np.asarray(self.daily[chart]), rate)
        sparse = self._height(np.asarray(self.sparse[chart]), rate)
        share = np.clip((a_week - SPARSE_A_WEEK) / (DAILY_A_WEEK - SPARSE_A_WEEK), 0.0, 1.0)
        return np.asarray(share * daily + (1 - share) * sparse)

    def _height(self, known: Floats, rate: Floats) -> Floats:
        """Log-linear between the table's heights; beyond them it goes on as the log-line does."""
        usable = known > 0
        logs, heights = np.log(known[usable]), np.asarray(self.heights)[usable]
        wanted = np.log(np.maximum(rate, 1e-12))
        slope = (heights[-1] - heights[-TAIL]) / (logs[-1] - logs[-TAIL])
        inside = np.interp(wanted, logs[::-1], heights[::-1])
        beyond = heights[-1] + slope * (wanted - logs[-1])
        return np.asarray(np.where(wanted < logs[-1], beyond, inside))


@lru_cache(maxsize=1)
def shipped_table() -> ThresholdTable:
    """The table that came with this version of the engine."""
    stored = json.loads(TABLE_FILE.read_text(encoding="utf-8"))
    daily, sparse = (tuple(tuple(stored[kind][chart]) for chart in CHARTS) for kind in ("daily", "sparse"))
    return ThresholdTable(stored["version"], tuple(stored["heights"]), daily, sparse)


def store_table(table: ThresholdTable, path: Path = TABLE_FILE) -> None:
    """Write a recomputed table where `shipped_table` finds it."""
    document = {
        "version": table.version,
        "heights": [round(height, 3) for height in table.heights],
        "daily": _by_chart(table.daily),
        "sparse": _by_chart(table.sparse),
    }
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    shipped_table.cache_clear()


def _by_chart(rates: tuple[tuple[float, ...], ...]) -> dict[str, list[float]]:
    return {
        chart: [float(f"{rate:.4g}") for rate in known] for chart, known in zip(CHARTS, rates, strict=True)
    }


def heights_for(table: ThresholdTable, rate_per_value: Floats, a_week: Floats) -> Floats:
    """Heights of a series' own charts, float[2, series], when one value may raise `rate_per_value` alarms."""
    return np.stack(
        [table.height_for(rate_per_value * SHARES[chart], chart, a_week) for chart in (FAST, SLOW)]
    )


def crossing_rates(sums: Floats, heights: Sequence[float], values: int) -> tuple[float, ...]:
    """How often per value the sums (float[series, days]) rise to each height."""
    risen = [int(((sums[:, 1:] >= height) & (sums[:, :-1] < height)).sum()) for height in heights]
    return tuple(count / values for count in risen)
