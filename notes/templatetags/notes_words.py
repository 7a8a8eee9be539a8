"""Where a note is opened, and the list of a page's keys."""

from typing import Any

from django import template
from django.urls import reverse

from notes.models import VisitNote

register = template.Library()


@register.simple_tag
def note_address(note: VisitNote, clinic_slug: str) -> str:
    """A draft opens where it is written, everything else where it is read."""
    page = "notes:edit_note" if note.is_draft else "notes:note"
    return reverse(page, args=[clinic_slug, note.ref])


@register.inclusion_tag("notes/_keys_help.html")
def keys_help(*lines: str) -> dict[str, Any]:
    """A page's shortcuts: each line is "key:words"."""
    return {"keys": [tuple(line.rsplit(":", 1)) for line in lines]}
