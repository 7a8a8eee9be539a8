"""A session of three sets of ten squats, of which the first is done."""

from typing import Any

import pytest

from clinic.tenancy.scope import clinic_scope
from prescriptions.models import DoseBounds, PrescribedExercise
from sessions import services
from sessions.models import ExerciseSet
from tests.factories.patients import Ward
from tests.factories.sessions import make_clinic_floor, make_session


class Gym:
    """Paul's session, and what tests do in it."""

    def __init__(self, ward: Ward, *, mode: str = "tap") -> None:
        self.ward = ward
        self.session = make_session(ward.paul, mode=mode)

    @property
    def scope(self) -> Any:
        return clinic_scope(self.ward.paul.clinic_id)

    def allow(self, **bounds: Any) -> None:
        """The therapist lets small changes happen between sets."""
        with self.scope:
            for prescribed in PrescribedExercise.objects.filter(prescription__patient=self.ward.paul):
                DoseBounds.objects.update_or_create(
                    prescribed_exercise=prescribed,
                    defaults={"within_session": True, "changed_by": self.ward.people.nora, **bounds},
                )

    def sets(self) -> list[ExerciseSet]:
        with self.scope:
            return list(self.session.sets.select_related("session__patient").order_by("order"))

    def do(self, index: int = 0, *, count: int = 10) -> ExerciseSet:
        with self.scope:
            return services.finish_set(self.sets()[index], count=count)

    def answer(self, index: int = 0, **answers: int) -> services.Answered:
        with self.scope:
            return services.answer_set(self.sets()[index], **answers)

    def targets(self) -> list[int | None]:
        return [one.target_repetitions for one in self.sets()]

    def states(self) -> list[str]:
        return [one.state for one in self.sets()]


@pytest.fixture
def ward(db: None) -> Ward:
    return make_clinic_floor(sets=3, repetitions=10)


@pytest.fixture
def gym(ward: Ward) -> Gym:
    """Three sets of ten; nothing may change by itself."""
    gym = Gym(ward)
    gym.do()
    return gym


@pytest.fixture
def free_gym(gym: Gym) -> Gym:
    """The same, and the therapist allows changes within a session."""
    gym.allow()
    return gym
