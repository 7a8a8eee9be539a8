"""Door 4, management commands: one clinic at a time, named on the command line."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.audit.actor import Actor, acting
from clinic.models import Clinic
from clinic.tenancy.scope import clinic_scope


class ClinicCommand(BaseCommand):
    """Base of every command that touches clinic-owned data; write `handle_clinic`, which runs inside the
    scope.
    """

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument("--clinic", metavar="SLUG", help="work in this clinic")
        chosen.add_argument("--all-clinics", action="store_true", help="work in each clinic in turn")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = self.chosen_clinics(options)
        others = {name: value for name, value in options.items() if name not in {"clinic", "all_clinics"}}
        for clinic in chosen:
            with clinic_scope(clinic.pk), acting(Actor(via="command")):
                self.handle_clinic(clinic, *args, **others)

    def chosen_clinics(self, options: dict[str, Any]) -> list[Clinic]:
        """The clinics that the command line names. Raises CommandError for an unknown one."""
        if options.get("all_clinics"):
            return list(Clinic.objects.order_by("pk"))
        clinic = Clinic.objects.filter(slug=options.get("clinic") or "").first()
        if clinic is None:
            raise CommandError(f"There is no clinic called {options.get('clinic')!r}.")
        return [clinic]

    def handle_clinic(self, clinic: Clinic, *args: Any, **options: Any) -> None:
        """Do the command's work for one clinic, inside its scope."""
        raise NotImplementedError(f"{type(self).__name__} must define handle_clinic")
