"""What patients say beside the script: stopping twice, counts, a fall, words that nobody sees."""

from collections.abc import Callable

import pytest
from django.test import Client

from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from patients.models import Alert, PainReport
from patients.services import acknowledge_alert, close_alert
from patients.services.typed import as_seen
from sessions.assistant_errors import NothingSaid
from sessions.models import ExerciseSet, TherapySession
from sessions.services import start_session
from tests.factories.patients import Ward
from tests.sessions.assistant.conftest import Chat
from tests.sessions.assistant.rooms import make_conversation, make_turn

SignedIn = Callable[[Membership], Client]
BEGIN = "Walk me through my exercises"


def counts(chat: Chat) -> list[int | None]:
    with chat.scope:
        return [one.repetition_count for one in ExerciseSet.objects.order_by("order")]


def test_stop_after_too_much_pain_says_that_today_is_over(chat: Chat) -> None:
    told = chat.walk(BEGIN, "Pain 7", "stop")
    assert told.node == "walk_through"
    assert "exercises for today are stopped" in told.text
    assert "sorry" not in told.text


def test_what_was_ended_for_pain_is_not_begun_again_until_the_care_team_has_seen_it(chat: Chat) -> None:
    refused = chat.walk(BEGIN, "Pain 7", "let's go")
    assert "Rest for today" in refused.text
    with chat.scope:
        assert not TherapySession.objects.exists()
        alert = Alert.objects.get()
        acknowledge_alert(alert, by=chat.ward.people.nora)
        close_alert(alert, by=chat.ward.people.nora, outcome="Mistyped: may go on.")
    assert "How much pain do you have now" in chat.walk("let's go").text


def test_stop_ends_a_session_that_was_begun_elsewhere(chat: Chat) -> None:
    with chat.scope:
        session = start_session(chat.ward.paul, mode="tap")
    assert "What you did is kept." in chat.walk("stop").text
    with chat.scope:
        session.refresh_from_db()
    assert session.is_over


def test_stop_where_nothing_runs_says_so(chat: Chat) -> None:
    assert "No session is running now." in chat.walk("stop").text


def test_a_count_told_in_a_sentence_is_noted_and_can_be_put_right(chat: Chat) -> None:
    noted = chat.walk(BEGIN, "Ready", "I did 8 out of 10 with my knee straight")
    assert "I noted 8 times." in noted.text
    again = chat.walk("no i only did 7")
    assert ("I noted 7 times instead." in again.text, "How hard was it?" in again.text) == (True, True)
    assert counts(chat)[0] == 7
    with chat.scope:
        assert not PainReport.objects.exists()


def test_a_count_outside_the_walk_through_is_no_pain(chat: Chat) -> None:
    reply = chat.walk("I did 8 out of 10 with my knee straight")
    assert reply.intent == "counted"
    assert "too much pain" not in reply.text
    with chat.scope:
        assert not PainReport.objects.exists()
    assert "How much pain do you have now" in chat.walk("let's go").text


def test_short_words_in_the_walk_through_keep_its_place(chat: Chat) -> None:
    chat.walk(BEGIN, "Ready")
    assert "Take your time." in chat.walk("wait").text
    assert "set 1 of 4" in chat.walk("how many more?").text
    explained = chat.walk("i dont understand")
    assert any("exercise:squat:how" in each["sources"] for each in explained.sentences)
    assert "I ask how hard" in chat.walk("Done", "huh?").text
    assert "Tap a number" in chat.walk("Right", "a little").text
    assert "I noted pain 2." in chat.walk("2").text
    same = chat.walk("done", "same as before")
    assert "How much pain" in same.text
    assert "I noted pain 2." in chat.walk("the same").text


def test_a_fall_is_asked_about_and_never_sent_on(chat: Chat) -> None:
    asked = chat.walk("i fell yesterday but im ok")
    assert asked.node == "clarify"
    still = chat.walk("what?")
    assert (still.node, still.text) == ("clarify", asked.text)
    reply = chat.walk("no")
    assert (reply.intent, "How are you now?" in reply.text) == ("fall", True)
    assert "tell your therapist" in reply.text
    assert ["Write to your care team", "/c/north/messages/"] in reply.links


def test_a_question_about_danger_that_was_not_understood_can_still_be_said_yes_to(chat: Chat) -> None:
    chat.walk("i fell yesterday but im ok", "huh?", "yes")
    assert [alert.rule_id for alert in chat.alerts()] == ["fracture"]


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("ch\u200best pa\u00adin", "chest pain"),
        ("\u202eevil\u202c words", "evil words"),
        ("\ufeffhow\u2060 many\u200f", "how many"),
        ("c\u200da\u200cl\u200df", "calf"),
        ("\U0001f469\u200d\u2695\ufe0f", "\U0001f469\u200d\u2695\ufe0f"),
        (
            "\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645",
            "\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645",
        ),
        ("naïve – 5 × “x”", "naïve – 5 × “x”"),
    ],
)
def test_what_nobody_sees_is_not_kept(typed: str, seen: str) -> None:
    assert as_seen(typed) == seen


def test_danger_is_heard_through_letters_without_width(chat: Chat) -> None:
    reply = chat.say("\u200b".join("my left calf is swollen and hot since last night"))
    assert (reply.node, [alert.rule_id for alert in chat.alerts()]) == ("escalate", ["dvt_pe"])


def test_words_of_nothing_but_unseen_letters_are_nothing(chat: Chat) -> None:
    with pytest.raises(NothingSaid):
        chat.say("\u200b\u202e \u2066")


def test_markup_and_formulas_of_a_patient_stay_words_for_the_care_team(
    chat: Chat, signed_in: SignedIn
) -> None:
    words = '=HYPERLINK("http://x") <script>alert(1)</script> <b>how many squats</b>'
    chat.say(words)
    nora = signed_in(chat.ward.people.nora)
    page = nora.get(f"/c/north/conversations/{chat.conversation.ref}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
    assert "<b>how many" not in page


def test_a_correction_begins_without_what_names_a_person(floor: Ward, signed_in: SignedIn) -> None:
    nora = signed_in(floor.people.nora)
    talk = make_conversation(floor.paul)
    with clinic_scope(floor.paul.clinic_id):
        name = floor.paul.given_name
        nora_name = floor.people.nora.display_name
    asked = f"I am {name}, born 3 May 1961, 0171 4455667. {nora_name} said how many squats?"
    make_turn(talk, "patient", asked)
    answer = make_turn(talk, "assistant", f"{nora_name} says: 4 squats.", answered_by="embedded")
    page = nora.get(f"/c/north/conversations/{talk.ref}/turns/{answer.ref}/correct/")
    initial = page.context["form"].initial
    for word in (name, nora_name, "1961", "4455667"):
        assert word not in initial["question"] + initial["answer"]
    assert "how many squats?" in initial["question"]
    assert "4 squats." in initial["answer"]
