"""How well a system extracts, measured against annotated notes. No web framework."""

from notes.clini_note_extractor.evaluation.comparison import compare
from notes.clini_note_extractor.evaluation.report import Report, evaluate
from notes.clini_note_extractor.evaluation.scoring import Counts, Scored, score_note
from notes.clini_note_extractor.evaluation.words import as_text

__all__ = ["Counts", "Report", "Scored", "as_text", "compare", "evaluate", "score_note"]
