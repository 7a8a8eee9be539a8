"""Dictation is off until an admin allows it; only then may the editor's page ask for the microphone."""

import pytest
from django.urls import reverse

from clinic.audit.models import AuditEvent
from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from notes.models import NoteSettings
from notes.selectors.settings import is_dictation_allowed
from notes.services.drafts import take_over_draft
from notes.services.settings import allow_dictation
from patients.services import add_to_care_team
from tests.notes.editor.conftest import Desk

ADDRESS = reverse("notes:set_dictation", args=["north"])
ON = {"dictation_allowed": "on"}


def microphone(desk: Desk, member: Membership, address: str) -> str:
    header = desk.browser(member).get(address).headers["Permissions-Policy"]
    return next(rule for rule in header.split(", ") if rule.startswith("microphone="))


def test_only_the_admin_allows_it_and_only_for_their_clinic(desk: Desk):
    people = desk.ward.people
    for member, status in ((people.nora, 403), (people.ash, 403), (people.paul, 403), (people.sam, 404)):
        assert desk.browser(member).post(ADDRESS, ON).status_code == status
        assert not is_dictation_allowed()
    assert desk.browser(people.ada).post(ADDRESS, ON).status_code == 302
    assert is_dictation_allowed()
    with clinic_scope(people.south.pk):
        assert not is_dictation_allowed()
    desk.browser(people.ada).post(ADDRESS, {})
    assert not is_dictation_allowed()
    assert NoteSettings.objects.count() == 1


def test_allowing_it_is_written_down_with_who_did_it(desk: Desk):
    ada = desk.ward.people.ada
    desk.browser(ada).post(ADDRESS, ON)
    desk.browser(ada).post(ADDRESS, {"dictation_allowed": ""})
    lines = AuditEvent.objects.filter(object_type="notes.NoteSettings").order_by("sequence")
    assert [(line.actor_user_id, line.action, line.purpose) for line in lines] == [
        (ada.user_id, "change", "allow dictation"),
        (ada.user_id, "change", "stop dictation"),
    ]


def test_the_settings_say_where_it_stands(desk: Desk):
    browser = desk.browser(desk.ward.people.ada)
    address = reverse("notes:note_settings", args=["north"])
    assert b"checked" not in browser.get(address).content
    assert b"checked" in browser.post(ADDRESS, ON, follow=True).content


def test_the_microphone_is_the_editors_alone_and_only_when_allowed(desk: Desk):
    nora, page = desk.ward.people.nora, desk.address("edit_note")
    before = desk.browser(nora).get(page)
    assert microphone(desk, nora, page) == "microphone=()"
    assert b'data-part="dictate"' not in before.content
    allow_dictation(is_allowed=True)
    after = desk.browser(nora).get(page)
    assert after.headers["Permissions-Policy"] == before.headers["Permissions-Policy"].replace(
        "microphone=()", "microphone=(self)"
    )
    assert b'data-part="dictate"' in after.content
    for other in ("note", "versions", "sign_note"):
        assert microphone(desk, nora, desk.address(other)) == "microphone=()"


def test_a_page_that_only_reads_gets_no_microphone(desk: Desk):
    nora, ola = desk.ward.people.nora, desk.ward.people.ola
    allow_dictation(is_allowed=True)
    add_to_care_team(desk.ward.paul, ola, by=nora)
    take_over_draft(desk.note, by=ola)
    assert microphone(desk, nora, desk.address("edit_note")) == "microphone=()"


@pytest.mark.parametrize("body", [{"dictation_allowed": "\x00"}, {"other": "on"}])
def test_garbage_does_not_stop_the_page(desk: Desk, body: dict[str, str]):
    assert desk.browser(desk.ward.people.ada).post(ADDRESS, body).status_code == 302
