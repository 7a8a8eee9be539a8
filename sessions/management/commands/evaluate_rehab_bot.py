"""manage.py evaluate_rehab_bot [--suite FILE.jsonl] [--model embedded|PROVIDER_REF|hostile:NAME] --json: how
much danger is heard, and how well questions are answered.

Without --suite the shipped vignettes are heard. The vignettes go through the triage of a conversation: each
turn is heard with those before it, asking back counts as missed. The questions are always the shipped ones.
No database is needed, except for a clinic's own model, which --clinic and its ref name.
Exit codes: 0 measured; 1 the file, the model or the clinic cannot be used.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from patients.red_flags.hearing import SuiteLine, parse_suite, reader_state
from patients.red_flags.hearing.scoring import UnreadableSuite
from sessions.rehab_bot.evaluation import check_goals, judge_item, outcome_key, suite_items, summarise
from sessions.services.assistant.measuring import UnknownModel, asking_of, named_model


class Command(BaseCommand):
    """Measures; stores nothing."""

    help = "Measure what the assistant hears and answers. Nothing is stored."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The suite, the model and how to print."""
        parser.add_argument("--suite", type=Path, metavar="FILE", help="JSON lines of vignettes")
        parser.add_argument(
            "--model", default="embedded", help="embedded, hostile:NAME, or the ref of a clinic's model"
        )
        parser.add_argument("--clinic", default="", metavar="SLUG", help="the clinic whose model it is")
        parser.add_argument("--json", action="store_true", help="print JSON instead of words")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure and print."""
        lines = _lines_of(options["suite"])
        try:
            named = named_model(options["model"], clinic_slug=options["clinic"])
        except UnknownModel as error:
            raise CommandError(str(error), returncode=1) from error
        items = [item for item in suite_items(lines) if item.kind in ("vignette", "question")]
        asking = asking_of(named.model, timeout_s=named.timeout_s)
        outcomes = {outcome_key(item): judge_item(item, asking) for item in items}
        scores = summarise(items, outcomes)
        del scores["hostile"]
        told = {**scores, "model": named.name, "fingerprint": named.fingerprint, "reader": _reader()}
        self.stdout.write(json.dumps(told, indent=2, allow_nan=False) if options["json"] else as_text(told))


def _lines_of(path: Path | None) -> Sequence[SuiteLine] | None:
    if path is None:
        return None
    try:
        return parse_suite(path.read_text("utf-8"))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=1) from error
    except (UnicodeDecodeError, UnreadableSuite) as error:
        raise CommandError(f"{path}: {error}", returncode=1) from error


def _reader() -> str:
    state = reader_state()
    return f"rules only: {state.fault}" if state.version is None else f"rules and reader {state.version}"


def as_text(told: dict[str, Any]) -> str:
    """The goals that this run can judge, one a line."""
    lines = [f"model {told['model']}, {told['reader']}"]
    for check in check_goals(told):
        if check.reached is None:
            continue
        sign, verdict = "≥" if check.is_least else "≤", "met" if check.is_met else "MISSED"
        spread = "" if check.low is None or check.high is None else f" ({check.low:.3f} to {check.high:.3f})"
        lines.append(
            f"  {check.title:<44} {check.reached:.3f}{spread}  goal {sign} {check.goal:g}: {verdict}"
        )
    for flag, share in told["per_flag"].items():
        lines.append(f"  {flag:<20} {share['hits']} of {share['n']}")
    return "\n".join(lines)
