"""Templates and phrases: who changes them, and what they may be."""

import pytest
from django.urls import reverse

from clinic.audit.models import AuditEvent
from clinic.errors import Invalid
from clinic.tenancy.scope import clinic_scope
from notes.errors import ShortFormTaken, TitleTaken
from notes.models import NoteTemplate, Phrase
from notes.section_rows import SectionRow, rows_after
from notes.selectors.settings import offered_templates, phrases_for
from notes.services.phrases import delete_phrase, write_phrase
from notes.services.templates import ensure_shipped_templates, retire_template, write_template
from notes.shipped_templates import Section
from tests.factories.notes import make_template
from tests.factories.patients import Ward

SECTIONS = [Section("Subjective", "What they say."), Section("Plan")]


def address(name: str, *args: object) -> str:
    return reverse(f"notes:{name}", args=["north", *args])


def titles() -> list[str]:
    return list(offered_templates().values_list("title", flat=True))


def test_a_clinic_gets_the_shipped_templates_once(ward: Ward):
    ensure_shipped_templates()
    shipped = ["Visit note (SOAP)", "Initial evaluation", "Progress report", "Discharge summary"]
    assert titles() == shipped
    retire_template(NoteTemplate.objects.get(title="Discharge summary"))
    ensure_shipped_templates()
    assert titles() == shipped[:-1]
    with clinic_scope(ward.people.south.pk):
        assert titles() == []


def test_a_template_is_written_and_changed(ward: Ward):
    made = write_template(None, title="  Short   visit ", kind="soap", sections=SECTIONS)
    assert (made.title, made.sections[1]) == ("Short visit", {"heading": "Plan", "prompt": ""})
    write_template(made, title="Short visit", kind="progress", sections=[Section("Plan"), Section("Goals")])
    changed = NoteTemplate.objects.get(pk=made.pk)
    assert (changed.kind, [section["heading"] for section in changed.sections]) == (
        "progress",
        ["Plan", "Goals"],
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"title": " "}, "name"),
        ({"title": "x" * 81}, "name"),
        ({"kind": "addendum"}, "kind"),
        ({"sections": []}, "at least one heading"),
        ({"sections": [Section(" "), Section("", "\x00")]}, "at least one heading"),
        ({"sections": [Section("", "Help.")]}, "Give section 1 a heading"),
        ({"sections": [Section("Plan"), Section("plan")]}, "same heading"),
        ({"sections": [Section(str(number)) for number in range(21)]}, "at most 20"),
        ({"sections": [Section("x" * 61)]}, "at most 60"),
    ],
)
def test_what_cannot_be_a_template(ward: Ward, said: dict, words: str):
    with pytest.raises(Invalid, match=words):
        write_template(None, **{"title": "Visit", "kind": "soap", "sections": SECTIONS, **said})
    assert not NoteTemplate.objects.exists()


def test_two_offered_templates_are_not_called_the_same(ward: Ward, signed_in):
    first = make_template(ward.people.north, title="Visit")
    with pytest.raises(TitleTaken):
        write_template(None, title="Visit", kind="soap", sections=SECTIONS)
    retire_template(first)
    write_template(None, title="Visit", kind="soap", sections=SECTIONS)
    ada = signed_in(ward.people.ada)
    page = ada.post(address("offer_template", first.ref), follow=True).content.decode()
    assert "There is a template with this name already." in page


def test_only_the_admin_changes_templates(ward: Ward, signed_in):
    template = make_template(ward.people.north, title="Visit")
    sent = {"act": "save", "title": "Other", "kind": "soap", "heading": ["Plan"], "prompt": [""]}
    for member, status in (
        (ward.people.nora, 403),
        (ward.people.ash, 403),
        (ward.people.paul, 403),
        (ward.people.sam, 404),
    ):
        client = signed_in(member)
        assert client.post(address("edit_template", template.ref), sent).status_code == status
        assert client.post(address("retire_template", template.ref)).status_code == status
    assert titles() == ["Visit"]
    ada = signed_in(ward.people.ada)
    assert ada.post(address("edit_template", template.ref), sent).status_code == 302
    assert titles() == ["Other"]
    ada.post(address("retire_template", template.ref))
    assert titles() == []
    ada.post(address("offer_template", template.ref))
    assert titles() == ["Other"]


def test_another_clinics_template_is_not_found(ward: Ward, signed_in):
    theirs = make_template(ward.people.south, title="Theirs")
    assert signed_in(ward.people.ada).get(address("edit_template", theirs.ref)).status_code == 404


def test_moving_a_section_keeps_what_was_typed_and_stores_nothing(ward: Ward, signed_in):
    template = make_template(ward.people.north, title="Visit")
    sent = {"act": "down-0", "title": "Typed", "kind": "soap", "heading": ["A", "B"], "prompt": ["a", "b"]}
    page = signed_in(ward.people.ada).post(address("edit_template", template.ref), sent).content.decode()
    assert page.index('value="B"') < page.index('value="A"')
    assert 'value="Typed"' in page
    assert titles() == ["Visit"]


@pytest.mark.parametrize(
    ("act", "order"),
    [
        ("up-1", "bac"),
        ("up-0", "abc"),
        ("down-2", "abc"),
        ("down-0", "bac"),
        ("remove-1", "ac"),
        ("add", "abc"),
        ("up-9", "abc"),
        ("up-", "abc"),
        ("up-²", "abc"),
        ("fly-1", "abc"),
    ],
)
def test_rows_move(act: str, order: str):
    rows = [SectionRow(letter) for letter in "abc"]
    after = rows_after(act, rows)
    assert "".join(row.heading for row in after) == order
    assert len(after) == len(order) + (act == "add")


def test_own_phrases_win_over_the_clinics(ward: Ward):
    write_phrase(None, short=".SLR", text="Clinic's.", owner=None)
    write_phrase(None, short="hep", text="Home programme.", owner=None)
    write_phrase(None, short="slr", text="Nora's.", owner=ward.people.nora)
    assert [(one.short, one.text) for one in phrases_for(ward.people.nora)] == [
        ("hep", "Home programme."),
        ("slr", "Nora's."),
    ]
    assert [one.text for one in phrases_for(ward.people.ola)] == ["Home programme.", "Clinic's."]


@pytest.mark.parametrize("short", ["", ".", "two words", "é", "x" * 25, "-a", "a\x00"])
def test_what_cannot_be_a_short_form(ward: Ward, short: str):
    with pytest.raises(Invalid):
        write_phrase(None, short=short, text="Text.", owner=None)


def test_a_short_form_is_taken_once_by_each_owner(ward: Ward):
    write_phrase(None, short="slr", text="One.", owner=None)
    with pytest.raises(ShortFormTaken):
        write_phrase(None, short="slr", text="Two.", owner=None)
    for text in ("", "  ", "x" * 2001):
        with pytest.raises(Invalid):
            write_phrase(None, short="other", text=text, owner=None)


def test_everybody_has_their_own_phrases(ward: Ward, signed_in):
    nora, ash, ada = (signed_in(member) for member in (ward.people.nora, ward.people.ash, ward.people.ada))
    nora.post(address("phrases"), {"short": "slr", "text": "Straight leg raises."})
    ada.post(address("phrases"), {"short": "hep", "text": "Home programme given."})
    own = Phrase.objects.get(short="slr")
    assert (own.owner, Phrase.objects.get(short="hep").owner) == (ward.people.nora, None)
    assert "Straight leg raises." not in ash.get(address("phrases")).content.decode()
    assert "Home programme given." in ash.get(address("phrases")).content.decode()
    for client in (ash, ada):
        assert client.get(address("edit_phrase", own.ref)).status_code == 404
        assert client.post(address("delete_phrase", own.ref)).status_code == 404
    assert signed_in(ward.people.paul).get(address("phrases")).status_code == 403
    assert signed_in(ward.people.sam).get(address("phrases")).status_code == 404
    assert nora.post(address("edit_phrase", own.ref), {"short": "s", "text": "Raises."}).status_code == 302
    assert Phrase.objects.get(pk=own.pk).text == "Raises."


def test_a_deleted_phrase_is_put_back_with_one_press(ward: Ward, signed_in):
    nora = signed_in(ward.people.nora)
    phrase = write_phrase(None, short="slr", text="Straight\nleg.", owner=ward.people.nora)
    page = nora.post(address("delete_phrase", phrase.ref)).content.decode()
    assert not Phrase.objects.exists()
    assert "Put back" in page
    assert "Straight\nleg." in page
    nora.post(address("phrases"), {"short": "slr", "text": "Straight\r\nleg."})
    assert Phrase.objects.get().text == "Straight\nleg."


def test_deleting_is_written_down_without_the_text(ward: Ward):
    phrase = write_phrase(None, short="slr", text="Zanzibar.", owner=None)
    delete_phrase(phrase)
    lines = AuditEvent.objects.filter(object_type="notes.Phrase").order_by("sequence")
    assert [line.action for line in lines] == ["create", "delete"]
    assert not any("anzibar" in str(line.detail) for line in lines)
