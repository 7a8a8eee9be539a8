"""Danger is heard whatever surrounds it: broken fields, too many words, too many turns."""

from unittest.mock import patch

import pytest

from clinic.pace import Pace
from sessions.forms_assistant import SayForm
from sessions.models import Turn
from sessions.services.assistant.talking import OVERLAP, WORDS_KEPT
from tests.sessions.assistant.conftest import Chat

CLOT = "my left calf is swollen and hot since last night"


@pytest.mark.parametrize(
    "fields", [{"after": "x"}, {"after": "-1"}, {"pain": "11"}, {"pain": "a face", "after": "9" * 5000}]
)
def test_a_broken_field_does_not_keep_words_from_being_heard(fields: dict[str, str]) -> None:
    form = SayForm({"text": CLOT, **fields})
    assert form.is_valid(), form.errors
    assert form.words == CLOT
    assert form.cleaned_data["after"] is None


def test_a_broken_face_alone_is_refused_in_words() -> None:
    form = SayForm({"pain": "11"})
    assert not form.is_valid()
    assert form.first_error == "Tap a face."


@pytest.mark.parametrize("cut", [10, 25, 40])
def test_danger_on_the_cut_of_too_long_words_is_heard(chat: Chat, cut: int) -> None:
    walk = "I went for a walk. "
    before = (walk * WORDS_KEPT)[: WORDS_KEPT - cut]
    after = walk * (OVERLAP // len(walk) + 10)
    assert chat.say(f"{before} {CLOT}. {after}").node == "escalate"


def test_a_flood_keeps_back_no_question_about_danger_and_no_rule_of_pain(chat: Chat) -> None:
    with patch("sessions.services.assistant.exchanges.ANSWER_PACE", Pace(most=0, in_s=600)):
        assert chat.say("how many squats?").node == "pace"
        reply = chat.say("my knee hurts 9 of 10")
        assert reply.node != "pace"
    with chat.scope:
        assert Turn.objects.filter(node="pace").count() == 1
