from collections.abc import Iterator

import pytest
from django.test import Client

from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from tests.factories.patients import Ward, make_ward
from tests.people import make_people


@pytest.fixture
def ward(db: None) -> Ward:
    return make_ward(make_people())


@pytest.fixture
def at_north(ward: Ward) -> Iterator[Ward]:
    """The ward, with North in scope."""
    with clinic_scope(ward.people.north.pk, user_id=ward.people.nora.user_id):
        yield ward


@pytest.fixture
def sign_in() -> object:
    """A test client in which this member is signed in."""

    def make(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make
