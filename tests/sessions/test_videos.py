"""Films: refused in words, stored privately, analysed once, deleted in time."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from clinic.tenancy.scope import clinic_scope
from patients.services import give_consent
from sessions import services
from sessions.body_limit import limit_body, limit_for
from sessions.errors import VideoRefused
from sessions.models import ExerciseSet, Job, TherapySession, VideoUpload
from sessions.tasks import analyse_video
from sessions.video.errors import NobodyInVideo
from tests.factories.prescriptions import make_library
from tests.factories.sessions import squats

FILM = b"\x00\x00\x00\x18ftypmp42" + b"\0" * 500


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def film(content=FILM, name="set.mp4"):
    return SimpleUploadedFile(name, content, content_type="video/mp4")


def page_of(floor):
    return f"/c/north/patients/{floor.paul.ref}/video/"


def squat_choice(floor):
    version = make_library(floor.people.north)["squat"]
    return f"{version.ref}:front"


def uploaded(floor, content=FILM):
    version = make_library(floor.people.north)["squat"]
    with clinic_scope(floor.paul.clinic_id):
        return services.upload_video(
            floor.paul, film(content), exercise=version, view="front", side="both", by=floor.people.nora
        )


@pytest.fixture
def seen(monkeypatch):
    """What the pose model would find in the film."""
    motion = squats(3)
    found = SimpleNamespace(
        t_ms=motion.t_ms,
        image=motion.image.astype("float32"),
        world=motion.world.astype("float32"),
        presence=motion.presence.astype("float32"),
        facts=SimpleNamespace(width=640, height=480),
        model_sha256="0" * 64,
    )

    def find(path, *, on_progress):
        assert Path(path).read_bytes() == FILM
        on_progress(0.5)
        return found

    monkeypatch.setattr("sessions.video.analyse.find_landmarks", find)


def test_a_film_is_stored_privately_and_queued(floor, signed_in, private_folder):
    answer = signed_in(floor.people.nora).post(
        page_of(floor), {"exercise": squat_choice(floor), "side": "both", "video": film()}
    )
    with clinic_scope(floor.paul.clinic_id):
        upload = VideoUpload.objects.select_related("job").get()
    assert answer.headers["Location"] == f"/c/north/jobs/{upload.job.ref}/"
    stored = private_folder / "videos" / upload.stored_name
    assert stored.read_bytes() == FILM
    assert stored.stat().st_mode & 0o077 == 0
    assert "set.mp4" not in upload.stored_name


@pytest.mark.parametrize("content", [b"dear diary, today I did squats", b"", b"ftyp"])
def test_a_text_named_mp4_is_refused_and_not_kept(floor, signed_in, private_folder, content):
    answer = signed_in(floor.people.nora).post(
        page_of(floor), {"exercise": squat_choice(floor), "side": "both", "video": film(content)}
    )
    assert answer.status_code == 400
    assert b"not a video" in answer.content or b"submitted file is empty" in answer.content
    assert list((private_folder).rglob("*.film")) == []
    with clinic_scope(floor.paul.clinic_id):
        assert TherapySession.objects.count() == 0


def test_a_film_over_the_limit_is_refused_in_words(floor, signed_in, settings):
    settings.PLUMBLINE_LARGEST_VIDEO_BYTES = 200_000
    answer = signed_in(floor.people.nora).post(
        page_of(floor),
        {"exercise": squat_choice(floor), "side": "both", "video": film(FILM + b"\0" * 400_000)},
    )
    assert answer.status_code == 413
    assert b"The limit is 0 MB" in answer.content or b"limit" in answer.content


def test_a_film_without_an_announced_length_is_stopped_while_it_is_stored(floor, settings, private_folder):
    settings.PLUMBLINE_LARGEST_VIDEO_BYTES = 600
    version = make_library(floor.people.north)["squat"]
    endless = SimpleNamespace(size=None, chunks=lambda: iter([FILM, b"\0" * 500, b"\0" * 10**6]))
    with clinic_scope(floor.paul.clinic_id), pytest.raises(VideoRefused):
        services.upload_video(
            floor.paul, endless, exercise=version, view="front", side="both", by=floor.people.nora
        )
    assert list(private_folder.rglob("*.film")) == []


async def test_a_gigabyte_is_refused_before_it_is_read():
    said, read = [], []

    async def app(scope, receive, send):
        raise AssertionError("the request must not get this far")

    async def receive():
        read.append(1)
        return {"type": "http.request", "body": b"", "more_body": True}

    async def send(message):
        said.append(message)

    scope = {
        "type": "http",
        "path": "/c/north/patients/01a202e0-b88c-798d-8a5f-bb524ba5dd07/video/",
        "headers": [(b"content-length", b"1073741824")],
    }
    await limit_body(app)(scope, receive, send)
    assert (said[0]["status"], read) == (413, [])
    assert b"too large" in said[1]["body"]


async def test_a_body_of_unknown_length_is_cut_off():
    said = []

    async def app(scope, receive, send):
        while True:
            await receive()

    async def receive():
        return {"type": "http.request", "body": b"\0" * 1024 * 1024, "more_body": True}

    async def send(message):
        said.append(message)

    await limit_body(app)({"type": "http", "path": "/c/north/today/", "headers": []}, receive, send)
    assert said[0]["status"] == 413


def test_only_the_upload_page_takes_large_bodies():
    assert limit_for("/c/north/patients/01a202e0-b88c-798d-8a5f-bb524ba5dd07/video/") > 100_000_000
    assert limit_for("/c/north/patients/x/video/") < 10_000_000


def test_a_film_becomes_a_session_like_any_other(floor, seen, signed_in):
    job = uploaded(floor)
    analyse_video(clinic_id=floor.paul.clinic_id, job_id=job.pk)
    with clinic_scope(floor.paul.clinic_id):
        job.refresh_from_db()
        session = TherapySession.objects.get(ref=job.object_ref)
        assert (job.state, job.progress) == ("done", 1.0)
        assert (session.state, session.mode, session.repetitions_done) == ("analysed", "video", 3)
    page = signed_in(floor.people.nora).get(f"/c/north/sessions/{session.ref}/")
    assert len(page.context["config"]["sets"][0]["repetitions"]) == 3


def test_the_task_may_run_twice(floor, seen):
    job = uploaded(floor)
    for _ in range(2):
        analyse_video(clinic_id=floor.paul.clinic_id, job_id=job.pk)
    with clinic_scope(floor.paul.clinic_id):
        assert ExerciseSet.objects.get().repetitions.count() == 3
        assert TherapySession.objects.count() == 1


def test_a_film_without_a_person_says_so_and_is_deleted(floor, monkeypatch, private_folder, signed_in):
    def nobody(path, *, on_progress):
        raise NobodyInVideo(90)

    monkeypatch.setattr("sessions.video.analyse.find_landmarks", nobody)
    job = uploaded(floor)
    analyse_video(clinic_id=floor.paul.clinic_id, job_id=job.pk)
    with clinic_scope(floor.paul.clinic_id):
        job.refresh_from_db()
        assert job.state == "failed"
        assert TherapySession.objects.get().state == "abandoned"
    assert list(private_folder.rglob("*.film")) == []
    page = signed_in(floor.people.nora).get(f"/c/north/jobs/{job.ref}/")
    assert b"We found no person in this video" in page.content


@pytest.mark.parametrize(("consent", "kept"), [(False, False), (True, True)])
def test_a_film_is_deleted_within_the_hour_unless_the_patient_agrees(
    floor, seen, private_folder, consent, kept
):
    job = uploaded(floor)
    analyse_video(clinic_id=floor.paul.clinic_id, job_id=job.pk)
    with clinic_scope(floor.paul.clinic_id):
        if consent:
            give_consent(floor.paul, "video")
        assert services.delete_due_videos() == 0
        VideoUpload.objects.update(analysed_at=timezone.now() - timedelta(minutes=45))
        services.delete_due_videos()
        services.delete_due_videos()
        assert (VideoUpload.objects.get().file_deleted_at is None) is kept
    assert bool(list(private_folder.rglob("*.film"))) is kept


@pytest.mark.parametrize(
    ("who", "status"), [("ola", 403), ("ada", 403), ("petra", 403), ("sam", 404), ("sid", 404)]
)
def test_strangers_cannot_upload(floor, signed_in, who, status):
    answer = signed_in(getattr(floor.people, who)).post(
        page_of(floor), {"exercise": squat_choice(floor), "side": "both", "video": film()}
    )
    assert answer.status_code == status
    with clinic_scope(floor.paul.clinic_id):
        assert VideoUpload.objects.count() == 0


@pytest.mark.parametrize("who", ["ola", "petra", "sam"])
def test_strangers_do_not_see_a_job(floor, signed_in, who):
    job = uploaded(floor)
    assert signed_in(getattr(floor.people, who)).get(f"/c/north/jobs/{job.ref}/").status_code == 404


def test_the_token_is_checked_although_the_length_comes_first(floor):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(floor.people.nora.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.post(page_of(floor), {"exercise": squat_choice(floor), "side": "both", "video": film()})
    assert answer.status_code == 403
    with clinic_scope(floor.paul.clinic_id):
        assert Job.objects.count() == 0
