"""manage.py seed_demo: two simulated clinics with eight weeks of made-up history."""

import argparse
import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from sessions.demo.accounts import printed_accounts
from sessions.demo.seed import (
    FULL,
    SMALL,
    NotADemo,
    check_is_demo,
    delete_sensor_files,
    empty_database,
    is_seeded,
    seed,
)


class Command(BaseCommand):
    """Prints the accounts on standard output, progress on standard error."""

    requires_system_checks: list[str] = []
    help = "Fill this demo with two simulated clinics. Does nothing when they are there already."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--small", action="store_true", help="two weeks of history: for tests")
        parser.add_argument("--reset", action="store_true", help="empty the demo's database first")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            check_is_demo()
            self._seed(small=options["small"], reset=options["reset"])
        except NotADemo as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(printed_accounts()))

    def _seed(self, *, small: bool, reset: bool) -> None:
        if is_seeded() and not reset:
            return
        if reset or has_remains():
            delete_sensor_files()
            connection.close()
            empty_database(owner_url())
        began = time.monotonic()
        seed(SMALL if small else FULL, say=self.stderr.write)
        self.stderr.write(f"Demo data made in {time.monotonic() - began:.0f} s.")


def has_remains() -> bool:
    """Whether an earlier run was interrupted and left a half-made demo behind."""
    from clinic.models import Clinic

    return Clinic.objects.exists()


def owner_url() -> str:
    """Where the tables' owner connects; raises CommandError when nobody said."""
    url = os.environ.get("DATABASE_OWNER_URL", "")
    if not url:
        raise CommandError("Emptying the demo needs DATABASE_OWNER_URL, the tables' owner.")
    return url
