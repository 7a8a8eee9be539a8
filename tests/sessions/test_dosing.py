"""From a session to a proposal: what is settled is decided about, once the patient has said how it was."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from clinic.tenancy.scope import clinic_scope
from prescriptions.models import DoseDecision
from sessions import services
from sessions.models import TherapySession
from tests.factories.dosing import line_of
from tests.factories.patients import Ward
from tests.factories.sessions import first_set, make_clinic_floor, make_session, squats, store_motion

Capture = Callable[..., AbstractContextManager[list[Callable[[], None]]]]


@pytest.fixture
def ward(db: None) -> Iterator[Ward]:
    ward = make_clinic_floor(codes=("squat",), sets=2, repetitions=4)
    with clinic_scope(ward.people.north.pk, user_id=ward.people.paul.user_id):
        yield ward


def exercised(ward: Ward) -> TherapySession:
    session = make_session(ward.paul)
    for _ in range(2):
        planned = first_set_to_do(session)
        store_motion(planned, squats())
        services.finish_set(planned)
        services.reanalyse_set(planned.pk)
    return session


def first_set_to_do(session: TherapySession):  # type: ignore[no-untyped-def]
    first = first_set(session)
    return (
        first
        if first.is_open
        else session.sets.select_related("exercise_version", "session__patient__membership")
        .order_by("order")
        .last()
    )


def test_pain_over_the_limit_after_a_session_steps_back(
    ward: Ward, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        session = exercised(ward)
    assert not DoseDecision.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        services.complete_session(session, pain_after=7)
    decision = DoseDecision.objects.get()
    assert (decision.session_ref, decision.context["pain_after"]) == (session.ref, 7)
    assert decision.context["completion"] == 1
    assert decision.state == DoseDecision.State.PROPOSED
    assert decision.prescribed_exercise == line_of(session.prescription)


def test_analysing_again_decides_nothing_anew(
    ward: Ward, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        session = exercised(ward)
    with django_capture_on_commit_callbacks(execute=True):
        services.complete_session(session, pain_after=2)
    [before] = DoseDecision.objects.all()
    with django_capture_on_commit_callbacks(execute=True):
        for one in session.sets.all():
            services.reanalyse_set(one.pk)
    assert DoseDecision.objects.exclude(state="superseded").count() == 1
    assert DoseDecision.objects.count() == 1, before
