"""Signing: who may, what it needs, what it locks; co-signatures, addenda, entered in error."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from clinic.audit.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from notes import tasks
from notes.errors import (
    CosignerMissing,
    DraftTakenOver,
    NotAwaitingCosignature,
    NoteIsEmpty,
    NoteLocked,
    NotSigned,
    NotYoursToSign,
    ReasonMissing,
    StaleDraft,
    TextsToMerge,
)
from notes.models import Finding, NoteVersion, VisitNote
from notes.note_text import sha256_of
from notes.services import drafts, signing
from notes.services.addenda import add_addendum
from notes.services.attention import review_notes_of_clinic
from patients.models import AttentionReason, CareTeamMember, TimelineEntry
from tests.factories.notes import SOAP_TEXT, make_note, make_signed_note, make_template
from tests.factories.patients import Ward


def stored(note: VisitNote) -> VisitNote:
    return VisitNote.objects.get(pk=note.pk)


def timeline(ward: Ward) -> list[str]:
    entries = TimelineEntry.objects.filter(patient=ward.paul, kind="note").order_by("pk")
    return list(entries.values_list("title", flat=True))


def reasons(ward: Ward) -> dict[str, str]:
    standing = AttentionReason.objects.filter(patient=ward.paul, resolved_at=None, code__startswith="note_")
    return dict(standing.values_list("code", "words"))


def make_finding(note: VisitNote) -> Finding:
    return Finding.objects.create(
        note=note,
        patient=note.patient,
        observed_on=note.occurred_on,
        kind="pain",
        start=0,
        end=4,
        low=4,
        high=4,
        unit="/10",
    )


def test_a_therapist_signs(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora)
    signing.sign_note(note, by=ward.people.nora, revision=1)
    row = stored(note)
    assert (row.status, row.signed_by, row.cosigner) == ("signed", ward.people.nora, None)
    assert row.signed_sha256 == sha256_of(SOAP_TEXT)
    assert row.versions.order_by("-number").first().reason == "signed"
    assert timeline(ward) == ["Visit note: signed"]
    line = AuditEvent.objects.filter(purpose="sign").get()
    assert line.detail == {"sha256": row.signed_sha256, "revision": 1}


def test_only_what_was_looked_at_is_signed(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora)
    drafts.save_draft(note, text="Changed.", revision=1, by=ward.people.nora)
    with pytest.raises(StaleDraft):
        signing.sign_note(note, by=ward.people.nora, revision=1)
    assert stored(note).status == "draft"


def test_nobody_signs_while_somebody_else_writes(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora)
    with pytest.raises(DraftTakenOver):
        signing.sign_note(note, by=ward.people.ola, revision=1)


def test_nobody_signs_over_a_text_that_waits(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora)
    with pytest.raises(StaleDraft):
        drafts.save_draft(note, text="Mine.", revision=0, by=ward.people.nora)
    with pytest.raises(TextsToMerge):
        signing.sign_note(note, by=ward.people.nora, revision=1)
    drafts.settle_version(note, number=2, by=ward.people.nora)
    signing.sign_note(note, by=ward.people.nora, revision=1)
    assert stored(note).status == "signed"


@pytest.mark.parametrize(
    "text", ["", " \n\t\n", "__________\n", "SUBJECTIVE:\n\nObjective\n\u200b\nPLAN:\n__"]
)
def test_a_note_without_words_is_not_signed(ward: Ward, text: str):
    note = make_note(ward.paul, by=ward.people.nora, text=text, template=make_template(ward.people.north))
    with pytest.raises(NoteIsEmpty):
        signing.sign_note(note, by=ward.people.nora, revision=1)


def test_one_word_below_a_heading_is_enough(ward: Ward):
    text = "SUBJECTIVE:\nwell\n"
    note = make_note(ward.paul, by=ward.people.nora, text=text, template=make_template(ward.people.north))
    signing.sign_note(note, by=ward.people.nora, revision=1)
    assert stored(note).status == "signed"


def test_an_assistant_signs_with_a_therapist_of_the_care_team(ward: Ward):
    note = make_note(ward.paul, by=ward.people.ash)
    for wrong in (None, ward.people.ola, ward.people.ash, ward.people.ada, ward.people.paul):
        with pytest.raises(CosignerMissing):
            signing.sign_note(note, by=ward.people.ash, revision=1, cosigner=wrong)
    signing.sign_note(note, by=ward.people.ash, revision=1, cosigner=ward.people.nora)
    assert (stored(note).status, stored(note).cosigner) == ("awaiting", ward.people.nora)
    assert timeline(ward) == ["Visit note: signed, waits for the co-signature"]
    assert "waits for a co-signature since" in reasons(ward)["note_to_cosign"]


def test_an_assistant_signs_their_own_drafts_only(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora)
    drafts.let_go_of_draft(note, by=ward.people.nora)
    with pytest.raises(NotYoursToSign):
        signing.sign_note(note, by=ward.people.ash, revision=1, cosigner=ward.people.nora)


def test_the_cosignature_completes_it(ward: Ward):
    note = make_signed_note(ward.paul, by=ward.people.ash, cosigner=ward.people.nora)
    with pytest.raises(NotYoursToSign):
        signing.cosign_note(note, by=ward.people.ash)
    signing.cosign_note(note, by=ward.people.nora)
    row = stored(note)
    assert (row.status, row.signed_by, row.cosigner) == ("signed", ward.people.ash, ward.people.nora)
    assert row.cosigned_at > row.signed_at
    assert timeline(ward) == ["Visit note: signed"]
    assert reasons(ward) == {}
    with pytest.raises(NotAwaitingCosignature):
        signing.cosign_note(note, by=ward.people.nora)


def test_a_note_is_given_back_instead(ward: Ward):
    note = make_signed_note(ward.paul, by=ward.people.ash, cosigner=ward.people.nora)
    with pytest.raises(ReasonMissing):
        signing.give_back(note, by=ward.people.nora, reason="  ")
    signing.give_back(note, by=ward.people.nora, reason="Say which knee.")
    row = stored(note)
    assert (row.status, row.signed_by, row.signed_at, row.signed_sha256) == ("draft", None, None, "")
    assert row.end_reason == "Say which knee."
    assert row.versions.filter(reason=NoteVersion.Reason.SIGNED).count() == 1
    drafts.save_draft(note, text="Left knee.", revision=1, by=ward.people.ash)
    signing.sign_note(note, by=ward.people.ash, revision=2, cosigner=ward.people.nora)
    assert stored(note).end_reason == ""


def test_a_signed_text_is_locked(ward: Ward):
    note = make_signed_note(ward.paul, by=ward.people.nora)
    for act in (
        lambda: drafts.save_draft(note, text="Other.", revision=1, by=ward.people.nora),
        lambda: drafts.take_over_draft(note, by=ward.people.nora),
        lambda: drafts.discard_draft(note, by=ward.people.nora),
        lambda: drafts.restore_version(note, number=1, by=ward.people.nora),
        lambda: signing.sign_note(note, by=ward.people.nora),
    ):
        with pytest.raises(NoteLocked):
            act()
    assert stored(note).text == SOAP_TEXT


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Other."},
        {"title": "Other"},
        {"status": "draft"},
        {"status": "awaiting"},
        {"occurred_on": timezone.now().date() - timedelta(days=9)},
        {"signed_at": timezone.now()},
        {"signed_sha256": "0" * 64},
        {"status": "error", "text": "Other."},
        {"page_starts": [0, 4]},
    ],
)
def test_the_database_refuses_to_change_what_is_signed(ward: Ward, change: dict):
    note = make_signed_note(ward.paul, by=ward.people.nora)
    with pytest.raises(DatabaseError, match="a signed note is kept as it is"), transaction.atomic():
        VisitNote.objects.filter(pk=note.pk).update(**change)
    assert stored(note).text == SOAP_TEXT


def test_the_database_refuses_to_delete_it_and_its_versions(ward: Ward):
    note = make_signed_note(ward.paul, by=ward.people.nora)
    with (
        pytest.raises(DatabaseError, match="a version of a note is kept"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM notes_noteversion WHERE note_id = %s", [note.pk])
    with (
        pytest.raises(DatabaseError, match="a signed note is kept"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM notes_visitnote WHERE id = %s", [note.pk])
    assert VisitNote.objects.filter(pk=note.pk).exists()


def test_the_database_refuses_to_rewrite_a_version(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora)
    with pytest.raises(DatabaseError, match="a version of a note is kept"), transaction.atomic():
        NoteVersion.objects.filter(note=note).update(text="Other.")


def test_reading_a_signed_note_again_is_allowed(ward: Ward):
    note = make_signed_note(ward.paul, by=ward.people.nora)
    VisitNote.objects.filter(pk=note.pk).update(reading="done", read_by="rules 1", read_sha256="0" * 64)
    assert stored(note).reading == "done"


def test_an_addendum_is_a_note_of_its_own(ward: Ward):
    note = make_signed_note(ward.paul, by=ward.people.nora)
    addendum = add_addendum(note, by=ward.people.nora)
    assert add_addendum(note, by=ward.people.nora).pk == addendum.pk
    assert (addendum.kind, addendum.addendum_to_id, addendum.status, addendum.text) == (
        "addendum",
        note.pk,
        "draft",
        "",
    )
    drafts.save_draft(addendum, text="Right knee, not left.", revision=1, by=ward.people.nora)
    signing.sign_note(addendum, by=ward.people.nora, revision=2)
    assert timeline(ward) == ["Visit note: signed", "Addendum: signed"]
    further = add_addendum(stored(addendum), by=ward.people.nora)
    assert further.addendum_to_id == note.pk
    assert stored(note).text == SOAP_TEXT


def test_only_signed_notes_have_addenda(ward: Ward):
    draft = make_note(ward.paul, by=ward.people.nora)
    with pytest.raises(NotSigned):
        add_addendum(draft, by=ward.people.nora)


def test_a_note_entered_in_error_counts_no_more(ward: Ward):
    note = make_signed_note(ward.paul, by=ward.people.nora)
    addendum = add_addendum(note, by=ward.people.nora)
    drafts.save_draft(addendum, text="More.", revision=1, by=ward.people.nora)
    signing.sign_note(addendum, by=ward.people.nora)
    found = [make_finding(note), make_finding(addendum)]
    with pytest.raises(ReasonMissing):
        signing.mark_entered_in_error(note, by=ward.people.nora, reason="\x00 ")
    signing.mark_entered_in_error(note, by=ward.people.nora, reason="Wrong patient.")
    assert [stored(one).status for one in (note, addendum)] == ["error", "error"]
    assert (stored(note).ended_by, stored(note).end_reason) == (ward.people.nora, "Wrong patient.")
    assert stored(note).text == SOAP_TEXT
    assert all(Finding.objects.get(pk=one.pk).withdrawn_at for one in found)
    assert timeline(ward) == ["Visit note: entered in error", "Addendum: entered in error"]
    with pytest.raises(NotSigned):
        signing.mark_entered_in_error(note, by=ward.people.nora, reason="Again.")


def test_an_assistant_marks_only_what_they_signed(ward: Ward):
    noras = make_signed_note(ward.paul, by=ward.people.nora)
    with pytest.raises(NotYoursToSign):
        signing.mark_entered_in_error(noras, by=ward.people.ash, reason="Wrong.")
    own = make_signed_note(ward.paul, by=ward.people.ash, cosigner=ward.people.nora)
    signing.mark_entered_in_error(own, by=ward.people.ash, reason="Wrong.")
    assert stored(own).status == "error"


def test_an_old_draft_is_a_reason_for_attention_until_it_is_signed(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora)
    review_notes_of_clinic()
    assert reasons(ward) == {}
    VisitNote.objects.filter(pk=note.pk).update(created_at=timezone.now() - timedelta(hours=25))
    assert review_notes_of_clinic() == 1
    assert reasons(ward)["note_unsigned"].startswith("note not signed since ")
    signing.sign_note(note, by=ward.people.nora)
    assert reasons(ward) == {}


def test_a_discarded_draft_is_none(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora)
    VisitNote.objects.filter(pk=note.pk).update(created_at=timezone.now() - timedelta(hours=25))
    review_notes_of_clinic()
    drafts.discard_draft(note, by=ward.people.nora)
    review_notes_of_clinic()
    assert reasons(ward) == {}


def test_a_member_who_left_the_team_is_no_cosigner(ward: Ward):
    note = make_note(ward.paul, by=ward.people.ash)
    CareTeamMember.objects.filter(patient=ward.paul, membership=ward.people.nora).delete()
    with pytest.raises(CosignerMissing):
        signing.sign_note(note, by=ward.people.ash, cosigner=ward.people.nora)


def test_the_beat_judges_each_clinic_in_its_own_scope(ward: Ward, monkeypatch: pytest.MonkeyPatch):
    for patient, by in ((ward.paul, ward.people.nora), (ward.sid, ward.people.sam)):
        note = make_note(patient, by=by)
        with clinic_scope(patient.clinic_id):
            VisitNote.objects.filter(pk=note.pk).update(created_at=timezone.now() - timedelta(hours=25))
    tasks.review_unsigned.apply(kwargs={"clinic_id": ward.people.north.pk}, throw=True)
    assert set(reasons(ward)) == {"note_unsigned"}
    with clinic_scope(ward.people.south.pk):
        assert not AttentionReason.objects.filter(patient=ward.sid, code="note_unsigned").exists()
    asked: list[int] = []
    monkeypatch.setattr(tasks.review_unsigned, "delay", lambda *, clinic_id: asked.append(clinic_id))
    tasks.review_unsigned_everywhere.apply(throw=True)
    assert sorted(asked) == sorted([ward.people.north.pk, ward.people.south.pk])
