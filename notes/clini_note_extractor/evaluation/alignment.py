"""What went wrong, span by span: what is annotated beside what was found, in its sentence."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from notes.clini_note_extractor.evaluation.scoring import matched_exactly
from notes.clini_note_extractor.types import ASSERTED, Entity, Label, Note, Span

# Dictation often has no line breaks, so that a "sentence" may be a page.
LONGEST_SIDE = 160
SENTENCE_END = re.compile(r"[.!?](?=[\s,])|\n")


class ErrorKind(StrEnum):
    """What is wrong with a span."""

    MISSED = "missed"
    SPURIOUS = "spurious"
    BORDER = "border"
    LABEL = "label"
    LABEL_AND_BORDER = "label and border"
    ASSERTION = "assertion"


@dataclass(frozen=True, slots=True)
class NoteError:
    """One error: the annotated entity, the one found (either may be None), and its sentence.

    `sentence` are offsets in the note, `words` its text. `probability` is the found one's, where known.
    """

    kind: ErrorKind
    note_id: str
    gold: Entity | None
    found: Entity | None
    sentence: Span
    words: str
    probability: float | None = None

    @property
    def label(self) -> Label:
        """The annotated label, or the one found where nothing is annotated."""
        one = self.gold or self.found
        assert one is not None  # noqa: S101 - an error is about at least one entity
        return one.label

    def quoted(self, entity: Entity) -> str:
        """An entity's own words."""
        return self.words[entity.start - self.sentence.start : entity.end - self.sentence.start]


def errors_in(
    note: Note, found: Sequence[Entity], probabilities: Mapping[Span, float] | None = None
) -> list[NoteError]:
    """Errors of one note in reading order; each entity stands in at most one of them."""
    errors = [
        _error(kind, note, gold, one, probabilities or {})
        for kind, gold, one in mismatches(note.entities, found)
    ]
    return sorted(errors, key=lambda error: ((error.gold or error.found).span, error.kind))  # type: ignore[union-attr]


Mismatch = tuple[ErrorKind, Entity | None, Entity | None]
Alike = Callable[[Entity, Entity], bool]
# In this order: what is right in more ways is paired first.
PAIRED: tuple[tuple[ErrorKind, Alike], ...] = (
    (ErrorKind.LABEL, lambda gold, found: gold.span == found.span),
    (ErrorKind.BORDER, lambda gold, found: gold.label is found.label and gold.span.overlaps(found.span)),
    (ErrorKind.LABEL_AND_BORDER, lambda gold, found: gold.span.overlaps(found.span)),
)


def mismatches(gold: Sequence[Entity], found: Sequence[Entity]) -> Iterator[Mismatch]:
    """What went wrong, as kind, annotated and found; in no order."""
    pairs = list(matched_exactly(gold, found))
    for left, right in pairs:
        if left.label in ASSERTED and left.assertion is not right.assertion:
            yield ErrorKind.ASSERTION, left, right
    missed = _without(gold, [left for left, _ in pairs])
    spurious = _without(found, [right for _, right in pairs])
    for kind, alike in PAIRED:
        taken = _pairs(missed, spurious, alike)
        yield from ((kind, left, right) for left, right in taken)
        missed = _without(missed, [left for left, _ in taken])
        spurious = _without(spurious, [right for _, right in taken])
    yield from ((ErrorKind.MISSED, one, None) for one in missed)
    yield from ((ErrorKind.SPURIOUS, None, one) for one in spurious)


def _pairs(missed: Sequence[Entity], spurious: Sequence[Entity], alike: Alike) -> list[tuple[Entity, Entity]]:
    """Each missed one with the first spurious one that overlaps it, is alike and is not taken yet."""
    starts = [one.start for one in spurious]
    longest = max((one.end - one.start for one in spurious), default=0)
    taken: dict[int, Entity] = {}
    for left in missed:
        near = range(bisect_left(starts, left.start - longest), bisect_left(starts, left.end))
        place = next((one for one in near if one not in taken and alike(left, spurious[one])), None)
        if place is not None:
            taken[place] = left
    return [(left, spurious[place]) for place, left in taken.items()]


def _without(entities: Sequence[Entity], taken: Sequence[Entity]) -> list[Entity]:
    places = {id(one) for one in taken}
    return sorted((one for one in entities if id(one) not in places), key=lambda one: one.span)


def _error(
    kind: ErrorKind,
    note: Note,
    gold: Entity | None,
    found: Entity | None,
    probabilities: Mapping[Span, float],
) -> NoteError:
    both = [one for one in (gold, found) if one is not None]
    sentence = sentence_around(note.text, min(one.start for one in both), max(one.end for one in both))
    return NoteError(
        kind, note.id, gold, found, sentence, note.text[sentence.start : sentence.end],
        None if found is None else probabilities.get(found.span),
    )  # fmt: skip


def sentence_around(text: str, start: int, end: int) -> Span:
    """Offsets of the sentence that holds start to end, at most 160 characters further on either side."""
    first, last = max(0, start - LONGEST_SIDE), min(len(text), end + LONGEST_SIDE)
    for one in SENTENCE_END.finditer(text, first, start):
        first = one.end()
    after = SENTENCE_END.search(text, end, last)
    if after:
        last = after.end()
    # Where the limit cut a word in two, the rest of it is left out.
    while first < start and text[first - 1 : first].isalnum() and text[first].isalnum():
        first += 1
    while last > end and text[last : last + 1].isalnum() and text[last - 1].isalnum():
        last -= 1
    while first < start and (text[first].isspace() or text[first] == ","):
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return Span(first, last)
