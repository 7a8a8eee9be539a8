"""manage.py extract_notes FILE [--json] [--system combined]: entities and findings of one note (text) or of
many (JSONL with id and text).

Nothing is stored and no database is needed. The JSON form holds offsets and values, no note text; the text
form quotes the note.
Exit codes: 0 read; 1 the file or the model could not be used.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
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
    read_texts,
)
from notes.clini_note_extractor.linking import findings_of
from notes.clini_note_extractor.model import ModelUnusable


class Command(BaseCommand):
    """Extracts from a file."""

    help = "Find entities and findings in notes. Nothing is stored; no database is needed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file and how to print."""
        parser.add_argument("file", type=Path, metavar="FILE", help="a text file, or JSONL with id and text")
        parser.add_argument(
            "--json", action="store_true", help="offsets and values as JSON, without the text"
        )
        parser.add_argument("--system", choices=[one.value for one in System], default=DEFAULT_SYSTEM.value)

    def handle(self, *args: Any, **options: Any) -> None:
        """Extract and print."""
        path = options["file"]
        try:
            notes = read_texts(path)
            told = [extract_note(note, system=options["system"]) for note in notes]
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=1) from error
        except (BadCorpus, NoteTooLong) as error:
            raise CommandError(f"{path}: {error}", returncode=1) from error
        except ModelUnusable as error:
            raise CommandError(f"{error} Rules need no model: --system rules.", returncode=1) from error
        if options["json"]:
            single = path.suffix != ".jsonl"
            self.stdout.write(json.dumps(told[0] if single else {"notes": told}, indent=2, allow_nan=False))
            return
        for note, one in zip(notes, told, strict=True):
            self.stdout.write("\n".join(_lines(note, one)))


def extract_note(note: Note, *, system: str = DEFAULT_SYSTEM) -> dict[str, Any]:
    """One note's entities, findings and warnings as JSON. Raises NoteTooLong, and ModelUnusable for the
    system "model".
    """
    extraction = extract(note.text, system=system)
    findings = [finding.to_dict() for finding in findings_of(note.text, extraction)]
    return {"id": note.id, "characters": len(note.text), **extraction.to_dict(), "findings": findings}


def _lines(note: Note, told: dict[str, Any]) -> list[str]:
    lines = [note.id, *(f"  {warning}" for warning in told["warnings"])]
    for entity in told["entities"]:
        words = " ".join(note.text[entity["start"] : entity["end"]].split())
        said = "" if entity["assertion"] == "present" else f"  ({entity['assertion']})"
        lines.append(f"  {entity['start']:>6} {entity['label']:<16} {words}{said}")
    for one in told["findings"]:
        value = f"{one['low']:g}" if one["low"] == one["high"] else f"{one['low']:g} to {one['high']:g}"
        about = " ".join(part for part in (one["measure"], one["side"], one["region"], one["motion"]) if part)
        goal = " (goal)" if one["goal"] else ""
        lines.append(f"  {one['kind']:<9} {about}: {value} {one['unit']}{goal}  ICF {one['icf_code']}")
    return lines
