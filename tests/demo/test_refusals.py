"""The demo stays out of every installation that is not one."""

import pytest
from django.core.management import CommandError, call_command

from clinic.models import Clinic


@pytest.mark.django_db
def test_an_installation_that_is_no_demo_stays_empty(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demos only"):
        call_command("seed_demo")
    assert not Clinic.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [(), ("--reset",)])
def test_a_real_clinic_keeps_the_demo_out(settings, arguments):
    settings.DEMO = True
    Clinic.objects.create(name="Real", slug="real", simulated=False)
    with pytest.raises(CommandError, match="not simulated"):
        call_command("seed_demo", *arguments)
    assert [clinic.slug for clinic in Clinic.objects.all()] == ["real"]
