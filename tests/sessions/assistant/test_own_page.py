"""The patient's chat: what it shows, what may be tapped, and who may open it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.tenancy.scope import clinic_scope
from patients.models import Alert
from patients.red_flags import Severity
from patients.services import acknowledge_alert
from prescriptions.selectors import active_prescription
from sessions.models import Turn
from tests.factories.prescriptions import make_prescription
from tests.sessions.assistant.rooms import clinic_chose, hold, make_conversation, make_stop_alert, make_turn

HOME = "/c/north/assistant/"
THREAD = f"{HOME}thread/"
NEW = f"{HOME}new/"
SCRIPT = {"HX-Request": "true"}
PATIENT, ASSISTANT, PERSON = Turn.Author.PATIENT, Turn.Author.ASSISTANT, Turn.Author.PERSON


@pytest.fixture
def conversation(floor):
    return make_conversation(floor.paul)


def page_of(browser, address=HOME) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def helpful(turn) -> str:
    return f"{HOME}turns/{turn.ref}/helpful/"


def offers_to_start_over(page: str) -> bool:
    form = re.search(r'<form[^>]*data-part="new"[^>]*>', page)
    return form is not None and not form[0].endswith(" hidden>")


# What it shows


def test_before_anything_is_said_it_suggests_what_to_ask(paul):
    page = page_of(paul)
    for words in ("Walk me through my exercises", "How do I do the squat?", "It hurts. Should I go on?"):
        assert f'value="{words}"' in page
    assert 'href="tel:999"' in page
    assert ">Something is wrong</a>" in page
    assert not offers_to_start_over(page)


def test_without_a_plan_it_suggests_no_exercise(floor, signed_in):
    page = page_of(signed_in(floor.people.petra))
    assert "When do I get my exercises?" in page
    assert "Walk me through" not in page


def test_asking_about_an_exercise_of_the_plan(paul):
    page = page_of(paul, f"{HOME}?about=squat")
    assert "About Squat" in page
    assert 'value="How many times do I do the squat?"' in page


@pytest.mark.parametrize("about", ["clamshell", "<script>alert(1)</script>", "squat%00", "x" * 5000])
def test_asking_about_anything_else_shows_the_usual_page(paul, about):
    page = page_of(paul, f"{HOME}?about={about}")
    assert "What do you want to know?" in page
    assert "<script>alert" not in page


def test_an_answer_says_where_each_part_comes_from_and_shows_the_movement(paul, conversation):
    make_turn(conversation, PATIENT, "how do I do the squat again?")
    turn = make_turn(
        conversation,
        ASSISTANT,
        "Stand with your feet apart. Do 1 set of 4.",
        node="verify",
        exercise_code="squat",
        sentences=[
            {"text": "Stand with your feet apart.", "sources": ["exercise:squat:how"]},
            {"text": "Do 1 set of 4.", "sources": ["exercise:squat:dose", "plan:today"]},
        ],
    )
    page = page_of(paul)
    assert f'<a href="#figure-{turn.ref}">from Squat, how to</a>' in page
    assert page.count("<li>from your plan</li>") == 1
    assert f'id="figure-{turn.ref}"' in page
    assert 'src="/c/north/exercises/squat/figure.json"' in page
    assert "Did this help?" in page


def test_the_same_movement_is_drawn_once_until_another_is_talked_about(paul, conversation):
    said = {"exercise_code": "squat", "sentences": [{"text": "Bend.", "sources": ["exercise:squat:how"]}]}
    for _ in range(2):
        make_turn(conversation, ASSISTANT, "Bend.", **said)
    assert page_of(paul).count("<pl-figure") == 1


def test_a_source_outside_the_plan_is_not_named(paul, conversation):
    sentences = [{"text": "Lie down.", "sources": ["exercise:clamshell:how", "nonsense", ""]}]
    make_turn(conversation, ASSISTANT, "Lie down.", sentences=sentences, exercise_code="clamshell")
    page = page_of(paul)
    assert "Lie down." in page
    assert "chat__sources" not in page
    assert "<pl-figure" not in page


def test_what_anybody_said_is_text_and_never_markup(paul, conversation):
    make_turn(conversation, PATIENT, "<img src=x onerror=alert(1)>")
    make_turn(
        conversation,
        ASSISTANT,
        "<b>bold</b>",
        quick_replies=[{"label": "<i>Yes</i>", "text": '"><script>'}],
        links=[["Evil", "//evil.example"], ["Worse", "javascript:alert(1)"], ["Today", "/c/north/today/"]],
    )
    page = page_of(paul)
    for markup in ("<img src=x", "<b>bold", "<i>Yes", "<script>", "evil.example", "javascript:"):
        assert markup not in page
    assert '<a class="button" href="/c/north/today/">Today</a>' in page


def test_a_person_of_the_care_team_is_named(paul, conversation, floor):
    make_turn(conversation, PERSON, "I will call you at noon.", membership=floor.people.nora)
    page = page_of(paul)
    assert re.search(r'class="chat__person">Nora<span class="muted"> · your care team, <time', page)
    assert "I will call you at noon." in page


def test_a_movement_that_is_drawn_needs_no_link_to_it(paul, conversation, floor):
    with clinic_scope(floor.paul.clinic_id):
        prescribed = active_prescription(floor.paul).exercises.get()
    link = f"/c/north/today/exercises/{prescribed.ref}/"
    said = {"exercise_code": "squat", "sentences": [{"text": "Bend.", "sources": ["exercise:squat:how"]}]}
    make_turn(conversation, ASSISTANT, "Bend.", links=[["See it move", link]], **said)
    assert "See it move" not in page_of(paul)
    make_turn(conversation, ASSISTANT, "Bend.", links=[["See it move", link]], **said)
    assert "See it move" in page_of(paul)


def test_the_time_stands_where_the_talk_goes_on_after_a_pause(paul, conversation):
    for hours in (3, 3, 0):
        turn = make_turn(conversation, PATIENT, "hello")
        with clinic_scope(conversation.clinic_id):
            Turn.objects.filter(pk=turn.pk).update(at=timezone.now() - timedelta(hours=hours))
    assert page_of(paul).count('class="chat__when"') == 2


def test_an_emergency_fills_the_width_with_a_number_to_tap(paul, conversation, floor):
    hold(conversation, make_stop_alert(floor.paul))
    page = page_of(paul)
    assert (
        '<a class="button button--danger button--filled button--large button--wide" href="tel:999">' in page
    )
    assert "What happens next" in page
    assert "We told your care team" in page
    assert 'placeholder="Write to your care team"' in page
    assert not offers_to_start_over(page)
    assert 'data-held="yes"' in page


def test_the_patient_sees_who_has_seen_it(paul, conversation, floor):
    alert = make_stop_alert(floor.paul)
    hold(conversation, alert)
    with clinic_scope(floor.paul.clinic_id):
        acknowledge_alert(Alert.objects.get(pk=alert.pk), by=floor.people.nora)
    page = page_of(paul)
    assert "Nora has seen it" in page


def test_a_same_day_answer_has_no_emergency_button_in_its_card(paul, conversation, floor):
    alert = make_stop_alert(floor.paul, severity=Severity.SAME_DAY)
    with clinic_scope(floor.paul.clinic_id):
        alert.answers["shown"] = {"heading": "Rest", "sentences": ["Call today."], "emergency_number": None}
        alert.save(update_fields=["answers"])
    hold(conversation, alert)
    page = page_of(paul)
    assert "button--large button--wide" not in page
    assert "Call today." in page


def test_only_the_newest_turns_are_shown_until_asked_for(paul, conversation):
    for number in range(45):
        make_turn(conversation, PATIENT, f"question number {number}.")
    page = page_of(paul)
    assert "question number 44." in page
    assert "question number 4." not in page
    assert "Show earlier (5)" in page
    assert "question number 4." in page_of(paul, f"{HOME}?show=all")


def test_while_an_answer_is_written_the_page_says_so_and_loads_itself_without_scripts(paul, conversation):
    make_turn(conversation, PATIENT, "how do I do the squat?")
    make_turn(conversation, ASSISTANT, state=Turn.State.WAITING)
    page = page_of(paul)
    assert "Thinking…" in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page


def test_a_page_costs_the_same_with_one_turn_and_with_three(paul, conversation, floor):
    alert = make_stop_alert(floor.paul, severity=Severity.TELL_THERAPIST)

    def exchange():
        make_turn(conversation, PATIENT, "how?", alert=alert)
        sentences = [{"text": "Bend.", "sources": ["exercise:squat:how", "article:none"]}]
        make_turn(conversation, ASSISTANT, "Bend.", sentences=sentences, exercise_code="squat")
        make_turn(conversation, PERSON, "Hello", membership=floor.people.nora)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as counted:
            page_of(paul)
        return len(counted)

    exchange()
    page_of(paul)
    once = queries()
    exchange()
    exchange()
    assert queries() == once


def test_the_thread_alone_is_for_the_script(paul, conversation):
    make_turn(conversation, PATIENT, "hello there")
    fragment = page_of(paul, THREAD)
    assert "hello there" in fragment
    assert "<html" not in fragment
    assert 'id="chat-bar"' in fragment


# Helpful, start over


def test_the_patient_says_whether_an_answer_helped(paul, conversation, floor):
    turn = make_turn(conversation, ASSISTANT, "Bend.")
    assert paul.post(helpful(turn), {"helpful": "no"}).status_code == 302
    with clinic_scope(floor.paul.clinic_id):
        turn.refresh_from_db()
        assert turn.was_helpful is False
    assert paul.post(helpful(turn), {"helpful": "perhaps"}).status_code == 400


def test_nobody_else_says_whether_it_helped(signed_in, conversation, floor):
    turn = make_turn(conversation, ASSISTANT, "Bend.")
    own = make_turn(conversation, PATIENT, "how?")
    assert signed_in(floor.people.petra).post(helpful(turn), {"helpful": "yes"}).status_code == 404
    assert signed_in(floor.people.nora).post(helpful(turn), {"helpful": "yes"}).status_code == 403
    assert signed_in(floor.people.sid).post(helpful(turn), {"helpful": "yes"}).status_code == 404
    assert signed_in(floor.people.paul).post(helpful(own), {"helpful": "yes"}).status_code == 404
    with clinic_scope(floor.paul.clinic_id):
        turn.refresh_from_db()
        assert turn.was_helpful is None


def test_starting_over_leaves_an_empty_page(paul, conversation, floor):
    make_turn(conversation, PATIENT, "an old question")
    assert offers_to_start_over(page_of(paul))
    assert paul.post(NEW).status_code == 302
    assert "an old question" not in page_of(paul)
    with clinic_scope(floor.paul.clinic_id):
        conversation.refresh_from_db()
        assert conversation.ended_at is not None


def test_a_held_conversation_cannot_be_started_over(paul, conversation, floor):
    hold(conversation, make_stop_alert(floor.paul))
    assert paul.post(NEW).status_code == 409
    assert "What happens next" in page_of(paul)


# Who may


@pytest.mark.parametrize(
    ("name", "status"), [("nora", 403), ("ola", 403), ("ada", 403), ("sam", 404), ("sid", 404), (None, 302)]
)
def test_only_the_patient_opens_their_chat(floor, signed_in, conversation, name, status):
    make_turn(conversation, PATIENT, "my private question")
    browser = signed_in(getattr(floor.people, name)) if name else Client()
    for address in (HOME, THREAD):
        answer = browser.get(address)
        assert answer.status_code == status
        assert b"my private question" not in answer.content
    assert browser.post(HOME, {"text": "hello"}).status_code == status
    assert browser.post(NEW).status_code == status
    with clinic_scope(floor.paul.clinic_id):
        assert Turn.objects.count() == 1


def test_another_patient_of_the_clinic_sees_their_own_page_only(floor, signed_in, conversation):
    make_turn(conversation, PATIENT, "my private question")
    assert "my private question" not in page_of(signed_in(floor.people.petra))


# Where the clinic has switched it off, and voice


def test_switched_off_it_says_so_and_leads_to_messages(paul, floor):
    clinic_chose(floor, is_on=False)
    page = page_of(paul)
    assert "Your clinic has switched the assistant off." in page
    assert 'action="/c/north/messages/"' in page
    assert 'name="text"' not in page


def test_the_microphone_is_opened_for_clinics_that_allow_it_only(paul, floor):
    assert "microphone=()" in paul.get(HOME).headers["Permissions-Policy"]
    assert 'data-part="dictate"' not in page_of(paul)
    clinic_chose(floor, voice_in_allowed=True)
    assert "microphone=(self)" in paul.get(HOME).headers["Permissions-Policy"]
    assert 'data-part="dictate"' in page_of(paul)
    assert "microphone=()" in paul.get("/c/north/today/").headers["Permissions-Policy"]


# From Today


def test_today_leads_to_it(paul, floor):
    page = page_of(paul, "/c/north/today/")
    assert 'href="/c/north/assistant/?about=squat"' in page
    assert "Walk me through it" in page
    assert re.search(r'<a href="/c/north/assistant/">Ask</a>', page)
    clinic_chose(floor, is_on=False)
    assert "Walk me through it" not in page_of(paul, "/c/north/today/")


def test_today_offers_no_walk_without_a_plan(floor, signed_in):
    page = page_of(signed_in(floor.people.petra), "/c/north/today/")
    assert "Ask a question" in page
    assert "Walk me through it" not in page


def test_an_exercises_page_leads_to_it(paul, floor):
    with clinic_scope(floor.paul.clinic_id):
        prescribed = active_prescription(floor.paul).exercises.get()
    page = page_of(paul, f"/c/north/today/exercises/{prescribed.ref}/")
    assert 'href="/c/north/assistant/?about=squat"' in page


def test_several_exercises_of_a_plan_are_each_asked_about(floor, signed_in):
    make_prescription(floor.petra, by=floor.people.nora, codes=("squat", "clamshell"), sets=1, repetitions=4)
    page = page_of(signed_in(floor.people.petra), f"{HOME}?about=clamshell")
    assert "About Clamshell" in page
