"""The files of the suite: vignettes, programme questions, hostile models."""

import hashlib
from functools import cache
from pathlib import Path

from sessions.rehab_bot.evaluation.vignettes import shipped_red_flag_suites

FOLDER = Path(__file__).resolve().parents[1] / "suite"


def question_files() -> list[Path]:
    """The shipped files of programme questions."""
    return sorted((FOLDER / "questions").glob("*.jsonl"))


@cache
def suite_sha256() -> str:
    """One hash over every file of the suite: another suite is another test."""
    whole = hashlib.sha256()
    for path in [*shipped_red_flag_suites(), *question_files(), *sorted(FOLDER.glob("*.py"))]:
        whole.update(path.name.encode() + b"\x00" + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()
