"""Drafts: begun, saved every few seconds, written in by one person at a time, discarded and taken back.

One person holds a draft while their page gives signs of life; everybody's text is kept, whoever comes too
late. An autosave is not logged by field: a line is written when a person begins a stretch of writing.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from notes.errors import (
    MOST_CHARACTERS,
    DayNotPossible,
    DraftTakenOver,
    NotDiscarded,
    NoteLocked,
    NoteTooLong,
    StaleDraft,
    VersionNotFound,
)
from notes.models import NoteTemplate, NoteVersion, VisitNote
from notes.note_text import sha256_of, storable, text_of_sections
from notes.services.fact_moving import move_facts
from notes.services.queueing import queue_reading
from notes.services.versions import (
    begins_a_stretch,
    keep_current,
    keep_refused,
    keep_version,
    takes_much_away,
)
from patients.local_time import local_day
from patients.models import Patient
from sessions.models import TherapySession

NOTE = "notes.VisitNote"
# Three heartbeats of an open editor: after that it is taken for closed.
EDITOR_AWAY = timedelta(seconds=60)
Status, Reason = VisitNote.Status, NoteVersion.Reason


def begin_note(
    patient: Patient,
    *,
    kind: str,
    template: NoteTemplate | None,
    by: Membership,
    session: TherapySession | None = None,
    text: str | None = None,
    occurred_on: date | None = None,
    addendum_to: VisitNote | None = None,
) -> VisitNote:
    """Begin a draft: with the template's headings, or with `text`. Raises NoteTooLong, DayNotPossible."""
    today = local_day(patient)
    day = occurred_on or today
    if day > today:
        raise DayNotPossible
    if text is None:
        text = text_of_sections(template.sections) if template else ""
    text = _checked(text)
    now = timezone.now()
    with transaction.atomic():
        note = VisitNote.objects.create(
            patient=patient,
            session=session,
            template=template,
            addendum_to=addendum_to,
            kind=VisitNote.Kind(kind),
            title=template.title if template else VisitNote.Kind(kind).label,
            occurred_on=day,
            text=text,
            revision=1,
            author=by,
            editor=by,
            editor_seen_at=now,
        )
        keep_version(note, text=text, by=by, reason=Reason.BEGUN)
        record("create", patient=patient.pk, object_type=NOTE, object_ref=note.ref, purpose=kind)
        queue_reading(note)
    return note


def save_draft(note: VisitNote, *, text: str, revision: int, by: Membership) -> VisitNote:
    """Store the text of a draft that was opened at `revision`.

    The same text again changes nothing, so a lost answer may be asked for again. Raises NoteTooLong,
    NoteLocked, StaleDraft when the stored text has moved on, DraftTakenOver when somebody else holds the
    draft; in the last three the refused text is kept as a version.
    """
    text = _checked(text)
    with transaction.atomic():
        stored = lock_note(note)
        if stored.text == text and stored.is_draft:
            if not held_by_other(stored, by=by):
                _hold(stored, by=by)
            return stored
        refusal = _refusal(stored, revision=revision, by=by)
        if refusal is None:
            _store(stored, text=text, by=by)
            return stored
        refusal = _keep_and_tell(stored, refusal, text=text, by=by)
    # Outside of the transaction: the kept text must stay when the error is raised.
    raise refusal


def _refusal(stored: VisitNote, *, revision: int, by: Membership) -> NoteLocked | StaleDraft | None:
    if stored.is_locked:
        return NoteLocked(stored.status)
    if held_by_other(stored, by=by) and stored.editor and stored.editor_seen_at:
        return DraftTakenOver(
            stored.revision, None, editor_name=stored.editor.display_name, seen_at=stored.editor_seen_at
        )
    if stored.revision != revision:
        return StaleDraft(stored.revision, None)
    return None


def _keep_and_tell(
    stored: VisitNote, refusal: NoteLocked | StaleDraft, *, text: str, by: Membership
) -> NoteLocked | StaleDraft:
    """Keep the refused text, unless it is the stored one, and put its number into the error."""
    if text != stored.text:
        kept = keep_refused(stored, text=text, by=by)
        if isinstance(refusal, StaleDraft):
            refusal.kept_version = kept.number
    return refusal


def _store(stored: VisitNote, *, text: str, by: Membership) -> None:
    """Make `text` the draft's. By update: a log line for each autosave would bury the trail."""
    if takes_much_away(stored.text, text):
        keep_current(stored, by=by)
    is_new_stretch = begins_a_stretch(stored, by=by)
    move_facts(stored, old_text=stored.text, new_text=text)
    stored.text, stored.revision = text, stored.revision + 1
    stored.reading = VisitNote.Reading.WAITING
    stored.editor, stored.editor_seen_at = by, timezone.now()
    VisitNote.objects.filter(pk=stored.pk).update(
        text=text,
        revision=stored.revision,
        reading=stored.reading,
        editor=by,
        editor_seen_at=stored.editor_seen_at,
        updated_at=stored.editor_seen_at,
    )
    if is_new_stretch:
        keep_version(stored, text=text, by=by, reason=Reason.SAVED)
        record_change(stored, "write")
    queue_reading(stored)


def hold_draft(note: VisitNote, *, by: Membership) -> VisitNote:
    """A sign of life of an open editor, which takes a draft that nobody else holds: see `editor`."""
    with transaction.atomic():
        stored = lock_note(note)
        if stored.is_draft and not held_by_other(stored, by=by):
            _hold(stored, by=by)
    return stored


def let_go_of_draft(note: VisitNote, *, by: Membership) -> None:
    """The editor was closed: the next person need not wait."""
    held = VisitNote.objects.filter(pk=note.pk, editor=by, status=Status.DRAFT)
    held.update(editor_seen_at=timezone.now() - EDITOR_AWAY)


def take_over_draft(note: VisitNote, *, by: Membership) -> VisitNote:
    """Write here instead of whoever does now; the text as it stands is kept. Raises NoteLocked."""
    with transaction.atomic():
        stored = lock_draft(note)
        if held_by_other(stored, by=by) and stored.editor:
            keep_current(stored, by=stored.editor)
            record_change(stored, "take over")
        _hold(stored, by=by)
    return stored


def held_by_other(note: VisitNote, *, by: Membership, at: datetime | None = None) -> bool:
    """Whether somebody else's editor has this draft open and gave a sign of life lately."""
    if note.editor_id in (None, by.pk) or note.editor_seen_at is None:
        return False
    return note.editor_seen_at > (at or timezone.now()) - EDITOR_AWAY


def _hold(stored: VisitNote, *, by: Membership) -> None:
    stored.editor, stored.editor_seen_at = by, timezone.now()
    VisitNote.objects.filter(pk=stored.pk).update(editor=by, editor_seen_at=stored.editor_seen_at)


def restore_version(note: VisitNote, *, number: int, by: Membership) -> VisitNote:
    """Make an older version the draft's text; the present one is kept. Raises VersionNotFound, NoteLocked."""
    with transaction.atomic():
        stored = lock_draft(note)
        version = NoteVersion.objects.filter(note=stored, number=number).first()
        if version is None:
            raise VersionNotFound
        keep_current(stored, by=by)
        _store(stored, text=version.text, by=by)
        keep_version(stored, text=version.text, by=by, reason=Reason.RESTORED)
        _settle(version)
        record_change(stored, "restore version", version=number)
    return stored


def settle_version(note: VisitNote, *, number: int, by: Membership) -> None:
    """A refused text was looked at and is not wanted; it stays among the versions. Raises VersionNotFound."""
    with transaction.atomic():
        stored = lock_note(note)
        version = NoteVersion.objects.filter(note=stored, number=number, reason=Reason.REFUSED).first()
        if version is None:
            raise VersionNotFound
        _settle(version)
        record_change(stored, "put a text aside", version=number)


def _settle(version: NoteVersion) -> None:
    if version.reason == Reason.REFUSED:
        NoteVersion.objects.filter(pk=version.pk).update(reason=Reason.SETTLED)


def discard_draft(note: VisitNote, *, by: Membership) -> VisitNote:
    """Throw a draft away; it can be taken back. Raises NoteLocked."""
    with transaction.atomic():
        stored = lock_draft(note)
        keep_current(stored, by=by)
        stored.status, stored.ended_at, stored.ended_by = Status.DISCARDED, timezone.now(), by
        stored.save(update_fields=["status", "ended_at", "ended_by", "updated_at"])
        record("delete", patient=stored.patient_id, object_type=NOTE, object_ref=stored.ref, purpose="draft")
    return stored


def restore_draft(note: VisitNote, *, by: Membership) -> VisitNote:
    """Take a discarded draft back. Raises NotDiscarded."""
    with transaction.atomic():
        stored = lock_note(note)
        if stored.status != Status.DISCARDED:
            raise NotDiscarded
        stored.status, stored.ended_at, stored.ended_by = Status.DRAFT, None, None
        stored.save(update_fields=["status", "ended_at", "ended_by", "updated_at"])
        record_change(stored, "take back")
    return stored


def lock_note(note: VisitNote) -> VisitNote:
    """The note's row as stored, locked until the transaction ends.

    Locked first and read then: a row that was waited for comes with its new columns, but with the joined
    rows of before, so that a new editor would be missing.
    """
    VisitNote.objects.select_for_update().values_list("pk", flat=True).get(pk=note.pk)
    return VisitNote.objects.select_related("patient__clinic", "editor", "author", "template").get(pk=note.pk)


def lock_draft(note: VisitNote) -> VisitNote:
    """As `lock_note`. Raises NoteLocked for what is signed or ended."""
    stored = lock_note(note)
    if stored.is_locked:
        raise NoteLocked(stored.status)
    return stored


def text_hash(note: VisitNote) -> str:
    """SHA-256 of the note's text as stored."""
    return sha256_of(note.text)


def _checked(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise NoteTooLong(len(text))
    return storable(text)


def record_change(note: VisitNote, purpose: str, **detail: str | int) -> None:
    """The audit line of a change to a note; `detail` holds no text of it."""
    record(
        "change",
        patient=note.patient_id,
        object_type=NOTE,
        object_ref=note.ref,
        purpose=purpose,
        detail=detail,
    )
