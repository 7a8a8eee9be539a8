"""Run the tests in rings, the fast ones first; stops at the first ring that fails.

``python -m clinic.config.chores.rings [RING …]`` runs the named rings; what follows ``--`` goes to pytest.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from clinic.config.chores import front
from clinic.config.chores.progress import say

ROOT = Path(__file__).resolve().parents[3]
TESTS = ROOT / "tests"
SCIENCE = (
    "adapt_rx",
    "movement",
    "movement_generator",
    "posture_guard",
    "motion_trend",
    "clini_note_extractor",
    "statistics",
    "red_flags",
    "rehab_bot",
)
# MediaPipe looks at every frame here.
FILMS = ("avatar", "video")
BROWSER = ("flows", "browser")
# A file's tests stay in one process, which has its own servers.
TWO_AT_ONCE = ("-n", "2", "--dist", "loadfile")
SIDE_BY_SIDE = {
    "science": TWO_AT_ONCE,
    "apps": TWO_AT_ONCE,
    # Each of these tests looks at a film of its own, so that one file's may be shared out.
    "films": ("-n", "2", "--dist", "load"),
    # tests/browser/conftest.py says in which order.
    "browser": (*TWO_AT_ONCE, "--no-loadscope-reorder"),
}
NOTHING_COLLECTED = 5


def rings() -> dict[str, list[str]]:
    """Test folders by ring; a folder that no ring names belongs to the apps, so none is forgotten."""
    folders = sorted(path.name for path in TESTS.iterdir() if path.is_dir() and any(path.rglob("test_*.py")))
    named = {*SCIENCE, *FILMS, *BROWSER, "architecture"}
    return {
        "science": [name for name in SCIENCE if name in folders],
        "apps": [name for name in folders if name not in named],
        "architecture": ["architecture"],
        "films": [name for name in FILMS if name in folders],
        "browser": [name for name in BROWSER if name in folders],
    }


def commands(more: list[str]) -> dict[str, list[list[str]]]:
    """What each ring runs."""
    pytest = [sys.executable, "-m", "pytest", "-q", "--durations=5", *more]
    node = str(front.node())
    found = {
        ring: [[*pytest, *SIDE_BY_SIDE.get(ring, ()), *(f"tests/{name}" for name in folders)]]
        for ring, folders in rings().items()
        if folders
    }
    scripts = [
        [node, "node_modules/typescript/bin/tsc", "--noEmit"],
        [node, "node_modules/vitest/vitest.mjs", "run"],
    ]
    ordered = {"science": found.pop("science", []), "front": scripts, **found}
    return {ring: steps for ring, steps in ordered.items() if steps}


def main(arguments: list[str]) -> int:
    """Run the rings; the exit code of the first one that fails, or 0."""
    split = arguments.index("--") if "--" in arguments else len(arguments)
    wanted, more = arguments[:split], arguments[split + 1 :]
    began = time.monotonic()
    for ring, steps in commands(more).items():
        if wanted and ring not in wanted:
            continue
        say(f"\n== ring: {ring}")
        ring_began = time.monotonic()
        for step in steps:
            code = subprocess.run(step, cwd=ROOT, env=front.node_environment(), check=False).returncode
            if code not in {0, NOTHING_COLLECTED}:
                say(f"ring {ring} failed after {time.monotonic() - ring_began:.0f} s")
                return code
        say(f"ring {ring} passed in {time.monotonic() - ring_began:.0f} s")
    say(f"\nall rings passed in {time.monotonic() - began:.0f} s on {os.cpu_count()} cores")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
