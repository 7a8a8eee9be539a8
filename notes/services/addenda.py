"""Addenda: what is added to a signed note, a note of its own that stands with it."""

from django.db import transaction

from clinic.models import Membership
from notes.errors import NotSigned
from notes.models import VisitNote
from notes.services.drafts import begin_note, lock_note

ADDENDUM = VisitNote.Kind.ADDENDUM


def add_addendum(note: VisitNote, *, by: Membership) -> VisitNote:
    """Begin an addendum to a signed note, or go on with the one that this person has begun.

    An addendum to an addendum belongs to the note itself. Raises NotSigned.
    """
    with transaction.atomic():
        stored = lock_note(note.addendum_to if note.addendum_to else note)
        if stored.status != VisitNote.Status.SIGNED:
            raise NotSigned
        begun = stored.addenda.filter(author=by, status=VisitNote.Status.DRAFT).first()
        if begun is not None:
            return begun
        return begin_note(stored.patient, kind=ADDENDUM, template=None, by=by, text="", addendum_to=stored)
