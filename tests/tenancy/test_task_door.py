"""Door 3: a task works for one clinic, in the name of whoever queued it."""

import pytest
from celery import Celery

from clinic.audit import Actor, acting, current_actor
from clinic.models import Membership
from clinic.tenancy.scope import OtherClinicScope, clinic_scope, current_clinic_id_or_none
from clinic.tenancy.tasks import ClinicMissing, ClinicTask

app = Celery("test", broker="memory://", backend="cache+memory://")
app.conf.task_always_eager = True


@app.task(base=ClinicTask, bind=True, ignore_result=False)
def count_members(self, *, clinic_id: int) -> tuple[int, int | None, str]:
    actor = current_actor()
    return Membership.objects.count(), actor.user_id, actor.via


def test_a_task_runs_inside_its_clinic(people):
    assert count_members(clinic_id=people.south.pk)[0] == 3
    assert count_members.delay(clinic_id=people.north.pk).get()[0] == 7
    assert current_clinic_id_or_none() is None


def test_a_task_carries_who_queued_it(people):
    with clinic_scope(people.north.pk), acting(Actor(user_id=41, membership_id=people.nora.pk, via="page")):
        result = count_members.delay(clinic_id=people.north.pk)
    assert result.get() == (7, 41, "task")


def test_a_task_without_clinic_id_cannot_be_written():
    with pytest.raises(TypeError, match="needs clinic_id"):

        @app.task(base=ClinicTask, lazy=False, shared=False)
        def careless(patient: int) -> None:
            """Forgot its clinic."""


@pytest.mark.parametrize("forged", [None, "1", True, 10**9])
def test_a_task_without_a_real_clinic_does_not_run(people, forged):
    with pytest.raises(ClinicMissing):
        count_members(clinic_id=forged)
    with pytest.raises(ClinicMissing):
        count_members()


def test_a_task_for_another_clinic_cannot_be_queued(people):
    with clinic_scope(people.north.pk), pytest.raises(OtherClinicScope):
        count_members.delay(clinic_id=people.south.pk)


def test_the_app_role_sees_the_same(people, as_app_role):
    with as_app_role():
        assert count_members(clinic_id=people.south.pk)[0] == 3


def test_the_actor_is_in_the_messages_headers(people, monkeypatch):
    app.conf.task_always_eager = False
    sent = {}
    monkeypatch.setattr(app, "send_task", lambda *a, **k: sent.update(k))
    monkeypatch.setattr(type(app), "send_task", lambda self, *a, **k: sent.update(k))
    try:
        with acting(Actor(user_id=7, membership_id=8)):
            count_members.apply_async(kwargs={"clinic_id": people.north.pk})
    finally:
        app.conf.task_always_eager = True
    assert sent["headers"] == {"plumbline_actor_user_id": 7, "plumbline_actor_membership_id": 8}
