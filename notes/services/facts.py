"""Facts in notes: read after each save, kept when the note is signed.

Rows that a clinician decided on (`decided_by`) are theirs; all others are what was read last.
"""

from collections.abc import Sequence

from django.db import transaction

from notes.clini_note_extractor import Extraction, NoteTooLong, extract_by_rules
from notes.clini_note_extractor.linking import Finding as FoundFinding
from notes.fact_findings import findings_of_facts
from notes.fact_merging import found_facts
from notes.models import Finding, NoteFact, VisitNote
from notes.note_text import sha256_of
from notes.reading import BY_RULES, Reader, reader_for_clinic
from notes.selectors.basis import own_findings
from notes.selectors.facts import LONGEST_READ_AT_ONCE, facts_of, is_read
from notes.services.drafts import lock_note

State, Reading = NoteFact.State, VisitNote.Reading
WARNING_LENGTH = 300


def read_note(note_id: int, *, again: bool = False) -> bool:
    """Read a note's text and store its facts; answers whether anything was read.

    The same text is read once, unless `again`. Killed half-way it leaves the note waiting. A text that
    changed meanwhile waits for its own reading.
    """
    note = VisitNote.objects.filter(pk=note_id).first()
    if note is None or note.status in (VisitNote.Status.DISCARDED, VisitNote.Status.ENTERED_IN_ERROR):
        return False
    if is_read(note) and not again:
        VisitNote.objects.filter(pk=note.pk, reading=Reading.WAITING, text=note.text).update(
            reading=_state_of(note.read_by)
        )
        return False
    reader = reader_for_clinic()
    try:
        extraction = reader.extract(note.text)
    except NoteTooLong:
        VisitNote.objects.filter(pk=note.pk).update(
            reading=Reading.FAILED, reading_warning="This note is too long to be read. Divide it."
        )
        return False
    return store_facts(note, extraction, reader=reader)


def store_facts(note: VisitNote, extraction: Extraction, *, reader: Reader) -> bool:
    """Replace what was read before; clinicians' corrections stay. False when the text has changed.

    In a signed note what was kept stays too: new mentions beside it are proposed, and make no findings.
    """
    with transaction.atomic():
        stored = lock_note(note)
        if stored.text != note.text:
            return False
        if stored.is_locked:
            _propose_beside_kept(stored, extraction)
        else:
            NoteFact.objects.filter(note=stored, decided_by__isnull=True).delete()
            _propose(stored, extraction, beside=[])
        _mark_read(stored, extraction, reader)
    return True


def _propose_beside_kept(stored: VisitNote, extraction: Extraction) -> None:
    NoteFact.objects.filter(note=stored, state=State.PROPOSED).delete()
    _propose(stored, extraction, beside=list(NoteFact.objects.filter(note=stored)))


def _propose(stored: VisitNote, extraction: Extraction, *, beside: Sequence[NoteFact]) -> None:
    NoteFact.objects.bulk_create(
        NoteFact(
            note=stored,
            start=fact.start,
            end=fact.end,
            label=fact.label,
            assertion=fact.assertion,
            probability=fact.probability,
        )
        for fact in found_facts(extraction)
        if not any(row.start < fact.end and fact.start < row.end for row in beside)
    )


def _mark_read(stored: VisitNote, extraction: Extraction, reader: Reader) -> None:
    warnings = [*extraction.warnings, reader.warning] if reader.warning else list(extraction.warnings)
    VisitNote.objects.filter(pk=stored.pk).update(
        reading=Reading.BY_RULES if reader.is_by_rules else Reading.DONE,
        read_sha256=sha256_of(stored.text),
        read_by=reader.version[:80],
        reading_warning=" ".join(warnings)[:WARNING_LENGTH],
    )


def _state_of(read_by: str) -> str:
    return Reading.BY_RULES if read_by == BY_RULES else Reading.DONE


def keep_facts(note: VisitNote) -> list[Finding]:
    """At signing, in its transaction: what was shown is confirmed, and its values become findings.

    A text that no worker has read yet is read now, a long one by rules alone, and that is said.
    """
    extraction, reader = _reading_for_signing(note)
    if not is_read(note):
        NoteFact.objects.filter(note=note, decided_by__isnull=True).delete()
        _propose(note, extraction, beside=[])
        _mark_read(note, extraction, reader)
    shown = facts_of(note)
    places = {(one.start, one.end, one.label) for one in shown}
    hidden = [
        row.pk
        for row in NoteFact.objects.filter(note=note, decided_by__isnull=True)
        if (row.start, row.end, row.label) not in places
    ]
    NoteFact.objects.filter(pk__in=hidden).delete()
    NoteFact.objects.filter(note=note, state=State.PROPOSED).update(state=State.CONFIRMED)
    found = findings_of_facts(note.text, shown, extraction)
    return _store_findings(note, own_findings(note, note.text, found, shown))


def _reading_for_signing(note: VisitNote) -> tuple[Extraction, Reader]:
    reader = reader_for_clinic()
    if len(note.text) <= LONGEST_READ_AT_ONCE:
        return reader.extract(note.text), reader
    return extract_by_rules(note.text), Reader(
        BY_RULES,
        fell_back=False,
        warning="A long note, read by rules when it was signed.",
        read=extract_by_rules,
    )


def _store_findings(note: VisitNote, findings: Sequence[FoundFinding]) -> list[Finding]:
    """A score of no instrument says nothing over time: it stays a mark in the note."""
    Finding.objects.filter(note=note).delete()
    kept = (one for one in findings if one.kind != Finding.Kind.SCORE or one.measure)
    return Finding.objects.bulk_create(_finding_row(note, one) for one in kept)


def _finding_row(note: VisitNote, found: FoundFinding) -> Finding:
    return Finding(
        note=note,
        patient_id=note.patient_id,
        observed_on=note.occurred_on,
        kind=found.kind,
        start=found.span.start,
        end=found.span.end,
        low=found.low,
        high=found.high,
        unit=found.unit,
        out_of=found.out_of,
        region=found.region[:60],
        side=found.side[:12],
        motion=found.motion[:60],
        measure=found.measure[:80],
        icf_code=found.icf_code,
        is_goal=found.goal,
    )


def release_facts(note: VisitNote) -> None:
    """A note that was given back before its co-signature: its values are no findings yet."""
    Finding.objects.filter(note=note).delete()
    NoteFact.objects.filter(note=note, decided_by__isnull=True).update(state=State.PROPOSED)
