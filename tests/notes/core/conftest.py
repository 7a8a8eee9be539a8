"""The cast with records, in North's scope, for the tests of notes."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

# What a test queues goes to the broker of the tests, also from other threads.
import clinic.config.celery  # noqa: F401
from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from tests.factories.patients import Ward, make_ward
from tests.people import make_people


@pytest.fixture
def ward(db: None) -> Iterator[Ward]:
    made = make_ward(make_people())
    with clinic_scope(made.people.north.pk):
        yield made


@pytest.fixture
def signed_in() -> Callable[[Membership], Client]:
    """A client of a member."""

    def sign_in(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
