"""manage.py simulate_adaptrx [--patients 1000] [--weeks 12] [--seed 1] [--mechanism CODE …] [--policy CODE …]
[--sensitivity] [--workers 2] [--json]: AdaptRx against the fixed protocol and others on simulated patients.

Needs no database; stores nothing. `--patients` counts the patients in EACH mechanism.
Exit codes: 0 simulated; 2 the command was called wrongly.
"""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prescriptions.adapt_rx.simulation import MECHANISMS, POLICIES, BadComparison, UnknownMechanism, compare
from prescriptions.adapt_rx.simulation.results import as_text

KEYS = (
    "JSON keys: overall.policies.CODE.{outcome, flare_days, adherence, time_to_goal_days, regret,"
    " reached_goal} (means per patient); overall.differences.CODE.{outcome, flare_days, …}.{value, low, high}"
    " (policy minus protocol, paired, 95 % interval); mechanisms[] the same for each; subgroups[];"
    " sensitivity[];"
    " decisions_outside_mask; goals. The whole list: docs/science/adapt_rx.md."
)


class Command(BaseCommand):
    """Compares policies on simulated patients."""

    help = f"Compare AdaptRx with the fixed protocol on simulated patients. Simulated benefit only. {KEYS}"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, how long, which seed and what to print."""
        parser.add_argument("--patients", default="1000", help="patients in each mechanism (default 1000)")
        parser.add_argument("--weeks", default="12", help="length of each patient's course (default 12)")
        parser.add_argument("--seed", default="1", help="the same seed gives the same result (default 1)")
        parser.add_argument(
            "--mechanism",
            action="append",
            default=[],
            metavar="CODE",
            help=f"only this one; may be repeated: {', '.join(one.code for one in MECHANISMS)}",
        )
        parser.add_argument(
            "--policy",
            action="append",
            default=[],
            metavar="CODE",
            help=f"only this one and the protocol; may be repeated: {', '.join(POLICIES)}",
        )
        parser.add_argument(
            "--sensitivity", action="store_true", help="again with other reward weights (longer)"
        )
        parser.add_argument(
            "--workers", default=str(os.cpu_count() or 1), help="processes (default: all cores)"
        )
        parser.add_argument("--json", action="store_true", help="numbers as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Simulate and print."""
        try:
            comparison = compare(
                whole_number("patients", options["patients"]),
                whole_number("weeks", options["weeks"]),
                whole_number("seed", options["seed"]),
                mechanisms=options["mechanism"],
                policies=options["policy"],
                sensitivity=options["sensitivity"],
                workers=whole_number("workers", options["workers"]),
            )
        except (BadComparison, UnknownMechanism) as error:
            raise CommandError(str(error), returncode=2) from error
        told = comparison.to_dict()
        if options["json"]:
            self.stdout.write(json.dumps(told, indent=2, allow_nan=False))
        else:
            self.stdout.write(as_text(told))


def whole_number(name: str, text: str) -> int:
    """A typed number. Raises CommandError in words."""
    try:
        return int(str(text))
    except ValueError as error:
        raise CommandError(f"--{name} needs a whole number, not '{text}'.", returncode=2) from error
