"""Resolve requirements/*.in to hashed lock files that name no index: ``make lock``.

Local package sources would put their own files' hashes into the lock, so only the public index is asked.
"""

import os
import subprocess
import sys
from pathlib import Path

from clinic.config.chores.progress import say

REQUIREMENTS = Path(__file__).resolve().parents[3] / "requirements"
ORDER = ("base", "video", "motion", "dev", "train", "films")
ONLY_THEMSELVES = {"films"}
LOCAL_SOURCES = ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_EXTRA_INDEX_URL", "UV_INDEX")


def main() -> int:
    """Lock each file in the order in which they constrain each other."""
    environment = {name: value for name, value in os.environ.items() if name not in LOCAL_SOURCES}
    certificates = Path("/etc/ssl/certs/ca-certificates.crt")
    if certificates.exists():
        environment.setdefault("SSL_CERT_FILE", str(certificates))
    for name in ORDER:
        command = [
            *(str(Path(sys.executable).parent / "uv"), "pip", "compile", f"{name}.in", "-o", f"{name}.txt"),
            *(
                "--override",
                "overrides.txt",
                "--no-config",
                "--python-version",
                "3.11",
                "--generate-hashes",
                "--quiet",
            ),
            *("--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header"),
        ]
        if name in ONLY_THEMSELVES:
            command.append("--no-deps")
        subprocess.run(command, cwd=REQUIREMENTS, env=environment, check=True)
        say(f"requirements/{name}.txt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
