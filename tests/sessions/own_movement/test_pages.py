"""The patient's own movement: what was measured, beginning a test, its result."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from clinic.tenancy.scope import clinic_scope
from patients.models import Consent, ExerciseHold
from patients.selectors import has_consent
from sessions.models import Recording
from sessions.views import own_movement_pages
from tests.factories.patients import make_alert
from tests.factories.sessions import first_set, make_clinic_floor, make_session, squats, store_motion
from tests.sessions.own_movement.rooms import (
    make_day,
    make_recording,
    make_tug,
    make_walk,
    ready_to_walk,
)

HOME = "/c/north/movement/"
WALK = f"{HOME}tests/walk/"
ANSWERS = {"shoe": "walking", "aid": "stick", "placement": "lower_back"}
FIRST_ANSWERS = {**ANSWERS, "height": "5 ft 6", "consent": True}


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def paul(floor, signed_in):
    return signed_in(floor.people.paul)


def begin(browser, answers=FIRST_ANSWERS, page=WALK):
    return browser.post(page, json.dumps(answers), content_type="application/json")


def address_of(recording):
    return f"{HOME}recordings/{recording.ref}/"


def recordings(floor):
    with clinic_scope(floor.paul.clinic_id):
        return list(Recording.objects.filter(exercise_set=None))


# Beginning


def test_the_first_test_asks_for_height_and_consent(paul):
    page = paul.get(WALK).content.decode()
    assert "How tall are you?" in page
    assert 'name="consent"' in page
    assert "Something is wrong" in page


def test_beginning_keeps_the_answers_and_says_where_to_send(paul, floor):
    answer = begin(paul)
    assert answer.status_code == 201
    [recording] = recordings(floor)
    assert answer.json() == {
        "ref": str(recording.ref),
        "ws_path": f"/ws/c/north/recordings/{recording.ref}/stream/",
        "finish_url": address_of(recording),
        "result_url": address_of(recording),
    }
    assert (recording.activity, recording.source, recording.placement) == ("walk", "phone", "lower_back")
    assert recording.note == "Shoes: Walking shoes or trainers. Walking aid: One stick."
    with clinic_scope(floor.paul.clinic_id):
        floor.paul.refresh_from_db()
        assert floor.paul.height_cm == 168
        assert has_consent(floor.paul, "motion")


def test_the_next_test_begins_at_its_last_step(paul, floor):
    begin(paul)
    assert paul.get(WALK).context["config"]["is_ready"] is False
    make_walk(floor.paul)
    page = paul.get(WALK)
    assert page.context["config"]["is_ready"] is True
    assert paul.get(f"{HOME}tests/tug/").context["config"]["is_ready"] is False
    assert "How tall are you?" not in page.content.decode()
    assert b"As last time" in page.content
    assert begin(paul, ANSWERS).status_code == 201


@pytest.mark.parametrize("kind", ["walk", "walk_10m", "chair_stand_30s", "tug"])
def test_each_test_has_its_page_and_its_recording(paul, floor, kind):
    page = paul.get(f"{HOME}tests/{kind}/")
    assert page.context["config"]["kind"] == kind
    assert begin(paul, page=f"{HOME}tests/{kind}/").status_code == 201
    assert recordings(floor)[0].activity == kind


def test_without_scripts_the_answers_are_kept_and_nothing_begins(paul, floor):
    answer = paul.post(WALK, {**FIRST_ANSWERS, "consent": "on"}, follow=True)
    assert b"tap the button again" in answer.content
    assert recordings(floor) == []
    with clinic_scope(floor.paul.clinic_id):
        assert Consent.objects.filter(patient=floor.paul, kind="motion").count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"height": "tall"}, "height"),
        ({"height": ""}, "height"),
        ({"consent": False}, "consent"),
        ({"placement": "head"}, "placement"),
        ({"placement": ["lower_back"]}, "placement"),
        ({"shoe": "x\x00"}, "shoe"),
        ({"aid": None}, "aid"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_begins(paul, floor, change, field):
    answer = begin(paul, {**FIRST_ANSWERS, **change})
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert recordings(floor) == []
    with clinic_scope(floor.paul.clinic_id):
        assert not has_consent(floor.paul, "motion")


@pytest.mark.parametrize("body", ["[]", "{", "x" * 5000, "null"])
def test_garbage_begins_nothing(paul, floor, body):
    answer = paul.post(WALK, body, content_type="application/json")
    assert answer.status_code == 400
    assert recordings(floor) == []


def test_no_test_while_the_therapist_wants_to_talk_first(paul, floor):
    put_on_hold(floor)
    assert b"Please do not do this test yet" in paul.get(WALK).content
    assert b"No test for now" in paul.get(HOME).content
    answer = begin(paul)
    assert answer.status_code == 409
    assert answer.json()["words"]
    assert recordings(floor) == []


def put_on_hold(floor):
    alert = make_alert(floor.paul)
    with clinic_scope(floor.paul.clinic_id):
        ExerciseHold.objects.create(patient=floor.paul, alert=alert, since=timezone.now())


def test_too_many_tests_in_an_hour_are_refused(paul, floor):
    most = own_movement_pages.TESTS_AN_HOUR.most
    answers = [begin(paul).status_code for _ in range(most + 1)]
    assert answers == [201] * most + [429]
    assert len(recordings(floor)) == most


# Results


def test_a_result_says_what_how_sure_and_what_is_not_shown(paul, floor):
    page = paul.get(address_of(make_walk(floor.paul))).content.decode()
    assert "You walked 0.9 metres a second." in page
    assert "We are quite sure: between 0.8 and 1.0." in page
    assert "Not shown: length of a step" in page
    assert "Too few steps in a row. Walk a little longer next time." in page
    assert "You took 212 steps in 2 minutes of walking." in page
    assert "than last time" not in page


def test_a_change_is_said_when_it_is_larger_than_chance(paul, floor):
    make_walk(floor.paul, speed=0.60)
    page = paul.get(address_of(make_walk(floor.paul))).content.decode()
    assert "Faster than last time (0.6)." in page


def test_a_small_change_is_no_change(paul, floor):
    make_walk(floor.paul, speed=0.90)
    page = paul.get(address_of(make_walk(floor.paul))).content.decode()
    assert "About the same as last time." in page
    assert "Faster" not in page


def test_the_parts_of_a_timed_test_are_drawn(paul, floor):
    page = paul.get(address_of(make_tug(floor.paul))).content.decode()
    assert "You needed 9.8 seconds" in page
    assert page.count("<rect") == 3
    assert "Walking there" in page


def test_a_withheld_result_says_why(paul, floor):
    recording = make_tug(floor.paul, value=None, withheld="You did not sit down at the end.")
    page = paul.get(address_of(recording)).content.decode()
    assert "Not shown: You did not sit down at the end." in page
    assert "Do it again" in page


def test_no_walking_found_is_said_kindly(paul, floor):
    flags = [{"code": "no_walking", "words": "No walking of four strides or more was found."}]
    page = paul.get(address_of(make_recording(floor.paul, result={"flags": flags}))).content.decode()
    assert "We found no walking" in page
    assert "Nothing is wrong with you" in page
    assert "walk at least twenty steps" in page
    assert "strides" not in page


@pytest.mark.parametrize(
    ("modality", "words"), [("health", "about your days"), ("lab", "Your therapist can see")]
)
def test_a_file_without_a_result_of_its_own_says_where_to_look(paul, floor, modality, words):
    recording = make_recording(
        floor.paul, modality=modality, source="upload", activity="", title="export.zip"
    )
    page = paul.get(address_of(recording)).content.decode()
    assert "export.zip" in page
    assert words in page
    assert "No result" not in page
    assert "Do it again" not in page


def test_a_result_that_is_worked_out_asks_again_by_itself(paul, floor):
    page = paul.get(address_of(make_recording(floor.paul, state="waiting"))).content.decode()
    assert "Working it out" in page
    assert 'hx-trigger="every 2s' in page


def test_a_failure_is_told_in_its_words(paul, floor):
    recording = make_recording(
        floor.paul, state="failed", failure="The phone measured for less than a second."
    )
    page = paul.get(address_of(recording)).content.decode()
    assert "The phone measured for less than a second." in page
    assert "Do it again" in page


def test_an_open_recording_can_be_ended_twice(paul, floor):
    recording = make_recording(floor.paul, state="open", sample_count=0, segment_count=0)
    assert b"This test was not finished" in paul.get(address_of(recording)).content
    for _ in range(2):
        assert paul.post(address_of(recording)).status_code == 302
    with clinic_scope(floor.paul.clinic_id):
        recording.refresh_from_db()
        assert recording.state == "failed"


@pytest.mark.django_db(transaction=True)
def test_stop_ends_a_running_test_and_keeps_it(signed_in):
    ward = make_clinic_floor()
    running = make_recording(ward.paul, state="open", sample_count=0, segment_count=0)
    others = make_recording(ward.petra, state="open", sample_count=0, segment_count=0)
    assert signed_in(ward.people.paul).post("/c/north/stop/", {"ticked": "dizzy"}).status_code == 302
    with clinic_scope(ward.paul.clinic_id):
        running.refresh_from_db()
        others.refresh_from_db()
    assert (running.state, others.state) == ("failed", "open")


# My movement and Today


def test_my_movement_says_what_was_measured_lately(paul, floor):
    today = timezone.localdate()
    for back, value in ((9, 0.7), (4, 0.8), (1, 0.9)):
        make_day(floor.paul, today - timedelta(days=back), value, low=value - 0.1, high=value + 0.1)
    make_day(floor.paul, today - timedelta(days=40), 11.0, code="tug_s")
    page = paul.get(HOME).content.decode()
    assert "You walked 0.9 metres a second." in page
    assert "We are fairly sure: between 0.8 and 1.0." in page
    assert 'values="0.70 0.80 0.90"' in page
    assert "get up, walk, turn" not in page


def test_my_movement_before_anything_says_how_to_begin(paul):
    page = paul.get(HOME).content.decode()
    assert "Nothing measured yet" in page
    assert WALK in page


def test_a_test_left_open_is_offered(paul, floor):
    recording = make_recording(floor.paul, state="open")
    assert address_of(recording) in paul.get(HOME).content.decode()


def test_a_list_costs_the_same_with_one_row_and_with_three(paul, floor, django_assert_max_num_queries):
    make_walk(floor.paul)
    paul.get(HOME)
    with django_assert_max_num_queries(60) as first:
        paul.get(HOME)
    make_walk(floor.paul)
    make_tug(floor.paul)
    with django_assert_max_num_queries(60) as then:
        paul.get(HOME)
    assert len(then) == len(first)


def test_today_asks_once_a_week_and_can_be_put_off(paul, floor):
    today = "/c/north/today/"
    assert "Walk test this week" not in paul.get(today).content.decode()
    ready_to_walk(floor.paul)
    assert "Walk test this week" in paul.get(today).content.decode()
    assert paul.post(f"{HOME}later/").headers["Location"] == today
    assert "Walk test this week" not in paul.get(today).content.decode()
    cache.clear()
    make_walk(floor.paul)
    page = paul.get(today).content.decode()
    assert "Walk test this week" not in page
    assert "0.9 metres a second" in page


# Whose it is


@pytest.mark.parametrize(
    ("who", "status"), [("petra", 404), ("sid", 404), ("nora", 403), ("sam", 404), ("ada", 403)]
)
def test_a_result_is_its_patients_own(floor, signed_in, who, status):
    recording = make_recording(floor.paul, state="open", sample_count=0, segment_count=0)
    browser = signed_in(getattr(floor.people, who))
    assert browser.get(address_of(recording)).status_code == status
    assert browser.post(address_of(recording)).status_code == status
    with clinic_scope(floor.paul.clinic_id):
        recording.refresh_from_db()
        assert recording.state == "open"


@pytest.mark.parametrize("page", [HOME, WALK, f"{HOME}later/"])
@pytest.mark.parametrize(
    ("who", "status"), [("nora", 403), ("ash", 403), ("ada", 403), ("sam", 404), ("sid", 404)]
)
def test_only_patients_of_the_clinic_have_these_pages(floor, signed_in, page, who, status):
    browser = signed_in(getattr(floor.people, who))
    answer = browser.post(page) if page.endswith("later/") else browser.get(page)
    assert answer.status_code == status
    assert begin(browser).status_code == status
    assert recordings(floor) == []


def test_another_patients_results_are_nowhere_on_the_page(floor, signed_in):
    make_walk(floor.paul)
    make_day(floor.paul, timezone.localdate(), 0.9)
    page = signed_in(floor.people.petra).get(HOME).content.decode()
    assert "metres a second" not in page
    assert "Nothing measured yet" in page


@pytest.mark.parametrize("kind", ["run", "walk-10m", "lab", "exercise"])
def test_an_unknown_test_is_not_found(paul, kind):
    assert paul.get(f"{HOME}tests/{kind}/").status_code == 404
    assert begin(paul, page=f"{HOME}tests/{kind}/").status_code == 404


def test_a_sets_recording_is_not_a_movement_result(paul, floor):
    session = make_session(floor.paul)
    store_motion(first_set(session), squats(1))
    with clinic_scope(floor.paul.clinic_id):
        recording = Recording.objects.get()
    assert paul.get(address_of(recording)).status_code == 404


def test_signed_out_is_led_to_the_sign_in_page(floor, client):
    for page in (HOME, WALK):
        answer = client.get(page)
        assert answer.status_code == 302
        assert "/accounts/login/" in answer.headers["Location"]


# The run-up of the 10-metre walk


def test_a_run_up_can_be_said_and_is_remembered(paul, floor):
    page = f"{HOME}tests/walk_10m/"
    assert b'name="run_up"' in paul.get(page).content
    assert b'name="run_up"' not in paul.get(WALK).content
    assert begin(paul, {**FIRST_ANSWERS, "run_up": True}, page).status_code == 201
    assert recordings(floor)[0].protocol == {"run_up_m": 2.0}
    again = paul.get(page)
    assert again.context["form"]["run_up"].value() is True
    assert begin(paul, ANSWERS, page).status_code == 201
    assert recordings(floor)[1].protocol == {}
    assert paul.get(page).context["form"]["run_up"].value() is False


def test_a_run_up_means_nothing_to_another_test(paul, floor):
    assert begin(paul, {**FIRST_ANSWERS, "run_up": True}).status_code == 201
    assert recordings(floor)[0].protocol == {}
