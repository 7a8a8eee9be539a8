"""Who may send which files, how they are stored, and what is refused."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import TooManyFilesSent
from django.utils import timezone

from clinic.audit.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from patients.selectors import has_consent
from patients.services import give_consent
from sessions.body_limit import limit_body, limit_for
from sessions.models import MovementUpload, MovementUploadFile
from sessions.services.movement import uploads
from sessions.services.movement.uploads import delete_due_movement_uploads, queue_uploads_left
from sessions.services.videos import ROOM_FOR_FIELDS
from tests.sessions.movement_upload.conftest import (
    accelerometer,
    files_left,
    newest,
    read_by_worker,
    sent_file,
)

OWN = "/c/north/movement/upload/"


def page_of(floor):
    return f"/c/north/patients/{floor.paul.ref}/movement/upload/"


def form(**more):
    return {"placement": "lower_back", "activity": "free_living", "consent": "on", **more}


def test_a_therapist_sends_files_that_lie_on_private_disk(
    floor, signed_in, private_folder, unsent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = signed_in(floor.people.nora).post(page_of(floor), form(files=[sent_file(accelerometer())]))
    upload = newest(floor)
    assert answer.headers["Location"] == f"/c/north/movement/uploads/{upload.job.ref}/"
    (stored,) = files_left(private_folder)
    assert stored.read_text() == accelerometer()
    assert stored.stat().st_mode & 0o077 == 0
    assert "MetaWear" not in stored.name
    assert unsent == ["sessions.import_movement"]
    with clinic_scope(floor.paul.clinic_id):
        assert not has_consent(floor.paul, "motion")


def test_a_patient_sends_their_own_and_agrees_once(floor, signed_in, unsent):
    browser = signed_in(floor.people.paul)
    refused = browser.post(OWN, {"files": [sent_file(accelerometer())]})
    assert (refused.status_code, b"Tick this first." in refused.content) == (400, True)
    taken = browser.post(OWN, form(files=[sent_file(accelerometer())]))
    assert taken.status_code == 302
    with clinic_scope(floor.paul.clinic_id):
        assert has_consent(floor.paul, "motion")
        assert MovementUpload.objects.get().uploaded_by == floor.people.paul
    assert b"I agree that my movement" not in browser.get(OWN).content


def test_a_form_that_is_not_taken_leaves_no_file(floor, signed_in, private_folder, unsent):
    signed_in(floor.people.paul).post(OWN, {"files": [sent_file(accelerometer())]})
    assert files_left(private_folder) == []


def test_strangers_and_colleagues_send_nothing(floor, signed_in, private_folder, unsent):
    people = floor.people
    asked = {"files": [sent_file(accelerometer())], **form()}
    assert signed_in(people.sam).post(page_of(floor), asked).status_code == 404
    assert signed_in(people.ola).post(page_of(floor), asked).status_code == 403
    assert signed_in(people.ada).post(page_of(floor), asked).status_code == 403
    assert signed_in(people.paul).post(page_of(floor), asked).status_code == 403
    assert signed_in(people.nora).post(OWN, asked).status_code == 403
    assert files_left(private_folder) == []
    with clinic_scope(floor.paul.clinic_id):
        assert MovementUpload.objects.count() == 0


def test_only_those_on_the_care_team_see_what_became_of_it(floor, signed_in, unsent):
    people = floor.people
    signed_in(people.nora).post(page_of(floor), form(files=[sent_file(accelerometer())]))
    status = f"/c/north/movement/uploads/{newest(floor).job.ref}/"
    assert [signed_in(who).get(status).status_code for who in (people.nora, people.paul)] == [200, 200]
    assert signed_in(people.sam).get(status).status_code == 404
    assert signed_in(people.petra).get(status).status_code == 404
    assert signed_in(people.ola).get(status).status_code == 404


def test_over_the_limit_is_refused_in_words_before_it_is_read(floor, signed_in, settings, private_folder):
    settings.PLUMBLINE_LARGEST_MOVEMENT_BYTES = 100_000
    answer = signed_in(floor.people.nora).post(
        page_of(floor), form(files=[sent_file("x" * 400_000, name="big.csv")])
    )
    assert answer.status_code == 413
    assert "The limit is 0.1 MB" in answer.content.decode()
    assert files_left(private_folder) == []


def test_more_than_announced_is_stopped_while_it_arrives(floor, signed_in, settings, private_folder):
    settings.PLUMBLINE_LARGEST_MOVEMENT_BYTES = 100_000
    answer = signed_in(floor.people.nora).post(
        page_of(floor), form(files=[sent_file("x" * 140_000, name="big.csv")])
    )
    assert answer.status_code == 413
    assert files_left(private_folder) == []


def test_the_limits_by_address(floor, settings):
    settings.PLUMBLINE_LARGEST_MOVEMENT_BYTES = 5_000_000_000
    assert limit_for(page_of(floor)) == limit_for(OWN) == 5_000_000_000 + ROOM_FOR_FIELDS
    assert limit_for("/c/north/movement/") == 4 * 1024 * 1024


def test_a_full_disk_is_said_before_anything_is_read(floor, signed_in, monkeypatch, private_folder):
    monkeypatch.setattr("sessions.services.movement.uploads.SPARE_BYTES", 10**18)
    answer = signed_in(floor.people.nora).post(page_of(floor), form(files=[sent_file(accelerometer())]))
    assert (answer.status_code, b"no room" in answer.content) == (413, True)
    assert files_left(private_folder) == []


@pytest.mark.parametrize("files", [[], [("empty.csv", "")]])
def test_nothing_and_empty_files_are_refused(floor, signed_in, private_folder, files):
    sent = [sent_file(content, name=name) for name, content in files]
    answer = signed_in(floor.people.nora).post(page_of(floor), form(files=sent))
    assert answer.status_code == 400
    assert files_left(private_folder) == []


def test_the_same_file_twice_is_said_with_its_day(floor, signed_in, private_folder, unsent):
    browser = signed_in(floor.people.nora)
    browser.post(page_of(floor), form(files=[sent_file(accelerometer())]))
    again = browser.post(page_of(floor), form(files=[sent_file(accelerometer())]))
    assert b"just sent these files" in again.content
    upload = read_by_worker(floor)
    third = browser.post(page_of(floor), form(files=[sent_file(accelerometer(), name="other name.csv")]))
    assert third.status_code == 400
    said = third.content.decode()
    assert f"You sent this file on {upload.created_at.day} {upload.created_at:%B %Y}" in said
    assert str(upload.recording.ref) in said
    assert files_left(private_folder) == []


def test_another_patients_same_file_is_no_repetition(floor, signed_in, unsent):
    signed_in(floor.people.nora).post(page_of(floor), form(files=[sent_file(accelerometer())]))
    read_by_worker(floor)
    with clinic_scope(floor.sid.clinic_id):
        assert MovementUploadFile.objects.count() == 0
    answer = signed_in(floor.people.sam).post(
        f"/c/south/patients/{floor.sid.ref}/movement/upload/", form(files=[sent_file(accelerometer())])
    )
    assert answer.status_code == 302


def test_sending_is_audited_without_a_name_of_a_file(floor, signed_in, unsent):
    signed_in(floor.people.nora).post(
        page_of(floor), form(files=[sent_file(accelerometer(), name="Paul.csv")])
    )
    with clinic_scope(floor.paul.clinic_id):
        created = AuditEvent.objects.filter(object_type="sessions.MovementUpload", action="create").get()
    assert created.detail == {"files": 1, "bytes": len(accelerometer())}


def test_too_many_uploads_an_hour_are_slowed_down(floor, signed_in):
    browser = signed_in(floor.people.nora)
    answers = [browser.post(page_of(floor), form()).status_code for _ in range(31)]
    assert (set(answers[:30]), answers[30]) == ({400}, 429)


def test_files_that_nobody_reads_are_deleted_after_a_day(floor, signed_in, private_folder, unsent):
    signed_in(floor.people.nora).post(page_of(floor), form(files=[sent_file(accelerometer())]))
    with clinic_scope(floor.paul.clinic_id):
        assert delete_due_movement_uploads() == 0
        assert delete_due_movement_uploads(now=timezone.now() + timedelta(hours=25)) == 1
    upload = newest(floor)
    assert files_left(private_folder) == []
    assert (upload.job.state, upload.file_deleted_at is not None) == ("failed", True)


def test_a_lost_message_is_made_good(
    floor, signed_in, unsent, private_folder, django_capture_on_commit_callbacks
):
    signed_in(floor.people.nora).post(page_of(floor), form(files=[sent_file(accelerometer())]))
    with clinic_scope(floor.paul.clinic_id), django_capture_on_commit_callbacks(execute=True):
        assert queue_uploads_left() == 0
        assert queue_uploads_left(now=timezone.now() + timedelta(hours=2)) == 1
    assert unsent == ["sessions.import_movement"]


def test_a_known_consent_is_not_asked_again(floor, signed_in):
    with clinic_scope(floor.paul.clinic_id):
        give_consent(floor.paul, "motion")
    assert b'name="consent"' not in signed_in(floor.people.nora).get(page_of(floor)).content


async def test_six_gigabytes_are_refused_before_a_byte_is_read():
    said, read = [], []

    async def app(scope, receive, send):
        raise AssertionError("the request must not get this far")

    async def receive():
        read.append(1)
        return {"type": "http.request", "body": b"", "more_body": True}

    async def send(message):
        said.append(message)

    scope = {
        "type": "http", "method": "POST", "path": OWN, "headers": [(b"content-length", b"6000000000")],
    }  # fmt: skip
    await limit_body(app)(scope, receive, send)
    assert (said[0]["status"], read) == (413, [])
    assert b"The limit is 5,000 MB. Send fewer files at once" in said[1]["body"]


@pytest.mark.django_db(transaction=True)
async def test_a_strangers_gigabytes_are_not_written_to_our_disk(close_thread_connections):
    """Without a session of a member the body is left unread, and the door answers."""
    taken = []

    async def app(scope, receive, send):
        taken.append(await receive())

    async def receive():
        raise AssertionError("nobody reads a stranger's body")

    async def send(message):
        pass

    scope = {
        "type": "http", "method": "POST", "path": OWN, "headers": [(b"content-length", b"4000000000")],
    }  # fmt: skip
    await limit_body(app)(scope, receive, send)
    assert taken == [{"type": "http.request", "body": b"", "more_body": False}]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_gigabytes_with_another_method_are_not_written_to_our_disk(method):
    said, room = [], 20

    async def app(scope, receive, send):
        while True:
            await receive()

    async def receive():
        nonlocal room
        room -= 1
        assert room, "nobody reads that much"
        return {"type": "http.request", "body": b"x" * 1_000_000, "more_body": True}

    async def send(message):
        said.append(message)

    await limit_body(app)({"type": "http", "method": method, "path": OWN, "headers": []}, receive, send)
    assert said[0]["status"] == 413


def full_disk(monkeypatch, *, after: int):
    """A disk that is full once somebody has looked so often."""
    looks = iter(range(1000))
    monkeypatch.setattr(
        "shutil.disk_usage", lambda _: SimpleNamespace(free=0 if next(looks) >= after else 10**12)
    )


@pytest.mark.parametrize("announced", [[], [(b"content-length", b"4000000000")]])
async def test_a_disk_that_fills_up_is_said_while_a_body_arrives(monkeypatch, announced):
    said = []
    full_disk(monkeypatch, after=0 if announced else 1)

    async def let_in(scope):
        return True

    monkeypatch.setattr("sessions.body_limit._may_upload", let_in)

    async def app(scope, receive, send):
        while True:
            await receive()

    async def receive():
        return {"type": "http.request", "body": b"x" * 9_000_000, "more_body": True}

    async def send(message):
        said.append(message)

    await limit_body(app)(
        {"type": "http", "method": "POST", "path": OWN, "headers": announced}, receive, send
    )
    assert said[0]["status"] == 413
    assert b"no room" in said[1]["body"]


def test_a_disk_that_fills_up_while_files_are_written_keeps_none(
    floor, signed_in, monkeypatch, private_folder
):
    monkeypatch.setattr(uploads, "LOOK_AT_DISK_EVERY_BYTES", 1000)
    full_disk(monkeypatch, after=2)
    answer = signed_in(floor.people.nora).post(
        page_of(floor), form(files=[sent_file("x" * 90_000, name=f"{n}.csv") for n in range(3)])
    )
    assert (answer.status_code, b"no room" in answer.content) == (413, True)
    assert files_left(private_folder) == []


def test_no_empty_files_without_end(floor, signed_in, private_folder):
    files = [sent_file("", name=f"{n}.csv") for n in range(80)]
    answer = signed_in(floor.people.nora).post(page_of(floor), form(files=files))
    assert answer.status_code == 413
    assert files_left(private_folder) == []


def test_a_request_that_breaks_off_leaves_no_file(floor, signed_in, private_folder, monkeypatch):
    browser = signed_in(floor.people.nora)
    browser.raise_request_exception = False
    files = [sent_file("x" * 1000, name=f"{n}.csv") for n in range(40)]
    monkeypatch.setattr("sessions.services.movement.uploads.PrivateUploadHandler.upload_complete", _break_off)
    assert browser.post(page_of(floor), form(files=files)).status_code == 400
    assert files_left(private_folder) == []


def _break_off(handler):
    raise TooManyFilesSent("too many")


def test_too_many_files_that_nobody_has_read_wait_outside(floor, signed_in, unsent, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UNREAD", 2)
    browser = signed_in(floor.people.nora)
    answers = [browser.post(page_of(floor), form(files=[sent_file(accelerometer(30 + n))])) for n in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 400]
    assert b"Wait until they are" in answers[-1].content


def test_files_that_kill_workers_are_given_up(floor, signed_in, unsent, private_folder):
    signed_in(floor.people.nora).post(page_of(floor), form(files=[sent_file(accelerometer())]))
    with clinic_scope(floor.paul.clinic_id):
        job = newest(floor).job
        job.state = "running"
        job.save()
        assert queue_uploads_left(now=timezone.now() + timedelta(hours=2)) == 1
        assert queue_uploads_left(now=timezone.now() + timedelta(hours=5)) == 0
    assert newest(floor).job.state == "failed"
    assert files_left(private_folder) == []
