"""Production refuses to start with an unsafe setting, and says every reason at once."""

import subprocess
import sys
from pathlib import Path

import pytest

from clinic.config.chores.checks import production_environment

ROOT = Path(__file__).resolve().parents[2]
STRONG = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def start_production(**changes: str | None) -> subprocess.CompletedProcess[str]:
    """Load the production settings in a fresh interpreter, with some variables changed or removed."""
    environment = {**production_environment(), **changes}
    kept = {name: value for name, value in environment.items() if value is not None}
    code = "import clinic.config.settings.production"
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, check=False)


def test_a_safe_environment_starts() -> None:
    done = start_production()
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY must be set"),
        ({"AUDIT_SIGNING_KEY": None}, "AUDIT_SIGNING_KEY must be set"),
        ({"PLUMBLINE_SEALING_KEYS": None}, "PLUMBLINE_SEALING_KEYS must be set"),
        ({"PLUMBLINE_SEALING_KEYS": f"short,{STRONG}"}, "PLUMBLINE_SEALING_KEYS must be set"),
        ({"PLUMBLINE_SEALING_KEYS": STRONG, "SECRET_KEY": STRONG}, "PLUMBLINE_SEALING_KEYS must be set"),
        ({"DEBUG": "1"}, "DEBUG must be off"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS must name"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name"),
        ({"SESSION_COOKIE_SECURE": "0"}, "SESSION_COOKIE_SECURE"),
        ({"CSRF_COOKIE_SECURE": "0"}, "CSRF_COOKIE_SECURE"),
        ({"SECURE_SSL_REDIRECT": "0"}, "SECURE_SSL_REDIRECT"),
        ({"PLUMBLINE_DEMO": "1"}, "PLUMBLINE_DEMO must be off"),
        ({"DATABASE_URL": None}, "DATABASE_URL must be set"),
        ({"DATABASE_URL": "postgresql://plumbline_app:x@127.0.0.1:55432/plumbline"}, "embedded database"),
        ({"DATABASE_URL": "postgresql://postgres:x@db/plumbline"}, "application's role"),
        ({"REDIS_URL": "redis://broker:6379/0"}, "REDIS_URL must carry a password"),
        ({"EMAIL_URL": None}, "EMAIL_URL must name a mail server"),
    ],
)
def test_an_unsafe_setting_is_refused(changes: dict[str, str | None], reason: str) -> None:
    done = start_production(**changes)
    assert done.returncode != 0
    assert reason in done.stderr


def test_all_reasons_are_given_at_once() -> None:
    done = start_production(SECRET_KEY=None, ALLOWED_HOSTS=None, DEBUG="1")
    assert sum(line.startswith("- ") for line in done.stderr.splitlines()) == 3
