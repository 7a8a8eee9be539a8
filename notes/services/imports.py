"""Notes that were written elsewhere: read into a draft, with page starts. The file itself is not kept."""

import hashlib
from datetime import date
from pathlib import PurePath

from django.db import transaction

from clinic.audit import record
from clinic.models import Membership
from notes.errors import AlreadyImported, DayNotPossible, FileNotReadable, NoteLocked
from notes.import_check import visit_day_in
from notes.models import VisitNote
from notes.note_files import ImportedText, NoteFileRefused, read_note_file
from notes.note_text import storable
from notes.services.drafts import NOTE, begin_note, lock_draft
from patients.local_time import local_day
from patients.models import Patient

NAME_LENGTH = 200
ENDED = (VisitNote.Status.DISCARDED, VisitNote.Status.ENTERED_IN_ERROR)
NO_DAY = "The text does not say clearly on which day the visit was, so today is filled in."


def import_note(patient: Patient, *, data: bytes, name: str, by: Membership) -> VisitNote:
    """Read a .txt, .docx or .pdf file into a draft of the patient.

    Raises FileNotReadable with words for the sender, AlreadyImported where the same file is there. Nothing
    is stored then, and of a file that was read only its text.
    """
    digest = hashlib.sha256(data).hexdigest()
    _check_new(patient, digest)
    try:
        read = read_note_file(data)
    except NoteFileRefused as refused:
        raise FileNotReadable(refused.words, refused.cure) from refused
    with transaction.atomic():
        # One after the other: of two that send the same file at once, the second hears that it is there.
        Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
        _check_new(patient, digest)
        return _store(patient, read, digest=digest, name=name, size=len(data), by=by)


def _check_new(patient: Patient, digest: str) -> None:
    there = VisitNote.objects.filter(patient=patient, source_sha256=digest).exclude(status__in=ENDED).first()
    if there is not None:
        raise AlreadyImported(there.ref)


def _store(
    patient: Patient, read: ImportedText, *, digest: str, name: str, size: int, by: Membership
) -> VisitNote:
    today = local_day(patient)
    text = storable(read.text)
    day = visit_day_in(text, latest=today)
    note = begin_note(
        patient, kind=VisitNote.Kind.IMPORTED, template=None, text=text, occurred_on=day or today, by=by
    )
    note.source_name = storable(PurePath(name.replace("\\", "/")).name)[:NAME_LENGTH]
    note.source_format, note.source_sha256 = read.format, digest
    note.page_starts = list(read.page_starts)
    note.source_warnings = [*read.warnings, *([] if day else [NO_DAY])]
    note.save(
        update_fields=[
            "source_name", "source_format", "source_sha256", "page_starts", "source_warnings", "updated_at",
        ]
    )  # fmt: skip
    record(
        "change", patient=patient.pk, object_type=NOTE, object_ref=note.ref, purpose="import",
        detail={"format": read.format, "bytes": size, "pages": len(read.page_starts)},
    )  # fmt: skip
    return note


def set_visit_day(note: VisitNote, *, day: date, by: Membership) -> VisitNote:
    """Put the day of an imported note's visit right. Raises DayNotPossible, NoteLocked."""
    with transaction.atomic():
        stored = lock_draft(note)
        if stored.kind != VisitNote.Kind.IMPORTED:
            raise NoteLocked(stored.status)
        if day > local_day(stored.patient) or day.year < 1900:
            raise DayNotPossible
        stored.occurred_on = day
        stored.source_warnings = [one for one in stored.source_warnings if one != NO_DAY]
        stored.save(update_fields=["occurred_on", "source_warnings", "updated_at"])
        record("change", patient=stored.patient_id, object_type=NOTE, object_ref=stored.ref, purpose="day")
    return stored
