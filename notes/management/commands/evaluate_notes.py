"""manage.py evaluate_notes GOLD.jsonl [--system combined] [--compare rules] [--second GOLD2.jsonl] [--json]:
extraction against annotated notes, beside the agreement of two annotators.

Nothing is stored and no database is needed. The text form and the page of --errors-html quote the notes; the
JSON form holds numbers only.
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
from notes.clini_note_extractor.evaluation import (
    Agreement,
    DifferentTexts,
    Report,
    agreement_of,
    agreement_text,
    as_text,
    compare,
    comparison_text,
    error_page,
    evaluate_extractions,
    only_notes,
)
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
        parser.add_argument(
            "--second",
            type=Path,
            metavar="GOLD2.jsonl",
            help="a second annotator on these notes",
        )
        parser.add_argument(
            "--errors-html",
            type=Path,
            metavar="FILE",
            help="write the errors as a page that quotes notes",
        )
        parser.add_argument("--json", action="store_true", help="numbers as JSON, without the errors")
        parser.add_argument("--no-errors", action="store_true", help="tables only, no words of the notes")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure and print."""
        notes = annotated_notes(options["gold"])
        agreement = agreement_with(notes, options["second"]) if options["second"] else None
        systems = [one for one in (options["system"], options["compare"]) if one]
        try:
            model = None if set(systems) == {"rules"} else chosen_model(options["model"])
            reports = [evaluate_system(notes, system, model) for system in systems]
        except NoteTooLong as error:
            raise CommandError(f"{options['gold']}: {error}", returncode=1) from error
        except ModelUnusable as error:
            raise CommandError(f"{error} Rules need no model: --system rules.", returncode=1) from error
        if options["errors_html"]:
            write_page(reports[0], options["errors_html"])
        if options["json"]:
            self.stdout.write(json.dumps(as_json(reports, agreement), indent=2, allow_nan=False))
        else:
            self.stdout.write(as_words(reports, agreement, errors=not options["no_errors"]))


def annotated_notes(path: Path) -> list[Note]:
    """Notes of a file. Raises CommandError."""
    try:
        return read_notes(path)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=1) from error
    except BadCorpus as error:
        raise CommandError(f"{path}: {error}", returncode=1) from error


def agreement_with(notes: Sequence[Note], path: Path) -> Agreement:
    """Agreement with a second annotator's file. Raises CommandError."""
    try:
        return agreement_of(notes, annotated_notes(path))
    except (DifferentTexts, ValueError) as error:
        raise CommandError(f"{path}: {error}", returncode=1) from error


def chosen_model(folder: Path | None) -> NoteModel:
    """The model of a folder, or the released one. Raises ModelUnusable."""
    return load_model(folder) if folder else load_released()


def evaluate_system(notes: Sequence[Note], system: str, model: NoteModel | None) -> Report:
    """One system on annotated notes. Raises NoteTooLong."""
    version = extract("", system=system, model=model).version
    return evaluate_extractions(
        notes, lambda text: extract(text, system=system, model=model), system=system, version=version
    )


def write_page(report: Report, path: Path) -> None:
    """The error browser as a file that only its owner may read. Raises CommandError."""
    try:
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(error_page(report), encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.", returncode=1) from error


def as_json(reports: Sequence[Report], agreement: Agreement | None) -> dict[str, Any]:
    """Numbers only: the first report, its difference to the second, and the annotators' agreement."""
    told = reports[0].to_dict()
    if len(reports) == 2:
        told["comparison"] = compare(*reports)
    if agreement is not None:
        told["agreement"] = agreement.to_dict()
        told["agreement"]["system_strict"] = on_shared(reports[0], agreement).to_dict()["strict"]
    return told


def as_words(reports: Sequence[Report], agreement: Agreement | None, *, errors: bool) -> str:
    """The same as tables, and the errors last."""
    parts = [as_text(reports[0], errors=errors)]
    if len(reports) == 2:
        parts.append(comparison_text(compare(*reports)))
    if agreement is not None:
        parts.append(agreement_text(agreement, on_shared(reports[0], agreement)))
    return "\n\n".join(parts)


def on_shared(report: Report, agreement: Agreement) -> Report:
    """A system's answers on the notes that both annotators hold."""
    return only_notes(report, {note.id for note in agreement.report.notes})
