"""Seal the keys of model providers with the first of PLUMBLINE_SEALING_KEYS."""

from typing import Any

from clinic.models import Clinic
from clinic.tenancy.commands import ClinicCommand
from sessions.services.assistant.providers import reseal_keys


class Command(ClinicCommand):
    """`manage.py reseal_provider_keys --all-clinics`, before an old sealing key is taken away."""

    help = "Seal the stored keys of language models with the first of PLUMBLINE_SEALING_KEYS."

    def handle_clinic(self, clinic: Clinic, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{clinic.slug}: {reseal_keys()} key(s) sealed anew")
