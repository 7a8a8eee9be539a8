"""Notes whose reading was lost: a worker was killed, or a message."""

from datetime import timedelta

from django.utils import timezone

from notes.models import VisitNote
from notes.services.queueing import queue_reading

Status = VisitNote.Status
LEFT_AFTER = timedelta(minutes=2)
AT_ONCE = 500


def queue_notes_left() -> int:
    """Queue every note that has waited for more than two minutes; answers how many."""
    waiting = VisitNote.objects.filter(
        reading=VisitNote.Reading.WAITING, updated_at__lt=timezone.now() - LEFT_AFTER
    ).exclude(status__in=(Status.DISCARDED, Status.ENTERED_IN_ERROR))
    left = list(waiting.only("pk", "clinic_id").order_by("pk")[:AT_ONCE])
    for note in left:
        queue_reading(note)
    return len(left)
