"""manage.py reanalyze_movement: judge again what an older engine judged, as after an upgrade."""

import argparse
from typing import Any

from clinic.models import Clinic
from clinic.tenancy.commands import ClinicCommand
from sessions import services


class Command(ClinicCommand):
    """Queues recordings, the newest first; the worker judges them. Run it again for the next ones."""

    help = "Queue movement recordings that an older version of the analysis judged."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--most", type=int, default=500, help="at most so many of a clinic (500)")

    def handle_clinic(self, clinic: Clinic, *args: Any, **options: Any) -> None:
        count = services.queue_outdated(most=options["most"])
        self.stdout.write(f"{clinic.slug}: {count} recordings queued")
