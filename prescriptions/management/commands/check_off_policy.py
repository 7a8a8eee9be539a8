"""manage.py check_off_policy [--patients 200] [--weeks 12] [--runs 2000] [--people 300] [--seed 1] [--json]:
how often the 95 % off-policy intervals hold the truth, on simulated patients where the truth is known.

Needs no database; stores nothing. `--patients` counts the patients in EACH mechanism of the pool, `--people`
those whose decisions make up one log. Exit codes: 0 checked; 2 the command was called wrongly.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prescriptions.adapt_rx.simulation.off_policy_study import TARGETS, Coverage, draw_pool, study
from prescriptions.management.commands.simulate_adaptrx import whole_number

LIMITS = {
    "patients": (10, 2000),
    "weeks": (4, 52),
    "runs": (20, 20_000),
    "people": (10, 2000),
    "seed": (0, 2**31),
}
DEFAULTS = {"patients": "200", "weeks": "12", "runs": "2000", "people": "300", "seed": "1"}


class Command(BaseCommand):
    """Checks the coverage of the off-policy intervals."""

    help = "Check on simulated patients how often the off-policy intervals hold the truth."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, how long, which seed and what to print."""
        for name, default in DEFAULTS.items():
            least, most = LIMITS[name]
            parser.add_argument(
                f"--{name}", default=default, help=f"from {least} to {most} (default {default})"
            )
        parser.add_argument("--json", action="store_true", help="numbers as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw the pool, run the logs and print."""
        asked = {name: _within(name, options[name]) for name in LIMITS}
        pool = draw_pool(asked["patients"], weeks=asked["weeks"], seed=asked["seed"])
        found = study(pool, runs=asked["runs"], people=asked["people"], seed=asked["seed"])
        if options["json"]:
            told = {**asked, "decisions": len(pool.people), "coverage": [one.to_dict() for one in found]}
            self.stdout.write(json.dumps(told, indent=2))
            return
        self.stdout.write(f"{len(pool.people)} decisions in the pool, {asked['people']} people in each log")
        for one in found:
            self.stdout.write(_line(one))


def _within(name: str, text: str) -> int:
    number, (least, most) = whole_number(name, text), LIMITS[name]
    if not least <= number <= most:
        raise CommandError(f"--{name} goes from {least} to {most}, not {number}.", returncode=2)
    return number


def _line(one: Coverage) -> str:
    held = "no usable run" if one.covered is None else f"{one.covered:.1%} ({one.low:.1%} to {one.high:.1%})"
    return (
        f"{TARGETS[one.target]}, {one.method}: held the truth in {held} of {one.runs} runs;"
        f" truth {one.truth:.3f}, bias {one.bias:+.3f}, width {one.width:.3f},"
        f" effective size {one.effective:.0f}, usable {one.usable:.0%}"
    )
