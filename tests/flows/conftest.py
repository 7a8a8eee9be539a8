"""What the flows share: everybody signs in as themselves; the worker works when the test says so."""

from collections.abc import Callable

import pytest
from django.test import Client

from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from sessions.models import ExerciseSet
from sessions.services import reanalyse_set
from tests.factories.patients import Ward
from tests.factories.sessions import make_clinic_floor


@pytest.fixture
def floor(db: None) -> Ward:
    """The cast with records, and a plan of four squats for Paul and for Sid."""
    return make_clinic_floor()


@pytest.fixture
def browser_of() -> Callable[[Membership], Client]:
    """A browser in which this member is signed in."""

    def make(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def worker_runs() -> Callable[[int], None]:
    """Do what waits for the worker in one clinic. Nothing is queued: the test's transaction never commits."""

    def run(clinic_id: int) -> None:
        with clinic_scope(clinic_id):
            for waiting in ExerciseSet.objects.filter(state=ExerciseSet.State.ENDED):
                reanalyse_set(waiting.pk)

    return run
