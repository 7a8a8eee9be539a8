"""What tests of the assistant share."""

from collections.abc import Iterator

import pytest

from clinic.tenancy.scope import clinic_scope
from tests.factories.patients import Ward


@pytest.fixture
def at_north(floor: Ward) -> Iterator[Ward]:
    """The cast with records and plans, with North in scope."""
    with clinic_scope(floor.people.north.pk, user_id=floor.people.nora.user_id):
        yield floor
