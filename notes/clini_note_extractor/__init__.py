"""CliniNoteExtractor: what a therapy note says, as exact spans and typed findings. No web framework.

Only the rules half exists: vocabulary, number patterns, assertion and linking. It was written with five
annotated notes at hand; see docs/science/clini_note_extractor.md before quoting a number.
"""

from notes.clini_note_extractor.corpus import BadCorpus, read_notes, read_texts
from notes.clini_note_extractor.extractor import (
    LONGEST_NOTE,
    RULES_VERSION,
    Extraction,
    NoteTooLong,
    extract_by_rules,
)
from notes.clini_note_extractor.types import ASSERTED, Assertion, Entity, Label, Note, Span

__all__ = [
    "ASSERTED",
    "LONGEST_NOTE",
    "RULES_VERSION",
    "Assertion",
    "BadCorpus",
    "Entity",
    "Extraction",
    "Label",
    "Note",
    "NoteTooLong",
    "Span",
    "extract_by_rules",
    "read_notes",
    "read_texts",
]
