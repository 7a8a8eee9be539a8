"""A patient with a plan of squats and bridges, and what tests say in their name."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from patients.models import Alert
from prescriptions.models import DoseBounds, PrescribedExercise
from sessions.models import Conversation, TherapySession, Turn
from sessions.selectors import assistant as reads
from sessions.services import assistant
from tests.factories.patients import Ward
from tests.factories.sessions import make_clinic_floor


class Chat:
    """Paul's talk with the assistant."""

    def __init__(self, ward: Ward) -> None:
        self.ward = ward

    @property
    def scope(self) -> Any:
        return clinic_scope(self.ward.paul.clinic_id)

    def say(self, text: str, **options: Any) -> Turn:
        with self.scope:
            return assistant.say(self.ward.paul, text=text, by=self.ward.people.paul, **options)

    def walk(self, *texts: str) -> Turn:
        """Say one thing after the other; answers the last answer."""
        return [self.say(text, after=self.newest_number()) for text in texts][-1]

    def newest_number(self) -> int:
        with self.scope:
            newest = Turn.objects.order_by("-pk").first()
            return 0 if newest is None else newest.number

    @property
    def conversation(self) -> Conversation:
        with self.scope:
            found = reads.open_conversation(self.ward.paul)
            assert found is not None
            return found

    def turns(self) -> list[Turn]:
        with self.scope:
            return list(reads.thread_of(self.conversation))

    def alerts(self) -> list[Alert]:
        with self.scope:
            return list(Alert.objects.order_by("pk"))

    def session(self) -> TherapySession:
        with self.scope:
            found = TherapySession.objects.order_by("-pk").first()
            assert found is not None
            return found

    def allow(self, **bounds: Any) -> None:
        """The therapist lets small changes happen between sets, or sets another limit."""
        with self.scope:
            for prescribed in PrescribedExercise.objects.filter(prescription__patient=self.ward.paul):
                DoseBounds.objects.update_or_create(
                    prescribed_exercise=prescribed,
                    defaults={"changed_by": self.ward.people.nora, **bounds},
                )


@pytest.fixture
def ward(db: None) -> Ward:
    return make_clinic_floor(codes=("squat", "bridge"), sets=2, repetitions=10)


@pytest.fixture
def chat(ward: Ward) -> Chat:
    return Chat(ward)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """No test answers for the pace of the one before it."""
    cache.clear()


@pytest.fixture
def paul(floor: Ward, signed_in: Callable[[Membership], Client]) -> Client:
    return signed_in(floor.people.paul)


@pytest.fixture
def at_north(floor: Ward) -> Iterator[Ward]:
    """The cast with records and plans, with North in scope."""
    with clinic_scope(floor.people.north.pk, user_id=floor.people.nora.user_id):
        yield floor
