"""Drafts: begun, saved, refused, taken over, discarded and taken back; nobody's text is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinic.audit.models import AuditEvent, FieldChange
from notes.errors import (
    DayNotPossible,
    DraftTakenOver,
    NotDiscarded,
    NoteLocked,
    NoteTooLong,
    StaleDraft,
    VersionNotFound,
)
from notes.models import NoteVersion, VisitNote
from notes.services import drafts
from patients.local_time import local_day
from tests.factories.notes import make_note, make_template
from tests.factories.patients import Ward


def kept(note: VisitNote) -> list[tuple[str, str]]:
    """Reason and text of a note's versions, oldest first."""
    return list(note.versions.order_by("number").values_list("reason", "text"))


def stored(note: VisitNote) -> VisitNote:
    return VisitNote.objects.get(pk=note.pk)


def away(note: VisitNote, seconds: int = 120) -> None:
    """The editor's last sign of life lies back."""
    VisitNote.objects.filter(pk=note.pk).update(editor_seen_at=timezone.now() - timedelta(seconds=seconds))


def test_a_note_begins_with_the_headings_of_its_template(ward: Ward):
    template = make_template(ward.people.north, title="Visit")
    note = drafts.begin_note(ward.paul, kind="soap", template=template, by=ward.people.nora)
    assert note.text == "SUBJECTIVE:\n\n\nOBJECTIVE:\n\n\nASSESSMENT:\n\n\nPLAN:\n"
    assert (note.title, note.revision, note.status) == ("Visit", 1, "draft")
    assert kept(note) == [("begun", note.text)]


def test_a_visit_lies_on_the_patients_day_and_not_in_the_future(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora)
    assert note.occurred_on == local_day(ward.paul)
    with pytest.raises(DayNotPossible):
        make_note(ward.paul, by=ward.people.nora, occurred_on=local_day(ward.paul) + timedelta(days=1))


def test_saving_grows_the_revision_and_asks_for_a_reading(ward: Ward, django_capture_on_commit_callbacks):
    note = make_note(ward.paul, by=ward.people.nora, text="One.")
    VisitNote.objects.filter(pk=note.pk).update(reading="done")
    with django_capture_on_commit_callbacks() as queued:
        saved = drafts.save_draft(note, text="One. Two.", revision=1, by=ward.people.nora)
    assert (saved.text, saved.revision) == ("One. Two.", 2)
    assert (stored(note).text, stored(note).reading, len(queued)) == ("One. Two.", "waiting", 1)


def test_the_same_text_again_changes_nothing(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="One.")
    drafts.save_draft(note, text="Two.", revision=1, by=ward.people.nora)
    again = drafts.save_draft(note, text="Two.", revision=1, by=ward.people.nora)
    assert (again.revision, len(kept(note))) == (2, 1)


@pytest.mark.parametrize(
    ("written", "left", "is_kept"),
    [
        ("Pain 4/10 on stairs. " * 9, "", True),
        ("Pain 4/10 on stairs. " * 9, "Pain 4/10 on stairs. " * 4, True),
        ("Pain 4/10.", "P", True),
        ("Pain 4/10 on stairs. " * 9, "Pain 4/10 on stairs. " * 8, False),
        ("Pain 4/10.", "Pain 4/10. No swelling.", False),
    ],
)
def test_a_text_that_a_slip_wipes_out_is_kept(ward: Ward, written: str, left: str, is_kept: bool):
    """The autosave of a wiped page comes seconds later, long before the next version is due."""
    note = make_note(ward.paul, by=ward.people.nora, text="PLAN:\n")
    drafts.save_draft(note, text=written, revision=1, by=ward.people.nora)
    drafts.save_draft(note, text=left, revision=2, by=ward.people.nora)
    assert (("saved", written) in kept(note)) is is_kept
    assert stored(note).text == left


def test_wiping_again_and_again_keeps_a_text_once(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="PLAN:\n")
    for revision, text in enumerate(("Long text. " * 20, "", "Long text. " * 20, ""), start=1):
        drafts.save_draft(note, text=text, revision=revision, by=ward.people.nora)
    assert [text for _, text in kept(note)].count("Long text. " * 20) == 1


def test_a_late_text_is_refused_and_kept(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="One.")
    drafts.save_draft(note, text="Two.", revision=1, by=ward.people.nora)
    with pytest.raises(StaleDraft) as refused:
        drafts.save_draft(note, text="Another two.", revision=1, by=ward.people.nora)
    assert (refused.value.current_revision, refused.value.kept_version) == (2, 2)
    assert stored(note).text == "Two."
    assert kept(note)[-1] == ("refused", "Another two.")


def test_a_refused_text_that_is_sent_again_is_kept_once(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="One.")
    drafts.save_draft(note, text="Two.", revision=1, by=ward.people.nora)
    for _ in range(3):
        with pytest.raises(StaleDraft):
            drafts.save_draft(note, text="Mine.", revision=1, by=ward.people.nora)
    assert [reason for reason, _ in kept(note)] == ["begun", "refused"]


def test_nobody_writes_where_somebody_else_does(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="One.")
    with pytest.raises(DraftTakenOver) as refused:
        drafts.save_draft(note, text="Ola's.", revision=1, by=ward.people.ola)
    assert (refused.value.editor_name, refused.value.kept_version) == ("Nora", 2)
    assert (stored(note).text, stored(note).editor) == ("One.", ward.people.nora)


def test_a_closed_editor_lets_the_next_person_in(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="One.")
    assert drafts.hold_draft(note, by=ward.people.ola).editor == ward.people.nora
    away(note)
    assert drafts.hold_draft(note, by=ward.people.ola).editor == ward.people.ola
    drafts.let_go_of_draft(note, by=ward.people.ola)
    assert drafts.hold_draft(note, by=ward.people.nora).editor == ward.people.nora


def test_taking_over_keeps_what_was_there_and_refuses_the_other(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="One.")
    drafts.save_draft(note, text="One and more.", revision=1, by=ward.people.nora)
    drafts.take_over_draft(note, by=ward.people.ola)
    assert kept(note)[-1] == ("saved", "One and more.")
    with pytest.raises(DraftTakenOver):
        drafts.save_draft(note, text="One and much more.", revision=2, by=ward.people.nora)
    saved = drafts.save_draft(note, text="Ola's.", revision=2, by=ward.people.ola)
    assert (saved.author, saved.editor) == (ward.people.nora, ward.people.ola)
    assert ("refused", "One and much more.") in kept(note)


def test_an_autosave_is_a_version_once_in_five_minutes_or_for_a_new_person(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="0")
    for number in range(1, 4):
        drafts.save_draft(note, text=str(number), revision=number, by=ward.people.nora)
    assert len(kept(note)) == 1
    away(note)
    drafts.save_draft(note, text="4", revision=4, by=ward.people.ola)
    assert kept(note)[-1] == ("saved", "4")
    assert len(kept(note)) == 2


def test_a_stretch_that_lasts_longer_is_kept_again(ward: Ward, monkeypatch: pytest.MonkeyPatch):
    note = make_note(ward.paul, by=ward.people.nora, text="0")
    monkeypatch.setattr("notes.services.versions.STRETCH", timedelta(0))
    drafts.save_draft(note, text="1", revision=1, by=ward.people.nora)
    assert kept(note) == [("begun", "0"), ("saved", "1")]


@pytest.mark.parametrize("length", [199_999, 200_000])
def test_long_notes_are_stored_to_the_last_character(ward: Ward, length: int):
    note = make_note(ward.paul, by=ward.people.nora, text="")
    drafts.save_draft(note, text="é" * length, revision=1, by=ward.people.nora)
    assert len(stored(note).text) == length


def test_a_longer_one_is_refused_in_words(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="One.")
    with pytest.raises(NoteTooLong, match="at most 200,000 characters; this one has 200,001"):
        drafts.save_draft(note, text="a" * 200_001, revision=1, by=ward.people.nora)
    assert stored(note).text == "One."


@pytest.mark.parametrize("unstorable", ["\x00", "\ud83d", "\ude00"])
def test_what_cannot_be_stored_keeps_its_place(ward: Ward, unstorable: str):
    note = make_note(ward.paul, by=ward.people.nora, text="")
    drafts.save_draft(note, text=f"a{unstorable}b 😀 \u200f°", revision=1, by=ward.people.nora)
    assert stored(note).text == "a\ufffdb 😀 \u200f°"


def test_a_discarded_draft_is_taken_back_whole(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="One.")
    drafts.save_draft(note, text="Two.", revision=1, by=ward.people.nora)
    drafts.discard_draft(note, by=ward.people.nora)
    assert (stored(note).status, kept(note)[-1]) == ("discarded", ("saved", "Two."))
    with pytest.raises(NoteLocked):
        drafts.save_draft(note, text="Three.", revision=2, by=ward.people.nora)
    assert kept(note)[-1] == ("refused", "Three.")
    drafts.restore_draft(note, by=ward.people.nora)
    assert (stored(note).status, stored(note).text, stored(note).ended_at) == ("draft", "Two.", None)
    with pytest.raises(NotDiscarded):
        drafts.restore_draft(note, by=ward.people.nora)


def test_an_older_version_becomes_the_text_and_the_newer_one_stays(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="One.")
    drafts.save_draft(note, text="Two.", revision=1, by=ward.people.nora)
    restored = drafts.restore_version(note, number=1, by=ward.people.nora)
    assert (restored.text, restored.revision) == ("One.", 3)
    assert kept(note) == [("begun", "One."), ("saved", "Two."), ("restored", "One.")]
    with pytest.raises(VersionNotFound):
        drafts.restore_version(note, number=99, by=ward.people.nora)


def test_a_refused_text_is_taken_in_or_put_aside(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="One.")
    for text in ("Mine.", "Mine too."):
        with pytest.raises(StaleDraft):
            drafts.save_draft(note, text=text, revision=0, by=ward.people.nora)
    drafts.restore_version(note, number=2, by=ward.people.nora)
    drafts.settle_version(note, number=3, by=ward.people.nora)
    assert stored(note).text == "Mine."
    assert not note.versions.filter(reason=NoteVersion.Reason.REFUSED).exists()
    with pytest.raises(VersionNotFound):
        drafts.settle_version(note, number=3, by=ward.people.nora)


def test_the_trail_says_what_was_done_and_nothing_that_was_written(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="Zanzibar one.")
    away(note)
    drafts.save_draft(note, text="Zanzibar two.", revision=1, by=ward.people.ola)
    drafts.discard_draft(note, by=ward.people.ola)
    lines = AuditEvent.objects.filter(object_type="notes.VisitNote").order_by("sequence")
    assert [(line.action, line.purpose, line.patients) for line in lines] == [
        ("create", "soap", [ward.paul.pk]),
        ("change", "write", [ward.paul.pk]),
        ("delete", "draft", [ward.paul.pk]),
    ]
    said = [str(line.detail) for line in lines]
    said += [str(change.changes) for change in FieldChange.objects.all()]
    assert not any("Zanzibar" in one for one in said)
    assert any("text" in one for one in said)
