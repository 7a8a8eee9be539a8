"""Through today's exercises by short answers: the same writes as on the live page, and the same rules."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from patients.models import ExerciseHold, PainReport
from patients.services import give_consent
from prescriptions.models import ExerciseResponse
from sessions.models import ExerciseSet, SetAdjustment, TherapySession
from sessions.services import end_session, finish_set, start_session
from sessions.services.assistant.walking import REST_DAY
from tests.factories.patients import make_alert, make_ward
from tests.factories.sessions import make_clinic_floor
from tests.people import make_people
from tests.sessions.assistant.conftest import Chat

BEGIN = "Walk me through my exercises"


def sets(chat: Chat) -> list[ExerciseSet]:
    with chat.scope:
        return list(chat.session().sets.order_by("order"))


def waits_for(chat: Chat) -> str:
    return chat.conversation.walk["waiting_for"]


def test_it_begins_with_the_pain_before(chat: Chat) -> None:
    asked = chat.walk(BEGIN)
    assert (asked.node, waits_for(chat)) == ("walk_through", "ready")
    assert "2 exercises" in asked.text
    begun = chat.walk("Pain 2")
    assert "Squat, set 1 of 2: 10 times." in begun.text
    with chat.scope:
        report = PainReport.objects.get()
    assert (report.value, report.moment, report.session_ref) == (2, "before", chat.session().ref)
    assert (chat.session().mode, chat.conversation.session) == ("tap", chat.session())


def test_the_first_set_of_an_exercise_is_told_with_its_instructions(chat: Chat) -> None:
    first = chat.walk(BEGIN, "Ready")
    assert any("exercise:squat:how" in each["sources"] for each in first.sentences)
    assert any(label == "See it move" for label, _ in first.links)
    second = chat.walk("Done", "Right", "Pain 1")
    assert not any("exercise:squat:how" in each["sources"] for each in second.sentences)
    assert "Rest 30 seconds first." in second.text


def test_to_the_end_with_effort_and_pain_in_the_record(chat: Chat) -> None:
    chat.walk(BEGIN, "Pain 1", "did 8", "Right", "Pain 2", "Done", "Hard", "Pain 3")
    last = chat.walk("Done", "Easy", "0", "9", "Right", "no pain")
    assert (waits_for(chat), chat.conversation.session) == ("over", None)
    assert "Well done." in last.text
    assert [(one.repetition_count, one.effort, one.pain) for one in sets(chat)] == [
        (8, 4, 2),
        (10, 7, 3),
        (10, 2, 0),
        (9, 4, 0),
    ]
    assert chat.session().completed
    with chat.scope:
        squats, bridges = ExerciseResponse.objects.order_by("pk")
        moments = list(PainReport.objects.order_by("pk").values_list("moment", "value"))
    assert (squats.effort, squats.pain_during, squats.repetitions_asked) == (7, 3, 20)
    assert (bridges.effort, bridges.pain_during) == (4, 0)
    assert moments == [("before", 1), ("after", 0)]


def test_pain_over_the_limit_ends_the_session_and_is_told(chat: Chat) -> None:
    reply = chat.walk(BEGIN, "Pain 1", "Done", "Right", "Pain 7")
    assert "Rest for today." in reply.text
    assert (chat.session().is_over, chat.session().stop_reason) == (True, "pain_over_limit")
    assert [alert.rule_id for alert in chat.alerts()] == ["pain_over_limit"]
    assert (waits_for(chat), sets(chat)[0].pain) == ("over", 7)


def test_pain_over_the_limit_is_told_even_when_the_graph_breaks_down(chat: Chat) -> None:
    chat.walk(BEGIN, "Pain 1", "Done", "Right")
    with patch("sessions.services.assistant.answering._run", side_effect=ValueError):
        reply = chat.walk("Pain 7")
    assert "Rest for today." in reply.text
    assert len(chat.alerts()) == 1
    assert chat.session().is_over


def test_pain_over_the_exercises_own_limit_ends_the_session(chat: Chat) -> None:
    chat.allow(limits={"pain_limit": 2})
    chat.walk(BEGIN, "Pain 1", "Done", "Right", "3")
    assert [alert.rule_id for alert in chat.alerts()] == ["pain_over_own_limit"]
    assert chat.session().is_over


def test_pain_in_the_middle_of_a_set_counts(chat: Chat) -> None:
    chat.walk(BEGIN, "Pain 1", "my knee hurts 8")
    assert chat.session().stop_reason == "pain_over_limit"
    assert len(chat.alerts()) == 1


def test_too_much_pain_before_begins_nothing(chat: Chat) -> None:
    reply = chat.walk(BEGIN, "Pain 7")
    assert "Rest for today." in reply.text
    with chat.scope:
        assert not TherapySession.objects.exists()
        assert PainReport.objects.get().moment == "before"
    assert len(chat.alerts()) == 1


def test_a_hard_set_makes_the_next_easier_and_the_patient_may_decline(chat: Chat) -> None:
    chat.allow(within_session=True)
    eased = chat.walk(BEGIN, "Pain 1", "did 6", "Too hard", "Pain 2")
    with chat.scope:
        change = SetAdjustment.objects.get()
    assert change.words in eased.text
    assert sets(chat)[1].target_repetitions < 10
    assert {"label": "Keep as planned", "text": "Keep it as planned"} in eased.quick_replies
    kept = chat.walk("Keep it as planned")
    assert "We keep it as planned." in kept.text
    assert sets(chat)[1].target_repetitions == 10


def test_the_bot_changes_nothing_that_the_therapist_did_not_allow(chat: Chat) -> None:
    chat.walk(BEGIN, "Pain 1", "did 6", "Too hard", "Pain 2")
    assert [one.target_repetitions for one in sets(chat)] == [10, 10, 10, 10]


def test_a_set_is_left_out_and_a_question_passed_over(chat: Chat) -> None:
    chat.walk(BEGIN, "Ready", "skip")
    assert (sets(chat)[0].state, waits_for(chat)) == ("skipped", "done")
    chat.walk("Done", "skip", "skip")
    assert (sets(chat)[1].effort, sets(chat)[1].pain, waits_for(chat)) == (None, None, "done")


def test_stop_ends_it_at_any_time(chat: Chat) -> None:
    reply = chat.walk(BEGIN, "Pain 1", "Done", "Stop")
    assert (waits_for(chat), chat.session().is_over) == ("over", True)
    assert "What you did is kept." in reply.text
    assert chat.walk("Pain 3").node != "walk_through"


def test_a_number_is_counted_only_where_one_was_asked_for(chat: Chat) -> None:
    reply = chat.walk(BEGIN, "Pain 1", "Done", "11")
    assert (waits_for(chat), sets(chat)[0].effort) == ("effort", None)
    assert "How hard was it?" in reply.text


def test_a_question_in_between_is_answered_and_the_walk_goes_on(chat: Chat) -> None:
    chat.walk(BEGIN, "Pain 1")
    reply = chat.walk("how do I do the squat?")
    assert reply.node == "verify"
    assert waits_for(chat) == "done"
    chat.walk("Done")
    assert sets(chat)[0].repetition_count == 10


def test_the_camera_goes_on_with_the_same_session(chat: Chat) -> None:
    reply = chat.walk(BEGIN, "Pain 1", "can I use the camera")
    assert "not agreed" in reply.text
    with chat.scope:
        give_consent(chat.ward.paul, "camera")
    reply = chat.walk("use the camera")
    address = f"/c/north/sessions/{chat.session().ref}/live/"
    assert ["Open the exercise page", address] in reply.links
    assert (chat.session().mode, sets(chat)[0].counted_by) == ("camera", "camera")
    with chat.scope:
        assert TherapySession.objects.count() == 1


def test_a_set_that_was_done_on_the_live_page_is_seen_here(chat: Chat) -> None:
    chat.walk(BEGIN, "Pain 1")
    with chat.scope:
        finish_set(chat.session().sets.select_related("session__patient").first(), count=7)
    reply = chat.walk("again")
    assert "How hard was it?" in reply.text


def test_a_session_that_ended_elsewhere_is_said_to_have_ended(chat: Chat) -> None:
    chat.walk(BEGIN, "Pain 1")
    with chat.scope:
        end_session(chat.session(), completed=False)
    reply = chat.walk("Done")
    assert "This session has ended." in reply.text
    assert (waits_for(chat), chat.conversation.session) == ("over", None)
    assert all(one.state == "skipped" for one in sets(chat))


def test_a_session_that_runs_already_is_joined(chat: Chat) -> None:
    with chat.scope:
        running = start_session(chat.ward.paul, mode="tap")
    chat.walk(BEGIN)
    assert chat.conversation.session == running
    assert waits_for(chat) == "done"


def test_an_old_set_is_not_asked_about(chat: Chat) -> None:
    chat.walk(BEGIN, "Pain 1", "Done")
    with chat.scope:
        ExerciseSet.objects.filter(pk=sets(chat)[0].pk).update(
            ended_at=timezone.now() - timedelta(minutes=20)
        )
    chat.walk("again")
    assert waits_for(chat) == "done"


def test_the_same_tap_sent_twice_does_one_set(chat: Chat) -> None:
    chat.walk(BEGIN, "Pain 1")
    number = chat.newest_number()
    chat.say("Done", after=number)
    chat.say("Done", after=number)
    assert [one.state for one in sets(chat)].count("planned") == 3
    assert waits_for(chat) == "effort"


def test_the_same_number_answers_two_questions_on_two_pages(chat: Chat) -> None:
    chat.walk(BEGIN, "Pain 1", "Done", "4", "4")
    assert (sets(chat)[0].effort, sets(chat)[0].pain) == (4, 4)


def test_on_hold_nothing_is_begun(chat: Chat) -> None:
    alert = make_alert(chat.ward.paul)
    with chat.scope:
        ExerciseHold.objects.create(patient=chat.ward.paul, alert=alert, since=timezone.now())
    reply = chat.walk(BEGIN)
    assert "talk to you before you exercise" in reply.text
    with chat.scope:
        assert not TherapySession.objects.exists()


def test_when_all_is_done_it_is_said(chat: Chat) -> None:
    chat.walk(BEGIN, "Ready", *(["Done", "Right", "Pain 1"] * 4))
    assert "all of today's exercises" in chat.walk(BEGIN).text
    with chat.scope:
        assert TherapySession.objects.count() == 1


def test_on_a_rest_day_it_is_said(chat: Chat) -> None:
    with patch("sessions.services.assistant.walking.plan_of") as plan:
        plan.return_value.on_hold, plan.return_value.is_rest_day = False, True
        reply = chat.walk(BEGIN)
    assert REST_DAY in reply.text


def test_without_a_plan_it_is_said(db: None) -> None:
    chat = Chat(make_ward(make_people()))
    reply = chat.walk(BEGIN)
    assert "no exercise planned" in reply.text or reply.node != "walk_through"


@pytest.mark.parametrize("words", ["999999", "-3", "Pain -1", "1e9", "⁵"])
def test_strange_numbers_change_nothing(chat: Chat, words: str) -> None:
    chat.walk(BEGIN, "Pain 1", "Done")
    chat.walk(words)
    assert (sets(chat)[0].effort, sets(chat)[0].pain) == (None, None)


def test_sides_are_told(db: None) -> None:
    chat = Chat(make_clinic_floor(codes=("clamshell",), sets=1, repetitions=5))
    first = chat.walk(BEGIN, "Ready")
    assert "Clamshell, left side: 5 times." in first.text
    assert "Clamshell, right side" in chat.walk("Done", "Right", "0").text
