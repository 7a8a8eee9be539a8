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

from sessions.motion_trend.alarm.charts import FAST, JOINT, SLOW
from sessions.motion_trend.trend import Floats

TABLE_FILE = Path(__file__).with_name("thresholds.json")
CURVE_FILE = Path(__file__).with_name("curve.json")
BUDGET_DAYS = 182.0
MARGIN = 0.2
SHARES = (0.65, 0.15, 0.2)


@dataclass(frozen=True, slots=True)
class ThresholdTable:
    """`heights`: rising; `rates`: crossings per value at each height, by chart: fast, slow, joint."""

    version: str
    heights: tuple[float, ...]
    rates: tuple[tuple[float, ...], ...]

    def height_for(self, rate: Floats, chart: int) -> Floats:
        """The height that is crossed `rate` times per value; beyond the table it goes on as the log-line
        does.
        """
        known = np.asarray(self.rates[chart])
        usable = known > 0
        logs, heights = np.log(known[usable]), np.asarray(self.heights)[usable]
        wanted = np.log(np.maximum(rate, 1e-12))
        slope, start = np.polyfit(logs[-8:], heights[-8:], 1)
        inside = np.interp(wanted, logs[::-1], heights[::-1])
        return np.where(wanted < logs[-1], start + slope * wanted, inside)


@lru_cache(maxsize=1)
def shipped_table() -> ThresholdTable:
    """The table that came with this version of the engine."""
    stored = json.loads(TABLE_FILE.read_text(encoding="utf-8"))
    return ThresholdTable(
        stored["version"],
        tuple(stored["heights"]),
        (tuple(stored["fast"]), tuple(stored["slow"]), tuple(stored["joint"])),
    )


def store_table(table: ThresholdTable, path: Path = TABLE_FILE) -> None:
    """Write a recomputed table where `shipped_table` finds it."""
    document = {
        "version": table.version,
        "heights": [round(height, 3) for height in table.heights],
        "fast": [float(f"{rate:.4g}") for rate in table.rates[FAST]],
        "slow": [float(f"{rate:.4g}") for rate in table.rates[SLOW]],
        "joint": [float(f"{rate:.4g}") for rate in table.rates[JOINT]],
    }
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def heights_for(table: ThresholdTable, rate_per_value: Floats) -> Floats:
    """Heights of a series' own charts, float[2, series], when one value may raise `rate_per_value` alarms."""
    return np.stack([table.height_for(rate_per_value * SHARES[chart], chart) for chart in (FAST, SLOW)])


def crossing_rates(sums: Floats, heights: Sequence[float], values: int) -> tuple[float, ...]:
    """How often per value the sums (float[series, days]) rise to each height."""
    risen = [(sums[:, 1:] >= height) & (sums[:, :-1] < height) for height in heights]
    return tuple(float(one.sum()) / values for one in risen)
