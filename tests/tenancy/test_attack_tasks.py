"""Tasks and commands with the wrong clinic: nothing of another clinic is found, changed or deleted."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import AsyncClient
from django.utils import timezone

import clinic.config.celery  # noqa: F401
from clinic.tenancy.scope import clinic_scope
from sessions.body_limit import limit_body
from sessions.models import ExerciseSet, Job, TherapySession
from sessions.tasks import analyse_set, analyse_video, close_forgotten
from tests.factories.sessions import first_set, make_analysed_session, make_clinic_floor, make_session


@pytest.fixture
def ward(db):
    return make_clinic_floor()


def test_analysing_another_clinics_set_finds_nothing(ward, as_app_role):
    session = make_analysed_session(ward.paul)
    one = first_set(session)
    with as_app_role(), pytest.raises(ExerciseSet.DoesNotExist):
        analyse_set(clinic_id=ward.people.south.pk, set_id=one.pk)
    with clinic_scope(ward.people.north.pk):
        job = Job.objects.create(kind="video", patient=ward.paul, object_ref=uuid4())
    with as_app_role(), pytest.raises(Exception, match="does not exist"):
        analyse_video(clinic_id=ward.people.south.pk, job_id=job.pk)
    with clinic_scope(ward.people.north.pk):
        assert first_set(session).updated_at == one.updated_at


def test_closing_one_clinics_forgotten_sessions_leaves_the_others(ward):
    running = make_session(ward.paul)
    with clinic_scope(ward.people.north.pk):
        TherapySession.objects.update(last_activity_at=timezone.now() - timedelta(days=1))
    close_forgotten(clinic_id=ward.people.south.pk)
    with clinic_scope(ward.people.north.pk):
        assert TherapySession.objects.get(pk=running.pk).is_open
    close_forgotten(clinic_id=ward.people.north.pk)
    with clinic_scope(ward.people.north.pk):
        assert not TherapySession.objects.get(pk=running.pk).is_open


def test_a_command_for_an_unknown_clinic_does_nothing(ward):
    with pytest.raises(CommandError, match="no clinic"):
        call_command("verify_audit", clinic="'; DROP TABLE clinic_clinic; --")
    assert connection is not None


UPLOAD = "/c/{slug}/patients/01a202e0-b88c-798d-8a5f-bb524ba5dd07/video/"


async def taken_of_upload(*, cookie: bytes, slug: str) -> int:
    """How many bytes of a film reach the application."""
    taken = 0

    async def app(scope, receive, send):
        nonlocal taken
        more = True
        while more:
            message = await receive()
            taken += len(message["body"])
            more = message["more_body"]

    async def receive():
        return {"type": "http.request", "body": b"f" * 8_000_000, "more_body": False}

    async def send(message):
        """Nobody listens."""

    headers = [(b"content-length", b"8000000"), (b"cookie", cookie)]
    scope = {"type": "http", "method": "POST", "path": UPLOAD.format(slug=slug), "headers": headers}
    await limit_body(app)(scope, receive, send)
    return taken


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("who", "slug", "bytes_taken"),
    [("", "north", 0), ("sam", "north", 0), ("paul", "north", 0), ("ada", "north", 0), ("nora", "south", 0),
     ("nora", "north", 8_000_000)],
)  # fmt: skip
async def test_a_strangers_film_is_not_written_to_our_disk(transactional_db, who, slug, bytes_taken):
    from asgiref.sync import sync_to_async
    from django.db import connections

    from tests.people import make_people

    people = await sync_to_async(make_people)()
    cookie = b"sessionid=guessed"
    if who:
        client = AsyncClient()
        await client.aforce_login(getattr(people, who).user)
        cookie = f"sessionid={client.cookies['sessionid'].value}".encode()
    try:
        assert await taken_of_upload(cookie=cookie, slug=slug) == bytes_taken
    finally:
        await sync_to_async(connections.close_all)()
