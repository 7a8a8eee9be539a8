"""A patient's height: noted by the therapist, in centimetres."""

import pytest
from django.test import Client
from django.urls import reverse

from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from patients.models import Patient
from tests.factories.patients import Ward, make_ward
from tests.people import make_people


@pytest.fixture
def ward(db) -> Ward:
    return make_ward(make_people())


def edit(member: Membership, ward: Ward, **changes: object):
    browser = Client()
    browser.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    said = {
        "given_name": "Paul",
        "family_name": "Ellsworth",
        "sex": "male",
        "title": "Left knee pain",
        "body_region": "knee",
        "laterality": "left",
        **changes,
    }
    return browser.post(reverse("patients:edit_patient", args=["north", ward.paul.ref]), said)


def height_of(ward: Ward) -> int | None:
    with clinic_scope(ward.people.north.pk):
        return Patient.objects.get(pk=ward.paul.pk).height_cm


def test_the_therapist_notes_it_and_takes_it_back(ward):
    assert edit(ward.people.nora, ward, height_cm="178").status_code == 302
    assert height_of(ward) == 178
    assert edit(ward.people.nora, ward, height_cm="").status_code == 302
    assert height_of(ward) is None


@pytest.mark.parametrize("typed", ["1.78", "17", "700", "tall"])
def test_metres_and_nonsense_are_refused(ward, typed):
    answer = edit(ward.people.nora, ward, height_cm=typed)
    assert answer.status_code in (200, 400)
    assert height_of(ward) is None


def test_a_colleague_may_not_and_a_stranger_finds_nothing(ward):
    assert edit(ward.people.ola, ward, height_cm="178").status_code == 403
    assert edit(ward.people.sam, ward, height_cm="178").status_code == 404
    assert height_of(ward) is None
