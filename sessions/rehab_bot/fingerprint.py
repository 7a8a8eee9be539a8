"""What exactly was tried: the same model at the same address with the same prompt, checks and suites."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from sessions.rehab_bot.prompt import PROMPT_VERSION, prompt_sha256
from sessions.rehab_bot.verify import VERIFY_VERSION

FOLDER = Path(__file__).parent
# Beside the prompt these decide what a model may say: a change means that it has to be tried anew.
CHECKS = ("verify.py", "forbidden.py", "support.py", "quantities.py", "citing.py", "suite/hostile.py")


def fingerprint(
    *, kind: str, model: str, base_url: str = "", api_version: str = "", suites: Sequence[Path] = ()
) -> str:
    """A sha256 of all that a safety run's result holds for; the key of the provider is no part of it.

    Raises OSError when a suite cannot be read.
    """
    lexicons = sorted((FOLDER / "lexicon").glob("*.json"))
    files = [*(FOLDER / name for name in CHECKS), *lexicons, *suites]
    parts = {
        "kind": kind,
        "model": model,
        "base_url": base_url.rstrip("/"),
        "api_version": api_version,
        "prompt": [PROMPT_VERSION, prompt_sha256()],
        "verify": VERIFY_VERSION,
        "files": [hashlib.sha256(path.read_bytes()).hexdigest() for path in files],
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
