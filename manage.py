#!/usr/bin/env python
"""Django's command line, with the development settings unless DJANGO_SETTINGS_MODULE says otherwise."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.config.settings.dev")
    from django.core.management import execute_from_command_line

    import clinic.config.celery  # noqa: F401  what a command queues goes to our broker, not to Celery's default

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
