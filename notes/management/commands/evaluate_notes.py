"""manage.py evaluate_notes GOLD.jsonl [--system rules] [--json]: extraction against annotated notes.

Nothing is stored and no database is needed. The text form quotes the notes in its list of errors; the JSON
form holds numbers only.
Exit codes: 0 measured; 1 the file could not be used; 2 the command was called wrongly.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notes.clini_note_extractor import RULES_VERSION, BadCorpus, NoteTooLong, extract_by_rules, read_notes
from notes.clini_note_extractor.evaluation import as_text, evaluate

SYSTEMS = ("rules",)


class Command(BaseCommand):
    """Scores a system on annotated notes."""

    help = "Measure extraction on annotated notes (JSONL). Nothing is stored; no database is needed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The annotated file, the system and how to print."""
        parser.add_argument("gold", type=Path, metavar="GOLD.jsonl")
        parser.add_argument("--system", choices=SYSTEMS, default="rules")
        parser.add_argument("--json", action="store_true", help="numbers as JSON, without the errors")
        parser.add_argument("--no-errors", action="store_true", help="tables only, no words of the notes")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure and print."""
        try:
            report = evaluate(
                read_notes(options["gold"]),
                lambda text: extract_by_rules(text).entities,
                system=options["system"],
                version=RULES_VERSION,
            )
        except OSError as error:
            raise CommandError(
                f"{options['gold']} cannot be read: {error.strerror}.", returncode=1
            ) from error
        except (BadCorpus, NoteTooLong) as error:
            raise CommandError(f"{options['gold']}: {error}", returncode=1) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.to_dict(), indent=2, allow_nan=False))
        else:
            self.stdout.write(as_text(report, errors=not options["no_errors"]))
