"""The cast, for every test of the house."""

import pytest

from tests.people import People, make_people


@pytest.fixture
def people(db: None) -> People:
    """Everybody, in a fresh database."""
    return make_people()
