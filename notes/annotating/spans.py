"""Spans as they are stored and sent: offsets in code points, a label, an assertion, where it came from."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from notes.clini_note_extractor import ASSERTED, Assertion, Entity, Label, Span

MOST_SPANS = 20_000
ORIGINS = frozenset({"own", "accepted", "changed", "imported", "agreed", "a", "b"})
Row = dict[str, Any]


class SpansWrong(ValueError):
    """Spans that cannot be stored. `place` counts from 1; the words hold no note text."""

    def __init__(self, place: int, words: str) -> None:
        super().__init__(f"Span {place}: {words}" if place else words)
        self.place, self.words = place, words


@dataclass(frozen=True, slots=True)
class Marked:
    """One span with its origin; what the page prints and what is stored."""

    start: int
    end: int
    label: str
    assertion: str = Assertion.PRESENT.value
    origin: str = "own"

    @property
    def key(self) -> tuple[int, int, str, str]:
        """What makes two people's spans the same."""
        return self.start, self.end, self.label, self.assertion

    def to_row(self) -> Row:
        """As it is stored."""
        return {"start": self.start, "end": self.end, "label": self.label, "assertion": self.assertion,
                "origin": self.origin}  # fmt: skip

    def to_entity(self) -> Entity:
        """As the evaluation takes it."""
        return Entity(Span(self.start, self.end), Label(self.label), Assertion(self.assertion))

    def overlaps(self, other: "Marked") -> bool:
        """True where the two share a character."""
        return self.start < other.end and other.start < self.end


def stored_spans(rows: Iterable[Mapping[str, Any]]) -> list[Marked]:
    """Spans that the server has checked before."""
    return [
        Marked(
            row["start"], row["end"], row["label"], row.get("assertion", "present"), row.get("origin", "own")
        )
        for row in rows
    ]


def of_entities(entities: Iterable[Entity], *, origin: str) -> list[Marked]:
    """Spans of an extraction or of a file."""
    return [Marked(one.start, one.end, one.label.value, one.assertion.value, origin) for one in entities]


def read_spans(rows: object, *, text: str) -> list[Marked]:
    """Spans that somebody sent, in reading order: within the text, trimmed, none empty, none overlapping.

    Labels that nothing can be denied of are "present" whatever was sent. Raises SpansWrong.
    """
    if not isinstance(rows, list) or len(rows) > MOST_SPANS:
        raise SpansWrong(0, f"Up to {MOST_SPANS:,} spans can be stored for one text.")
    found = sorted(
        (_read(place, row, text) for place, row in enumerate(rows, start=1)), key=lambda one: one.start
    )
    for left, right in pairwise(found):
        if left.overlaps(right):
            raise SpansWrong(0, f"Two spans overlap at character {right.start}. Keep one of them.")
    return found


def read_rejected(rows: object) -> list[Row]:
    """Refused proposals that somebody sent. Raises SpansWrong."""
    if not isinstance(rows, list) or len(rows) > MOST_SPANS:
        raise SpansWrong(0, f"Up to {MOST_SPANS:,} proposals can be refused.")
    for place, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping) or not _is_place(row.get("start"), row.get("end")):
            raise SpansWrong(place, "This names no proposal.")
        # Stored as JSON, which takes no NUL and no half a character.
        if not isinstance(row.get("label"), str) or row["label"] not in Label.__members__:
            raise SpansWrong(place, "Its label is unknown.")
    return [{"start": row["start"], "end": row["end"], "label": row["label"]} for row in rows]


def undecided(
    proposals: Sequence[Mapping[str, Any]], *, spans: Iterable[Marked], rejected: Iterable[Mapping[str, Any]]
) -> list[Marked]:
    """Proposals that were neither refused nor met by a span of the annotator's own, in reading order."""
    kept = sorted((one.start, one.end) for one in spans)
    refused = {(row["start"], row["end"], row["label"]) for row in rejected}
    return [
        one
        for one in stored_spans(proposals)
        if (one.start, one.end, one.label) not in refused and not _meets(one, kept)
    ]


def _meets(one: Marked, kept: Sequence[tuple[int, int]]) -> bool:
    """Whether a proposal overlaps one of the spans, which are in order and overlap nowhere."""
    at = bisect_left(kept, (one.end,)) - 1
    return at >= 0 and kept[at][1] > one.start


def _read(place: int, row: object, text: str) -> Marked:
    if not isinstance(row, Mapping):
        raise SpansWrong(place, "This is no span.")
    start: Any = row.get("start")
    end: Any = row.get("end")
    label = row.get("label")
    if not _is_place(start, end) or end > len(text):
        raise SpansWrong(place, f"It has no place in the text of {len(text):,} characters.")
    if not isinstance(label, str) or label not in Label.__members__:
        raise SpansWrong(place, "Its label is unknown.")
    start, end = trimmed(text, start, end)
    if start >= end:
        raise SpansWrong(place, "It holds nothing but blanks.")
    return Marked(start, end, label, _assertion(place, row, label), _origin(row))


def _assertion(place: int, row: Mapping[str, Any], label: str) -> str:
    said = row.get("assertion", Assertion.PRESENT.value)
    if not isinstance(said, str) or said not in list(Assertion):
        raise SpansWrong(place, "It is unknown whether it is so.")
    return said if Label(label) in ASSERTED else Assertion.PRESENT.value


def _origin(row: Mapping[str, Any]) -> str:
    origin = row.get("origin")
    return origin if isinstance(origin, str) and origin in ORIGINS else "own"


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The same span without blanks at its ends."""
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), end - (len(inner) - len(inner.rstrip()))


def _is_place(start: Any, end: Any) -> bool:
    whole = all(isinstance(one, int) and not isinstance(one, bool) for one in (start, end))
    return whole and 0 <= start < end
