"""A clinic's notes read again, as after a new model: in batches, with progress, and from where it stopped.

Each note's facts and the run's progress are stored in one transaction, so that a killed worker loses at most
the note that it was reading, and that one is read again. What clinicians decided, and what was kept at
signing, stays as it is: `facts.read_note` only proposes beside it.
"""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from clinic.audit import record
from clinic.models import Clinic, Membership
from clinic.tenancy.scope import current_clinic_id
from notes.errors import ReadingUnderWay, RunNotStoppable
from notes.models import ReadingRun, VisitNote
from notes.note_text import sha256_of
from notes.reading import reader_for_clinic
from notes.services.facts import read_note
from notes.services.queueing import send_after_commit

logger = logging.getLogger(__name__)
READ_BATCH = "notes.read_batch"
RUN = "notes.ReadingRun"
# Other work of the same queue waits no longer than this for a batch.
BATCH_S = 5.0
FETCHED = 50
STALLED_AFTER = timedelta(minutes=2)
State = ReadingRun.State
OPEN = (State.WAITING, State.RUNNING)
NOT_READ = (VisitNote.Status.DISCARDED, VisitNote.Status.ENTERED_IN_ERROR)


def start_reading(*, by: Membership | None) -> ReadingRun:
    """Begin to read every note of the clinic in scope again. Raises ReadingUnderWay."""
    with transaction.atomic():
        _lock_runs()
        if ReadingRun.objects.filter(state__in=OPEN).exists():
            raise ReadingUnderWay
        run = ReadingRun.objects.create(asked_by=by, read_by=reader_for_clinic().version[:80])
        run.total = notes_to_read(run).count()
        run.save(update_fields=["total", "updated_at"])
        _record(run, "start")
        _queue(run)
    return run


def stop_reading(run: ReadingRun, *, by: Membership | None) -> ReadingRun:
    """Stop after the note that is being read. Raises RunNotStoppable for a run that is over."""
    with transaction.atomic():
        stored = _lock(run)
        if stored.state not in OPEN:
            raise RunNotStoppable
        stored.state, stored.message = State.STOPPED, f"Stopped by {by.display_name}." if by else "Stopped."
        stored.save(update_fields=["state", "message", "updated_at"])
        _record(stored, "stop")
    return stored


def resume_reading(run: ReadingRun, *, by: Membership | None) -> ReadingRun:
    """Go on where a run stopped, broke off or stands still. Raises RunNotStoppable once it is done."""
    with transaction.atomic():
        _lock_runs()
        stored = _lock(run)
        if stored.state == State.DONE:
            raise RunNotStoppable
        if ReadingRun.objects.filter(state__in=OPEN).exclude(pk=stored.pk).exists():
            raise ReadingUnderWay
        stored.state, stored.message, stored.asked_by = State.RUNNING, "", by or stored.asked_by
        stored.save(update_fields=["state", "message", "asked_by", "updated_at"])
        _record(stored, "resume")
        _queue(stored)
    return stored


def read_batch(run_id: int, *, seconds: float = BATCH_S) -> bool:
    """Read on for some seconds; answers whether there is more to read. Twice at once does no harm."""
    ReadingRun.objects.filter(pk=run_id, state=State.WAITING).update(
        state=State.RUNNING, updated_at=timezone.now()
    )
    run = ReadingRun.objects.get(pk=run_id)
    until = time.monotonic() + seconds
    while run.state == State.RUNNING:
        notes = list(notes_to_read(run).filter(pk__gt=run.last_note_id).order_by("pk")[:FETCHED])
        if not notes:
            _finish(run)
            return False
        for note in notes:
            if not _read_one(run, note):
                return False
            if time.monotonic() >= until:
                _queue(run)
                return True
    return False


def notes_to_read(run: ReadingRun) -> QuerySet[VisitNote]:
    """The notes that were there when the run began; newer ones are read as they are written."""
    notes = VisitNote.objects.filter(created_at__lte=run.created_at).exclude(status__in=NOT_READ)
    return notes.only("pk", "ref", "clinic_id", "text", "read_sha256", "read_by", "reading")


def _read_one(run: ReadingRun, note: VisitNote) -> bool:
    """Read one note and move the run on, both or neither; False where another worker did, or it stopped."""
    with transaction.atomic():
        moved = ReadingRun.objects.filter(
            pk=run.pk, state=State.RUNNING, last_note_id=run.last_note_id
        ).update(last_note_id=note.pk, done=F("done") + 1, updated_at=timezone.now())
        if not moved:
            return False
        if not _is_up_to_date(run, note) and not _could_read(note):
            ReadingRun.objects.filter(pk=run.pk).update(failed=F("failed") + 1)
    run.last_note_id = note.pk
    return True


def _is_up_to_date(run: ReadingRun, note: VisitNote) -> bool:
    """Whether this very text was read by this very reader already: a second run costs next to nothing."""
    settled = note.reading in (VisitNote.Reading.DONE, VisitNote.Reading.BY_RULES)
    return settled and note.read_by == run.read_by and note.read_sha256 == sha256_of(note.text)


def _could_read(note: VisitNote) -> bool:
    try:
        with transaction.atomic():
            read_note(note.pk, again=True)
    except Exception as error:
        # One note that breaks the reader must not keep thousands from being read. No word of it is logged.
        logger.error("note %s could not be read again: %s", note.ref, type(error).__name__)
        VisitNote.objects.filter(pk=note.pk).update(reading=VisitNote.Reading.FAILED)
    return not VisitNote.objects.filter(pk=note.pk, reading=VisitNote.Reading.FAILED).exists()


def queue_runs_left() -> int:
    """Let runs go on whose worker or message was lost; answers how many."""
    left = ReadingRun.objects.filter(state__in=OPEN, updated_at__lt=timezone.now() - STALLED_AFTER)
    for run in left:
        ReadingRun.objects.filter(pk=run.pk).update(updated_at=timezone.now())
        _queue(run)
    return len(left)


def _finish(run: ReadingRun) -> None:
    with transaction.atomic():
        ended = ReadingRun.objects.filter(pk=run.pk, state=State.RUNNING, last_note_id=run.last_note_id)
        now = timezone.now()
        if ended.update(state=State.DONE, finished_at=now, updated_at=now):
            _record(run, "done")


def _queue(run: ReadingRun) -> None:
    send_after_commit(READ_BATCH, clinic_id=run.clinic_id, run_id=run.pk)


def _lock(run: ReadingRun) -> ReadingRun:
    return ReadingRun.objects.select_for_update(of=("self",)).get(pk=run.pk)


def _lock_runs() -> None:
    """One run a clinic: whoever asks second waits here for the first."""
    Clinic.objects.select_for_update().get(pk=current_clinic_id())


def _record(run: ReadingRun, purpose: str) -> None:
    record("change", object_type=RUN, object_ref=run.ref, purpose=purpose, detail={"notes": run.total})
