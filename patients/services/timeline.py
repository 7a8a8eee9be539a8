"""What happened, in one stream. Other apps write here when something of theirs belongs in the record."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from clinic.models import Membership
from patients.models import Patient, TimelineEntry


def add_timeline_entry(
    patient: Patient,
    *,
    kind: str,
    title: str,
    summary: str = "",
    at: datetime | None = None,
    object_kind: str = "",
    object_ref: UUID | None = None,
    by: Membership | None = None,
) -> TimelineEntry:
    """Add a line, or rewrite the one about the same object: a session analysed twice stays one line."""
    said = {"title": title[:200], "summary": summary, "at": at or timezone.now(), "by": by}
    if object_ref is None:
        return TimelineEntry.objects.create(patient=patient, kind=kind, object_kind=object_kind, **said)
    entry, _ = TimelineEntry.objects.update_or_create(
        patient=patient, kind=kind, object_kind=object_kind, object_ref=object_ref, defaults=said
    )
    return entry
