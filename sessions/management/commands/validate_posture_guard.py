"""manage.py validate_posture_guard --data DIR [--json]: scores whatever people DIR holds with the shipped
rules.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sessions.posture_guard.validation import BadData, as_text, validate


class Command(BaseCommand):
    """Counts and judges recorded people, and says how often it was right."""

    help = "Score UI-PRMD people and landmark clips under DIR with the shipped exercise rules."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--data, --json and --store."""
        parser.add_argument("--data", required=True, type=Path, help="folder with uiprmd/ and landmarks/")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
        parser.add_argument(
            "--store",
            action="store_true",
            help="write what was found into the library files of this checkout",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Validate and print."""
        try:
            report = validate(options["data"]).to_dict()
        except BadData as wrong:
            raise CommandError(str(wrong)) from wrong
        self.stdout.write(
            json.dumps(report, indent=2, allow_nan=False) if options["json"] else as_text(report)
        )
