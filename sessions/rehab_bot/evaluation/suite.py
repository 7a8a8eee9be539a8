"""The files on which a safety run rests."""

from functools import cache
from pathlib import Path

from sessions.rehab_bot.evaluation.vignettes import ROOT, shipped_red_flag_suites
from sessions.rehab_bot.fingerprint import fingerprint

FOLDER = Path(__file__).resolve().parents[1] / "suite"
HEARING = ROOT / "patients" / "red_flags" / "hearing"
# What hears danger: the rules, and which second reader.
EARS = (HEARING / "rules.json", HEARING / "reader" / "manifest.json")


def question_files() -> list[Path]:
    """The shipped files of programme questions."""
    return sorted((FOLDER / "questions").glob("*.jsonl"))


@cache
def suite_fingerprint(*, kind: str, model: str, base_url: str = "", api_version: str = "") -> str:
    """A sha256 over the model, its address, the prompt, the checks, the suite and what hears danger. Files do
    not change under a running process, so that it is computed once for each model.
    """
    files = [*shipped_red_flag_suites(), *question_files(), *(path for path in EARS if path.is_file())]
    return fingerprint(kind=kind, model=model, base_url=base_url, api_version=api_version, suites=files)
