"""A ward at North, in whose clinic the tests work."""

from collections.abc import Iterator

import pytest

from clinic.tenancy.scope import clinic_scope
from tests.factories.patients import Ward, make_ward
from tests.people import make_people


@pytest.fixture
def ward(db: None) -> Iterator[Ward]:
    made = make_ward(make_people())
    with clinic_scope(made.people.north.pk):
        yield made
