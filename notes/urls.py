"""Addresses of the pages about notes, below ``/c/<clinic>/``."""

from notes.views.annotation_data_sets import data_set_patterns
from notes.views.annotation_documents import document_patterns
from notes.views.annotation_marking import marking_patterns
from notes.views.annotation_projects import project_patterns
from notes.views.annotation_settling import settling_patterns
from notes.views.editor import editor_patterns
from notes.views.findings import finding_patterns
from notes.views.imports import import_patterns
from notes.views.model_errors import model_patterns
from notes.views.note_endings import ending_patterns
from notes.views.note_lists import list_patterns
from notes.views.note_pages import note_patterns
from notes.views.note_settings import settings_patterns
from notes.views.notes_file import file_patterns
from notes.views.reading_runs import reading_patterns
from notes.views.session_notes import session_patterns

clinic_urlpatterns = [
    *list_patterns,
    *note_patterns,
    *ending_patterns,
    *file_patterns,
    *settings_patterns,
    *editor_patterns,
    *finding_patterns,
    *model_patterns,
    *import_patterns,
    *reading_patterns,
    *session_patterns,
    *project_patterns,
    *document_patterns,
    *marking_patterns,
    *settling_patterns,
    *data_set_patterns,
]
