"""How well a system extracts, measured against annotated notes. No web framework."""

from notes.clini_note_extractor.evaluation.agreement import Agreement, DifferentTexts, agreement_of
from notes.clini_note_extractor.evaluation.alignment import ErrorKind, NoteError, errors_in, sentence_around
from notes.clini_note_extractor.evaluation.calibration import Calibration, calibrate
from notes.clini_note_extractor.evaluation.comparison import compare
from notes.clini_note_extractor.evaluation.error_page import error_page
from notes.clini_note_extractor.evaluation.report import (
    Report,
    calibration_of,
    errors_of,
    evaluate,
    evaluate_extractions,
    only_notes,
)
from notes.clini_note_extractor.evaluation.scoring import Counts, Scored, Way, score_note
from notes.clini_note_extractor.evaluation.words import agreement_text, as_text, comparison_text

__all__ = [
    "Agreement",
    "Calibration",
    "Counts",
    "DifferentTexts",
    "ErrorKind",
    "NoteError",
    "Report",
    "Scored",
    "Way",
    "agreement_of",
    "agreement_text",
    "as_text",
    "calibrate",
    "calibration_of",
    "compare",
    "comparison_text",
    "error_page",
    "errors_in",
    "errors_of",
    "evaluate",
    "evaluate_extractions",
    "only_notes",
    "score_note",
    "sentence_around",
]
