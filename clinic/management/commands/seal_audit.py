"""Sign the heads of the audit chains."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.audit.seals import NoSigningKey, seal_every_chain


class Command(BaseCommand):
    """`manage.py seal_audit`: the worker does the same every hour."""

    help = "Sign the head of each audit chain with AUDIT_SIGNING_KEY."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sealed = seal_every_chain()
        except NoSigningKey as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{sealed} chain(s) sealed")
