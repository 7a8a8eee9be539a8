"""The pages of notes: who sees them, and what they say."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.audit.models import AuditEvent
from notes.errors import StaleDraft
from notes.models import NoteTemplate, VisitNote
from notes.services import drafts, signing
from notes.services.addenda import add_addendum
from sessions.models import TherapySession
from tests.factories.notes import SOAP_TEXT, make_note, make_signed_note
from tests.factories.patients import Ward

READ_PAGES = ("note", "versions", "print_note", "note_pdf")


def address(name: str, *args: object) -> str:
    return reverse(f"notes:{name}", args=["north", *args])


def stored(note: VisitNote) -> VisitNote:
    return VisitNote.objects.get(pk=note.pk)


@pytest.fixture
def signed(ward: Ward) -> VisitNote:
    return make_signed_note(ward.paul, by=ward.people.nora)


@pytest.fixture
def draft(ward: Ward) -> VisitNote:
    return make_note(ward.paul, by=ward.people.nora)


@pytest.mark.parametrize("name", READ_PAGES)
def test_the_care_team_reads(ward: Ward, signed_in, signed: VisitNote, name: str):
    for member in (ward.people.nora, ward.people.ash):
        assert signed_in(member).get(address(name, signed.ref)).status_code == 200


@pytest.mark.parametrize("name", READ_PAGES)
def test_nobody_else_does(ward: Ward, signed_in, signed: VisitNote, name: str):
    people = ward.people
    answers = {
        member.display_name: signed_in(member).get(address(name, signed.ref)).status_code
        for member in (people.ola, people.ada, people.paul, people.sam)
    }
    assert answers == {"Ola": 403, "Ada": 403, "Paul": 403, "Sam": 404}
    assert signed_in(people.sam).get(f"/c/south/notes/{signed.ref}/").status_code == 404


def test_a_note_of_another_patient_of_the_clinic_stays_closed(ward: Ward, signed_in):
    petras = make_signed_note(ward.petra, by=ward.people.nora)
    assert signed_in(ward.people.ash).get(address("note", petras.ref)).status_code == 403


def test_the_page_shows_text_marks_and_signature(ward: Ward, signed_in, signed: VisitNote):
    page = signed_in(ward.people.nora).get(address("note", signed.ref)).content.decode()
    assert '<mark class="mark mark--pa"' in page
    assert "4/10</mark>" in page
    assert "Signed by Nora, Therapist, " in page
    assert "(Europe/London)" in page
    assert stored(signed).signed_sha256 in page


def test_what_was_typed_is_never_markup(ward: Ward, signed_in):
    note = make_signed_note(ward.paul, by=ward.people.nora, text="<script>alert(1)</script> & pain 4/10")
    for name in ("note", "versions", "print_note"):
        page = signed_in(ward.people.nora).get(address(name, note.ref)).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_addenda_stand_with_their_note(ward: Ward, signed_in, signed: VisitNote):
    addendum = add_addendum(signed, by=ward.people.nora)
    drafts.save_draft(addendum, text="Right knee after all.", revision=1, by=ward.people.nora)
    signing.sign_note(addendum, by=ward.people.nora)
    client = signed_in(ward.people.nora)
    assert "Right knee after all." in client.get(address("print_note", signed.ref)).content.decode()
    answer = client.get(address("note", addendum.ref))
    assert answer.url == f"{address('note', signed.ref)}#addendum-{addendum.ref}"


def signed_addendum(note: VisitNote, ward: Ward, *, text: str = "Right knee after all.") -> VisitNote:
    addendum = add_addendum(note, by=ward.people.nora)
    drafts.save_draft(addendum, text=text, revision=addendum.revision, by=ward.people.nora)
    return signing.sign_note(addendum, by=ward.people.nora)


def test_a_discarded_addendum_is_taken_back_where_the_message_says(ward: Ward, signed_in, signed: VisitNote):
    begun = add_addendum(signed, by=ward.people.nora)
    drafts.save_draft(begun, text="Ice helped.", revision=begun.revision, by=ward.people.nora)
    nora = signed_in(ward.people.nora)
    answer = nora.post(address("discard_note", begun.ref), follow=True)
    page = answer.content.decode()
    assert "You can take it back here." in page
    assert f'action="{address("restore_note", begun.ref)}"' in page
    nora.post(address("restore_note", begun.ref))
    assert (stored(begun).status, stored(begun).text) == ("draft", "Ice helped.")


def test_an_addendum_alone_is_marked_as_entered_in_error(ward: Ward, signed_in, signed: VisitNote):
    addendum = signed_addendum(signed, ward)
    nora = signed_in(ward.people.nora)
    place = address("mark_error", addendum.ref)
    assert place in nora.get(address("note", signed.ref)).content.decode()
    assert place not in signed_in(ward.people.ash).get(address("note", signed.ref)).content.decode()
    nora.post(place, {"reason": "Other patient."})
    assert (stored(addendum).status, stored(signed).status) == ("error", "signed")
    page = nora.get(address("note", signed.ref)).content.decode()
    assert "Entered in error: Other patient. (Nora, Therapist" in page
    assert place not in page
    paper = nora.get(address("print_note", signed.ref)).content.decode()
    assert "Entered in error. This addendum does not count." in paper


def test_what_one_may_not_do_with_an_addendum_is_not_offered(ward: Ward, signed_in, signed: VisitNote):
    begun = add_addendum(signed, by=ward.people.nora)
    by_ash = add_addendum(signed, by=ward.people.ash)
    drafts.save_draft(by_ash, text="Ice helped.", revision=by_ash.revision, by=ward.people.ash)
    signing.sign_note(by_ash, by=ward.people.ash, cosigner=ward.people.nora)
    nora = signed_in(ward.people.nora).get(address("note", signed.ref)).content.decode()
    ash = signed_in(ward.people.ash).get(address("note", signed.ref)).content.decode()
    for name, note in (("edit_note", begun), ("cosign_note", by_ash)):
        assert f'href="{address(name, note.ref)}"' in nora
        assert f'href="{address(name, note.ref)}"' not in ash


def test_signing_an_addendum_says_to_which_note_it_belongs(ward: Ward, signed_in, signed: VisitNote):
    begun = add_addendum(signed, by=ward.people.nora)
    page = signed_in(ward.people.nora).get(address("sign_note", begun.ref)).content.decode()
    assert f'to <a href="{address("note", signed.ref)}">Visit note of ' in page
    assert "Visit of" not in page
    own = signed_in(ward.people.nora).get(address("sign_note", make_note(ward.paul, by=ward.people.nora).ref))
    assert "Visit of" in own.content.decode()


def test_each_look_is_written_down_as_what_it_is(ward: Ward, signed_in, signed: VisitNote):
    client = signed_in(ward.people.nora)
    for name in READ_PAGES:
        client.get(address(name, signed.ref))
    lines = AuditEvent.objects.filter(object_ref=signed.ref, actor_membership_id=ward.people.nora.pk)
    said = [(line.action, line.purpose, line.patients) for line in lines.order_by("sequence")]
    assert said == [
        ("view", "read note", [ward.paul.pk]),
        ("view", "versions of a note", [ward.paul.pk]),
        ("print", "print note", [ward.paul.pk]),
        ("export", "note pdf", [ward.paul.pk]),
    ]


def test_the_pdfs_name_names_nobody(ward: Ward, signed_in, signed: VisitNote):
    answer = signed_in(ward.people.nora).get(address("note_pdf", signed.ref))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="note-{signed.ref}.pdf"'
    assert answer.content.startswith(b"%PDF-")


def test_versions_are_compared(ward: Ward, signed_in, draft: VisitNote):
    drafts.save_draft(draft, text=SOAP_TEXT.replace("4/10", "6/10"), revision=1, by=ward.people.nora)
    page = signed_in(ward.people.nora).get(address("versions", draft.ref)).content.decode()
    assert "<del>4</del>" in page
    assert "<ins>6</ins>" in page
    for asked in ("old=99&new=x", "old=&new=now", "old=-1", f"old={'9' * 4000}"):
        assert signed_in(ward.people.nora).get(f"{address('versions', draft.ref)}?{asked}").status_code == 200


def test_a_signed_note_is_compared_with_what_it_was_before(ward: Ward, signed_in, draft: VisitNote):
    changed = SOAP_TEXT.replace("4/10", "6/10")
    drafts.save_draft(draft, text=changed, revision=1, by=ward.people.nora)
    signing.sign_note(draft, by=ward.people.nora)
    page = signed_in(ward.people.nora).get(address("versions", draft.ref)).content.decode()
    assert "<del>4</del>" in page and "<ins>6</ins>" in page


def test_lines_that_are_the_same_can_be_opened(ward: Ward, signed_in, draft: VisitNote):
    drafts.save_draft(draft, text=f"{SOAP_TEXT}\nTwo more sets.", revision=1, by=ward.people.nora)
    page = signed_in(ward.people.nora).get(address("versions", draft.ref)).content.decode()
    folded = page[page.index('<details class="diff__fold">') : page.index("</details>")]
    assert "Pain 4/10 on stairs." in folded and "lines are the same</summary>" in folded


def test_a_version_is_restored_from_the_page(ward: Ward, signed_in, draft: VisitNote):
    drafts.save_draft(draft, text="Two.", revision=1, by=ward.people.nora)
    for member, status in ((ward.people.ash, 403), (ward.people.ola, 403), (ward.people.ada, 403)):
        answer = signed_in(member).post(address("restore_version", draft.ref, 1))
        assert (member.display_name, answer.status_code) == (member.display_name, status)
    assert signed_in(ward.people.sam).post(address("restore_version", draft.ref, 1)).status_code == 404
    signed_in(ward.people.nora).post(address("restore_version", draft.ref, 1))
    assert stored(draft).text == SOAP_TEXT


def test_a_refused_text_is_put_aside_from_the_page(ward: Ward, signed_in, draft: VisitNote):
    with pytest.raises(StaleDraft):
        drafts.save_draft(draft, text="Mine.", revision=0, by=ward.people.nora)
    client = signed_in(ward.people.nora)
    assert "could not be saved" in client.get(address("versions", draft.ref)).content.decode()
    assert client.post(address("settle_version", draft.ref, 2)).status_code == 302
    assert "could not be saved" not in client.get(address("versions", draft.ref)).content.decode()
    assert client.post(address("settle_version", draft.ref, 2)).status_code == 404


def test_signing_from_the_page(ward: Ward, signed_in, draft: VisitNote):
    client = signed_in(ward.people.nora)
    page = client.get(address("sign_note", draft.ref)).content.decode()
    assert "Left knee flexion 0–95°" in page
    assert "Pain 4/10" in page
    answer = client.post(address("sign_note", draft.ref), {"revision": "1"})
    assert (answer.status_code, answer.url) == (302, address("note", draft.ref))
    assert stored(draft).status == "signed"
    assert client.get(address("sign_note", draft.ref)).status_code == 302


@pytest.mark.parametrize("revision", ["", "0", "x", "99999999999999999999", "-1"])
def test_a_revision_that_nobody_looked_at_is_not_signed(
    ward: Ward, signed_in, draft: VisitNote, revision: str
):
    answer = signed_in(ward.people.nora).post(address("sign_note", draft.ref), {"revision": revision})
    assert answer.status_code in (400, 409)
    assert stored(draft).status == "draft"


def test_others_do_not_sign_it(ward: Ward, signed_in, draft: VisitNote):
    drafts.let_go_of_draft(draft, by=ward.people.nora)
    people = ward.people
    for member, status in (
        (people.ash, 403),
        (people.ola, 403),
        (people.ada, 403),
        (people.paul, 403),
        (people.sam, 404),
    ):
        answer = signed_in(member).post(address("sign_note", draft.ref), {"revision": "1"})
        assert (member.display_name, answer.status_code) == (member.display_name, status)
    assert stored(draft).status == "draft"


def test_an_assistants_note_is_cosigned(ward: Ward, signed_in):
    note = make_note(ward.paul, by=ward.people.ash)
    ash, nora = signed_in(ward.people.ash), signed_in(ward.people.nora)
    refused = ash.post(address("sign_note", note.ref), {"revision": "1"})
    assert refused.status_code == 400
    assert "Choose the therapist" in refused.content.decode()
    chosen = {"revision": "1", "cosigner": str(ward.people.nora.ref)}
    assert ash.post(address("sign_note", note.ref), chosen).status_code == 302
    assert ash.post(address("cosign_note", note.ref), {"act": "cosign"}).status_code == 403
    assert signed_in(ward.people.ola).post(address("cosign_note", note.ref)).status_code == 403
    assert "Read and co-sign" in nora.get(address("my_notes")).content.decode()
    assert nora.get(address("cosign_note", note.ref)).status_code == 200
    nora.post(address("cosign_note", note.ref), {"act": "cosign"})
    page = nora.get(address("note", note.ref)).content.decode()
    assert "Signed by Ash, Assistant" in page
    assert "Co-signed by Nora, Therapist" in page


def test_an_assistants_note_is_given_back(ward: Ward, signed_in):
    note = make_signed_note(ward.paul, by=ward.people.ash, cosigner=ward.people.nora)
    nora = signed_in(ward.people.nora)
    assert nora.post(address("cosign_note", note.ref), {"act": "give_back", "reason": ""}).status_code == 400
    nora.post(address("cosign_note", note.ref), {"act": "give_back", "reason": "Say which knee."})
    assert "Say which knee." in signed_in(ward.people.ash).get(address("my_notes")).content.decode()
    assert stored(note).status == "draft"


def test_an_addendum_is_begun_by_the_care_team_only(ward: Ward, signed_in, signed: VisitNote):
    for member, status in ((ward.people.ola, 403), (ward.people.ada, 403), (ward.people.sam, 404)):
        assert signed_in(member).post(address("add_addendum", signed.ref)).status_code == status
    assert not signed.addenda.exists()
    answer = signed_in(ward.people.nora).post(address("add_addendum", signed.ref))
    assert answer.url == address("edit_note", signed.addenda.get().ref)


def test_a_draft_is_discarded_and_taken_back(ward: Ward, signed_in, draft: VisitNote):
    for member, status in ((ward.people.ash, 403), (ward.people.ola, 403), (ward.people.sam, 404)):
        assert signed_in(member).post(address("discard_note", draft.ref)).status_code == status
    nora = signed_in(ward.people.nora)
    nora.post(address("discard_note", draft.ref))
    assert stored(draft).status == "discarded"
    assert "Take it back" in nora.get(address("note", draft.ref)).content.decode()
    assert signed_in(ward.people.ash).post(address("restore_note", draft.ref)).status_code == 403
    nora.post(address("restore_note", draft.ref))
    assert stored(draft).status == "draft"


def test_a_note_is_marked_as_entered_in_error(ward: Ward, signed_in, signed: VisitNote):
    for member, status in (
        (ward.people.ash, 403),
        (ward.people.ola, 403),
        (ward.people.ada, 403),
        (ward.people.sam, 404),
    ):
        answer = signed_in(member).post(address("mark_error", signed.ref), {"reason": "Wrong."})
        assert (member.display_name, answer.status_code) == (member.display_name, status)
    nora = signed_in(ward.people.nora)
    assert nora.post(address("mark_error", signed.ref), {"reason": ""}).status_code == 400
    nora.post(address("mark_error", signed.ref), {"reason": "Wrong patient."})
    page = nora.get(address("note", signed.ref)).content.decode()
    assert "Entered in error. This note does not count." in page
    assert "Wrong patient." in page


def test_a_note_begins_from_a_template(ward: Ward, signed_in):
    nora = signed_in(ward.people.nora)
    page = nora.get(address("new_note", ward.paul.ref)).content.decode()
    assert "Visit note (SOAP)" in page
    template = NoteTemplate.objects.get(kind="evaluation")
    today = timezone.now().date().isoformat()
    answer = nora.post(
        address("new_note", ward.paul.ref), {"template": str(template.ref), "occurred_on": today}
    )
    note = VisitNote.objects.get(patient=ward.paul)
    assert answer.url == address("edit_note", note.ref)
    assert (note.kind, note.text.splitlines()[0]) == ("evaluation", "REASON FOR REFERRAL:")


def test_a_note_does_not_begin_with_nonsense(ward: Ward, signed_in):
    nora = signed_in(ward.people.nora)
    nora.get(address("new_note", ward.paul.ref))
    tomorrow = (timezone.now() + timedelta(days=2)).date().isoformat()
    template = str(NoteTemplate.objects.get(kind="soap").ref)
    for sent in (
        {"template": "x", "occurred_on": "2026-01-01"},
        {"template": str(ward.paul.ref), "occurred_on": "2026-01-01"},
        {"template": template, "occurred_on": "yesterday"},
        {"template": template, "occurred_on": tomorrow},
    ):
        assert nora.post(address("new_note", ward.paul.ref), sent).status_code == 400
    for member, status in ((ward.people.ola, 403), (ward.people.ada, 403), (ward.people.sam, 404)):
        assert signed_in(member).get(address("new_note", ward.paul.ref)).status_code == status
    assert not VisitNote.objects.exists()


def test_the_list_is_narrowed_and_searched(ward: Ward, signed_in):
    make_signed_note(ward.paul, by=ward.people.nora, text="Zanzibar gait.")
    make_note(ward.paul, by=ward.people.nora, kind="discharge", text="Other words.")
    nora = signed_in(ward.people.nora)
    list_page = address("patient_notes", ward.paul.ref)
    page = nora.get(list_page).content.decode()
    assert "Discharge summary" in page
    assert "Discharge summary</a>" not in nora.get(f"{list_page}?show=signed").content.decode()
    found = nora.post(list_page, {"q": "zanzibar"}).content.decode()
    assert "<mark>Zanzibar</mark> gait." in found
    assert "Discharge summary</a>" not in found
    assert "No note matches" in nora.post(list_page, {"q": "nowhere"}).content.decode()
    line = AuditEvent.objects.filter(action="search").first()
    assert "anzibar" not in str(line.detail)
    assert line.patients == [ward.paul.pk]


@pytest.mark.parametrize(
    "asked", ["show=x&sort=y&kind=z&page=-4&author=%00", "page=99999999999", "page=²", "author=1&kind=%F0"]
)
def test_a_strange_list_address_is_the_plain_list(ward: Ward, signed_in, draft: VisitNote, asked: str):
    answer = signed_in(ward.people.nora).get(f"{address('patient_notes', ward.paul.ref)}?{asked}")
    assert "Visit note</a>" in answer.content.decode()


def test_long_lists_have_pages(ward: Ward, signed_in, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("notes.selectors.lists.PAGE_ROWS", 2)
    for number in range(3):
        make_note(ward.paul, by=ward.people.nora, text=f"Word {number}.")
    nora = signed_in(ward.people.nora)
    list_page = address("patient_notes", ward.paul.ref)
    assert "Page 1 of 2, 3 notes" in nora.get(list_page).content.decode()
    assert "Page 2 of 2, 3 notes" in nora.post(list_page, {"q": "word", "page": "2"}).content.decode()


@pytest.mark.parametrize("name", ["patient_notes", "my_notes", "patient"])
def test_lists_take_as_many_queries_for_three_notes_as_for_one(ward: Ward, signed_in, name: str):
    nora = signed_in(ward.people.nora)
    place = {
        "patient_notes": address("patient_notes", ward.paul.ref),
        "my_notes": address("my_notes"),
        "patient": reverse("patients:patient", args=["north", ward.paul.ref]),
    }[name]
    counts = []
    for number in (1, 2):
        for _ in range(number):
            make_note(ward.paul, by=ward.people.nora)
            make_signed_note(ward.paul, by=ward.people.nora)
            make_signed_note(ward.paul, by=ward.people.ash, cosigner=ward.people.nora)
        nora.get(place)
        with CaptureQueriesContext(connection) as queries:
            assert nora.get(place).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_own_drafts_are_discarded_from_the_list_and_only_own_ones(ward: Ward, signed_in, draft: VisitNote):
    place = f'action="{address("discard_note", draft.ref)}"'
    assert place in signed_in(ward.people.nora).get(address("my_notes")).content.decode()
    assert place not in signed_in(ward.people.ash).get(address("my_notes")).content.decode()


def test_own_notes_are_those_of_ones_own_patients(ward: Ward, signed_in):
    make_note(ward.petra, by=ward.people.nora)
    make_note(ward.paul, by=ward.people.nora)
    page = signed_in(ward.people.ash).get(address("my_notes")).content.decode()
    assert "Paul Ellsworth" in page
    assert "Quillfeather" not in page
    empty = signed_in(ward.people.ola).get(address("my_notes")).content.decode()
    assert "All written" in empty


def test_of_many_sessions_without_a_note_the_newest_are_shown_first(ward: Ward, signed_in):
    now = timezone.now()
    for hours in range(1, 8):
        started = now - timedelta(hours=hours)
        TherapySession.objects.create(
            patient=ward.paul, state="analysed", started_at=started, repetitions_done=hours, mode="camera"
        )
    nora = signed_in(ward.people.nora)
    page = nora.get(address("my_notes")).content.decode()
    every = nora.get(address("my_notes"), {"show": "sessions"}).content.decode()
    assert "Show all 7 sessions" in page and "Show all" not in every
    assert [f"<td>{count} repetitions" in page for count in (1, 5, 6, 7)] == [True, True, False, False]
    assert all(f"<td>{count} repetitions" in every for count in range(1, 8))


def test_the_same_value_is_shown_once_before_signing(ward: Ward, signed_in):
    text = "SUBJECTIVE:\nPain 3/10.\nOBJECTIVE:\nPain 3/10.\nPain 5/10.\n"
    note = make_note(ward.paul, by=ward.people.nora, text=text)
    page = signed_in(ward.people.nora).get(address("sign_note", note.ref)).content.decode()
    assert page.count("Pain 3/10</a>") == 1 and "2 times" in page
    assert page.count("Pain 5/10</a>") == 1


def test_the_patients_page_leads_to_the_notes(ward: Ward, signed_in, signed: VisitNote):
    place = reverse("patients:patient", args=["north", ward.paul.ref])
    page = signed_in(ward.people.nora).get(f"{place}?show=note").content.decode()
    assert address("new_note", ward.paul.ref) in page
    assert page.count(f'href="{address("note", signed.ref)}"') == 2
    assert "Visit note: signed" in page


def test_notes_are_in_the_menu_of_those_who_write_them(ward: Ward, signed_in):
    link = f'<a href="{address("my_notes")}">Notes</a>'
    seen = {
        member.display_name: link in signed_in(member).get("/c/north/caseload/").content.decode()
        for member in (ward.people.nora, ward.people.ash, ward.people.ada)
    }
    assert seen == {"Nora": True, "Ash": True, "Ada": False}
