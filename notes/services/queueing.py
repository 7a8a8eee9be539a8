"""Work that is handed to the queue after the commit, by name: services know no task modules."""

from typing import Any

from celery import current_app
from django.db import transaction

from clinic.audit.actor import current_actor
from clinic.tenancy.tasks import ACTOR_HEADER, MEMBERSHIP_HEADER
from notes.models import VisitNote

READ_NOTE = "notes.read_note"


def queue_reading(note: VisitNote) -> None:
    """Find the facts in a note's text soon. A lost message is made good by the beat task."""
    send_after_commit(READ_NOTE, clinic_id=note.clinic_id, note_id=note.pk)


def send_after_commit(name: str, *, queue: str = "default", **kwargs: Any) -> None:
    """Send a task once the transaction is stored; the actor goes with it."""
    actor = current_actor()
    headers = {ACTOR_HEADER: actor.user_id, MEMBERSHIP_HEADER: actor.membership_id}
    transaction.on_commit(
        lambda: current_app.send_task(name, kwargs=kwargs, queue=queue, headers=headers), robust=True
    )
