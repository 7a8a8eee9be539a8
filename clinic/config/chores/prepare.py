"""Errands before the web starts: ``database`` (migrate as owner, collect static files) and ``seed``."""

import os
import sys

import django
from django.core.management import call_command, get_commands


def main(errand: str) -> None:
    """Do one errand; the demo's accounts go to standard output."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.config.settings.dev")
    django.setup()
    if errand == "database":
        call_command("migrate", interactive=False)
        call_command("collectstatic", interactive=False, verbosity=0)
    elif errand == "seed" and "seed_demo" in get_commands():
        call_command("seed_demo")


if __name__ == "__main__":
    main(sys.argv[1])
