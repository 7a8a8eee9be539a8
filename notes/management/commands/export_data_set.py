"""Write a data set of an annotation project as JSONL, for `train_note_extractor --data`."""

import argparse
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from clinic.models import Clinic
from clinic.tenancy.commands import ClinicCommand
from notes.models import DataSetVersion
from notes.services.annotation.data_sets import FORMATS, export_data_set


class Command(ClinicCommand):
    help = __doc__

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Django's own --version makes way: here it names the data set's version.
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--version", dest="data_set", required=True, type=UUID, metavar="REF")
        parser.add_argument("--format", choices=sorted(FORMATS), default="jsonl")
        parser.add_argument("--out", type=Path, help="file to write; standard output without it")

    def handle_clinic(self, clinic: Clinic, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            version = DataSetVersion.objects.filter(ref=options["data_set"]).first()
            if version is None:
                raise CommandError(f"This clinic has no data set {options['data_set']}.")
            content = export_data_set(version, kind=options["format"])
        if options["out"] is None:
            sys.stdout.write(content)
            return
        options["out"].write_text(content, encoding="utf-8")
        self.stdout.write(
            f"{version.document_count} documents, {version.entity_count} entities, sha256 {version.sha256}"
        )
