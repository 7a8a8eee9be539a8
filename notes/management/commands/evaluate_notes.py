"""manage.py evaluate_notes GOLD.jsonl [--system combined] [--compare rules] [--json]: extraction against
annotated notes.

Nothing is stored and no database is needed. The text form quotes the notes in its list of errors; the JSON
form holds numbers only.
Exit codes: 0 measured; 1 the file or the model could not be used; 2 the command was called wrongly.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notes.clini_note_extractor import (
    DEFAULT_SYSTEM,
    BadCorpus,
    Note,
    NoteTooLong,
    System,
    extract,
    read_notes,
)
from notes.clini_note_extractor.evaluation import Report, as_text, compare, evaluate
from notes.clini_note_extractor.model import ModelUnusable, NoteModel, load_model, load_released

SYSTEMS = tuple(one.value for one in System)


class Command(BaseCommand):
    """Scores a system on annotated notes."""

    help = "Measure extraction on annotated notes (JSONL). Nothing is stored; no database is needed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The annotated file, the system, what to compare it with and how to print."""
        parser.add_argument("gold", type=Path, metavar="GOLD.jsonl")
        parser.add_argument("--system", choices=SYSTEMS, default=DEFAULT_SYSTEM.value)
        parser.add_argument(
            "--compare", choices=SYSTEMS, metavar="OTHER", help="by how much the system is better"
        )
        parser.add_argument("--model", type=Path, metavar="DIR", help="another model than the released one")
        parser.add_argument("--json", action="store_true", help="numbers as JSON, without the errors")
        parser.add_argument("--no-errors", action="store_true", help="tables only, no words of the notes")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure and print."""
        try:
            notes = read_notes(options["gold"])
            systems = [one for one in (options["system"], options["compare"]) if one]
            model = None if set(systems) == {"rules"} else chosen_model(options["model"])
            reports = [evaluate_system(notes, system, model) for system in systems]
        except OSError as error:
            raise CommandError(
                f"{options['gold']} cannot be read: {error.strerror}.", returncode=1
            ) from error
        except (BadCorpus, NoteTooLong) as error:
            raise CommandError(f"{options['gold']}: {error}", returncode=1) from error
        except ModelUnusable as error:
            raise CommandError(f"{error} Rules need no model: --system rules.", returncode=1) from error
        difference = compare(*reports) if len(reports) == 2 else None
        self.stdout.write(told(reports[0], difference, options))


def chosen_model(folder: Path | None) -> NoteModel:
    """The model of a folder, or the released one. Raises ModelUnusable."""
    return load_model(folder) if folder else load_released()


def evaluate_system(notes: Sequence[Note], system: str, model: NoteModel | None) -> Report:
    """One system on annotated notes. Raises NoteTooLong."""
    version = extract("", system=system, model=model).version
    return evaluate(
        notes, lambda text: extract(text, system=system, model=model).entities, system=system, version=version
    )


def told(report: Report, difference: dict[str, Any] | None, options: dict[str, Any]) -> str:
    """The report as JSON or as tables."""
    if options["json"]:
        compared = {"comparison": difference} if difference else {}
        return json.dumps({**report.to_dict(), **compared}, indent=2, allow_nan=False)
    lines = [as_text(report, errors=not options["no_errors"])]
    if difference:
        lines.append(f"\n{difference['system']} minus {difference['other']}: {difference['verdict']}")
        for kind in ("strict", "partial"):
            row = difference[kind]
            bounds = (
                "" if row["low"] is None else f" ({row['low']:+.3f} to {row['high']:+.3f}, 95 %, by note)"
            )
            lines.append(f"  {kind} F1 {row['value']:+.3f}{bounds}")
    return "\n".join(lines)
