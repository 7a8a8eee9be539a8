"""The tests that a patient was asked for, in the words in which the patient does them."""

from dataclasses import dataclass

from patients.models import Patient
from sessions.movement_tests import TESTS, MovementTest
from sessions.selectors.movement.requests import AskedTest, asked_tests


@dataclass(frozen=True, slots=True)
class OwnAsked:
    """A request and its test."""

    asked: AskedTest
    test: MovementTest


def own_asked(patient: Patient) -> list[OwnAsked]:
    """What the signed-in patient is asked for now."""
    return [OwnAsked(one, TESTS[one.kind]) for one in asked_tests(patient)]
