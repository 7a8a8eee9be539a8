"""manage.py retrain_note_extractor --clinic SLUG [--data-set REF] [--quick]: a clinic's own model, in one go.

Trains on the newest data set of the clinic's annotators (or the named one) together with invented notes,
measures the result against the model in use on documents that neither learned from, and puts it into the
clinic's model register as a candidate. Prints numbers only. Needs requirements/train.txt.
Exit codes: 0 registered; 1 it could not be done, in words.
"""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from clinic.errors import HouseError
from clinic.model_register.scores import comparison_words, headline
from clinic.models import Clinic
from clinic.tenancy.commands import ClinicCommand
from notes.clini_note_extractor.training.settings import TrainingSettings, TrainingUnavailable
from notes.management.commands.train_note_extractor import settings_of, wanted_of, words_of_progress
from notes.models import DataSetVersion
from notes.services.training import named_after, train_on_data_set


class Command(ClinicCommand):
    """Retrains for one clinic."""

    help = "Train the note extractor on a clinic's data set and register it as a candidate."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The clinic, its data set, and how long to train."""
        super().add_arguments(parser)
        usual = TrainingSettings()
        parser.add_argument("--data-set", type=UUID, metavar="REF", help="by default the newest")
        parser.add_argument("--notes", type=int, default=2400, help="invented notes to make")
        parser.add_argument("--epochs", type=int, default=usual.epochs)
        parser.add_argument("--seed", type=int, default=usual.seed)
        parser.add_argument("--threads", type=int, default=usual.threads)
        parser.add_argument(
            "--model-version", default="", help="names the model; by default date and data set"
        )
        parser.add_argument(
            "--quick", action="store_true", help="few notes and steps: to try the way, not to use"
        )

    def handle_clinic(self, clinic: Clinic, *args: Any, **options: Any) -> None:
        """Train, measure, register, and say what came out."""
        data_set = self._data_set(options["data_set"])
        settings = settings_of(options, datetime.now(UTC))
        if not options["model_version"]:
            settings = named_after(settings, data_set)
        try:
            with tempfile.TemporaryDirectory(prefix="plumbline-model-") as workplace:
                row = train_on_data_set(
                    data_set, out=Path(workplace) / "model", settings=settings, wanted=wanted_of(options),
                    tell=lambda progress: self.stdout.write(words_of_progress(progress)),
                )  # fmt: skip
        except (HouseError, TrainingUnavailable, ValueError) as error:
            raise CommandError(str(error), returncode=1) from error
        self.stdout.write(f"Registered {row.version}: {headline(row.scores)}.")
        self.stdout.write(comparison_words(row.comparison))

    def _data_set(self, ref: UUID | None) -> DataSetVersion:
        sets = DataSetVersion.objects.select_related("project").order_by("-created_at", "-id")
        found = (sets.filter(ref=ref) if ref else sets).first()
        if found is None:
            raise CommandError(
                "There is no such data set in this clinic. Settle documents in an annotation project and "
                "make a version of it.",
                returncode=1,
            )
        return found
