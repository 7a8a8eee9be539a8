"""A note too long to be read while it is shown, and texts that nobody expects, on every page."""

import pytest
from django.urls import reverse

from notes.models import VisitNote
from notes.selectors.facts import LONGEST_READ_AT_ONCE
from notes.services import drafts
from tests.factories.notes import make_note
from tests.factories.patients import Ward

STRANGE = {
    "dictation": "PATIENT REPORTS PAIN EIGHT OUT OF TEN NO NUMBNESS LEFT KNEE FLEXION NINETY DEGREES",
    "blanks": "Pain: ____/10\nFlexion: __________\n\tStrength\t4/5",
    "emoji": "😀 pain 6/10 👩🏽‍⚕️ knee 🦵 flexion 90°",
    "right to left": "\u202bكتف\u202c pain 5/10 \u200f\u200e knee",
    "spanish": "El paciente refiere dolor 7/10 en la rodilla izquierda. Flexión de 0 a 95 grados.",
    "unstorable": "a\x00b \ud800 pain 3/10",
    "markup": '</textarea><img src=x onerror="alert(1)"> {{ 7 }} {% now %}',
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_texts_are_shown_compared_signed_and_printed(ward: Ward, signed_in, name: str):
    note = make_note(ward.paul, by=ward.people.nora, text=STRANGE[name])
    nora = signed_in(ward.people.nora)

    def address(page: str) -> str:
        return reverse(f"notes:{page}", args=["north", note.ref])

    assert nora.get(address("sign_note")).status_code == 200
    assert nora.post(address("sign_note"), {"revision": "1"}).status_code == 302
    for page in ("note", "versions", "print_note", "note_pdf"):
        assert nora.get(address(page)).status_code == 200
    stored = VisitNote.objects.get(pk=note.pk)
    assert len(stored.text) == len(STRANGE[name])
    assert "<img src=x" not in nora.get(address("note")).content.decode()


@pytest.mark.slow
def test_a_long_note_is_signed_and_read(ward: Ward, signed_in):
    line = "Left knee flexion 0 to 95 degrees, pain 4/10, no effusion. "
    text = line * (LONGEST_READ_AT_ONCE // len(line) + 1)
    note = make_note(ward.paul, by=ward.people.nora, text="")
    drafts.save_draft(note, text=text, revision=1, by=ward.people.nora)
    nora = signed_in(ward.people.nora)
    place = reverse("notes:sign_note", args=["north", note.ref])
    assert "This text is long" in nora.get(place).content.decode()
    assert nora.post(place, {"revision": "2"}).status_code == 302
    stored = VisitNote.objects.get(pk=note.pk)
    assert (stored.status, stored.text) == ("signed", text)
    assert stored.findings.count() >= text.count("95 degrees")
    assert nora.get(reverse("notes:note", args=["north", note.ref])).status_code == 200
