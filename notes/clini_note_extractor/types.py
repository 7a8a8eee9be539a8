"""What is found in a note: spans over the note's own characters, and findings made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Label(StrEnum):
    """What a span names (schema version 1.1)."""

    BODY_REGION = "BODY_REGION"
    LATERALITY = "LATERALITY"
    DIAGNOSIS = "DIAGNOSIS"
    SURGERY = "SURGERY"
    INTERVENTION = "INTERVENTION"
    OUTCOME_MEASURE = "OUTCOME_MEASURE"
    OUTCOME_SCORE = "OUTCOME_SCORE"
    PAIN_LEVEL = "PAIN_LEVEL"
    ROM = "ROM"
    STRENGTH = "STRENGTH"


class Assertion(StrEnum):
    """Whether what a span names is so, for this patient, now."""

    PRESENT = "present"
    NEGATED = "negated"
    HISTORICAL = "historical"
    POSSIBLE = "possible"
    HYPOTHETICAL = "hypothetical"
    FAMILY = "family"


# Labels of which something may be denied, past or only possible; the others are always present.
ASSERTED = frozenset({Label.DIAGNOSIS, Label.SURGERY, Label.INTERVENTION})


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open offsets, in code points of the original text. Raises ValueError unless 0 <= start < end."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"A span needs 0 <= start < end, not {self.start}, {self.end}.")

    def overlaps(self, other: Span) -> bool:
        """True where the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Entity:
    """A mention: where it is, what it names, and whether it is so."""

    span: Span
    label: Label
    assertion: Assertion = Assertion.PRESENT

    @property
    def start(self) -> int:
        """First code point."""
        return self.span.start

    @property
    def end(self) -> int:
        """One past the last code point."""
        return self.span.end

    def to_dict(self) -> dict[str, Any]:
        """The line of a JSONL file: start, end, label, assertion."""
        return {"start": self.start, "end": self.end, "label": self.label.value,
                "assertion": self.assertion.value}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """A note with its entities in reading order."""

    id: str
    text: str
    entities: Sequence[Entity] = ()
