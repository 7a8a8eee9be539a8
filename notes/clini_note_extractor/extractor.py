"""The rules half of CliniNoteExtractor: vocabulary, number patterns, exclusion rules, then assertion."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from notes.clini_note_extractor.assertion import assertion_of
from notes.clini_note_extractor.language import foreign_language
from notes.clini_note_extractor.names import Candidate, names_in
from notes.clini_note_extractor.numbers import numbers_in
from notes.clini_note_extractor.phrases import phrases_of
from notes.clini_note_extractor.resolution import resolve
from notes.clini_note_extractor.scores import scores_in
from notes.clini_note_extractor.sections import Layout
from notes.clini_note_extractor.sides import sides_in
from notes.clini_note_extractor.tokens import without_marks
from notes.clini_note_extractor.types import Entity, Label, Span

RULES_VERSION = "1.0"
LONGEST_NOTE = 200_000


class NoteTooLong(ValueError):
    """The text has more characters than a note may have."""

    def __init__(self, characters: int) -> None:
        super().__init__(
            f"The note has {characters:,} characters; up to {LONGEST_NOTE:,} are read. Divide it."
        )
        self.characters = characters


@dataclass(frozen=True, slots=True)
class Extraction:
    """Entities in reading order, canonical names by span, the instrument of each score, and what to tell."""

    entities: tuple[Entity, ...]
    names: dict[Span, str] = field(default_factory=dict)
    instruments: dict[Span, Span] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: entities and warnings, without the note's text."""
        return {
            "system": "rules",
            "version": RULES_VERSION,
            "entities": [entity.to_dict() for entity in self.entities],
            "warnings": list(self.warnings),
        }


def extract_by_rules(text: str) -> Extraction:
    """Entities of one note by rules alone; offsets are those of `text`. Raises NoteTooLong.

    Nothing is extracted from a note that is not in English; a warning says so. Source of the labels and of
    what is excluded:
    annotation guideline 1.1.
    """
    if len(text) > LONGEST_NOTE:
        raise NoteTooLong(len(text))
    language = foreign_language(text)
    if language is not None:
        return Extraction(
            (),
            warnings=(f"This note seems to be in {language}. Only English is read; nothing was extracted.",),
        )
    text = without_marks(text)
    layout = Layout(text)
    phrases = phrases_of(text)
    names = names_in(text, phrases)
    sided = list(sides_in(text, phrases))
    numbers = [Candidate(span, label, -1, -1) for span, label in numbers_in(text, layout)]
    measures = [one for one in resolve(names) if one.label is Label.OUTCOME_MEASURE]
    scores = {span: measure.span for span, measure in scores_in(text, layout, measures)}
    scored = [Candidate(span, Label.OUTCOME_SCORE, -1, -1) for span in scores]
    kept = resolve([*names, *sided, *numbers, *scored])
    entities = tuple(
        Entity(one.span, one.label, assertion_of(text, one.span, one.label, layout))
        for one in kept
        if one.label is not None
    )
    spans = {one.span for one in kept}
    return Extraction(
        entities,
        names={one.span: one.name for one in kept if one.name},
        instruments={span: owner for span, owner in scores.items() if span in spans},
    )
