"""A clinic's choices about how its notes are written."""

from django.db import transaction

from clinic.audit import record
from notes.models import NoteSettings

SETTINGS = "notes.NoteSettings"


def allow_dictation(*, is_allowed: bool) -> NoteSettings:
    """Store what a clinic's admin chose, and write down that they did."""
    with transaction.atomic():
        stored, _ = NoteSettings.objects.select_for_update().get_or_create()
        stored.dictation_allowed = is_allowed
        stored.save()
        record(
            "change",
            object_type=SETTINGS,
            object_ref=stored.ref,
            purpose="allow dictation" if is_allowed else "stop dictation",
        )
    return stored
