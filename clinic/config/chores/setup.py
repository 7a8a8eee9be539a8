"""Make the virtual environment and install the locked requirements, with the standard library only.

``python3 -m clinic.config.chores.setup --for demo`` (or ``test``); returns at once when nothing has changed.
"""

import argparse
import ctypes
import hashlib
import importlib.util
import os
import shutil
import sys
import venv
from pathlib import Path

from clinic.config.chores.progress import StepFailed, Steps, say

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
LOG = ROOT / ".plumbline" / "setup.log"
LOCKS = {
    "demo": ("base.txt", "video.txt", "motion.txt"),
    "test": ("base.txt", "video.txt", "motion.txt", "dev.txt", "train.txt", "films.txt"),
}
TORCH = "torch==2.13.0"
# MediaPipe's library links these two even when it computes on the processor.
VIDEO_LIBRARIES = {"libEGL.so.1": "libegl1", "libGLESv2.so.2": "libgles2"}


def main() -> int:
    """Install what ``--for`` asks; 0 when all is in place, 1 with a message otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--for", dest="purpose", choices=sorted(LOCKS), default="demo")
    purpose = parser.parse_args().purpose
    try:
        install(purpose)
    except (StepFailed, SetupImpossible) as error:
        say(f"\n{error}")
        return 1
    return 0


def install(purpose: str) -> None:
    """Create .venv, install the requirements of ``purpose`` by hash, and the libraries that video needs."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what tells an older Python
        raise SetupImpossible(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    locks = [ROOT / "requirements" / name for name in LOCKS[purpose]]
    if not is_installed(locks):
        steps = Steps(total=2, log=LOG)
        make_venv(steps)
        arguments = [part for lock in locks for part in ("-r", str(lock))]
        pip = [str(VENV / "bin/python"), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
        # --no-deps: the lock file is complete, so pip need not solve anything again.
        steps.run(
            "Install Python packages (checked by hash)", [*pip, "--no-deps", "--require-hashes", *arguments]
        )
        for lock in locks:
            stamp_of(lock).write_text(digest(lock))
    if purpose == "test":
        install_torch()
    offer_video_libraries()


def is_installed(locks: list[Path]) -> bool:
    """Whether .venv already holds exactly these lock files."""
    return (VENV / "bin/python").exists() and all(
        stamp_of(lock).exists() and stamp_of(lock).read_text() == digest(lock) for lock in locks
    )


def make_venv(steps: Steps) -> None:
    """Create .venv; Debian keeps the module that fills it in a package of its own."""
    if (VENV / "bin/python").exists():
        steps.skip("Create .venv", "exists")
        return
    if importlib.util.find_spec("ensurepip") is None:
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            raise SetupImpossible("Python's venv module is missing. As root: apt-get install python3-venv")
        steps.total += 1
        install_debian_packages(steps, ["python3-venv"])
    steps.call("Create .venv", lambda: venv.create(VENV, with_pip=True, symlinks=True))


def install_torch() -> None:
    """PyTorch, for training only, in the build that pip finds (docs/decisions/018: why it is not locked)."""
    if any(VENV.glob("lib/python*/site-packages/torch/version.py")):
        return
    pip = [str(VENV / "bin/python"), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    Steps(total=1, log=LOG).run("Install PyTorch for training", [*pip, TORCH])


def offer_video_libraries() -> None:
    """Install the libraries that reading a film needs, or say how; all else works without them."""
    missing = [package for library, package in VIDEO_LIBRARIES.items() if not can_load(library)]
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get") is not None:
        try:
            install_debian_packages(Steps(total=1, log=LOG), missing)
            return
        except StepFailed as error:
            say(str(error))
    say(f"Note: uploaded films cannot be read until these are installed: apt-get install {' '.join(missing)}")


def install_debian_packages(steps: Steps, packages: list[str]) -> None:
    """Refresh the package list and install ``packages`` without a question."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install_command = "apt-get update -q && apt-get install -y -q --no-install-recommends " + " ".join(
        packages
    )
    steps.run(f"Install {', '.join(packages)}", ["sh", "-c", install_command], environment=environment)


def can_load(library: str) -> bool:
    """Whether the dynamic linker finds ``library``."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def stamp_of(lock: Path) -> Path:
    """Where the digest of an installed lock file is remembered."""
    return VENV / f"installed-{lock.stem}"


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


class SetupImpossible(Exception):
    """Something is missing that we may not install ourselves."""


if __name__ == "__main__":
    sys.exit(main())
