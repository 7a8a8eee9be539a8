"""What the sentences of a drafted note rest on, where they still stand in the text, and what they open."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from notes.clini_note_extractor.linking import Finding
from notes.fact_merging import ShownFact
from notes.models import NoteBasis, VisitNote
from sessions.models import ExerciseSet, Repetition, TherapySession

ENDED = (VisitNote.Status.DISCARDED, VisitNote.Status.ENTERED_IN_ERROR)
Kind = NoteBasis.Kind


@dataclass(frozen=True, slots=True)
class SentenceAddress:
    """A sentence as drafted (code points of the note's text, half-open) and one thing that it opens."""

    start: int
    end: int
    order: int
    kind: str
    words: str
    address: str


def note_of_session(session: TherapySession) -> VisitNote | None:
    """The note that was begun of this session and neither discarded nor marked as an error."""
    notes = VisitNote.objects.filter(session=session, addendum_to=None).exclude(status__in=ENDED)
    return notes.select_related("patient__clinic").order_by("pk").first()


def addresses_of(note: VisitNote) -> list[SentenceAddress]:
    """Each drafted sentence that stands unchanged in the note's text, with what it opens.

    A sentence that somebody changed is their own and opens nothing. The number of queries does not grow.
    """
    bases = list(NoteBasis.objects.filter(note=note).order_by("order", "pk"))
    there = _still_there(bases)
    found, search_from = [], 0
    places: dict[int, int] = {}
    for basis in bases:
        if basis.order not in places:
            places[basis.order] = _find(note.text, basis.sentence, search_from)
            search_from = max(search_from, places[basis.order] + len(basis.sentence))
        start = places[basis.order]
        if start >= 0:
            address = _address(note, basis, there)
            end = start + len(basis.sentence)
            found.append(SentenceAddress(start, end, basis.order, basis.kind, basis.words, address))
    return sorted(found, key=lambda one: (one.start, one.order))


def own_findings(
    note: VisitNote, text: str, findings: Sequence[Finding], facts: Sequence[ShownFact]
) -> list[Finding]:
    """The values that the note's people wrote. One in a sentence that the draft took from the record, and
    that nobody touched, is in the record already, under the day on which it was measured.
    """
    if not note.drafted_by_rules:
        return list(findings)
    drafted = _drafted_spans(note, text)
    touched = {one.start for one in facts if one.is_decided}
    return [
        one
        for one in findings
        if one.span.start in touched or not any(start <= one.span.start < end for start, end in drafted)
    ]


def _drafted_spans(note: VisitNote, text: str) -> list[tuple[int, int]]:
    """Where drafted sentences stand unchanged in a text of the note, or in a stretch of it."""
    spans, search_from = [], 0
    sentences = NoteBasis.objects.filter(note=note).order_by("order", "pk").values_list("sentence", flat=True)
    for sentence in dict.fromkeys(sentences):
        start = _find(text, sentence, search_from)
        if start >= 0:
            search_from = start + len(sentence)
            spans.append((start, search_from))
    return spans


def _find(text: str, sentence: str, search_from: int) -> int:
    """Where the sentence stands on lines of its own, from a place on or else before it; -1 where nowhere."""
    for begin in (search_from, 0):
        at = text.find(sentence, begin)
        while at >= 0:
            end = at + len(sentence)
            if text[at - 1 : at] in ("", "\n", " ") and text[end : end + 1] in ("", "\n", " "):
                return at
            at = text.find(sentence, at + 1)
    return -1


def _still_there(bases: list[NoteBasis]) -> set[UUID]:
    """The refs of sets and repetitions that still exist: a new analysis makes new repetitions."""
    refs = [basis.object_ref for basis in bases if basis.kind in (Kind.SET, Kind.REPETITION)]
    sets = ExerciseSet.objects.filter(ref__in=refs).values_list("ref", flat=True)
    return set(sets) | set(Repetition.objects.filter(ref__in=refs).values_list("ref", flat=True))


def _address(note: VisitNote, basis: NoteBasis, there: set[UUID]) -> str:
    """The page that shows what a sentence rests on, at the very place."""
    slug, patient = note.patient.clinic.slug, note.patient.ref
    review = basis.within_ref or (basis.object_ref if basis.kind == Kind.SESSION else None)
    if review:
        page = reverse("sessions:review", args=[slug, review])
        return f"{page}{_anchor(basis, there)}"
    if basis.kind == Kind.TEST and basis.object_ref:
        return reverse("sessions:recording", args=[slug, basis.object_ref])
    if basis.kind == Kind.ALERT and basis.object_ref:
        return reverse("patients:alert", args=[slug, basis.object_ref])
    if basis.kind == Kind.TREND:
        return reverse("sessions:movement", args=[slug, patient])
    if basis.kind == Kind.PLAN:
        return f"{reverse('prescriptions:prescription_history', args=[slug, patient])}{_anchor(basis, there)}"
    if basis.kind == Kind.MESSAGE:
        return f"{reverse('patients:patient_messages', args=[slug, patient])}{_anchor(basis, there)}"
    page = reverse("patients:patient", args=[slug, patient])
    return f"{page}#{'pain' if basis.kind == Kind.PAIN else 'sessions-title'}"


def _anchor(basis: NoteBasis, there: set[UUID]) -> str:
    ref = basis.object_ref
    if ref is None or basis.kind == Kind.SESSION:
        return ""
    if basis.kind in (Kind.SET, Kind.REPETITION) and ref not in there:
        return ""
    if basis.kind == Kind.PAIN:
        return "#pain"
    return f"#{basis.kind}-{ref}"
