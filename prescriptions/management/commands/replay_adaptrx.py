"""manage.py replay_adaptrx --clinic SLUG: learn again from the clinic's log, and compare.

Reads only. Prints numbers and hashes, no patient. Exit codes: 0 the same, or nothing learned yet; 1 the log
gives another posterior than the one in force.
"""

from typing import Any

from django.core.management.base import CommandError

from clinic.models import Clinic
from clinic.tenancy.commands import ClinicCommand
from prescriptions.services import replay_learner


class Command(ClinicCommand):
    """Proves that what the clinic has learned comes from its log and nothing else."""

    help = "Learn AdaptRx's newest state again from the log of decisions and compare the hashes."

    def handle_clinic(self, clinic: Clinic, *args: Any, **options: Any) -> None:
        """Replay and say whether it is the same."""
        replay = replay_learner()
        if replay is None:
            self.stdout.write(f"{clinic.slug}: nothing learned yet.")
            return
        state = replay.state
        self.stdout.write(
            f"{clinic.slug}: state {state.number}, {replay.lessons} decisions, stored {state.sha256}, "
            f"replayed {replay.sha256}"
        )
        if not replay.is_same:
            raise CommandError(f"{clinic.slug}: the log gives another posterior.", returncode=1)
