"""A note's facts and findings as pages show them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from notes.clini_note_extractor import Extraction
from notes.fact_merging import Correction, ShownFact, merge
from notes.finding_words import say_line
from notes.models import Finding, NoteFact, VisitNote
from notes.note_text import sha256_of
from notes.reading import reader_for_clinic

State, Origin = NoteFact.State, NoteFact.Origin
# A page reads a text anew while somebody waits for it; a longer one is read by the worker only.
LONGEST_READ_AT_ONCE = 20_000


def facts_of(note: VisitNote) -> list[ShownFact]:
    """What is stored with the note, in reading order, none overlapping: found ones below clinicians' own."""
    rows = list(NoteFact.objects.filter(note=note))
    found = [_found(row) for row in rows if row.decided_by_id is None and row.state != State.REMOVED]
    return merge(found, [as_correction(row) for row in rows if row.decided_by_id is not None])


def corrections_of(note: VisitNote) -> list[Correction]:
    """What clinicians said about stretches of the text."""
    return [as_correction(row) for row in NoteFact.objects.filter(note=note, decided_by__isnull=False)]


def as_correction(row: NoteFact) -> Correction:
    return Correction(
        row.start,
        row.end,
        row.label,
        row.assertion,
        is_removed=row.state == State.REMOVED,
        links=row.links,
        found_as=row.found_as,
    )


def _found(row: NoteFact) -> ShownFact:
    return ShownFact(row.start, row.end, row.label, row.assertion, probability=row.probability)


def is_read(note: VisitNote) -> bool:
    """Whether the stored facts are those of the text as it stands."""
    return bool(note.read_sha256) and note.read_sha256 == sha256_of(note.text)


def names_read(text: str) -> Extraction:
    """The reader's names for a text; a long one keeps its values but is not read again."""
    return reader_for_clinic().extract(text) if len(text) <= LONGEST_READ_AT_ONCE else Extraction(())


def findings_of(note: VisitNote) -> QuerySet[Finding]:
    """The values kept when the note was signed, in reading order."""
    return Finding.objects.filter(note=note, withdrawn_at__isnull=True).order_by("start")


def findings_line(note: VisitNote) -> str:
    """The note's findings in a line for the timeline; goals are no findings."""
    return say_line(_measured(findings_of(note)))


def _measured(findings: Iterable[Finding]) -> list[Finding]:
    return [one for one in findings if not one.is_goal]
