"""One label a character: overlapping candidates are resolved by the guideline's rules."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from notes.clini_note_extractor.names import Candidate
from notes.clini_note_extractor.types import Label

# A longer name beats a shorter one that it overlaps; at the same length the earlier in this list wins.
NAMES = (None, Label.OUTCOME_MEASURE, Label.SURGERY, Label.DIAGNOSIS, Label.INTERVENTION)
VALUES = (Label.OUTCOME_SCORE, Label.PAIN_LEVEL, Label.STRENGTH, Label.ROM)
LAST = (Label.LATERALITY, Label.BODY_REGION)


class Taken:
    """Spans that are given away, kept in order so that a question costs little."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def is_free(self, start: int, end: int) -> bool:
        """True where nothing overlaps."""
        at = bisect_left(self._starts, end)
        return at == 0 or self._ends[at - 1] <= start

    def take(self, start: int, end: int) -> None:
        """Give a span away."""
        at = bisect_left(self._starts, start)
        self._starts.insert(at, start)
        self._ends.insert(at, end)


def resolve(candidates: Iterable[Candidate]) -> list[Candidate]:
    """What remains, in reading order: names before values before sides and regions; places that only block
    are left out.
    """
    taken = Taken()
    kept: list[Candidate] = []
    for one in sorted(candidates, key=_order):
        if taken.is_free(one.span.start, one.span.end):
            taken.take(one.span.start, one.span.end)
            kept.append(one)
    return sorted((one for one in kept if one.label is not None), key=lambda one: one.span)


def _order(one: Candidate) -> tuple[int, int, int, int]:
    length = one.span.end - one.span.start
    if one.label in NAMES:
        return 0, -length, NAMES.index(one.label), one.span.start
    if one.label in VALUES:
        return 1, VALUES.index(one.label), -length, one.span.start
    return 2, LAST.index(one.label) if one.label in LAST else 9, -length, one.span.start
