"""Files become drafts of the right patient, once, and nothing of a file stays that was not read."""

import logging
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from notes.errors import AlreadyImported, DayNotPossible, FileNotReadable
from notes.models import VisitNote
from notes.selectors.imported import imported_note_of
from notes.services.drafts import discard_draft, save_draft
from notes.services.facts import read_note
from notes.services.imports import NO_DAY, import_note, set_visit_day
from patients.local_time import local_day
from sessions.body_limit import LARGEST_OTHER_BYTES, limit_for
from tests.factories.patients import Ward, make_ward
from tests.notes.imports.made_files import make_pdf, note_docx
from tests.people import make_people

FIRST = ["Patient: John Smith", "Date of visit: 3 November 2025"]
SECOND = ["OBJECTIVE: left knee flexion 0 to 95 degrees."]


@pytest.fixture
def ward(db: None) -> Ward:
    return make_ward(make_people())


def _import(ward: Ward, data: bytes, name: str = "old note.pdf") -> VisitNote:
    with clinic_scope(ward.paul.clinic_id):
        return import_note(ward.paul, data=data, name=name, by=ward.people.nora)


def _pdf(name: str = "note.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make_pdf(FIRST, SECOND))


def test_a_file_becomes_a_draft_with_its_pages(ward: Ward) -> None:
    note = _import(ward, make_pdf(FIRST, SECOND), name="C:\\notes\\old note.pdf")
    assert (note.kind, note.status, note.source_format) == ("imported", "draft", "pdf")
    assert (note.source_name, note.occurred_on) == ("old note.pdf", date(2025, 11, 3))
    assert note.page_starts == [0, note.text.index("OBJECTIVE")]
    assert NO_DAY not in note.source_warnings


def test_each_fact_has_its_place_in_the_file(ward: Ward) -> None:
    note = _import(ward, make_pdf(FIRST, SECOND))
    with clinic_scope(note.clinic_id):
        read_note(note.pk)
        note.refresh_from_db()
        shown = imported_note_of(note)
    places = {fact.text: fact.place for fact in shown.facts}
    start = SECOND[0].index("0 to 95 degrees") + 1
    assert places["0 to 95 degrees"] == f"page 2, characters {start}–{start + 14}"
    assert ["".join(piece.text for piece in page.pieces) for page in shown.pages] == [
        "\n".join(FIRST) + "\n",
        SECOND[0] + "\n",
    ]
    assert [one.quoted for one in shown.doubts] == ["John Smith"]


def test_places_hold_only_while_the_text_is_the_files(ward: Ward) -> None:
    note = _import(ward, make_pdf(FIRST, SECOND))
    with clinic_scope(note.clinic_id):
        changed = save_draft(note, text="Added. " + note.text, revision=note.revision, by=ward.people.nora)
        shown = imported_note_of(changed)
    assert (shown.is_as_read, len(shown.pages)) == (False, 1)


def test_the_same_file_is_imported_once_a_patient(ward: Ward) -> None:
    # Made once: a second one would carry another moment in its archive.
    file = note_docx()
    first = _import(ward, file, name="a.docx")
    with pytest.raises(AlreadyImported) as known:
        _import(ward, file, name="b.docx")
    assert known.value.note_ref == first.ref
    with clinic_scope(ward.paul.clinic_id):
        import_note(ward.petra, data=file, name="a.docx", by=ward.people.nora)
        discard_draft(first, by=ward.people.nora)
    assert _import(ward, file).pk != first.pk


def test_a_refused_file_leaves_nothing_and_logs_nothing(ward: Ward, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(FileNotReadable, match="scan"):
        _import(ward, make_pdf([]))
    with pytest.raises(FileNotReadable, match="damaged"):
        _import(ward, b"%PDF-1.7 secret words")
    with clinic_scope(ward.paul.clinic_id):
        assert not VisitNote.objects.exists()
    assert "secret words" not in caplog.text


def test_a_text_without_a_day_says_that_today_is_filled_in(ward: Ward) -> None:
    note = _import(ward, b"Pain 4/10.", name="note.txt")
    assert note.occurred_on == local_day(ward.paul)
    assert NO_DAY in note.source_warnings
    with clinic_scope(note.clinic_id):
        stored = set_visit_day(note, day=date(2024, 2, 29), by=ward.people.nora)
        assert (stored.occurred_on, stored.source_warnings) == (date(2024, 2, 29), [])
        with pytest.raises(DayNotPossible):
            set_visit_day(note, day=local_day(ward.paul) + timedelta(days=1), by=ward.people.nora)


def test_sending_one_file_leads_to_what_was_read(ward: Ward, signed_in: Any) -> None:
    page = reverse("notes:import_note", args=["north", ward.paul.ref])
    browser = signed_in(ward.people.nora)
    assert "Upload and read" in browser.get(page).content.decode()
    answer = browser.post(page, {"files": [_pdf()]})
    with clinic_scope(ward.paul.clinic_id):
        note = VisitNote.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("notes:imported_note", args=["north", note.ref]),
    )


def test_several_files_are_each_told(ward: Ward, signed_in: Any) -> None:
    page = reverse("notes:import_note", args=["north", ward.paul.ref])
    files = [_pdf(), SimpleUploadedFile("scan.pdf", make_pdf([])), _pdf("again.pdf")]
    answer = signed_in(ward.people.nora).post(page, {"files": files})
    outcomes = answer.context["outcomes"]
    assert answer.status_code == 200
    assert [(bool(one.note), "scan" in one.words, "before" in one.words) for one in outcomes] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
    with clinic_scope(ward.paul.clinic_id):
        assert VisitNote.objects.count() == 1


def test_no_file_and_too_many_files_are_refused(ward: Ward, signed_in: Any) -> None:
    page = reverse("notes:import_note", args=["north", ward.paul.ref])
    browser = signed_in(ward.people.nora)
    assert browser.post(page, {}).status_code == 400
    many = [SimpleUploadedFile(f"{number}.txt", b"Pain") for number in range(11)]
    assert "at most 10 files" in browser.post(page, {"files": many}).content.decode()
    with clinic_scope(ward.paul.clinic_id):
        assert not VisitNote.objects.exists()


def test_only_the_care_team_imports_and_looks(ward: Ward, signed_in: Any) -> None:
    note = _import(ward, make_pdf(FIRST, SECOND))
    form = reverse("notes:import_note", args=["north", ward.paul.ref])
    look = reverse("notes:imported_note", args=["north", note.ref])
    day = reverse("notes:set_visit_day", args=["north", note.ref])
    for name, expected in (("ola", 403), ("ada", 403), ("paul", 403), ("sam", 404)):
        browser = signed_in(getattr(ward.people, name))
        answers = [
            browser.get(form),
            browser.post(form, {"files": [SimpleUploadedFile("x.txt", b"Pain")]}),
            browser.get(look),
            browser.post(day, {"occurred_on": "2025-01-01"}),
        ]
        assert [answer.status_code for answer in answers] == [expected] * 4, name
    with clinic_scope(ward.paul.clinic_id):
        assert VisitNote.objects.count() == 1
        note.refresh_from_db()
        assert note.occurred_on == date(2025, 11, 3)


def test_the_trail_names_the_import_and_no_word_of_it(ward: Ward) -> None:
    note = _import(ward, make_pdf(FIRST, SECOND))
    with clinic_scope(note.clinic_id):
        told = AuditEvent.objects.get(purpose="import")
    assert told.detail == {"format": "pdf", "bytes": told.detail["bytes"], "pages": 2}
    assert told.object_ref == note.ref


def test_another_note_is_not_shown_as_an_imported_one(ward: Ward, signed_in: Any) -> None:
    with clinic_scope(ward.paul.clinic_id):
        note = VisitNote.objects.create(
            patient=ward.paul,
            kind="soap",
            title="x",
            occurred_on=timezone.now().date(),
            author=ward.people.nora,
        )
    address = reverse("notes:imported_note", args=["north", note.ref])
    assert signed_in(ward.people.nora).get(address).status_code == 404


def test_large_bodies_are_taken_at_this_address_alone(ward: Ward) -> None:
    page = reverse("notes:import_note", args=["north", ward.paul.ref])
    assert limit_for(page) > 10 * 20_000_000 > limit_for(page + "x/") == LARGEST_OTHER_BYTES


def test_lists_tell_imported_notes_apart(ward: Ward, client: Client) -> None:
    client.force_login(ward.people.nora.user, backend="django.contrib.auth.backends.ModelBackend")
    for name in ("march <b>.txt", "april.txt"):
        _import(ward, name.encode(), name=name)
    lists = (
        reverse("notes:my_notes", args=["north"]),
        reverse("notes:patient_notes", args=["north", ward.paul.ref]),
    )
    for place in lists:
        page = client.get(place).content.decode()
        assert "april.txt</span>" in page and "march &lt;b&gt;.txt</span>" in page


def test_the_page_warns_while_nobody_knows_the_day(ward: Ward, client: Client) -> None:
    client.force_login(ward.people.nora.user, backend="django.contrib.auth.backends.ModelBackend")
    note = _import(ward, b"Pain 4/10.", name="a.txt")
    place = reverse("notes:imported_note", args=["north", note.ref])
    assert client.get(place).content.decode().count(NO_DAY) == 1
    day = {"occurred_on": "2026-01-02"}
    client.post(reverse("notes:set_visit_day", args=["north", note.ref]), day)
    assert NO_DAY not in client.get(place).content.decode()
