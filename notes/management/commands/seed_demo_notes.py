"""manage.py seed_demo_notes: the invented notes of a demo that was made before there were notes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from clinic.audit.actor import Actor, acting
from clinic.models import Clinic
from clinic.tenancy.scope import clinic_scope
from notes.demo.seed import write_notes
from sessions.demo.seed import NotADemo, check_is_demo, is_seeded


class Command(BaseCommand):
    """`seed_demo` writes them too; a clinic that has notes is left as it is."""

    requires_system_checks: list[str] = []
    help = "Add the invented notes to a demo that has none."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            check_is_demo()
        except NotADemo as error:
            raise CommandError(str(error)) from error
        if not is_seeded():
            raise CommandError("There is no demo yet: run seed_demo.")
        for clinic in Clinic.objects.all():
            with clinic_scope(clinic.pk), acting(Actor(via="command")), transaction.atomic():
                self.stdout.write(f"{clinic.slug}: {write_notes(clinic)} notes")
