"""Throwaway servers of a benchmark: PostgreSQL and Valkey on a temporary folder, migrated."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def throwaway_servers() -> Iterator[Path]:
    """Start both, migrate, and set Django up in this process to use them; answers their folder."""
    from clinic.config.embedded.places import temporary_home
    from clinic.config.embedded.postgres import APP_ROLE, OWNER_ROLE, Passwords, PostgresServer
    from clinic.config.embedded.processes import free_port
    from clinic.config.embedded.valkey import ValkeyServer

    home = temporary_home("plumbline-bench")
    postgres, valkey = (
        PostgresServer(home, free_port(), Passwords()),
        ValkeyServer(home / "valkey", free_port()),
    )
    try:
        postgres.start()
        valkey.start()
        os.environ.update(
            DATABASE_URL=postgres.url(APP_ROLE),
            DATABASE_OWNER_URL=postgres.url(OWNER_ROLE),
            REDIS_URL=valkey.url,
            DJANGO_SETTINGS_MODULE="clinic.config.settings.dev",
            SECRET_KEY="bench-bench-bench-bench-bench-bench-bench-bench-bench",
            ALLOWED_HOSTS="127.0.0.1",
        )
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=ROOT, env={**os.environ, "PLUMBLINE_AS_OWNER": "1"}, check=True)
        import django

        import clinic.config.celery  # noqa: F401  what the benchmark queues goes to this broker

        django.setup()
        yield Path(home)
    finally:
        valkey.stop()
        postgres.stop()
        shutil.rmtree(home, ignore_errors=True)
