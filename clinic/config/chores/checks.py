"""Django's own checks: migrations are complete, and production settings pass ``check --deploy``."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

from clinic.config.chores.progress import say

ROOT = Path(__file__).resolve().parents[3]


def production_environment() -> dict[str, str]:
    """An environment with which production starts; no server is contacted."""
    return {
        **{name: value for name, value in os.environ.items() if name != "PLUMBLINE_AS_OWNER"},
        "DJANGO_SETTINGS_MODULE": "clinic.config.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "AUDIT_SIGNING_KEY": secrets.token_urlsafe(64),
        "PLUMBLINE_SEALING_KEYS": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "clinic.example.org",
        "DATABASE_URL": "postgresql://plumbline_app:a-password@db.example.org:5432/plumbline",
        "REDIS_URL": "rediss://broker.example.org:6379/0",
        "EMAIL_URL": "smtp+tls://mail.example.org:587",
    }


def main() -> int:
    """Run each check; 0 when all pass."""
    manage = [sys.executable, str(ROOT / "manage.py")]
    testing = {**os.environ, "DJANGO_SETTINGS_MODULE": "clinic.config.settings.test"}
    checks = [
        ("migrations are complete", [*manage, "makemigrations", "--check", "--dry-run"], testing),
        (
            "production settings",
            [*manage, "check", "--deploy", "--fail-level", "WARNING"],
            production_environment(),
        ),
    ]
    failed = 0
    for title, command, environment in checks:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        say(f"{title}: {'ok' if done.returncode == 0 else 'FAILED'}")
        if done.returncode != 0:
            say(done.stdout + done.stderr)
            failed += 1
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
