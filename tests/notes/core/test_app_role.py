"""What everyday work may do with notes, as the database role that it runs as."""

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from notes.models import NoteVersion, VisitNote
from notes.services import drafts, signing
from tests.factories.notes import make_note
from tests.factories.patients import Ward


def test_a_note_is_written_signed_and_then_locked(ward: Ward, as_app_role):
    note = make_note(ward.paul, by=ward.people.nora, text="One.")
    with as_app_role():
        drafts.save_draft(note, text="Pain 4/10.", revision=1, by=ward.people.nora)
        signing.sign_note(note, by=ward.people.nora, revision=2)
        for change in (
            lambda: VisitNote.objects.filter(pk=note.pk).update(text="Other."),
            lambda: NoteVersion.objects.filter(note=note).update(text="Other."),
        ):
            with pytest.raises(DatabaseError, match="is kept as it is"), transaction.atomic():
                change()
    assert VisitNote.objects.get(pk=note.pk).text == "Pain 4/10."


def test_another_clinics_note_is_not_there(ward: Ward, as_app_role):
    theirs = make_note(ward.sid, by=ward.people.sam, text="Theirs.")
    with as_app_role():
        assert not VisitNote.objects.filter(pk=theirs.pk).exists()
        assert VisitNote.objects.filter(pk=theirs.pk).update(text="Ours.") == 0
