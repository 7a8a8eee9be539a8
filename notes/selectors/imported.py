"""An imported note as its page shows it: page by page, with the place of each fact, and what does not fit."""

from dataclasses import dataclass

from django.db.models import QuerySet

from notes.fact_merging import ShownFact
from notes.import_check import Doubt, doubts_about
from notes.label_words import LABELS
from notes.marked_text import Piece, marked_pieces
from notes.models import NoteVersion, VisitNote
from notes.note_files import pages_of, place_in
from notes.selectors.facts import facts_of
from patients.models import Patient

SHOWN = 20


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """One page of the file, cut into marked and plain pieces."""

    number: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class PlacedFact:
    """A fact with the place in the file at which it stands."""

    text: str
    label: str
    css: str
    start: int
    place: str


@dataclass(frozen=True, slots=True)
class PlacedDoubt:
    """What does not fit the patient, where it stands, and its own words."""

    quoted: str
    words: str
    place: str


@dataclass(frozen=True, slots=True)
class ImportedNote:
    """`is_as_read`: the text is still the file's; only then do pages and places hold."""

    note: VisitNote
    is_as_read: bool
    pages: tuple[ImportedPage, ...]
    facts: tuple[PlacedFact, ...]
    doubts: tuple[PlacedDoubt, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether its facts are still being found."""
        return self.note.reading == VisitNote.Reading.WAITING


def imported_note_of(note: VisitNote) -> ImportedNote:
    """Everything that the page of an imported note shows; a number of queries that does not grow."""
    patient = note.patient
    first = NoteVersion.objects.filter(note=note, number=1).values_list("text", flat=True).first()
    as_read = first == note.text
    starts: list[int] = note.page_starts if as_read and note.page_starts else [0]
    facts = facts_of(note)
    doubts = doubts_about(
        note.text,
        given_name=patient.given_name,
        family_name=patient.family_name,
        birth_date=patient.birth_date,
    )
    return ImportedNote(
        note=note,
        is_as_read=as_read,
        pages=tuple(_pages(note.text, starts, facts)),
        facts=tuple(_placed(note.text, starts, fact) for fact in facts),
        doubts=tuple(_doubt(note.text, starts, one) for one in doubts),
    )


@dataclass(frozen=True, slots=True)
class _OnPage:
    """A fact with offsets of its page."""

    start: int
    end: int
    label: str
    assertion: str


def _pages(text: str, starts: list[int], facts: list[ShownFact]) -> list[ImportedPage]:
    pages, begin = [], 0
    for number, page in enumerate(pages_of(text, starts), start=1):
        end = begin + len(page)
        here = [
            _OnPage(one.start - begin, one.end - begin, one.label, one.assertion)
            for one in facts
            if begin <= one.start and one.end <= end
        ]
        pages.append(ImportedPage(number, tuple(marked_pieces(page, here))))
        begin = end
    return pages


def _placed(text: str, starts: list[int], fact: ShownFact) -> PlacedFact:
    label = LABELS[fact.label]
    place = place_in(starts, fact.start, fact.end).words
    return PlacedFact(text[fact.start : fact.end], label.name, label.css, fact.start, place)


def _doubt(text: str, starts: list[int], one: Doubt) -> PlacedDoubt:
    return PlacedDoubt(text[one.start : one.end], one.words, place_in(starts, one.start, one.end).words)


def imported_notes_of(patient: Patient) -> QuerySet[VisitNote]:
    """What was imported for a patient, newest first."""
    notes = VisitNote.objects.filter(patient=patient, kind=VisitNote.Kind.IMPORTED)
    return notes.exclude(status=VisitNote.Status.DISCARDED).order_by("-pk")[:SHOWN]
