"""What tests of annotation share."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

import clinic.config.celery  # noqa: F401
from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from tests.factories.clinic import make_member
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
def third(ward: Ward) -> Membership:
    """A therapist at North who has no part yet."""
    return make_member(ward.people.north, "therapist", name="Theo")


@pytest.fixture
def signed_in() -> Callable[[Membership], Client]:
    """A browser in which a member is signed in."""

    def open_browser(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_browser
