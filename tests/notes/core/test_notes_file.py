"""All signed notes of a patient as one file: who gets it, what is in it, what is written down."""

from datetime import date
from io import BytesIO

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.audit.models import AuditEvent
from notes.models import VisitNote
from notes.selectors import printed
from notes.services import drafts, signing
from notes.services.addenda import add_addendum
from tests.factories.notes import make_note, make_signed_note
from tests.factories.patients import Ward


def address(name: str, ward: Ward) -> str:
    return reverse(f"notes:{name}", args=["north", ward.paul.ref])


def words_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(BytesIO(content))
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


def signed_on(ward: Ward, day: date, text: str) -> VisitNote:
    return make_signed_note(ward.paul, by=ward.people.nora, text=text, occurred_on=day)


@pytest.fixture
def three(ward: Ward) -> list[VisitNote]:
    """Three signed visits, the middle one with an addendum of today."""
    notes = [signed_on(ward, date(2026, month, 3), f"Visit of month {month}.") for month in (3, 1, 2)]
    addendum = add_addendum(notes[2], by=ward.people.nora)
    drafts.save_draft(addendum, text="Phoned later.", revision=addendum.revision, by=ward.people.nora)
    signing.sign_note(addendum, by=ward.people.nora)
    return notes


def test_every_signed_note_is_in_the_file_oldest_first(ward: Ward, signed_in, three: list[VisitNote]):
    answer = signed_in(ward.people.nora).get(address("notes_pdf", ward))
    pages = words_of(answer.content)
    assert answer["Content-Disposition"] == f'attachment; filename="notes-{ward.paul.ref}.pdf"'
    assert "1. 3 January 2026: Visit note, signed by Nora" in pages[0]
    assert "2. 3 February 2026: Visit note, signed by Nora, with 1 addendum" in pages[0]
    assert [f"Visit of month {n}." in pages[n] for n in (1, 2, 3)] == [True, True, True]
    assert "Phoned later." in pages[2] and "Addendum 1, " in pages[2]
    assert [f"Page {n} of 4" in page for n, page in enumerate(pages, start=1)] == [True] * 4


def test_what_is_not_signed_is_left_out_and_counted(ward: Ward, signed_in, three: list[VisitNote]):
    make_note(ward.paul, by=ward.people.nora, text="Zanzibar draft.")
    make_note(ward.paul, by=ward.people.nora, text="Zanzibar draft.")
    make_signed_note(ward.paul, by=ward.people.ash, cosigner=ward.people.nora, text="Zanzibar waits.")
    wrong = signed_on(ward, date(2026, 2, 1), "Zanzibar wrong.")
    signing.mark_entered_in_error(wrong, by=ward.people.nora, reason="Wrong patient.")
    signed_on_petra = make_signed_note(ward.petra, by=ward.people.nora, text="Zanzibar of another patient.")
    begun = add_addendum(three[0], by=ward.people.nora)
    drafts.save_draft(begun, text="Zanzibar addendum.", revision=begun.revision, by=ward.people.nora)
    pages = words_of(signed_in(ward.people.nora).get(address("notes_pdf", ward)).content)
    assert "Zanzibar" not in "".join(pages)
    assert str(signed_on_petra.ref) not in "".join(pages)
    said = pages[0].replace("\n", " ")
    assert "Not in this file: 3 drafts, 1 that waits for a co-signature, 1 entered in error." in said


def test_days_narrow_it(ward: Ward, signed_in, three: list[VisitNote]):
    nora = signed_in(ward.people.nora)
    file = address("notes_pdf", ward)
    pages = words_of(nora.get(file, {"since": "2026-02-03", "until": "2026-02-03"}).content)
    assert len(pages) == 2 and "Phoned later." in pages[1]
    assert len(words_of(nora.get(file, {"since": "2026-02-01", "until": ""}).content)) == 3


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"since": "2027-01-01"}, "No note of these days is signed."),
        ({"since": "2026-03-01", "until": "2026-02-01"}, "This day is before the first one."),
        ({"since": "yesterday"}, "Enter a valid date."),
        ({"until": "\x00"}, "Enter a valid date."),
    ],
)
def test_days_that_cannot_be_are_refused_in_words(
    ward: Ward, signed_in, three: list[VisitNote], asked: dict[str, str], words: str
):
    answer = signed_in(ward.people.nora).get(address("notes_pdf", ward), asked)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not AuditEvent.objects.filter(action="export").exists()


@pytest.mark.parametrize(("limit", "most"), [("MOST_NOTES", 3), ("MOST_CHARACTERS", 60)])
def test_too_much_for_one_file_is_refused_in_words(
    ward: Ward, signed_in, three: list[VisitNote], monkeypatch: pytest.MonkeyPatch, limit: str, most: int
):
    monkeypatch.setattr(printed, limit, most)
    nora = signed_in(ward.people.nora)
    refused = nora.get(address("notes_pdf", ward))
    assert refused.status_code == 400
    assert "Choose fewer days." in refused.content.decode()
    assert nora.get(address("notes_pdf", ward), {"until": "2026-01-31"}).status_code == 200


@pytest.mark.parametrize("name", ["notes_file", "notes_pdf"])
def test_only_the_care_team_gets_it(ward: Ward, signed_in, three: list[VisitNote], name: str):
    people = ward.people
    answers = {
        member.display_name: signed_in(member).get(address(name, ward)).status_code
        for member in (people.nora, people.ash, people.ola, people.ada, people.paul, people.sam)
    }
    assert answers == {"Nora": 200, "Ash": 200, "Ola": 403, "Ada": 403, "Paul": 403, "Sam": 404}
    south = signed_in(people.sam).get(f"/c/south/patients/{ward.paul.ref}/notes/signed.pdf")
    assert south.status_code == 404
    exports = AuditEvent.objects.filter(action="export").count()
    assert exports == (2 if name == "notes_pdf" else 0)


def test_the_trail_names_each_note_and_none_of_its_words(ward: Ward, signed_in, three: list[VisitNote]):
    signed_in(ward.people.nora).get(address("notes_pdf", ward))
    line = AuditEvent.objects.get(action="export")
    assert (line.purpose, line.patients) == ("all signed notes, pdf", [ward.paul.pk])
    assert {str(one.ref) for one in three} < set(line.detail["notes"])
    assert len(line.detail["notes"]) == 4
    assert "month" not in str(line.detail)


def test_more_notes_need_no_more_queries(ward: Ward, signed_in, three: list[VisitNote]):
    nora = signed_in(ward.people.nora)
    file = address("notes_pdf", ward)
    counts = []
    nora.get(file)
    for until in ("2026-01-31", "2026-03-31"):
        with CaptureQueriesContext(connection) as queries:
            assert nora.get(file, {"until": until}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_list_leads_to_it_once_there_is_a_note(ward: Ward, signed_in):
    nora = signed_in(ward.people.nora)
    notes = reverse("notes:patient_notes", args=["north", ward.paul.ref])
    assert address("notes_file", ward) not in nora.get(notes).content.decode()
    make_note(ward.paul, by=ward.people.nora)
    assert address("notes_file", ward) in nora.get(notes).content.decode()
    assert "No note is signed yet" in nora.get(address("notes_file", ward)).content.decode()
    make_signed_note(ward.paul, by=ward.people.nora)
    assert "1 signed note</span>" in nora.get(address("notes_file", ward)).content.decode()
