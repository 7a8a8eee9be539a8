"""A worker reads what somebody sent: into a recording, or into words that say what to do."""

import io
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, transaction
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from clinic.models.membership import CLINICAL_ROLES
from patients.local_time import zone_of
from sessions.errors import ColumnsNotAsked
from sessions.models import ColumnMapping, Job, MovementUpload, Recording
from sessions.motion_trend.reading import (
    ColumnPlan,
    ColumnsUnknown,
    Reading,
    ReadingError,
    ReadingOptions,
    Source,
    open_reading,
)
from sessions.motion_trend.types import Placement
from sessions.services.movement.imports import import_reading
from sessions.services.movement.jobs import end_job, tell_job
from sessions.services.movement.plain_json import plain
from sessions.services.movement.uploads import (
    KILLS_WORKERS,
    UPLOAD,
    WAITING,
    delete_upload_files,
    files_of,
)
from sessions.services.queueing import queue_movement_import

READING_SHARE = 0.8
READING, LOOKING = "Reading the files", "Looking for steps"
PROGRESS_STEP = 0.02
TITLES = {"imu": "Sensor file", "health": "Apple Health export", "lab": "Laboratory file"}
WENT_WRONG = "Something went wrong while these files were read. Please tell the clinic."
ASKS_COLUMNS = "We need to know what the columns of this file are."


def import_movement_upload(job_id: int) -> Job:
    """Read an upload's files into a recording; one that broke off starts anew, one that is over stays.

    What cannot be read is told with file, line and cure, and deleted; a table that nobody knows waits for a
    person to name its columns. Whatever else happens ends the job too, so that its sender hears of it and no
    worker dies over the same files again; only a database that was away is worth another try.
    """
    upload = MovementUpload.objects.select_related("job", "patient", "uploaded_by", "plans_by").get(
        job_id=job_id
    )
    if upload.job.is_over or upload.file_deleted_at is not None or upload.needs_columns:
        return upload.job
    tell_job(upload.job, 0.01, READING)
    try:
        reading = open_reading(_sources(upload), options=_options(upload))
        recording = import_reading(
            upload.patient, reading, source=Recording.Source.UPLOAD, by=upload.uploaded_by,
            activity=upload.activity or Recording.Activity.FREE_LIVING, placement=upload.placement,
            title=_title(reading), note=upload.note,
        )  # fmt: skip
    except ColumnsUnknown as unknown:
        return _ask_columns(upload, unknown)
    except ReadingError as error:
        return _give_up(upload, error)
    except OperationalError:
        raise
    except (SoftTimeLimitExceeded, MemoryError):
        _break_off(upload, KILLS_WORKERS)
        raise
    except Exception:
        _break_off(upload, WENT_WRONG)
        raise
    return _finish(upload, recording, reading)


def _break_off(upload: MovementUpload, words: str) -> None:
    end_job(upload.job, failure=words)
    delete_upload_files(upload)


def _title(reading: Reading) -> str:
    """What a recording is called: where it came from. Never a file's name, which may hold a person's."""
    if reading.kind != "imu":
        return TITLES[reading.kind]
    known = {signal.format for signal in reading.signals} - {"table"}
    return f"{known.pop()} file" if len(known) == 1 else TITLES["imu"]


def _sources(upload: MovementUpload) -> list[Source]:
    files = files_of(upload)
    progress = _Progress(upload.job, total=sum(file.size_bytes for file, _ in files))
    return [Source(file.name, _opener(path, progress), file.size_bytes) for file, path in files]


def _opener(path: Path, progress: "_Progress") -> Callable[[], BinaryIO]:
    return lambda: io.BufferedReader(_Counted(path, progress))


class _Counted(io.FileIO):
    """A file that tells how much of it was read."""

    def __init__(self, path: Path, progress: "_Progress") -> None:
        super().__init__(os.fspath(path), "rb")
        self._progress = progress

    def readinto(self, buffer: object) -> int:
        count = super().readinto(buffer) or 0  # type: ignore[arg-type]
        self._progress.add(count)
        return count


class _Progress:
    """Writes down every few percent how far the reading is."""

    def __init__(self, job: Job, *, total: int) -> None:
        self.job = job
        self.total = max(total, 1)
        self.read = 0
        self.told = 0.0

    def add(self, count: int) -> None:
        self.read += count
        share = min(1.0, self.read / self.total)
        if share - self.told >= PROGRESS_STEP:
            self.told = share
            tell_job(self.job, READING_SHARE * share, READING if share < 1 else LOOKING)


def _options(upload: MovementUpload) -> ReadingOptions:
    stored = {mapping.header_key: mapping.mapping for mapping in ColumnMapping.objects.all()}
    stored |= {key: named["plan"] for key, named in upload.plans.items()}
    plans = {}
    for key, plan in stored.items():
        with suppress(TypeError, ValueError):
            plans[key] = ColumnPlan.from_dict(plan)
    placement = Placement(upload.placement) if upload.placement else Placement.UNKNOWN
    return ReadingOptions(placement=placement, time_zone=str(zone_of(upload.patient)), plans=plans)


def _ask_columns(upload: MovementUpload, unknown: ColumnsUnknown) -> Job:
    asked = {"head": unknown.head.to_dict(), "guess": unknown.guess, "missing": list(unknown.missing)}
    return _wait_for_columns(upload, {**unknown.to_dict(), **asked})


def _wait_for_columns(upload: MovementUpload, problem: dict[str, Any]) -> Job:
    job = upload.job
    with transaction.atomic():
        upload.problem = plain(problem)
        upload.save(update_fields=["problem", "updated_at"])
        job.state, job.progress, job.message = Job.State.WAITING, 0.0, ASKS_COLUMNS
        job.save(update_fields=["state", "progress", "message", "updated_at"])
    return job


def _give_up(upload: MovementUpload, error: ReadingError) -> Job:
    """Say what is wrong, and delete the files; where somebody named the columns, ask again instead."""
    asked_again = _asked_again(upload, error)
    if asked_again:
        return _wait_for_columns(upload, asked_again)
    with transaction.atomic():
        upload.problem = plain(error.to_dict())
        upload.save(update_fields=["problem", "updated_at"])
        end_job(upload.job, failure=plain(error.words))
    delete_upload_files(upload)
    return upload.job


def _asked_again(upload: MovementUpload, error: ReadingError) -> dict[str, Any]:
    """The question about the columns once more, with what was wrong; empty where nobody was asked."""
    if not upload.plans:
        return {}
    key, named = next(reversed(upload.plans.items()))
    plans = {kept: value for kept, value in upload.plans.items() if kept != key}
    upload.plans = plans
    upload.save(update_fields=["plans", "updated_at"])
    return {**error.to_dict(), "head": named["head"], "guess": named["plan"], "missing": []}


def _finish(upload: MovementUpload, recording: Recording, reading: Reading) -> Job:
    with transaction.atomic():
        upload.recording, upload.imported_at, upload.problem = recording, timezone.now(), {}
        upload.repairs = plain([repair.to_dict() for repair in reading.repairs])
        upload.save(update_fields=["recording", "imported_at", "problem", "repairs", "updated_at"])
        _remember_columns(upload)
        record("change", patient=upload.patient_id, object_type=UPLOAD, object_ref=upload.ref,
               detail={"imported": True})  # fmt: skip
        end_job(upload.job)
    delete_upload_files(upload)
    return upload.job


def _remember_columns(upload: MovementUpload) -> None:
    """Columns that a clinician named are known for the whole clinic; a patient's only for their own file."""
    by = upload.plans_by
    if by is None or by.role not in CLINICAL_ROLES:
        return
    for key, named in upload.plans.items():
        ColumnMapping.objects.update_or_create(
            header_key=key,
            defaults={
                # Never a file's name, which may hold a person's.
                "name": ", ".join(named["head"]["columns"])[:100], "mapping": named["plan"],
                "created_by": by, "last_used_at": timezone.now(),
            },
        )  # fmt: skip


def name_columns(upload: MovementUpload, plan: ColumnPlan, *, by: Membership) -> Job:
    """Take down what a table's columns are, and read the upload again; remembered once that worked.

    Raises ColumnsNotAsked for an upload that does not wait for it.
    """
    if not upload.needs_columns:
        raise ColumnsNotAsked
    job, head = upload.job, upload.head
    with transaction.atomic():
        named = {"plan": plan.to_dict(), "head": head}
        upload.plans, upload.plans_by = {**upload.plans, head["header_key"]: named}, by
        upload.problem = {}
        upload.save(update_fields=["plans", "plans_by", "problem", "updated_at"])
        job.message = WAITING
        job.save(update_fields=["message", "updated_at"])
        record("change", patient=upload.patient_id, object_type=UPLOAD, object_ref=upload.ref)
        queue_movement_import(job)
    return job
