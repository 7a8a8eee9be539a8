"""Notes written elsewhere: the text of .txt, .docx and .pdf files, with page starts. No web framework."""

from notes.note_files.pages import pages_of, place_in
from notes.note_files.reader import format_of, read_note_file
from notes.note_files.types import FORMATS, LIMITS, ImportedText, Limits, NoteFileRefused, Place

__all__ = [
    "FORMATS",
    "LIMITS",
    "ImportedText",
    "Limits",
    "NoteFileRefused",
    "Place",
    "format_of",
    "pages_of",
    "place_in",
    "read_note_file",
]
