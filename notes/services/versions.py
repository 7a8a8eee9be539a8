"""Versions of a note's text: added, never changed. Each function runs in its caller's transaction."""

from datetime import timedelta

from django.utils import timezone

from clinic.models import Membership
from notes.models import NoteVersion, VisitNote

Reason = NoteVersion.Reason
# An autosave every five seconds would make thousands of versions of one note.
STRETCH = timedelta(minutes=5)
# A text that a save takes so much away from is kept first, however young its stretch is.
MUCH_CHARACTERS = 100


def keep_version(note: VisitNote, *, text: str, by: Membership, reason: Reason) -> NoteVersion:
    """Add the text under the note's next number; the note's row is locked by the caller."""
    newest = (
        NoteVersion.objects.filter(note=note).order_by("-number").values_list("number", flat=True).first()
    )
    return NoteVersion.objects.create(
        note=note, number=(newest or 0) + 1, text=text, by=by, reason=reason, saved_at=timezone.now()
    )


def keep_current(note: VisitNote, *, by: Membership) -> NoteVersion | None:
    """Keep the note's text as it stands, unless the newest of its versions holds the same."""
    newest = _newest_of_the_text(note)
    if newest is not None and newest.text == note.text:
        return None
    return keep_version(note, text=note.text, by=by, reason=Reason.SAVED)


def begins_a_stretch(note: VisitNote, *, by: Membership) -> bool:
    """Whether this save is kept as a version: another person's first, or the first in five minutes."""
    newest = _newest_of_the_text(note)
    return newest is None or newest.by_id != by.pk or newest.saved_at < timezone.now() - STRETCH


def takes_much_away(old: str, new: str) -> bool:
    """Whether a save would lose work if it were a slip: a hundred characters, or half of a short text."""
    return len(old) - len(new) >= MUCH_CHARACTERS or len(new) < len(old) / 2


def keep_refused(note: VisitNote, *, text: str, by: Membership) -> NoteVersion:
    """Keep a text that could not become the note's; sending the same again keeps it once."""
    waiting = NoteVersion.objects.filter(note=note, by=by, reason=Reason.REFUSED).order_by("-number").first()
    if waiting is not None and waiting.text == text:
        return waiting
    return keep_version(note, text=text, by=by, reason=Reason.REFUSED)


def _newest_of_the_text(note: VisitNote) -> NoteVersion | None:
    versions = NoteVersion.objects.filter(note=note).exclude(reason__in=(Reason.REFUSED, Reason.SETTLED))
    return versions.order_by("-number").first()
