"""Check that nobody changed, removed or slipped in an audit row."""

import argparse
from contextlib import AbstractContextManager
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.audit.verification import verify_chain
from clinic.models import Clinic
from clinic.tenancy.scope import clinic_scope, platform_scope


class Command(BaseCommand):
    """`manage.py verify_audit [--clinic SLUG]`: exits with 1 and names the row when a chain is broken."""

    help = "Check the hash chains of the audit trail and the seals on them."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--clinic", metavar="SLUG", help="this clinic's chain only; else all, and the platform's"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        broken = sum(self._check(name, clinic_id) for name, clinic_id in self._chains(options["clinic"]))
        if broken:
            raise CommandError(f"The audit trail is broken: {broken} fault(s).", returncode=1)

    def _chains(self, slug: str | None) -> list[tuple[str, int | None]]:
        clinics = Clinic.objects.order_by("slug")
        if slug is None:
            return [("the platform", None), *[(clinic.slug, clinic.pk) for clinic in clinics]]
        chosen = clinics.filter(slug=slug).first()
        if chosen is None:
            raise CommandError(f"There is no clinic called {slug!r}.")
        return [(chosen.slug, chosen.pk)]

    def _check(self, name: str, clinic_id: int | None) -> int:
        scope: AbstractContextManager[Any] = (
            platform_scope() if clinic_id is None else clinic_scope(clinic_id)
        )
        with scope:
            found = verify_chain(clinic_id)
        verdict = "broken" if found.faults else "whole"
        self.stdout.write(f"{name}: {found.rows} events, {found.seals} seals, {verdict}")
        for fault in found.faults:
            self.stdout.write(f"  {fault}")
        return len(found.faults)
