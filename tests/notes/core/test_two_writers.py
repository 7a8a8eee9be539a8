"""Two people, one draft, at the same moment: real transactions that wait for each other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from clinic.errors import HouseError
from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from notes.models import NoteTemplate, VisitNote
from notes.services import drafts, signing, templates
from tests.factories.notes import make_note
from tests.factories.patients import Ward, make_ward
from tests.people import make_people


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    return make_ward(make_people())


def at_once(ward: Ward, *acts: Callable[[], object]) -> list[object]:
    """What each act answered or raised, begun together on connections of their own."""
    together = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            with clinic_scope(ward.people.north.pk):
                together.wait(timeout=20)
                return act()
        except HouseError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [one.result(timeout=60) for one in [pool.submit(run, act) for act in acts]]


def saving(note: VisitNote, text: str, by: Membership) -> Callable[[], object]:
    return lambda: drafts.save_draft(note, text=text, revision=1, by=by)


def texts(ward: Ward, note: VisitNote) -> tuple[str, set[str]]:
    """The stored text, and every kept one."""
    with clinic_scope(ward.people.north.pk):
        stored = VisitNote.objects.get(pk=note.pk)
        return stored.text, set(stored.versions.values_list("text", flat=True))


def test_two_saves_of_one_person_keep_both_texts(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="Begun.")
    nora = ward.people.nora
    answers = at_once(ward, saving(note, "Left tab.", nora), saving(note, "Right tab.", nora))
    assert sorted(type(one).__name__ for one in answers) == ["StaleDraft", "VisitNote"]
    stored, kept = texts(ward, note)
    assert {"Left tab.", "Right tab."} <= kept | {stored}
    with clinic_scope(ward.people.north.pk):
        assert VisitNote.objects.get(pk=note.pk).revision == 2


def test_two_people_at_once_keep_both_texts(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="Begun.")
    with clinic_scope(ward.people.north.pk):
        drafts.let_go_of_draft(note, by=ward.people.nora)
    answers = at_once(
        ward, saving(note, "Nora's.", ward.people.nora), saving(note, "Ola's.", ward.people.ola)
    )
    assert sorted(type(one).__name__ for one in answers) == ["DraftTakenOver", "VisitNote"]
    stored, kept = texts(ward, note)
    assert {"Nora's.", "Ola's."} <= kept | {stored}


def test_many_saves_number_their_versions_once(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="Begun.")
    nora = ward.people.nora
    answers = at_once(ward, *(saving(note, f"Text {number}.", nora) for number in range(6)))
    assert sum(isinstance(one, VisitNote) for one in answers) == 1
    with clinic_scope(ward.people.north.pk):
        numbers = list(note.versions.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_save_beside_a_signature_is_in_it_or_kept_apart(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="Pain 4/10.")
    nora = ward.people.nora
    answers = at_once(
        ward,
        saving(note, "Pain 5/10.", nora),
        lambda: signing.sign_note(note, by=nora, revision=1),
    )
    stored, kept = texts(ward, note)
    with clinic_scope(ward.people.north.pk):
        status = VisitNote.objects.get(pk=note.pk).status
    names = [type(one).__name__ for one in answers]
    assert (names, status, stored) in (
        (["NoteLocked", "VisitNote"], "signed", "Pain 4/10."),
        (["VisitNote", "StaleDraft"], "draft", "Pain 5/10."),
    )
    assert "Pain 5/10." in kept | {stored}


def test_a_note_is_signed_once(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text="Pain 4/10.")
    nora = ward.people.nora
    answers = at_once(ward, *([lambda: signing.sign_note(note, by=nora, revision=1)] * 3))
    assert sorted(type(one).__name__ for one in answers) == ["NoteLocked", "NoteLocked", "VisitNote"]
    with clinic_scope(ward.people.north.pk):
        assert note.versions.filter(reason="signed").count() == 1


def test_two_who_open_the_first_page_make_one_set_of_templates(ward: Ward):
    at_once(ward, *([templates.ensure_shipped_templates] * 3))
    with clinic_scope(ward.people.north.pk):
        assert NoteTemplate.objects.count() == 4
