"""Errands before the web starts: ``database`` (migrate as owner, collect static files) and ``seed``."""

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command


def main(errand: str, accounts: str = "accounts.txt") -> None:
    """Do one errand; ``seed`` writes the demo's accounts to the file ``accounts``."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.config.settings.dev")
    django.setup()
    if errand == "database":
        call_command("migrate", interactive=False)
        call_command("collectstatic", interactive=False, verbosity=0)
    elif errand == "seed":
        with Path(accounts).open("w") as stream:
            call_command("seed_demo", stdout=stream)


if __name__ == "__main__":
    main(*sys.argv[1:])
