from collections.abc import Callable
from typing import Any

import pytest

from patients import services
from patients.models import QuestionnaireRequest
from tests.factories.patients import Ward

ACTIVITIES = ["climb stairs", "lift a bag", "sleep on my side"]
CALM = {"nprs.now": 2, "nprs.worst": 4, "nprs.usual": 3, "psfs.1": 5, "psfs.2": 6, "psfs.3": 7}


@pytest.fixture
def asked(at_north: Ward) -> QuestionnaireRequest:
    """Nora asks Paul every four weeks, from today."""
    people = at_north.people
    return services.ask_questions(at_north.paul, by=people.nora, activities=ACTIVITIES, every_weeks=4)


@pytest.fixture
def sent(asked: QuestionnaireRequest) -> Callable[..., dict[str, Any]]:
    """What Paul's page sends."""

    def make(**changed: object) -> dict[str, Any]:
        data = {"asked": str(asked.ref), "due_on": asked.due_on.isoformat(), "words": ""}
        answers = {link: str(value) for link, value in CALM.items()}
        return data | answers | {name.replace("__", "."): str(value) for name, value in changed.items()}

    return make
