"""CliniNoteExtractor: what a therapy note says, as exact spans and typed findings. No web framework.

Rules (vocabulary, number patterns) and a trained model find spans; assertion and linking are steps of their
own. See docs/science/clini_note_extractor.md before quoting a number.
"""

from notes.clini_note_extractor.corpus import BadCorpus, read_notes, read_texts
from notes.clini_note_extractor.extractor import (
    DEFAULT_SYSTEM,
    LONGEST_NOTE,
    RULES_VERSION,
    Extraction,
    NoteTooLong,
    System,
    extract,
    extract_by_rules,
)
from notes.clini_note_extractor.types import ASSERTED, Assertion, Entity, Label, Note, Span

__all__ = [
    "ASSERTED",
    "DEFAULT_SYSTEM",
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
    "System",
    "extract",
    "extract_by_rules",
    "read_notes",
    "read_texts",
]
