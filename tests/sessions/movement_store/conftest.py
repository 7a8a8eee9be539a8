"""What tests of the movement store share: the ward, a gait engine that finds what it is told, no alarms."""

import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from clinic.tenancy.scope import clinic_scope
from patients.models import Patient
from tests.factories.movement import gait_that_finds, make_bout, use_engine
from tests.factories.patients import Ward, make_ward
from tests.people import make_people


@pytest.fixture
def ward(db) -> Ward:
    """The cast with records; Paul is 1.80 m tall."""
    ward = make_ward(make_people())
    with clinic_scope(ward.paul.clinic_id):
        Patient.objects.filter(pk=ward.paul.pk).update(height_cm=180)
    ward.paul.height_cm = 180
    return ward


@pytest.fixture
def north(ward: Ward) -> Iterator[Ward]:
    """The ward, with North in scope."""
    with clinic_scope(ward.people.north.pk):
        yield ward


@pytest.fixture(autouse=True)
def gait(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that finds one bout from 5 s to 25 s at 1 m/s."""
    use_engine(monkeypatch, gait_that_finds(make_bout(5.0, 25.0)))


@pytest.fixture(autouse=True)
def reviewed(monkeypatch: pytest.MonkeyPatch) -> list[Patient]:
    """Patients whose trend was reviewed, instead of the review."""
    seen: list[Patient] = []
    review = SimpleNamespace(review_trend=seen.append)
    monkeypatch.setitem(sys.modules, "sessions.services.movement.trend_review", review)
    return seen
