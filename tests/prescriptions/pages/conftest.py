from collections.abc import Callable

import pytest
from django.urls import reverse

from prescriptions.models import DoseDecision, PrescribedExercise
from tests.factories.dosing import line_of, make_old_plan, make_steps_back
from tests.factories.patients import Ward


@pytest.fixture
def at() -> Callable[..., str]:
    """An address at North."""
    return lambda name, *args: reverse(f"prescriptions:{name}", args=["north", *args])


@pytest.fixture
def line(at_north: Ward) -> PrescribedExercise:
    """Paul squats, 3 sets of 10."""
    return line_of(make_old_plan(at_north.paul, by=at_north.people.nora, sets=3, repetitions=10))


@pytest.fixture
def proposal(line: PrescribedExercise) -> DoseDecision:
    """A step back that waits, because the pain after the last session was 7."""
    return make_steps_back(line)
