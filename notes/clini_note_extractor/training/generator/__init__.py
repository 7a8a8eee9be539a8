"""Invented, annotated rehabilitation notes for training: composed of frames, and grown from written ones.

Frames and rare names are divided between training and validation by a stable hash, so that a score on the
validation notes is no score on remembered wording. It is still a score on invented notes.
"""

from notes.clini_note_extractor.training.generator.made import Made, corpus_sha256, made_notes, make_notes
from notes.clini_note_extractor.training.written import written_notes

__all__ = ["Made", "corpus_sha256", "made_notes", "make_notes", "written_notes"]
