"""Uploaded films: kept on private disk only for as long as their analysis needs them."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import numpy as np
import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from patients.models import Patient
from patients.selectors import has_consent
from prescriptions.models import ExerciseVersion
from sessions import events
from sessions.codec import encode_frames
from sessions.errors import VideoRefused
from sessions.models import ExerciseSet, Job, Recording, RecordingSegment, TherapySession, VideoUpload
from sessions.services.analysis import reanalyse_set
from sessions.services.queueing import queue_video
from sessions.services.sets import end_set
from sessions.services.settling import settle_session
from sessions.services.streams import packed_segment

log = structlog.get_logger(__name__)

# What a form's other fields and its boundaries may take beside the film.
ROOM_FOR_FIELDS = 64 * 1024
LARGEST_BYTES = 500_000_000
DELETE_AFTER = timedelta(minutes=30)
DELETE_UNANALYSED_AFTER = timedelta(hours=24)
FRAMES_PER_SEGMENT = 300
PROGRESS_STEP = 0.02
CONTAINERS = {b"ftyp": 4, b"\x1aE\xdf\xa3": 0, b"AVI ": 8}
NOT_A_VIDEO = "This file is not a video that we can read. Send an MP4, MOV, AVI or WebM film."


class UploadedFile(Protocol):
    """What Django hands over: chunks of bytes, and how many in all."""

    size: int | None

    def chunks(self) -> Iterable[bytes]: ...


def largest_video_bytes() -> int:
    """The clinic installation's limit for one film."""
    return int(getattr(settings, "PLUMBLINE_LARGEST_VIDEO_BYTES", LARGEST_BYTES))


def check_size(size_bytes: int | None) -> None:
    """Raise VideoRefused for a film over the limit; called with the request's length before it is read."""
    limit = largest_video_bytes()
    if size_bytes is not None and size_bytes > limit:
        words = (
            f"This file is {size_bytes / 1e6:,.0f} MB. The limit is {limit / 1e6:,.0f} MB. "
            "Film a shorter set, or at a lower quality. Nothing was stored."
        )
        raise VideoRefused("too_large", words)


def upload_video(
    patient: Patient, upload: UploadedFile, *, exercise: ExerciseVersion, view: str, side: str, by: Membership
) -> Job:
    """Store a film privately and queue its analysis. Raises VideoRefused, with nothing stored."""
    check_size(upload.size)
    name, digest, size = _store(upload)
    try:
        with transaction.atomic():
            job = _plan(patient, name, digest, size, exercise=exercise, view=view, side=side, by=by)
    except Exception:
        _path(name).unlink(missing_ok=True)
        raise
    return job


def _store(upload: UploadedFile) -> tuple[str, str, int]:
    """Write the film under a name that says nothing; answers name, sha256 and size."""
    name, digest, size = f"{uuid4().hex}.film", hashlib.sha256(), 0
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            for chunk in upload.chunks():
                if not size and not looks_like_video(chunk[:16]):
                    raise VideoRefused("not_a_video", NOT_A_VIDEO)
                size += len(chunk)
                check_size(size)
                digest.update(chunk)
                file.write(chunk)
        if not size:
            raise VideoRefused("not_a_video", NOT_A_VIDEO)
    except VideoRefused:
        path.unlink(missing_ok=True)
        raise
    return name, digest.hexdigest(), size


def looks_like_video(head: bytes) -> bool:
    """Whether a file begins like a film; a text that is named .mp4 does not."""
    return any(head[at : at + len(mark)] == mark for mark, at in CONTAINERS.items())


def _path(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "videos" / name


def _plan(
    patient: Patient, name: str, digest: str, size: int, *,
    exercise: ExerciseVersion, view: str, side: str, by: Membership,
) -> Job:  # fmt: skip
    now = timezone.now()
    session = TherapySession.objects.create(
        patient=patient, mode=TherapySession.Mode.VIDEO, state=TherapySession.State.LIVE,
        simulated=patient.simulated, started_at=now, last_activity_at=now,
    )  # fmt: skip
    exercise_set = ExerciseSet.objects.create(
        session=session, exercise_version=exercise, order=0, set_number=1, side=side, view=view,
        state=ExerciseSet.State.LIVE, counted_by=ExerciseSet.CountedBy.VIDEO, started_at=now,
    )  # fmt: skip
    job = Job.objects.create(
        kind=Job.Kind.VIDEO, patient=patient, object_ref=session.ref, message="Waiting for a free worker"
    )
    VideoUpload.objects.create(
        patient=patient, uploaded_by=by, exercise_set=exercise_set, job=job,
        stored_name=name, size_bytes=size, sha256=digest,
    )  # fmt: skip
    record("create", patient=patient.pk, object_type="sessions.VideoUpload", object_ref=job.ref)
    queue_video(job)
    return job


def analyse_uploaded_video(job_id: int) -> Job:
    """Find the person in a film and judge the set. A job that is over is left alone.

    One that broke off starts anew.
    """
    from sessions.video.analyse import find_landmarks
    from sessions.video.errors import VideoProblem

    upload = VideoUpload.objects.select_related("job", "exercise_set__session", "patient").get(job_id=job_id)
    job = upload.job
    if job.is_over:
        return job
    tell_progress(job, 0.01, "Looking for the person in the film")
    try:
        found = find_landmarks(_path(upload.stored_name), on_progress=_Progress(job))
    except VideoProblem as problem:
        return _give_up(upload, words=str(problem))
    _store_landmarks(upload.exercise_set, found)
    tell_progress(job, 0.97, "Judging the repetitions")
    reanalyse_set(upload.exercise_set_id)
    return _finish(upload)


class _Progress:
    """Writes a job's progress down every few percent."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.told = 0.0

    def __call__(self, share: float) -> None:
        if share - self.told >= PROGRESS_STEP:
            self.told = share
            tell_progress(self.job, 0.95 * share, "Looking for the person in the film")


def tell_progress(job: Job, progress: float, message: str) -> None:
    """Store how far a job is (0 to 1), and tell the pages that wait for it."""
    job.state, job.progress, job.message = Job.State.RUNNING, progress, message
    job.save(update_fields=["state", "progress", "message", "updated_at"])
    _announce(job)


def _announce(job: Job) -> None:
    group = events.session_group(job.clinic_id, str(job.object_ref))
    events.announce(events.JOB_CHANGED, group=group, ref=job.ref)


def _give_up(upload: VideoUpload, *, words: str) -> Job:
    """The film cannot be used: say why in plain words, and delete it."""
    job, exercise_set = upload.job, upload.exercise_set
    with transaction.atomic():
        session = exercise_set.session
        exercise_set.state = ExerciseSet.State.SKIPPED
        exercise_set.save(update_fields=["state", "updated_at"])
        session.state, session.ended_at = TherapySession.State.ABANDONED, timezone.now()
        session.save(update_fields=["state", "ended_at", "updated_at"])
        _end(job, Job.State.FAILED, words)
    delete_file(upload)
    return job


def _finish(upload: VideoUpload) -> Job:
    with transaction.atomic():
        session = TherapySession.objects.select_for_update().get(pk=upload.exercise_set.session_id)
        now = timezone.now()
        session.state, session.ended_at, session.completed = TherapySession.State.ENDED, now, True
        session.save(update_fields=["state", "ended_at", "completed", "updated_at"])
        settle_session(session)
        upload.analysed_at = now
        upload.save(update_fields=["analysed_at", "updated_at"])
        _end(upload.job, Job.State.DONE, "Ready")
    return upload.job


def _end(job: Job, state: str, words: str) -> None:
    job.state, job.progress, job.message = state, 1.0, words[:300]
    job.finished_at = timezone.now()
    job.save()
    _announce(job)


def _store_landmarks(exercise_set: ExerciseSet, found: Any) -> None:
    """Keep a film's landmarks as a recording like any other; the same film twice gives the same recording."""
    header = {
        "version": 1, "model_sha256": found.model_sha256, "running_mode": "VIDEO",
        "width": found.facts.width, "height": found.facts.height, "mirror": False,
        "rotation": 0, "epoch_ms": 0.0, "monotonic_ms": 0.0, "source": "video",
    }  # fmt: skip
    count = len(found.t_ms)
    with transaction.atomic():
        RecordingSegment.objects.filter(recording__exercise_set=exercise_set).delete()
        Recording.objects.filter(exercise_set=exercise_set).delete()
        recording = Recording.objects.create(
            exercise_set=exercise_set, header=header, state=Recording.State.CLOSED,
            frame_count=count, next_sequence=count, last_capture_ms=float(found.t_ms[-1]),
        )  # fmt: skip
        segments: list[RecordingSegment] = []
        for start in range(0, count, FRAMES_PER_SEGMENT):
            part = slice(start, min(start + FRAMES_PER_SEGMENT, count))
            raw = encode_frames(
                np.arange(part.start, part.stop), found.t_ms[part], found.presence[part],
                found.image[part], found.world[part],
            )  # fmt: skip
            segments.append(packed_segment(recording, raw, index=len(segments), first_sequence=start))
        RecordingSegment.objects.bulk_create(segments)
        recording.segment_count = len(segments)
        recording.save(update_fields=["segment_count", "updated_at"])
        end_set(exercise_set, now=timezone.now())


def delete_due_videos() -> int:
    """Delete films within the hour after their analysis, unless the patient agrees to keep them.

    Answers how many.
    """
    now = timezone.now()
    kept = VideoUpload.objects.filter(file_deleted_at=None).select_related("patient")
    analysed = kept.filter(analysed_at__lt=now - DELETE_AFTER)
    given_up = kept.filter(analysed_at=None, created_at__lt=now - DELETE_UNANALYSED_AFTER)
    deleted = 0
    for upload in [*analysed, *given_up]:
        if upload.analysed_at is None or not has_consent(upload.patient, "video"):
            delete_file(upload)
            deleted += 1
    return deleted


def delete_file(upload: VideoUpload) -> None:
    """Delete the film; its row says when. A file that is gone already is fine."""
    _path(upload.stored_name).unlink(missing_ok=True)
    with transaction.atomic():
        upload.file_deleted_at = timezone.now()
        upload.save(update_fields=["file_deleted_at", "updated_at"])
        record("delete", patient=upload.patient_id, object_type="sessions.VideoUpload", object_ref=upload.ref)
