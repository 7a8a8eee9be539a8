"""Spans found against spans annotated, one note at a time.

Strict: same offsets and same label, as seqeval's strict mode and nervaluate's "strict" count. Partial: same
label and an overlap; each
span is used once and an overlap that is not exact counts half, as nervaluate's "partial" does within a
label (MUC-5; Segura-Bedmar et
al., SemEval 2013 task 9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from notes.clini_note_extractor.types import ASSERTED, Assertion, Entity, Label


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
        """Harmonic mean of precision and recall."""
        return 2 * self.credit / (self.gold + self.found) if self.gold + self.found else 0.0


@dataclass(frozen=True, slots=True)
class Scored:
    """One note: counts by label, assertions of the spans that match exactly, and what went wrong."""

    strict: dict[Label, Counts]
    partial: dict[Label, Counts]
    assertions: tuple[tuple[Assertion, Assertion], ...]
    missed: tuple[Entity, ...]
    invented: tuple[Entity, ...]
    misjudged: tuple[tuple[Entity, Entity], ...]


def score_note(gold: Sequence[Entity], found: Sequence[Entity]) -> Scored:
    """Compare what is annotated with what was found. An entity that stands twice counts twice."""
    pairs, missed, invented = _match_exactly(gold, found)
    strict = {
        label: Counts(
            sum(one.label is label for one in gold),
            sum(one.label is label for one in found),
            float(sum(left.label is label for left, _ in pairs)),
        )
        for label in Label
    }
    overlapping = _match_overlaps(missed, invented)
    partial = {
        label: Counts(
            strict[label].gold, strict[label].found,
            strict[label].credit + 0.5 * sum(one.label is label for one in overlapping),
        )
        for label in Label
    }  # fmt: skip
    asserted = [(left, right) for left, right in pairs if left.label in ASSERTED]
    return Scored(
        strict, partial, tuple((left.assertion, right.assertion) for left, right in asserted),
        tuple(missed), tuple(invented),
        tuple((left, right) for left, right in asserted if left.assertion is not right.assertion),
    )  # fmt: skip


def _match_exactly(
    gold: Sequence[Entity], found: Sequence[Entity]
) -> tuple[list[tuple[Entity, Entity]], list[Entity], list[Entity]]:
    waiting: dict[tuple[int, int, Label], list[Entity]] = {}
    for one in found:
        waiting.setdefault((one.start, one.end, one.label), []).append(one)
    pairs, missed = [], []
    for one in sorted(gold, key=lambda entity: entity.span):
        same = waiting.get((one.start, one.end, one.label))
        if same:
            pairs.append((one, same.pop(0)))
        else:
            missed.append(one)
    invented = sorted((one for rest in waiting.values() for one in rest), key=lambda entity: entity.span)
    return pairs, missed, invented


def _match_overlaps(missed: Sequence[Entity], invented: Sequence[Entity]) -> list[Entity]:
    """Annotated entities that an unused one of the same label overlaps, each used once, in reading order."""
    unused = list(invented)
    matched = []
    for one in missed:
        partner = next(
            (other for other in unused if other.label is one.label and other.span.overlaps(one.span)), None
        )
        if partner is not None:
            unused.remove(partner)
            matched.append(one)
    return matched
