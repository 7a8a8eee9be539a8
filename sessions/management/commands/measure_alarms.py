"""manage.py measure_alarms [--patients N] [--weeks 26] [--seed S] [--json]: the alarm's operating curve."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from sessions.motion_trend.alarm.curve import (
    CurveSettings,
    as_text,
    measure_curve,
    store_curve,
    write_document,
)
from sessions.motion_trend.alarm.measuring import recompute_table
from sessions.motion_trend.alarm.thresholds import store_table


class Command(BaseCommand):
    """Simulates recoveries with and without deterioration, and counts."""

    help = "False alarms against detection and delay on simulated recoveries; --table recomputes thresholds."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--patients, --metrics, --weeks, --seed, --json, --table, --store, --document."""
        parser.add_argument("--patients", type=int, default=100, help="simulated people a family")
        parser.add_argument("--metrics", type=int, default=6, help="metrics a person")
        parser.add_argument("--weeks", type=int, default=26)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
        parser.add_argument(
            "--table", action="store_true", help="first recompute the thresholds and store them"
        )
        parser.add_argument("--store", action="store_true", help="store the curve for the settings page")
        parser.add_argument("--document", type=Path, help="replace the tables of this Markdown file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure and print."""
        if options["table"]:
            store_table(recompute_table(people=4 * options["patients"], seed=options["seed"]))
        settings = CurveSettings(options["patients"], options["metrics"], options["weeks"], options["seed"])
        curve = measure_curve(settings)
        if options["store"]:
            store_curve(curve)
        if options["document"]:
            write_document(curve, options["document"])
        self.stdout.write(
            json.dumps(curve.to_dict(), indent=2, allow_nan=False) if options["json"] else as_text(curve)
        )
