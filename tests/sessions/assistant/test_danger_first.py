"""Nothing that moves a walk-through passes over a question about danger, or over pain that was told."""

import pytest

from patients.models import PainReport
from patients.services import report_pain
from sessions.models import TherapySession
from tests.sessions.assistant.conftest import Chat

BEGIN = "Walk me through my exercises"
FELL = "i fell yesterday but im ok"


def has_session(chat: Chat) -> bool:
    with chat.scope:
        return TherapySession.objects.exists()


@pytest.mark.parametrize("words", ["stop", "let's go", "walk me through my exercises"])
def test_a_question_about_danger_is_still_open_after_words_of_the_walk_through(
    chat: Chat, words: str
) -> None:
    asked = chat.walk(FELL)
    still = chat.walk(words)
    assert (asked.node, still.node, still.text) == ("clarify", "clarify", asked.text)
    assert not has_session(chat)
    chat.walk("yes")
    assert [alert.rule_id for alert in chat.alerts()] == ["fracture"]


def test_a_no_to_a_question_about_danger_is_no_pain_of_zero(chat: Chat) -> None:
    chat.walk(BEGIN)
    assert chat.walk(FELL).node == "clarify"
    assert chat.walk("no").intent == "fall"
    assert not has_session(chat)
    assert "Squat, set 1 of 2" in chat.walk("Pain 2").text


def test_stop_ends_the_session_while_the_question_stays(chat: Chat) -> None:
    chat.walk(BEGIN, "Pain 1")
    asked = chat.walk(FELL)
    assert chat.walk("stop").text == asked.text
    assert chat.session().is_over


def test_a_bare_number_of_pain_is_heard_while_the_question_stays(chat: Chat) -> None:
    chat.walk(BEGIN, "Pain 1", "Done", "Right")
    asked = chat.walk(FELL)
    assert chat.walk("8").text == asked.text
    assert (chat.session().is_over, chat.session().stop_reason) == (True, "pain_over_limit")
    with chat.scope:
        assert list(PainReport.objects.order_by("pk").values_list("value", flat=True)) == [1, 8]


def test_what_is_told_with_the_moment_of_a_pain_is_asked_about(chat: Chat) -> None:
    assert "When did you feel it?" in chat.walk("my knee hurts 4").text
    assert chat.walk("after exercise, i was a bit breathless").node == "clarify"
    with chat.scope:
        assert list(PainReport.objects.values_list("value", "moment")) == [(4, "after")]


def test_strong_pain_in_words_ends_the_walk_through(chat: Chat) -> None:
    chat.walk(BEGIN, "Pain 1", "Done", "Right")
    reply = chat.walk("hurts a lot")
    assert [alert.rule_id for alert in chat.alerts()] == ["pain_over_limit"]
    assert (chat.session().is_over, chat.conversation.walk["waiting_for"]) == (True, "over")
    assert "rest for today" in reply.text.casefold()
    assert "Rest for today" in chat.walk("let's go").text


def test_pain_told_elsewhere_since_the_question_begins_nothing(chat: Chat) -> None:
    chat.walk(BEGIN)
    with chat.scope:
        report_pain(chat.ward.paul, value=9, moment="questions")
    assert "Rest for today" in chat.walk("2").text
    assert not has_session(chat)


def test_a_bad_next_morning_is_a_day_of_rest(chat: Chat) -> None:
    with chat.scope:
        report_pain(chat.ward.paul, value=1, moment="before")
        report_pain(chat.ward.paul, value=4, moment="next_morning")
    assert [alert.rule_id for alert in chat.alerts()] == ["pain_next_morning"]
    assert "Rest for today" in chat.walk("let's go").text
