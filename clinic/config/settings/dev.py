"""Development and the demo: embedded servers, a generated key, this machine only."""

from pathlib import Path

import environ

# The supervisor writes the addresses of the embedded servers here; the real environment wins over it.
_STATE_ENV = Path(__file__).resolve().parents[3] / ".plumbline" / "env"
if _STATE_ENV.is_file():
    environ.Env.read_env(_STATE_ENV)

from clinic.config.settings.base import *  # noqa: E402, F403
from clinic.config.settings.base import SECRET_KEY as _SECRET_KEY  # noqa: E402
from clinic.config.settings.base import env  # noqa: E402

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = _SECRET_KEY or "development-only-key-that-never-leaves-this-machine-0000000000"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
