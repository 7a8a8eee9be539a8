"""Conversations as the care team reads, answers and corrects them; and who may."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from clinic.audit.models import AuditEvent
from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from patients import conversations
from patients.models import Message, Patient
from patients.red_flags.hearing import hear
from sessions.models import Article, Conversation, Turn
from sessions.selectors.assistant.viewing import asked_most, pieces_of
from tests.factories.patients import Ward

SignedIn = Callable[[Membership], Client]
CLOT = "my left calf is swollen and hot since last night"


def talked(patient: Patient, *, words: str = CLOT, answers: int = 1) -> Conversation:
    """A conversation with one question and its answers."""
    with clinic_scope(patient.clinic_id):
        now = timezone.now()
        talk = Conversation.objects.create(patient=patient, last_turn_at=now, keep_until=now.date())
        Turn.objects.create(
            conversation=talk, number=1, author="patient", at=now, text=words, heard=hear([words]).to_dict()
        )
        for number in range(answers):
            Turn.objects.create(
                conversation=talk,
                number=number + 2,
                author="assistant",
                at=now + timedelta(seconds=1),
                text="Do 10.",
                sentences=[{"text": "Do 10.", "sources": ["exercise:squat:dose"]}],
                answered_by="embedded",
                intent="how_many",
                exercise_code="squat",
                dropped={"dose_above_plan": 2},
                was_helpful=False,
            )
        return talk


def test_the_reader_sees_words_rules_sources_and_what_was_left_out(floor: Ward, signed_in: SignedIn) -> None:
    talk = talked(floor.paul)
    page = signed_in(floor.people.nora).get(f"/c/north/conversations/{talk.ref}/").content.decode()
    assert "<mark>" in page and "Dvt pe" in page
    assert "exercise: squat, dose" in page and "2 × dose above plan" in page
    assert "not helpful" in page
    with clinic_scope(floor.people.north.pk):
        assert AuditEvent.objects.filter(
            object_ref=talk.ref, action="view", patients=[floor.paul.pk]
        ).exists()


def test_a_person_answers_in_the_thread_and_the_patient_is_written_to(
    floor: Ward, signed_in: SignedIn
) -> None:
    talk = talked(floor.paul)
    nora = signed_in(floor.people.nora)
    page = nora.post(f"/c/north/conversations/{talk.ref}/answer/", {"text": "Please ring me."}, follow=True)
    assert b"Please ring me." in page.content
    with clinic_scope(floor.people.north.pk):
        assert Turn.objects.filter(conversation=talk, author="person", membership=floor.people.nora).exists()
        assert Message.objects.filter(patient=floor.paul, body="Please ring me.").exists()
    empty = nora.post(f"/c/north/conversations/{talk.ref}/answer/", {"text": "  "})
    assert empty.status_code == 400


def test_a_corrected_answer_is_kept_for_this_patient(floor: Ward, signed_in: SignedIn) -> None:
    talk = talked(floor.paul, words="how many squats?")
    with clinic_scope(floor.people.north.pk):
        answer = talk.turns.get(author="assistant")
    address = f"/c/north/conversations/{talk.ref}/turns/{answer.ref}/correct/"
    nora = signed_in(floor.people.nora)
    assert b"how many squats?" in nora.get(address).content
    nora.post(address, {"question": "how many squats?", "answer": "Do eight.", "for_whom": "patient"})
    with clinic_scope(floor.people.north.pk):
        kept = Article.objects.get()
        assert (kept.kind, kept.patient, kept.turn) == ("correction", floor.paul, answer)
    assert nora.post(address, {"question": "", "answer": "", "for_whom": "all"}).status_code == 400


def test_a_patients_own_turn_cannot_be_corrected(floor: Ward, signed_in: SignedIn) -> None:
    talk = talked(floor.paul)
    with clinic_scope(floor.people.north.pk):
        asked = talk.turns.get(author="patient")
    address = f"/c/north/conversations/{talk.ref}/turns/{asked.ref}/correct/"
    assert signed_in(floor.people.nora).get(address).status_code == 404


def test_who_may_read_answer_and_correct(floor: Ward, signed_in: SignedIn) -> None:
    talk = talked(floor.paul)
    with clinic_scope(floor.people.north.pk):
        answer = talk.turns.get(author="assistant")
    base = f"/c/north/conversations/{talk.ref}/"
    correct = f"{base}turns/{answer.ref}/correct/"
    listed = f"/c/north/patients/{floor.paul.ref}/conversations/"
    people = floor.people
    expected = {people.nora: 200, people.ash: 200, people.ola: 403, people.paul: 403, people.ada: 403}
    for member, status in expected.items():
        assert signed_in(member).get(base).status_code == status, member.display_name
        assert signed_in(member).get(listed).status_code == status
    assert signed_in(people.ash).get(correct).status_code == 403
    assert signed_in(people.ola).post(f"{base}answer/", {"text": "x"}).status_code == 403
    stranger = signed_in(people.sam)
    for address in (base, correct, f"/c/north/patients/{floor.paul.ref}/conversations/"):
        assert stranger.get(address).status_code == 404
        assert stranger.get(address.replace("/north/", "/south/")).status_code == 404


def test_what_is_asked_most_counts_only_own_patients(floor: Ward, signed_in: SignedIn) -> None:
    talked(floor.paul, words="how many?", answers=2)
    talked(floor.petra, words="how many?")
    with clinic_scope(floor.people.north.pk, user_id=floor.people.nora.user_id):
        (most,) = asked_most(floor.people.nora, days=30)
        assert (most.intent, most.times, most.patients, most.unhelpful) == ("how_many", 3, 2, 3)
        (own,) = asked_most(floor.people.ash, days=30)
        assert (own.times, own.patients) == (2, 1)
        assert asked_most(floor.people.ola, days=30) == []
    assert b"How many" in signed_in(floor.people.nora).get("/c/north/assistant/asked/?days=nonsense").content


@pytest.mark.parametrize("talks", [1, 3])
def test_the_list_reads_the_same_number_of_times(
    floor: Ward, signed_in: SignedIn, talks: int, django_assert_max_num_queries
) -> None:
    with clinic_scope(floor.people.north.pk):
        for _ in range(talks):
            Conversation.objects.filter(patient=floor.paul).update(ended_at=timezone.now())
            talked(floor.paul)
    nora = signed_in(floor.people.nora)
    address = f"/c/north/patients/{floor.paul.ref}/conversations/"
    nora.get(address)
    with django_assert_max_num_queries(16):
        assert nora.get(address).status_code == 200


def test_marked_words_joined_again_are_the_words() -> None:
    text = "my calf 🦵 is hot and my calf is big"
    pieces = pieces_of(text, ["calf 🦵 is hot", "not there", ""])
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.is_heard] == ["calf 🦵 is hot"]
    assert pieces_of("", ["x"]) == ()


def test_the_alert_page_leads_to_the_thread_and_answers_in_it(floor: Ward, signed_in: SignedIn) -> None:
    paul = signed_in(floor.people.paul)
    paul.post("/c/north/assistant/", {"text": CLOT})
    with clinic_scope(floor.people.north.pk):
        talk = Conversation.objects.get(patient=floor.paul)
        alert = talk.held_by
    nora = signed_in(floor.people.nora)
    assert f"/conversations/{talk.ref}/" in nora.get(f"/c/north/alerts/{alert.ref}/").content.decode()
    with clinic_scope(floor.people.north.pk, user_id=floor.people.nora.user_id):
        other = conversations.answer_in_thread(floor.petra, talk.ref, by=floor.people.nora, body="Hello")
        own = conversations.answer_in_thread(floor.paul, talk.ref, by=floor.people.nora, body="I ring you.")
        assert (other, own) == (False, True)
        assert talk.turns.get(author="person").text == "I ring you."
