"""The demo's data: made once, through the services, alive relative to now, and only where a demo is meant to be."""

import time
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from clinic.models import Clinic, Membership
from clinic.tenancy.scope import clinic_scope
from patients.models import Alert, Patient
from sessions.models import ExerciseSet, Recording, TherapySession

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def small_demo(settings):
    settings.DEMO = True
    call_command("seed_demo", "--small")
    return Clinic.objects.get(slug="north")


def test_the_demo_has_a_caseload_of_twelve_with_one_new_and_one_on_hold(small_demo):
    with clinic_scope(small_demo.pk):
        therapist = Membership.objects.get(user__email="therapist@north.demo")
        caseload = Patient.objects.filter(care_team__membership=therapist)
        assert caseload.count() == 12
        assert all(patient.simulated and patient.has_plan for patient in caseload)
        without_session = caseload.exclude(therapy_sessions__isnull=False)
        assert [patient.full_name for patient in without_session] == ["Noor Rahman"]
        assert Alert.objects.get(severity="emergency").patient.full_name == "Harold Bennett"
        assert not TherapySession.objects.exclude(simulated=True).exists()


def test_last_nights_session_is_there_with_its_recording(small_demo):
    with clinic_scope(small_demo.pk):
        maya = Patient.objects.get(given_name="Maya")
        newest = TherapySession.objects.filter(patient=maya).latest("started_at")
        assert newest.state == "analysed"
        assert timedelta(0) < timezone.now() - newest.started_at < timedelta(days=2)
        sets = ExerciseSet.objects.filter(session=newest)
        assert sets.count() == 5
        assert Recording.objects.filter(exercise_set__in=sets).count() == 5
        assert not TherapySession.objects.filter(patient=maya, state__in=["planned", "live"]).exists()


def test_a_second_run_is_quick_and_adds_nothing(small_demo, capsys):
    with clinic_scope(small_demo.pk):
        before = TherapySession.objects.count()
    began = time.monotonic()
    call_command("seed_demo", "--small")
    assert time.monotonic() - began < 1.0
    assert "therapist@north.demo" in capsys.readouterr().out
    with clinic_scope(small_demo.pk):
        assert TherapySession.objects.count() == before


def test_an_installation_that_is_no_demo_stays_empty(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demos only"):
        call_command("seed_demo")
    assert not Clinic.objects.exists()


@pytest.mark.parametrize("arguments", [(), ("--reset",)])
def test_a_real_clinic_keeps_the_demo_out(settings, arguments):
    settings.DEMO = True
    Clinic.objects.create(name="Real", slug="real", simulated=False)
    with pytest.raises(CommandError, match="not simulated"):
        call_command("seed_demo", *arguments)
    assert [clinic.slug for clinic in Clinic.objects.all()] == ["real"]
