"""What a reader found and what clinicians decided, made one list. Pure functions; offsets are code points."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from notes.clini_note_extractor import ASSERTED, Assertion, Extraction, Label


@dataclass(frozen=True, slots=True)
class Correction:
    """A clinician's word about a stretch of the text: what it names, or that it names nothing.

    `found_as`: what a reader had said, empty for a stretch that a clinician marked. `links`: region, side,
    motion or measure of a value, given by hand.
    """

    start: int
    end: int
    label: str
    assertion: str = "present"
    is_removed: bool = False
    links: dict[str, str] = field(default_factory=dict)
    found_as: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A fact as a page shows it; `is_decided` where a clinician has looked at it."""

    start: int
    end: int
    label: str
    assertion: str
    is_decided: bool = False
    is_marked: bool = False
    probability: float | None = None
    links: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """Who says so, in words."""
        if self.is_marked:
            return "marked by you"
        return "confirmed" if self.is_decided else "found"


def found_facts(extraction: Extraction) -> list[ShownFact]:
    """An extraction's entities as facts that nobody has looked at."""
    return [
        ShownFact(
            one.start,
            one.end,
            one.label.value,
            one.assertion.value,
            probability=extraction.probabilities.get(one.span),
        )
        for one in extraction.entities
    ]


def merge(found: Iterable[ShownFact], corrections: Sequence[Correction]) -> list[ShownFact]:
    """In reading order, none overlapping. A clinician's mark wins where it touches what was found; what was
    taken away stays away, another label over a longer stretch does not.
    """
    kept = [_decided(one) for one in corrections if not one.is_removed]
    kept += [fact for fact in found if not any(_hides(one, fact) for one in corrections)]
    return sorted(kept, key=lambda one: (one.start, one.end))


def valid_assertion(label: str, assertion: str) -> str:
    """The assertion, or "present" where the schema knows no other for this label."""
    known = assertion in set(Assertion) and Label(label) in ASSERTED
    return assertion if known else Assertion.PRESENT.value


def _decided(one: Correction) -> ShownFact:
    return ShownFact(
        one.start,
        one.end,
        one.label,
        one.assertion,
        is_decided=True,
        is_marked=not one.found_as,
        links=one.links,
    )


def _hides(one: Correction, fact: ShownFact) -> bool:
    if one.end <= fact.start or fact.end <= one.start:
        return False
    same_place = (one.start, one.end) == (fact.start, fact.end)
    return not one.is_removed or same_place or one.label == fact.label
