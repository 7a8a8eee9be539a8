"""The editor's page, its autosave and its marks: for the right people, whole or refused, never lost."""

import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.audit.models import AuditEvent
from clinic.errors import TooOften
from notes.errors import MOST_CHARACTERS
from notes.models import NoteFact, NoteVersion
from notes.selectors.marks import MOST_AT_ONCE
from notes.services.drafts import take_over_draft
from notes.services.signing import sign_note
from patients.services import add_to_care_team
from tests.notes.editor.conftest import TEXT, Desk


def knee(text: str = TEXT, **more) -> dict:
    start = text.index("knee")
    found = {"start": start, "end": start + 4, "label": "BODY_REGION", "assertion": "present"}
    return {"start": start, "end": start + 4, "label": "DIAGNOSIS", "assertion": "historical",
            "removed": False, "links": {}, "found": found, "quote": "knee", **more}  # fmt: skip


def test_an_autosave_stores_text_and_corrections(desk: Desk):
    text = "🦵 " + TEXT
    answer = desk.send(
        desk.ward.people.nora, "autosave", {"text": text, "revision": 1, "facts": [knee(text)]}
    )
    assert answer.status_code == 200
    assert (answer.json()["revision"], answer.json()["refused"]) == (2, [])
    assert desk.stored().text == text
    fact = NoteFact.objects.get(decided_by=desk.ward.people.nora)
    assert (text[fact.start : fact.end], fact.label, fact.assertion) == ("knee", "DIAGNOSIS", "historical")


def test_a_correction_whose_words_moved_away_is_told(desk: Desk):
    nora = desk.ward.people.nora
    answer = desk.send(nora, "autosave", {"text": TEXT, "revision": 1, "facts": [knee(quote="Knee")]})
    assert answer.json()["refused"] == [[knee()["start"], knee()["end"]]]
    assert NoteFact.objects.count() == 0


def test_an_older_revision_gets_both_texts_and_loses_none(desk: Desk):
    nora, bea = desk.ward.people.nora, desk.ward.people.bea_north
    desk.send(nora, "autosave", {"text": TEXT + "Mine.", "revision": 1, "facts": []})
    answer = desk.send(nora, "autosave", {"text": TEXT + "Other tab.", "revision": 1, "facts": []})
    body = answer.json()
    assert (answer.status_code, body["kind"], body["revision"]) == (409, "stale_draft", 2)
    assert body["text"] == TEXT + "Mine."
    kept = NoteVersion.objects.get(note=desk.note, number=body["version"])
    assert (kept.text, kept.reason) == (TEXT + "Other tab.", "refused")
    assert bea.pk not in {kept.by_id}
    merged = {"text": TEXT + "Both.", "revision": 2, "facts": [], "settle": body["version"]}
    assert desk.send(nora, "autosave", merged).status_code == 200
    kept.refresh_from_db()
    assert (desk.stored().text, kept.reason) == (TEXT + "Both.", "settled")


def test_a_draft_in_somebody_elses_hands_is_told_and_can_be_taken_over(desk: Desk):
    nora, ash = desk.ward.people.nora, desk.ward.people.ash
    add_to_care_team(desk.ward.paul, desk.ward.people.ola, by=nora)
    ola = desk.ward.people.ola
    take_over_draft(desk.note, by=ola)
    answer = desk.send(nora, "autosave", {"text": "Nora's.", "revision": 1, "facts": []})
    assert (answer.status_code, answer.json()["kind"]) == (409, "draft_taken_over")
    assert answer.json()["editor"] == "Ola"
    page = desk.browser(nora).get(desk.address("edit_note"))
    assert b"Ola is writing here" in page.content
    assert b"<textarea" not in page.content
    assert desk.send(nora, "autosave", {"revision": 1}).json()["editor"] == "Ola"
    again = {"text": "Nora's.", "revision": 1, "facts": [], "take_over": True}
    assert desk.send(nora, "autosave", again).status_code == 200
    assert desk.send(ash, "autosave", {"text": "x", "revision": 2, "facts": []}).status_code == 403


def test_a_sign_of_life_holds_the_draft_and_letting_go_frees_it(desk: Desk):
    nora = desk.ward.people.nora
    assert desk.send(nora, "autosave", {"revision": 1}).json()["editor"] == ""
    held_at = desk.stored().editor_seen_at
    desk.send(nora, "autosave", {"revision": 1, "let_go": True})
    assert desk.stored().editor_seen_at < held_at
    assert desk.stored().text == TEXT


def test_a_text_that_comes_after_the_signature_is_kept(desk: Desk):
    nora = desk.ward.people.nora
    sign_note(desk.note, by=nora)
    answer = desk.send(nora, "autosave", {"text": "Late.", "revision": 1, "facts": []})
    assert (answer.status_code, answer.json()["kind"]) == (409, "note_locked")
    assert desk.stored().text == TEXT
    assert NoteVersion.objects.filter(note=desk.note, text="Late.", reason="refused").exists()
    assert desk.browser(nora).get(desk.address("edit_note")).status_code == 302


@pytest.mark.parametrize("name", ["autosave", "marks"])
def test_colleagues_and_strangers_write_nothing(desk: Desk, name: str):
    people = desk.ward.people
    body = {"text": "Not mine.", "revision": 1, "facts": []}
    for member, slug, status in (
        (people.ola, "north", 403),
        (people.ada, "north", 403),
        (people.paul, "north", 403),
        (people.sam, "north", 404),
        (people.sam, "south", 404),
    ):
        answer = desk.send(member, name, body, slug)
        assert answer.status_code == status, member
        assert b"knee" not in answer.content
    assert desk.stored().text == TEXT
    assert NoteVersion.objects.filter(note=desk.note).count() == 1


def test_the_page_too_is_only_for_the_care_team(desk: Desk):
    people, address = desk.ward.people, desk.address("edit_note")
    assert desk.browser(people.nora).get(address).status_code == 200
    assert desk.browser(people.ola).get(address).status_code == 403
    assert desk.browser(people.sam).get(address).status_code == 404
    assert desk.browser(people.ash).get(address).status_code == 302


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"text": 1}', b'{"text": "x", "revision": -1}',
        b'{"text": "x", "revision": true}', b'{"text": "x", "revision": 1, "facts": {}}',
        b'{"text": "x", "revision": 1, "facts": [1]}',
        b'{"text": "x", "revision": 1, "facts": [{"start": 0, "end": 1, "label": "NOPE", "quote": "x"}]}',
        b'{"text": "x", "revision": 1, "facts": [{"start": 1, "end": 0, "label": "ROM", "quote": "x"}]}',
        b'{"text": "x", "revision": 1, "facts": [{"start": 1e400, "end": 2, "label": "ROM"}]}',
        b'{"text": "x", "revision": 1, "facts": [{"start": 0, "end": 1, "label": "ROM", "links": []}]}'
        .replace(b"[]}", b"[1]}"),
        b"[" * 100_000,
    ],
)  # fmt: skip
def test_garbage_is_refused_in_words_and_changes_nothing(desk: Desk, body: bytes):
    answer = desk.send(desk.ward.people.nora, "autosave", body)
    assert answer.status_code == 400
    assert answer.json()["words"]
    assert (desk.stored().text, desk.stored().revision) == (TEXT, 1)


def test_too_long_a_text_is_refused_with_its_length(desk: Desk):
    body = {"text": "x" * (MOST_CHARACTERS + 1), "revision": 1, "facts": []}
    answer = desk.send(desk.ward.people.nora, "autosave", body)
    assert (answer.status_code, answer.json()["kind"]) == (400, "note_too_long")
    assert "200,000" in answer.json()["words"]
    marks = desk.send(desk.ward.people.nora, "marks", {"text": "x" * (MOST_AT_ONCE + 1)})
    assert marks.status_code == 400


def test_two_hundred_thousand_characters_are_stored(desk: Desk):
    text = "é🦵" * 100_000
    answer = desk.send(desk.ward.people.nora, "autosave", {"text": text, "revision": 1, "facts": []})
    assert answer.status_code == 200
    assert desk.stored().text == text


def test_marks_answer_with_spans_of_code_points_and_findings_in_words(desk: Desk):
    text = "🦵🦵 " + TEXT
    body = desk.send(desk.ward.people.nora, "marks", {"text": text, "facts": []}).json()
    told = {text[one["start"] : one["end"]]: one["label"] for one in body["found"]}
    assert told["knee"] == "BODY_REGION"
    assert told["0 to 95 degrees"] == "ROM"
    assert [one["words"] for one in body["findings"]] == ["left knee flexion 0–95°"]
    assert desk.stored().text == TEXT
    assert NoteFact.objects.count() == 0


def test_marks_take_corrections_into_account(desk: Desk):
    start = TEXT.index("0 to 95")
    links = {"region": "hip", "side": "right", "motion": "abduction"}
    correction = {"start": start, "end": start + 15, "label": "ROM", "links": links, "quote": "x"}
    body = desk.send(desk.ward.people.nora, "marks", {"text": TEXT, "facts": [correction]}).json()
    assert [one["words"] for one in body["findings"]] == ["right hip abduction 0–95°"]


WILD = st.text(alphabet="knee left 0to95°/10 \n\t_🦵\u202e\u0301\u200f\ufeff\x00\ud83d<&", max_size=60)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(WILD)
def test_marks_lie_within_any_text(desk: Desk, text: str):
    answer = desk.send(desk.ward.people.nora, "marks", {"text": text, "facts": []})
    assert answer.status_code == 200
    assert all(0 <= one["start"] < one["end"] <= len(text) for one in answer.json()["found"])


def test_no_word_of_a_note_reaches_log_or_audit(desk: Desk, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    text = TEXT + "Zwiebelmuster."
    nora = desk.ward.people.nora
    desk.send(nora, "marks", {"text": text, "facts": []})
    desk.send(nora, "autosave", {"text": text, "revision": 1, "facts": [knee(text)]})
    desk.send(nora, "autosave", {"text": text, "revision": 0, "facts": "bad"})
    logged = [one for one in caplog.records if not one.name.startswith("django.db")]
    assert not [one for one in logged if "Zwiebelmuster" in one.getMessage()]
    assert "Zwiebelmuster" not in str(list(AuditEvent.objects.values()))


def test_sending_too_often_is_answered_as_json(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def too_often(*args, **kwargs):
        raise TooOften(retry_after_s=7)

    monkeypatch.setattr("clinic.pace.count_sent", too_often)
    answer = desk.send(desk.ward.people.nora, "marks", {"text": "x", "facts": []})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "7"


def test_a_text_shown_on_the_page_is_never_markup(desk: Desk):
    nora = desk.ward.people.nora
    text = "</textarea><script>alert(1)</script> Left knee</script>"
    desk.send(nora, "autosave", {"text": text, "revision": 1, "facts": [knee(text)]})
    page = desk.browser(nora).get(desk.address("edit_note")).content
    assert b"<script>alert" not in page


def test_the_form_works_without_scripts(desk: Desk):
    nora = desk.browser(desk.ward.people.nora)
    address = desk.address("edit_note")
    saved = nora.post(address, {"text": "One.\r\nTwo.", "revision": "1", "act": "save"})
    assert (saved.status_code, saved.url) == (302, address)
    assert desk.stored().text == "One.\nTwo."
    signing = nora.post(address, {"text": "One.\r\nThree.", "revision": "2", "act": "sign"})
    assert signing.url == desk.address("sign_note")
    stale = nora.post(address, {"text": "Other.", "revision": "1", "act": "save"})
    assert stale.status_code == 409
    assert b"Other." in stale.content
    assert b"One.\nThree." in stale.content
    assert nora.post(address, {"text": "x", "revision": "three", "act": "save"}).status_code == 409
    too_long = nora.post(address, {"text": "y" * 200_001, "revision": "3", "act": "save"})
    assert too_long.status_code == 400
    assert b"yyyy" in too_long.content
