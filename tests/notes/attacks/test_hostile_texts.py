"""Texts made to keep a worker busy, and JSON made to break a page: answers in time, and clear words."""

from datetime import date

import pytest
from django.urls import reverse

from clinic.tenancy.scope import clinic_scope
from notes.annotating.spans import Marked, SpansWrong, read_rejected, undecided
from notes.clini_note_extractor import extract_by_rules
from notes.deidentification import find_suspects
from notes.deidentification.finding import replace
from notes.deidentification.types import Kind, Suspect
from notes.finding_query import read_query
from notes.import_check import visit_day_in
from notes.models import ProjectDocument
from tests.factories.annotation import make_document, make_open_document, make_team
from tests.notes.editor.conftest import TEXT, Desk

LONG = 200_000
# The measure is that they end at all: before the patterns were bounded, some of these took hours.
ENDLESS = {
    "a month and blanks": "may" + " " * LONG,
    "a code and blanks": "zip" + " " * LONG,
    "an id and blanks": "mrn" + " " * LONG + "x",
    "an age and blanks": "aged" + "\n" * LONG,
    "a signature and blanks": "patient" + "\t" * LONG,
    "capitals": "A" * LONG,
    "letters of a name": "Mr " + "a" * LONG,
    "initials": "A. " * (LONG // 3),
    "hyphens": "A-b" * (LONG // 3),
    "apostrophes": "O'" * (LONG // 2),
    "numbers": "1-" * (LONG // 2),
    "an address": "1 A " * (LONG // 4),
    "an e-mail": "a." * (LONG // 2) + "@",
    "web": "www." * (LONG // 4),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_looking_for_names_ends(text: str):
    for one in find_suspects(text, own_names={"ellsworth"}):
        assert 0 <= one.start < one.end <= len(text)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_reading_by_rules_ends(text: str):
    found = extract_by_rules(text[:20_000])
    assert all(0 <= one.start < one.end <= 20_000 for one in found.entities)
    assert visit_day_in(text, latest=date(2026, 1, 1)) is None


@pytest.mark.timeout(30)
@pytest.mark.parametrize("line", [text[:400] for text in ENDLESS.values()], ids=ENDLESS)
def test_a_search_line_is_read_in_time(line: str):
    assert read_query("knee flexion < 90 " + line, today=date(2026, 1, 1)).value == 90


def test_blanks_of_a_usual_number_hide_no_date():
    assert find_suspects("Seen on May" + " " * 15 + "12, 2024.")[0].kind is Kind.DATE


@pytest.mark.timeout(60)
def test_many_spans_move_past_many_names():
    text = "Ana is 5. " * 15_000
    names = [Suspect(start, start + 3, Kind.NAME) for start in range(0, len(text), 10)]
    cleaned, moved = replace(text, names)
    for start in range(7, len(text), 10):
        place = moved(start, start + 1)
        assert place is not None
        assert cleaned[slice(*place)] == "5"


@pytest.mark.timeout(60)
def test_many_proposals_beside_many_spans():
    proposals = [{"start": at, "end": at + 3, "label": "ROM"} for at in range(0, 80_000, 4)]
    spans = [Marked(at + 2, at + 3, "ROM") for at in range(0, 80_000, 8)]
    left = undecided(proposals, spans=spans, rejected=[])
    assert [one.start for one in left] == list(range(4, 80_000, 8))


@pytest.mark.parametrize("label", ["\x00", "\ud800", ["ROM"], {"a": 1}, None, 7, "PERSON", "x" * 90])
def test_a_refused_proposal_needs_a_known_label(label: object):
    with pytest.raises(SpansWrong):
        read_rejected([{"start": 0, "end": 1, "label": label}])


@pytest.mark.parametrize("label", [["ROM"], {"ROM": 1}, None, 1, "\ud800"])
@pytest.mark.parametrize("name", ["autosave", "marks"])
def test_a_label_of_a_strange_type_is_refused(desk: Desk, name: str, label: object):
    nora = desk.ward.people.nora
    fact = {"start": 0, "end": 1, "label": label, "quote": "O"}
    for facts in ([fact], [{**fact, "label": "ROM", "found": {**fact, "label": label or "x"}}]):
        answer = desk.send(nora, name, {"text": TEXT, "revision": 1, "facts": facts})
        assert (answer.status_code, answer.json()["kind"]) == (400, "invalid")
    assert desk.stored().text == TEXT


def test_annotation_takes_no_character_that_cannot_be_stored(desk: Desk):
    people = desk.ward.people
    team = make_team(people.nora, annotators=[people.ash])
    document = make_open_document(team, by=people.nora)
    browser = desk.browser(people.ash)
    browser.post(reverse("notes:next_annotation_document", args=["north", team.ref]))
    address = reverse("notes:save_annotation", args=["north", team.ref, document.ref])
    for label in ('"\\u0000"', '"\\ud800"', "[]", "1e999", "NaN"):
        row = f'{{"start": 0, "end": 4, "label": {label}}}'
        for sent in (f'"entities": [{row}], "rejected": []', f'"entities": [], "rejected": [{row}]'):
            answer = browser.post(address, f'{{"revision": 0, {sent}}}', content_type="application/json")
            assert answer.status_code == 400, sent
            assert answer.json()["words"]


@pytest.mark.timeout(60)
def test_words_to_replace_that_stand_everywhere_are_refused(desk: Desk):
    nora = desk.ward.people.nora
    team = make_team(nora)
    document = make_document(team, "a " * 50_000, by=nora)
    address = reverse("notes:check_annotation_document", args=["north", team.ref, document.ref])
    lines = "\n".join("a" * 200)
    answer = desk.browser(nora).post(address, {"further": lines})
    assert answer.status_code == 400
    assert b"too many places" in answer.content
    with clinic_scope(team.clinic_id):
        assert ProjectDocument.objects.get(pk=document.pk).state == "to_clear"
