"""Spans found against spans annotated, one note at a time, in the four ways of nervaluate.

Strict: same offsets and label (seqeval's strict mode). Exact: same offsets, whatever the label. Partial:
whatever the label, same offsets count one and an overlap one half. Type: same label and an overlap. A label's
own row looks at its spans only: there "exact" is "strict", and "partial" asks for the label. Each span is
used once (MUC-5; Segura-Bedmar et al., SemEval 2013 task 9; nervaluate 1.2).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from notes.clini_note_extractor.types import ASSERTED, Assertion, Entity, Label

# nervaluate asks for an overlap of at least this share of the annotated span.
LEAST_OVERLAP_PCT = 1


class Way(StrEnum):
    """How a span found is credited."""

    STRICT = "strict"
    EXACT = "exact"
    PARTIAL = "partial"
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class Counts:
    """Spans annotated, spans found, and the credit of those that match."""

    gold: int = 0
    found: int = 0
    credit: float = 0.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.gold + other.gold, self.found + other.found, self.credit + other.credit)

    @property
    def precision(self) -> float:
        """Credit a span found; 0 where nothing was found."""
        return self.credit / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Credit a span annotated; 0 where nothing is annotated."""
        return self.credit / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 where there is no span at all."""
        return 2 * self.credit / (self.gold + self.found) if self.gold + self.found else 0.0


@dataclass(frozen=True, slots=True)
class Scored:
    """One note: counts over all labels and by label, and the assertions (annotated, found) of spans that
    match exactly.
    """

    micro: dict[Way, Counts]
    labels: dict[Way, dict[Label, Counts]]
    assertions: tuple[tuple[Assertion, Assertion], ...]


Choice = tuple[int, float]
# Which of the annotated entities that overlap this one it uses up, by place, and for what credit.
Choose = Callable[[Entity, Sequence[Entity]], Choice]


def score_note(gold: Sequence[Entity], found: Sequence[Entity]) -> Scored:
    """Compare what is annotated with what was found. An entity that stands twice counts twice."""
    labels = [one for one in Label if any(entity.label is one for entity in (*gold, *found))]
    by_label = {
        label: ([one for one in gold if one.label is label], [one for one in found if one.label is label])
        for label in labels
    }
    return Scored(
        {way: _counts(gold, found, way) for way in Way},
        {way: {label: _counts(*sides, way) for label, sides in by_label.items()} for way in Way},
        tuple(
            (left.assertion, right.assertion)
            for left, right in matched_exactly(gold, found)
            if left.label in ASSERTED
        ),
    )


def matched_exactly(gold: Sequence[Entity], found: Sequence[Entity]) -> Iterator[tuple[Entity, Entity]]:
    """Pairs of the same offsets and label, in reading order, each entity once."""
    waiting: dict[tuple[int, int, Label], list[Entity]] = {}
    for one in found:
        waiting.setdefault((one.start, one.end, one.label), []).append(one)
    for one in sorted(gold, key=lambda entity: entity.span):
        same = waiting.get((one.start, one.end, one.label))
        if same:
            yield one, same.pop(0)


def _counts(gold: Sequence[Entity], found: Sequence[Entity], way: Way) -> Counts:
    match way:
        case Way.STRICT:
            credit: float = sum(1 for _ in matched_exactly(gold, found))
        case Way.EXACT:
            annotated = Counter(one.span for one in gold)
            credit = (annotated & Counter(one.span for one in found)).total()
        case Way.PARTIAL:
            credit = _overlap_credit(gold, found, _same_borders_first)
        case Way.TYPE:
            credit = _overlap_credit(gold, found, _same_label_first)
    return Counts(len(gold), len(found), float(credit))


def _overlap_credit(gold: Sequence[Entity], found: Sequence[Entity], choose: Choose) -> float:
    """In reading order each entity found uses up one annotated entity that it overlaps."""
    annotated = sorted(gold, key=lambda one: one.span)
    starts = [one.start for one in annotated]
    longest = max((one.end - one.start for one in annotated), default=0)
    used: set[int] = set()
    total = 0.0
    for one in sorted(found, key=lambda entity: entity.span):
        near = range(bisect_left(starts, one.start - longest), bisect_left(starts, one.end))
        free = [place for place in near if place not in used and _overlap_enough(annotated[place], one)]
        if free:
            chosen, credit = choose(one, [annotated[place] for place in free])
            used.add(free[chosen])
            total += credit
    return total


def _overlap_enough(gold: Entity, found: Entity) -> bool:
    shared = min(gold.end, found.end) - max(gold.start, found.start)
    return shared > 0 and 100 * shared >= LEAST_OVERLAP_PCT * (gold.end - gold.start)


def _same_borders_first(found: Entity, free: Sequence[Entity]) -> Choice:
    for place, one in enumerate(free):
        if one.span == found.span:
            return place, 1.0
    return 0, 0.5


def _same_label_first(found: Entity, free: Sequence[Entity]) -> Choice:
    """An entity of another label is used up as well: it was found, under a wrong name."""
    same = [place for place, one in enumerate(free) if one.label is found.label]
    if not same:
        return 0, 0.0
    return min(same, key=lambda place: _distance(free[place], found)), 1.0


def _distance(gold: Entity, found: Entity) -> int:
    return abs(gold.start - found.start) + abs(gold.end - found.end)
