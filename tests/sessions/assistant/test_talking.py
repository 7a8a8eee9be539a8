"""What a patient says is kept, heard and answered; who else tries is refused."""

import logging
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from clinic.audit.models import AuditEvent
from clinic.errors import Forbidden
from clinic.pace import Pace
from patients.errors import NotOnCareTeam, PatientNotFound
from patients.models import ExerciseHold, Message, PainReport
from patients.services import acknowledge_alert, close_alert
from sessions.assistant_errors import (
    AssistantIsOff,
    ConversationIsHeld,
    NothingSaid,
    TurnNotFound,
    TurnTooLong,
)
from sessions.models import AssistantSettings, Conversation, Turn
from sessions.selectors.assistant.conversation import heard_together
from sessions.services import assistant
from tests.sessions.assistant.conftest import Chat

CLOT = "my left calf is swollen and hot since last night"


def test_a_question_is_answered_from_the_plan(chat: Chat) -> None:
    reply = chat.say("how many squats should I do?")
    assert (reply.state, reply.author) == ("ready", "assistant")
    assert "10" in reply.text
    assert any("exercise:squat:dose" in each["sources"] for each in reply.sentences)
    assert [(turn.number, turn.author) for turn in chat.turns()] == [(1, "patient"), (2, "assistant")]


def test_danger_is_told_first_and_answered_in_fixed_words(chat: Chat) -> None:
    reply = chat.say(CLOT)
    alert = chat.alerts()[0]
    assert (reply.node, reply.alert, reply.answered_by) == ("escalate", alert, "rules")
    assert reply.text.startswith("Stop now. Call 999.")
    said = chat.turns()[0]
    assert (said.alert, said.heard["flags"][0]["flag"]) == (alert, "dvt_pe")
    assert alert.answers["conversation"] == str(chat.conversation.ref)
    assert alert.answers["turn"] == str(said.ref)
    assert chat.conversation.held_by == alert


def test_danger_never_loads_the_graph(chat: Chat) -> None:
    with patch("sessions.services.assistant.answering._run", side_effect=AssertionError):
        assert chat.say(CLOT).node == "escalate"
        assert chat.say("and how do I do the squat?").node == "held"


def test_the_alert_stands_when_the_answer_breaks_down(chat: Chat) -> None:
    with (
        patch("sessions.services.assistant.exchanges.say_stop", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        chat.say(CLOT)
    assert [alert.rule_id for alert in chat.alerts()] == ["dvt_pe"]
    assert chat.conversation.held_by == chat.alerts()[0]
    with chat.scope:
        Turn.objects.update(at=timezone.now() - timedelta(seconds=31))
        assistant.settle_waiting(chat.conversation)
    assert chat.turns()[-1].text.startswith("Stop now. Call 999.")
    assert len(chat.alerts()) == 1


def test_a_held_conversation_answers_in_fixed_words_and_tells_nobody_twice(chat: Chat) -> None:
    chat.say(CLOT)
    again = chat.say(f"{CLOT}!")
    other = chat.say("can I do my squats?")
    assert (again.node, other.node) == ("escalate", "held")
    assert len(chat.alerts()) == 1
    assert "999" in other.text
    with chat.scope:
        passed_on = Message.objects.get()
    assert (passed_on.body, passed_on.about_kind) == ("can I do my squats?", "alert")


def test_another_danger_is_told_while_the_conversation_is_held(chat: Chat) -> None:
    chat.say("I have had a fever since yesterday and my wound is leaking pus")
    assert chat.say("now I have chest pain and my arm feels numb").node == "escalate"
    assert len(chat.alerts()) == 2
    assert chat.conversation.held_by.severity == "emergency"


def test_a_closed_alert_opens_the_conversation_again(chat: Chat) -> None:
    chat.say(CLOT)
    with chat.scope:
        close_alert(chat.alerts()[0], by=chat.ward.people.nora, outcome="Seen, no clot.", lift_hold=True)
        assistant.settle_waiting(chat.conversation)
        assistant.settle_waiting(chat.conversation)
    assert [turn.node for turn in chat.turns()].count("open_again") == 1
    assert chat.conversation.held_by is None
    assert chat.say("how many squats should I do?").node not in ("held", "escalate")


def test_while_exercise_is_on_hold_opening_again_says_so(chat: Chat) -> None:
    chat.say(CLOT)
    with chat.scope:
        close_alert(chat.alerts()[0], by=chat.ward.people.nora, outcome="Will see him tomorrow.")
        assistant.settle_waiting(chat.conversation)
        assert ExerciseHold.objects.filter(lifted_at=None).exists()
    assert "Do not exercise yet." in chat.turns()[-1].text


def test_seeing_an_alert_does_not_open_the_conversation(chat: Chat) -> None:
    chat.say(CLOT)
    with chat.scope:
        acknowledge_alert(chat.alerts()[0], by=chat.ward.people.nora)
        assistant.settle_waiting(chat.conversation)
    assert chat.say("hello?").node == "held"


def test_danger_told_in_pieces_is_heard(chat: Chat) -> None:
    chat.say("my calf is sore")
    assert chat.say("it is swollen and warm").node == "escalate"


def test_what_is_heard_together_outlives_a_conversation_and_not_a_day(chat: Chat) -> None:
    chat.say("one")
    with chat.scope:
        assistant.end_conversation(chat.conversation)
    chat.say("two")
    with chat.scope:
        newest = Turn.objects.select_related("conversation").get(text="two")
        assert heard_together(newest) == ["one", "two"]
        Turn.objects.filter(text="one").update(at=timezone.now() - timedelta(hours=25))
        assert heard_together(newest) == ["two"]


def test_danger_ends_a_running_session(chat: Chat) -> None:
    chat.walk("Walk me through my exercises", "Pain 2", CLOT)
    assert chat.session().is_over
    assert chat.session().stop_reason == "dvt_pe"
    assert chat.conversation.walk["waiting_for"] == "over"


def test_a_screening_question_is_asked_once_and_a_no_goes_back_to_the_question(chat: Chat) -> None:
    asked = chat.say("my knee is hot, how many squats do I do?")
    assert asked.node == "clarify"
    assert chat.conversation.asked["kind"] == "screen"
    answered = chat.say("no, none of these")
    assert answered.node not in ("clarify", "escalate")
    assert "10" in answered.text
    assert chat.alerts() == []


def test_what_was_denied_is_asked_again_another_day(chat: Chat) -> None:
    chat.say("my knee is hot")
    chat.say("no")
    assert chat.say("my knee is hot, is that bad?").intent != "screen"
    with chat.scope:
        Conversation.objects.update(asked={"settled": {"hot_joint": "2020-01-01T00:00:00+00:00"}})
    assert chat.say("my knee is hot!").intent == "screen"


def test_a_yes_to_a_screening_question_is_danger(chat: Chat) -> None:
    chat.say("my knee is hot")
    reply = chat.say("Yes")
    assert (reply.node, chat.conversation.held_by) == ("escalate", chat.alerts()[0])
    assert chat.alerts()[0].answers["ticked"]


def test_a_screening_question_that_nobody_answers_blocks_nothing(chat: Chat) -> None:
    chat.say("my knee is hot")
    assert chat.say("how many squats should I do?").node == "verify"


def test_the_same_words_sent_twice_are_one_turn(chat: Chat) -> None:
    first = chat.say("how many squats should I do?")
    assert chat.say("how many squats should I do?") == first
    assert len(chat.turns()) == 2


def test_a_page_that_is_sent_twice_is_one_turn_however_slow(chat: Chat) -> None:
    first = chat.say("how many squats should I do?", after=0)
    with chat.scope:
        Turn.objects.update(at=timezone.now() - timedelta(minutes=5))
    assert chat.say("how many squats should I do?", after=0) == first
    assert chat.say("how many squats should I do?", after=2) != first
    assert len(chat.turns()) == 4


@pytest.mark.parametrize("words", ["", "   ", "\x00", "\n\t"])
def test_nothing_said_is_refused(chat: Chat, words: str) -> None:
    with pytest.raises(NothingSaid):
        chat.say(words)


@pytest.mark.parametrize("words", ["\x00how many\x00 squats?", "\ud800 squats?", "🦵🔥" * 200, "?" * 2000])
def test_strange_letters_are_stored_and_answered(chat: Chat, words: str) -> None:
    assert chat.say(words).state == "ready"


def test_a_megabyte_is_refused_in_words_and_stored_nowhere(chat: Chat) -> None:
    with pytest.raises(TurnTooLong):
        chat.say("how do I squat? " * 65_536)
    with chat.scope:
        assert not Turn.objects.exists()


def test_danger_in_too_long_words_is_heard_all_the_same(chat: Chat) -> None:
    assert chat.say(f"{'I went for a walk. ' * 200} {CLOT}").node == "escalate"


def test_a_flood_is_answered_in_fixed_words_but_danger_in_it_is_heard(chat: Chat) -> None:
    with patch("sessions.services.assistant.exchanges.ANSWER_PACE", Pace(most=0, in_s=600)):
        assert chat.say("how many squats?").node == "pace"
        assert chat.say(CLOT).node == "escalate"


def test_an_assistant_that_is_off_answers_nothing_but_danger(chat: Chat) -> None:
    with chat.scope:
        AssistantSettings.objects.create(is_on=False)
    with pytest.raises(AssistantIsOff):
        chat.say("how many squats?")
    assert chat.say(CLOT).node == "escalate"


def test_only_the_patient_speaks_for_themself(chat: Chat) -> None:
    people = chat.ward.people
    for other in (people.petra, people.nora, people.ola, people.ada):
        with chat.scope, pytest.raises(Forbidden):
            assistant.say(chat.ward.paul, text=CLOT, by=other)
    with chat.scope:
        assert not Turn.objects.exists()
    assert chat.alerts() == []


def test_a_broken_graph_is_answered_for_and_its_log_says_no_words(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    with patch("sessions.services.assistant.answering._run", side_effect=ValueError("secret squats")):
        reply = chat.say("secret squats?")
    assert (reply.state, reply.node) == ("ready", "failed")
    assert "Write to your care team." in reply.text
    assert "ValueError" in caplog.text and "secret" not in caplog.text


def test_whatever_breaks_beside_the_graph_is_answered_for(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    with patch("sessions.services.assistant.exchanges.turn_input", side_effect=KeyError("secret")):
        reply = chat.say("how many squats?")
    assert (reply.state, reply.node) == ("ready", "failed")
    assert "KeyError" in caplog.text and "secret" not in caplog.text


def test_a_broken_graph_still_tells_what_the_pain_rule_says(chat: Chat) -> None:
    with patch("sessions.services.assistant.answering._run", side_effect=ValueError):
        reply = chat.say("my knee hurts 7 after the squats")
    assert "Rest for today." in reply.text
    assert len(chat.alerts()) == 1


def test_pain_over_the_limit_is_kept_and_told_once(chat: Chat) -> None:
    reply = chat.say("my knee hurts 6 after the squats, shall I go on?")
    with chat.scope:
        report = PainReport.objects.get()
    assert (report.value, report.moment) == (6, "after")
    assert [alert.rule_id for alert in chat.alerts()] == ["pain_over_limit"]
    assert reply.state == "ready"
    assert chat.conversation.held_by is None


def test_pain_within_the_limit_is_asked_about_before_it_is_kept(chat: Chat) -> None:
    asked = chat.say("my knee hurts 3, shall I go on?")
    assert asked.text.endswith("When did you feel it?")
    with chat.scope:
        assert not PainReport.objects.exists()
    noted = chat.say("This morning")
    assert noted.text.startswith("Thank you. I noted pain 3 the morning after.")
    with chat.scope:
        report = PainReport.objects.get()
    assert (report.value, report.moment) == (3, "next_morning")


def test_a_number_answers_how_strong_a_pain_is(chat: Chat) -> None:
    chat.say("my knee hurts after the squats")
    assert chat.conversation.asked["kind"] == "pain"
    chat.say("7")
    with chat.scope:
        report = PainReport.objects.get()
    assert (report.value, report.moment) == (7, "after")
    assert len(chat.alerts()) == 1


def test_pain_over_the_own_limit_of_an_exercise_is_told(chat: Chat) -> None:
    chat.allow(limits={"pain_limit": 2})
    chat.say("my knee hurts 4 after the squats")
    assert [alert.rule_id for alert in chat.alerts()] == ["pain_over_own_limit"]


def test_a_person_answers_in_the_thread_and_the_patient_is_told(chat: Chat) -> None:
    chat.say(CLOT)
    nora = chat.ward.people.nora
    with chat.scope:
        turn = assistant.answer_as_person(chat.conversation, by=nora, text="Call me at nine.")
        message = Message.objects.get()
    assert (turn.author, turn.membership, turn.text) == ("person", nora, "Call me at nine.")
    assert (message.body, message.from_patient, message.about_ref) == (
        "Call me at nine.",
        False,
        chat.alerts()[0].ref,
    )


def test_who_may_answer_as_a_person(chat: Chat) -> None:
    chat.say("hello")
    people = chat.ward.people
    for other, error in (
        (people.ola, NotOnCareTeam),
        (people.ada, NotOnCareTeam),
        (people.paul, Forbidden),
        (people.petra, Forbidden),
    ):
        with chat.scope, pytest.raises(error):
            assistant.answer_as_person(chat.conversation, by=other, text="hi")
    with chat.scope, pytest.raises((NotOnCareTeam, PatientNotFound)):
        assistant.answer_as_person(chat.conversation, by=people.sam, text="hi")
    with chat.scope:
        assert not Message.objects.exists()
    with chat.scope:
        assert assistant.answer_as_person(chat.conversation, by=people.ash, text="hi").author == "person"


def test_a_conversation_ends_and_another_begins(chat: Chat) -> None:
    chat.say("hello")
    first = chat.conversation
    with chat.scope:
        assistant.end_conversation(first)
        assistant.end_conversation(first)
    chat.say("hello")
    assert chat.conversation != first


def test_a_held_conversation_cannot_be_ended_by_its_patient(chat: Chat) -> None:
    chat.say(CLOT)
    with chat.scope, pytest.raises(ConversationIsHeld):
        assistant.end_conversation(chat.conversation)


def test_after_a_quiet_day_a_new_conversation_begins(chat: Chat) -> None:
    chat.say("hello")
    first = chat.conversation
    with chat.scope:
        Conversation.objects.update(last_turn_at=timezone.now() - timedelta(hours=30))
        Turn.objects.update(at=timezone.now() - timedelta(hours=30))
    chat.say("hello")
    assert chat.conversation != first


def test_a_patient_says_whether_it_helped(chat: Chat) -> None:
    reply = chat.say("how many squats?")
    with chat.scope:
        assistant.mark_helpful(reply, False)
        assert Turn.objects.get(pk=reply.pk).was_helpful is False
        with pytest.raises(TurnNotFound):
            assistant.mark_helpful(chat.turns()[0], True)


def test_an_answer_that_never_came_is_given_when_the_page_asks(chat: Chat) -> None:
    with patch("sessions.services.assistant.talking.answer_exchange"):
        chat.say("how many squats should I do?")
    assert chat.turns()[-1].state == "waiting"
    with chat.scope:
        assistant.settle_waiting(chat.conversation)
        assert chat.turns()[-1].state == "waiting"
        Turn.objects.update(at=timezone.now() - timedelta(seconds=31))
        assistant.settle_waiting(chat.conversation)
    assert chat.turns()[-1].state == "ready"
    assert "10" in chat.turns()[-1].text


def test_danger_that_nobody_heard_is_heard_when_the_page_asks(chat: Chat) -> None:
    with patch("sessions.services.assistant.talking.answer_exchange"):
        chat.say(CLOT)
    with chat.scope:
        Turn.objects.update(at=timezone.now() - timedelta(seconds=31))
        assistant.settle_waiting(chat.conversation)
    assert chat.turns()[-1].node == "escalate"
    assert len(chat.alerts()) == 1


def test_no_words_reach_the_log_or_the_audit_trail(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    chat.say("zebrawort squats")
    chat.say(f"zebrawort {CLOT}")
    with chat.scope:
        assistant.answer_as_person(chat.conversation, by=chat.ward.people.nora, text="zebrawort")
        trail = "".join(str(vars(event)) for event in AuditEvent.objects.all())
    ours = "".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db")
    )
    assert trail and "zebrawort" not in trail
    assert "zebrawort" not in ours
