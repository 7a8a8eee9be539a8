"""Colleagues, co-leads, assistants and annotators who reach for what is not theirs."""

import pytest
from django.urls import reverse

from clinic.audit.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from notes.models import NoteVersion, ProjectDocument
from notes.services.annotation.documents import add_signed_notes, clear_document, leave_out
from notes.services.annotation.projects import add_member
from notes.services.signing import give_back, sign_note
from tests.factories.annotation import make_team
from tests.factories.notes import make_note, make_signed_note
from tests.notes.editor.conftest import TEXT, Desk


@pytest.fixture
def taken(desk: Desk) -> ProjectDocument:
    """A signed note of Paul's in a project that Nora leads with Ola, who does not treat Paul."""
    people = desk.ward.people
    note = make_signed_note(desk.ward.paul, by=people.nora, text="Mr Ellsworth: left knee pain 6/10.")
    team = make_team(people.nora)
    with clinic_scope(team.clinic_id):
        add_member(team, membership=people.ola, part="lead")
        add_signed_notes(team, [note], by=people.nora)
        return ProjectDocument.objects.select_related("project", "source_note").get(project=team)


def address(name: str, *names: object) -> str:
    return reverse(f"notes:{name}", args=["north", *names])


def test_a_co_lead_reads_no_note_of_a_patient_they_do_not_treat(desk: Desk, taken: ProjectDocument):
    people, browser = desk.ward.people, desk.browser(desk.ward.people.ola)
    page = address("check_annotation_document", taken.project.ref, taken.ref)
    for answer in (browser.get(page), browser.post(page, {})):
        assert answer.status_code == 403
        assert b"Ellsworth" not in answer.content
    taken.refresh_from_db()
    assert taken.state == ProjectDocument.State.TO_CLEAR
    overview = browser.get(address("annotation_project", taken.project.ref))
    assert overview.context["first_to_clear"] is None
    refused = AuditEvent.objects.filter(action="denied", patients=[desk.ward.paul.pk])
    assert refused.filter(actor_membership_id=people.ola.pk).count() == 2


def test_looking_for_names_in_a_note_is_written_beside_its_patient(desk: Desk, taken: ProjectDocument):
    nora = desk.ward.people.nora
    page = address("check_annotation_document", taken.project.ref, taken.ref)
    answer = desk.browser(nora).get(page)
    assert b"Ellsworth" in answer.content
    looks = AuditEvent.objects.filter(action="view", object_type="notes.ProjectDocument", purpose="names")
    assert [one.patients for one in looks] == [[desk.ward.paul.pk]]


def test_nothing_leads_back_to_the_patient_once_names_are_checked(desk: Desk, taken: ProjectDocument):
    people = desk.ward.people
    assert taken.source_note is not None
    opened = clear_document(taken, [], by=people.nora)
    assert opened.source_note_id is None
    twin = make_signed_note(desk.ward.paul, by=people.nora, text="Mr Ellsworth again.")
    add_signed_notes(taken.project, [twin], by=people.nora)
    left = leave_out(ProjectDocument.objects.get(source_note=twin), by=people.ola)
    left.refresh_from_db()
    assert (left.source_note_id, left.text) == (None, "")


@pytest.mark.parametrize("is_signed", [False, True])
def test_an_assistant_leaves_no_text_beside_another_persons_note(desk: Desk, is_signed: bool):
    people = desk.ward.people
    if is_signed:
        sign_note(desk.note, by=people.nora)
    before = NoteVersion.objects.filter(note=desk.note).count()
    body = {"text": "Ash was here.", "revision": 1, "facts": []}
    assert desk.send(people.ash, "autosave", body).status_code == 403
    form = desk.browser(people.ash).post(
        desk.address("edit_note"), {"text": "Ash was here.", "revision": "1"}
    )
    assert form.status_code == 403
    assert NoteVersion.objects.filter(note=desk.note).count() == before
    assert desk.stored().text == TEXT


def test_an_assistants_own_late_text_is_kept(desk: Desk):
    people = desk.ward.people
    note = make_note(desk.ward.paul, by=people.ash, text=TEXT)
    sign_note(note, by=people.ash, cosigner=people.nora)
    page = reverse("notes:autosave", args=["north", note.ref])
    late = desk.browser(people.ash).post(
        page, {"text": "Late.", "revision": 1, "facts": []}, content_type="application/json"
    )
    assert (late.status_code, late.json()["kind"]) == (409, "note_locked")
    assert NoteVersion.objects.filter(note=note, text="Late.", reason="refused").exists()
    give_back(note, by=people.nora, reason="Say more.")
    note.refresh_from_db()
    assert (note.status, note.text) == ("draft", TEXT)
