"""What a patient sends to the chat: said once, heard whatever else is wrong, and bad input told in words."""

import pytest
from django.test import Client

from clinic.tenancy.scope import clinic_scope
from patients.models import Alert, Message
from sessions.models import Conversation, Turn
from tests.sessions.assistant.rooms import clinic_chose

HOME = "/c/north/assistant/"
SCRIPT = {"HX-Request": "true"}
PATIENT = Turn.Author.PATIENT


def test_without_scripts_words_are_answered_on_the_same_page(paul, floor):
    answer = paul.post(HOME, {"text": "how do I do the squat?"}, follow=True)
    assert answer.redirect_chain[0][0].startswith(f"{HOME}#turn-")
    page = answer.content.decode()
    assert "how do I do the squat?" in page
    with clinic_scope(floor.paul.clinic_id):
        assert list(Turn.objects.values_list("author", flat=True)) == ["patient", "assistant"]


def test_a_script_gets_the_thread(paul):
    answer = paul.post(HOME, {"text": "how do I do the squat?"}, headers=SCRIPT)
    assert answer.status_code == 200
    assert answer.content.decode().count("data-turn=") == 2


def test_sent_twice_is_said_once(paul, floor):
    for _ in range(2):
        paul.post(HOME, {"text": "what do I do today?", "after": "0"}, headers=SCRIPT)
    with clinic_scope(floor.paul.clinic_id):
        assert Turn.objects.filter(author=PATIENT).count() == 1


def test_a_tapped_face_is_said_as_a_pain(paul, floor):
    paul.post(HOME, {"pain": "7"})
    with clinic_scope(floor.paul.clinic_id):
        assert Turn.objects.get(author=PATIENT).text == "Pain 7"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Type what you want to ask, then press Send."),
        ({"text": "  \n "}, "Type what you want to ask, then press Send."),
        ({"text": "a " * 1999 + "bcd"}, "That is too long. Please ask one thing at a time."),
        ({"pain": "11"}, "Tap a face."),
        ({"pain": "NaN"}, "Tap a face."),
    ],
)
def test_what_cannot_be_said_is_told_in_words_and_kept(paul, floor, sent, words):
    refused = paul.post(HOME, sent)
    assert refused.status_code == 400
    assert words in refused.content.decode()
    assert sent.get("text", "").strip() in refused.content.decode()
    told = paul.post(HOME, sent, headers=SCRIPT)
    assert (told.status_code, told.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert words in told.content.decode()
    with clinic_scope(floor.paul.clinic_id):
        assert Turn.objects.count() == 0


def test_a_broken_after_or_a_stray_byte_does_not_keep_words_from_being_heard(paul, floor):
    paul.post(HOME, {"text": "what do I do\0 today?", "after": "99999999999999999999999"})
    with clinic_scope(floor.paul.clinic_id):
        assert Turn.objects.get(author=PATIENT).text == "what do I do today?"


def test_nothing_is_taken_without_the_pages_token(floor):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(floor.people.paul.user, backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post(HOME, {"text": "hello"}).status_code == 403
    with clinic_scope(floor.paul.clinic_id):
        assert Conversation.objects.count() == 0


def test_danger_is_heard_and_answered_even_after_it_was_switched_off(paul, floor):
    clinic_chose(floor, is_on=False)
    page = paul.post(HOME, {"text": "I have chest pain and cannot breathe"}, follow=True).content.decode()
    assert 'href="tel:999">Call 999</a>' in page
    assert "Your clinic has switched the assistant off." in page
    with clinic_scope(floor.paul.clinic_id):
        assert Alert.objects.get().severity == "emergency"


def test_danger_within_words_that_are_too_long_is_heard(paul, floor):
    paul.post(HOME, {"text": "I went to the shop. " * 120 + "I have chest pain and cannot breathe."})
    with clinic_scope(floor.paul.clinic_id):
        assert Alert.objects.get().severity == "emergency"


def test_words_that_come_after_it_was_switched_off_are_kept_for_the_care_team(paul, floor):
    clinic_chose(floor, is_on=False)
    page = paul.post(HOME, {"text": "when may I swim?"}).content.decode()
    assert ">when may I swim?</textarea>" in page
    paul.post("/c/north/messages/", {"body": "my knee is fine"})
    with clinic_scope(floor.paul.clinic_id):
        assert (Turn.objects.count(), Message.objects.count()) == (0, 1)
