"""manage.py read_notes: read a clinic's notes again, as after a new model, and say how far it is."""

import argparse
import time
from typing import Any

from django.core.management.base import CommandError

from clinic.errors import HouseError
from clinic.models import Clinic
from clinic.tenancy.commands import ClinicCommand
from notes.models import ReadingRun
from notes.selectors.runs import newest_run
from notes.services import backfill

LOOK_EVERY_S = 2.0


class Command(ClinicCommand):
    """Through the worker by default; Ctrl-C leaves the run to it. --here reads in this process."""

    help = "Read all notes of a clinic again with the model in use. Corrections and signed facts stay."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--resume", action="store_true", help="go on with the newest run")
        parser.add_argument("--here", action="store_true", help="read in this process, without a worker")

    def handle_clinic(self, clinic: Clinic, *args: Any, **options: Any) -> None:
        try:
            run = self._begin(clinic, resume=options["resume"])
        except HouseError as error:
            raise CommandError(f"{clinic.slug}: {error.words}") from error
        while options["here"] and backfill.read_batch(run.pk):
            self._tell(clinic, run)
        while self._tell(clinic, run) and not options["here"]:
            time.sleep(LOOK_EVERY_S)

    def _begin(self, clinic: Clinic, *, resume: bool) -> ReadingRun:
        if not resume:
            return backfill.start_reading(by=None)
        run = newest_run()
        if run is None:
            raise CommandError(f"{clinic.slug}: there is no run to go on with.")
        return backfill.resume_reading(run, by=None)

    def _tell(self, clinic: Clinic, run: ReadingRun) -> bool:
        """Print how far it is; True while it goes on."""
        run.refresh_from_db()
        failed = f", {run.failed} could not be read" if run.failed else ""
        self.stdout.write(
            f"{clinic.slug}: {run.done} of {run.total} notes{failed} ({run.get_state_display()})"
        )
        return run.state in backfill.OPEN
