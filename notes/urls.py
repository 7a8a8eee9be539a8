"""Addresses of the pages about notes, below ``/c/<clinic>/``."""

from django.urls import URLPattern

from notes.views.editor import editor_patterns
from notes.views.session_notes import session_patterns

core_patterns: list[URLPattern] = []

clinic_urlpatterns = [
    *core_patterns,
    *editor_patterns,
    *session_patterns,
]
