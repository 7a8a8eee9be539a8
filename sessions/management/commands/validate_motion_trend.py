"""manage.py validate_motion_trend --data DIR [--json]: gait against a reference, on DIR's people."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sessions.motion_trend.validation import BadData, as_text, validate


class Command(BaseCommand):
    """Analyses recorded people, and says how far the numbers lie from the reference."""

    help = "Compare gait from sensors with the references under DIR (mobilised/, gaitmap_foot/)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--data and --json."""
        parser.add_argument(
            "--data", required=True, type=Path, help="folder with mobilised/ and gaitmap_foot/"
        )
        parser.add_argument("--json", action="store_true", help="print JSON instead of tables")

    def handle(self, *args: Any, **options: Any) -> None:
        """Validate and print."""
        try:
            report = validate(options["data"]).to_dict()
        except BadData as wrong:
            raise CommandError(str(wrong)) from wrong
        self.stdout.write(
            json.dumps(report, indent=2, allow_nan=False) if options["json"] else as_text(report)
        )
