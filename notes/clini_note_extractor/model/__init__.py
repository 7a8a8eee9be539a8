"""The trained half of CliniNoteExtractor, served with onnxruntime and tokenizers, without torch."""

from notes.clini_note_extractor.model.folder import ModelUnusable, released_folder
from notes.clini_note_extractor.model.served import (
    NoteModel,
    Reading,
    ScoredSpan,
    forget_released,
    load_model,
    load_released,
)

__all__ = [
    "ModelUnusable",
    "NoteModel",
    "Reading",
    "ScoredSpan",
    "forget_released",
    "load_model",
    "load_released",
    "released_folder",
]
