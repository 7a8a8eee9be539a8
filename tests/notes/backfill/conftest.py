"""What tests of drafted notes share."""

from collections.abc import Callable

import pytest
from django.test import Client

from clinic.models import Membership


@pytest.fixture
def signed_in() -> Callable[[Membership], Client]:
    """A browser in which a member is signed in."""

    def open_browser(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_browser
