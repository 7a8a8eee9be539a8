"""Sensor files that somebody sends: onto private disk as they arrive, read by a worker, then deleted."""

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from patients.models import Patient
from sessions.errors import MovementUploadRefused
from sessions.models import Job, MovementUpload, MovementUploadFile
from sessions.services.movement.jobs import end_job
from sessions.services.queueing import queue_movement_import

UPLOAD = "sessions.MovementUpload"
MOST_FILES = 50
DELETE_UNREAD_AFTER = timedelta(hours=24)
# Longer than a task may take.
LOST_AFTER = timedelta(minutes=65)
# Room that a full disk must keep for everything else.
SPARE_BYTES = 500_000_000
LOOK_AT_DISK_EVERY_BYTES = 16 * 1024 * 1024
# Of one patient, not read yet: nobody fills the disk or the queue of all others.
MOST_UNREAD = 10
MOST_UNREAD_SHARE = 2
# A worker that dies over an upload dies over it again: two more tries, then its sender is told.
TRIED_FOR = timedelta(hours=4)
NO_ROOM = "There is no room for these files just now. Nothing was stored. Please tell the clinic."
KILLS_WORKERS = "These files could not be read: it took too long, or too much memory. Send fewer at once."
WAITING = "Waiting for a free worker"
LAPSED = "Nobody said what the columns are within a day. The files were deleted; send them again."
BROKE_OFF = "The files could not be read within a day. They were deleted; send them again."


def largest_movement_bytes() -> int:
    """The clinic installation's limit for sensor files sent together."""
    return int(settings.PLUMBLINE_LARGEST_MOVEMENT_BYTES)


def told_bytes(size: int) -> str:
    """A size in MB or GB."""
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{max(size, 100_000) / 1e6:,.1f} MB"


def check_movement_size(size_bytes: int | None) -> None:
    """Raise MovementUploadRefused over the limit or for a full disk; called before the files are read."""
    limit = largest_movement_bytes()
    if size_bytes is not None and size_bytes > limit:
        words = (
            f"These files have {told_bytes(size_bytes)}. The limit is {told_bytes(limit)}. "
            "Send fewer at once, or a shorter recording. Nothing was stored."
        )
        raise MovementUploadRefused("too_large", words)
    if size_bytes is not None and shutil.disk_usage(_folder()).free < size_bytes + SPARE_BYTES:
        raise MovementUploadRefused("disk_full", NO_ROOM)


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "movement-uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


class PrivateFile(UploadedFile):  # type: ignore[type-arg]
    """A file that lies on private disk already. Closing it deletes it, unless somebody kept it."""

    def __init__(self, path: Path, *, name: str, size: int, sha256: str) -> None:
        super().__init__(file=None, name=name, size=size)
        self.path = path
        self.sha256 = sha256
        self.is_kept = False

    def keep(self) -> None:
        """Leave the file on disk after the request."""
        self.is_kept = True

    def close(self) -> None:
        if not self.is_kept:
            self.path.unlink(missing_ok=True)


class PrivateUploadHandler(FileUploadHandler):
    """Writes what arrives straight to private disk under a name that says nothing, and hashes it."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.total = 0
        self.count = 0
        self.is_over = False
        self.is_full = False
        self._whole: list[PrivateFile] = []
        self._looked_at = 0
        self._path: Path | None = None
        self._file: Any = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.count += 1
        if self.count > MOST_FILES:
            self._stop(is_over=True)
        self._digest = hashlib.sha256()
        self._path = _folder() / f"{uuid4().hex}.part"
        self._file = self._path.open("xb")
        self._path.chmod(0o600)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a chunk; over the limit the rest is not taken."""
        self.total += len(raw_data)
        if self.total > largest_movement_bytes():
            self._stop(is_over=True)
        self._check_disk()
        self._digest.update(raw_data)
        try:
            self._file.write(raw_data)
        except OSError:
            self._stop(is_full=True)

    def file_complete(self, file_size: int) -> PrivateFile:
        """The whole file is there."""
        try:
            self._file.close()
        except OSError:
            self._stop(is_full=True)
        path, self._path = self._path or _folder(), None
        name = Path(self.file_name or "file").name
        whole = PrivateFile(path, name=name, size=file_size, sha256=self._digest.hexdigest())
        self._whole.append(whole)
        return whole

    def upload_interrupted(self) -> None:
        """The connection broke: nothing is kept."""
        self.discard()

    def discard(self) -> None:
        """Delete what arrived, but for the files that somebody kept. Twice is fine."""
        self._drop()
        for file in self._whole:
            file.close()

    def _check_disk(self) -> None:
        """Look now and then whether the disk keeps its spare room; an announced length may be a lie."""
        if self.total - self._looked_at < LOOK_AT_DISK_EVERY_BYTES:
            return
        self._looked_at = self.total
        if shutil.disk_usage(_folder()).free < SPARE_BYTES:
            self._stop(is_full=True)

    def _stop(self, *, is_over: bool = False, is_full: bool = False) -> NoReturn:
        self.is_over, self.is_full = is_over, is_full
        self._drop()
        raise StopUpload(connection_reset=False)

    def _drop(self) -> None:
        if self._path is not None:
            with suppress(OSError):
                self._file.close()
            self._path.unlink(missing_ok=True)
            self._path = None


def upload_movement(
    patient: Patient,
    files: Sequence[PrivateFile],
    *,
    placement: str = "",
    activity: str = "",
    note: str = "",
    by: Membership,
) -> MovementUpload:
    """Keep files that arrived, and queue their import. Raises MovementUploadRefused, with nothing kept."""
    if not files or not any(file.size for file in files):
        raise MovementUploadRefused("empty", "Choose at least one file that is not empty.")
    with transaction.atomic():
        # One after the other: of two that send the same file at once, the second hears that it is known.
        Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
        _check_not_sent_before(patient, files)
        _check_room_of(patient, files)
        job = Job.objects.create(kind=Job.Kind.MOTION, patient=patient, message=WAITING)
        upload = MovementUpload.objects.create(
            patient=patient, uploaded_by=by, job=job, placement=placement, activity=activity, note=note[:200]
        )
        MovementUploadFile.objects.bulk_create(
            MovementUploadFile(
                upload=upload, patient=patient, name=str(file.name)[:200], stored_name=file.path.name,
                size_bytes=file.size or 0, sha256=file.sha256,
            )
            for file in files
        )  # fmt: skip
        job.object_ref = upload.ref
        job.save(update_fields=["object_ref", "updated_at"])
        record(
            "create", patient=patient.pk, object_type=UPLOAD, object_ref=upload.ref,
            detail={"files": len(files), "bytes": sum(file.size or 0 for file in files)},
        )  # fmt: skip
        queue_movement_import(job)
    for file in files:
        file.keep()
    return upload


def _check_not_sent_before(patient: Patient, files: Sequence[PrivateFile]) -> None:
    """Refuse files that were all imported before and are still there, or that are being read."""
    sums = {file.sha256 for file in files}
    sent = MovementUploadFile.objects.filter(patient=patient, sha256__in=sums)
    sent = sent.select_related("upload__job", "upload__recording").order_by("pk")
    under_way = sent.filter(upload__job__state__in=(Job.State.WAITING, Job.State.RUNNING))
    imported = sent.filter(upload__imported_at__isnull=False, upload__recording__isnull=False)
    if {file.sha256 for file in under_way} == sums:
        words = "You have just sent these files. They are not read to the end yet."
        raise MovementUploadRefused("sent_before", words, job_ref=under_way[0].upload.job.ref)
    if {file.sha256 for file in imported} != sums:
        return
    first = imported[0]
    name = next(str(file.name) for file in files if file.sha256 == first.sha256)
    day = timezone.localtime(first.upload.created_at)
    words = f"You sent this file on {day.day} {day:%B %Y}: {name}. It is already here; nothing was added."
    recording = first.upload.recording
    raise MovementUploadRefused("sent_before", words, recording_ref=recording.ref if recording else None)


def _check_room_of(patient: Patient, files: Sequence[PrivateFile]) -> None:
    """Refuse files while too many of the same patient wait to be read."""
    unread = MovementUpload.objects.filter(patient=patient, file_deleted_at=None)
    files_waiting = MovementUploadFile.objects.filter(upload__in=unread)
    waiting = files_waiting.aggregate(held=Sum("size_bytes"))["held"] or 0
    size = waiting + sum(file.size or 0 for file in files)
    if unread.count() >= MOST_UNREAD or (waiting and size > MOST_UNREAD_SHARE * largest_movement_bytes()):
        words = "Many files wait to be read already. Wait until they are, then send these."
        raise MovementUploadRefused("too_many_waiting", words)


def files_of(upload: MovementUpload) -> list[tuple[MovementUploadFile, Path]]:
    """The upload's files and where they lie."""
    return [(file, _folder() / file.stored_name) for file in upload.files.order_by("pk")]


def delete_upload_files(upload: MovementUpload, *, at: datetime | None = None) -> None:
    """Delete the files as they were sent; their names, sizes and sums stay. Gone already is fine."""
    if upload.file_deleted_at is not None:
        return
    for _, path in files_of(upload):
        path.unlink(missing_ok=True)
    with transaction.atomic():
        upload.file_deleted_at = at or timezone.now()
        upload.save(update_fields=["file_deleted_at", "updated_at"])
        record("delete", patient=upload.patient_id, object_type=UPLOAD, object_ref=upload.ref)


def delete_due_movement_uploads(*, now: datetime | None = None) -> int:
    """Delete files that nobody reads any more, a day after they came. Answers how many uploads."""
    moment = now or timezone.now()
    due = MovementUpload.objects.filter(file_deleted_at=None).select_related("job")
    deleted = 0
    for upload in due.filter(created_at__lt=moment - DELETE_UNREAD_AFTER):
        delete_upload_files(upload, at=moment)
        if not upload.job.is_over:
            end_job(upload.job, failure=LAPSED if upload.problem.get("head") else BROKE_OFF)
        deleted += 1
    _delete_strays(before=moment - DELETE_UNREAD_AFTER)
    return deleted


def queue_uploads_left(*, now: datetime | None = None) -> int:
    """Have uploads read whose message or worker was lost, once no worker can be at them. Answers how many."""
    left = MovementUpload.objects.filter(
        file_deleted_at=None, imported_at=None, job__updated_at__lt=(now or timezone.now()) - LOST_AFTER,
        job__state__in=(Job.State.WAITING, Job.State.RUNNING),
    ).select_related("job")  # fmt: skip
    waiting = [upload for upload in left if not upload.needs_columns]
    again = [upload for upload in waiting if not _kills_workers(upload, now=now or timezone.now())]
    for upload in again:
        upload.job.save(update_fields=["updated_at"])
        queue_movement_import(upload.job)
    for upload in waiting:
        if upload not in again:
            end_job(upload.job, failure=KILLS_WORKERS)
            delete_upload_files(upload)
    return len(again)


def _kills_workers(upload: MovementUpload, *, now: datetime) -> bool:
    return upload.job.state == Job.State.RUNNING and upload.created_at < now - TRIED_FOR


def _delete_strays(*, before: datetime) -> None:
    """Files of requests that never came to an end."""
    known = set(
        MovementUploadFile.objects.filter(upload__file_deleted_at=None).values_list("stored_name", flat=True)
    )
    for path in _old_files(before):
        if path.name not in known:
            path.unlink(missing_ok=True)


def _old_files(before: datetime) -> Iterable[Path]:
    return [path for path in _folder().glob("*.part") if path.stat().st_mtime < before.timestamp() - 86_400]
