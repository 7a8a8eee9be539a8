"""Door 4: a command names its clinic."""

import io

import pytest
from django.core.management import CommandError, call_command

from clinic.audit import current_actor
from clinic.models import Membership
from clinic.tenancy.commands import ClinicCommand
from clinic.tenancy.scope import current_clinic_id_or_none


class Count(ClinicCommand):
    """Counts members."""

    def handle_clinic(self, clinic, *args, **options):
        self.stdout.write(f"{clinic.slug} {Membership.objects.count()} {current_actor().via}")


def run(command: ClinicCommand, *args: str) -> str:
    out = io.StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue()


def test_a_command_runs_inside_its_clinic(people):
    assert run(Count(), "--clinic", "south") == "south 3 command\n"
    assert current_clinic_id_or_none() is None


def test_all_clinics_one_after_the_other(people):
    assert run(Count(), "--all-clinics") == "north 7 command\nsouth 3 command\n"


def test_a_command_without_a_clinic_does_nothing(people):
    with pytest.raises(CommandError, match="--clinic"):
        run(Count())
    with pytest.raises(CommandError, match="no clinic called 'nowhere'"):
        run(Count(), "--clinic", "nowhere")


def test_a_command_that_says_nothing_fails(people):
    with pytest.raises(NotImplementedError):
        run(ClinicCommand(), "--clinic", "north")
