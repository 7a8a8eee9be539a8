"""A therapist asks for a test: who may, what the patient sees, when it is time again, and how it ends."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from patients.models import ExerciseHold, TimelineEntry
from patients.services import give_consent
from sessions.models import MovementRequest, Recording
from sessions.selectors.movement.requests import asked_tests
from tests.factories.patients import make_alert
from tests.sessions.own_movement.rooms import make_recording, make_walk

TODAY, HOME = "/c/north/today/", "/c/north/movement/"
WEEKLY_WALK = {"kind": "walk", "every_days": "7"}


def movement_of(patient):
    return f"/c/north/patients/{patient.ref}/movement/"


def asks(floor, signed_in, who="nora", answers=WEEKLY_WALK, patient=None):
    browser = signed_in(getattr(floor.people, who))
    return browser.post(f"{movement_of(patient or floor.paul)}requests/", answers)


def requests_of(patient):
    with clinic_scope(patient.clinic_id):
        return list(MovementRequest.objects.filter(patient=patient))


def make_request(floor, *, days_ago=0, kind="walk", every_days=7, patient=None):
    patient = patient or floor.paul
    with clinic_scope(patient.clinic_id):
        made = MovementRequest.objects.create(
            patient=patient, kind=kind, every_days=every_days, asked_by=floor.people.nora
        )
        MovementRequest.objects.filter(pk=made.pk).update(
            created_at=timezone.now() - timedelta(days=days_ago)
        )
        return made


def done(patient, *, days_ago, **fields):
    recording = make_recording(patient, **fields)
    with clinic_scope(patient.clinic_id):
        Recording.objects.filter(pk=recording.pk).update(created_at=timezone.now() - timedelta(days=days_ago))


def state_of(patient):
    with clinic_scope(patient.clinic_id):
        [one] = asked_tests(patient)
        return one.is_due, one.is_late


# Asking


def test_a_therapist_asks_and_it_is_in_the_record(floor, signed_in):
    answer = asks(floor, signed_in)
    assert answer.headers["Location"] == movement_of(floor.paul)
    [asked] = requests_of(floor.paul)
    assert (asked.kind, asked.every_days, asked.asked_by_id, asked.ended_at) == (
        "walk", 7, floor.people.nora.pk, None,
    )  # fmt: skip
    page = signed_in(floor.people.nora).get(movement_of(floor.paul)).content.decode()
    assert "<strong>Walk test</strong>, every week, since" in page
    assert "Not done yet." in page
    with clinic_scope(floor.paul.clinic_id):
        assert TimelineEntry.objects.get(kind="movement").title == "Asked for: Walk test, every week"
        assert AuditEvent.objects.filter(object_ref=asked.ref, action="create").count() == 1


def test_asking_again_changes_nothing_and_another_pace_ends_the_first(floor, signed_in):
    asks(floor, signed_in)
    asks(floor, signed_in)
    [first] = requests_of(floor.paul)
    asks(floor, signed_in, answers={"kind": "walk", "every_days": "2"})
    ended, now = requests_of(floor.paul)
    assert (ended.pk, ended.ended_by_id, now.every_days) == (first.pk, floor.people.nora.pk, 2)
    assert ended.ended_at is not None


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"kind": "run", "every_days": "7"},
        {"kind": "walk", "every_days": "0"},
        {"kind": "walk", "every_days": "-7"},
        {"kind": "walk", "every_days": "365"},
        {"kind": "walk", "every_days": "seven"},
        {"kind": "walk", "every_days": "٧"},
    ],
)
def test_what_is_not_offered_is_refused(floor, signed_in, answers):
    assert asks(floor, signed_in, answers=answers).status_code == 400
    assert requests_of(floor.paul) == []


@pytest.mark.parametrize(
    ("who", "status"), [("ash", 403), ("ada", 403), ("ola", 403), ("paul", 403), ("sam", 404), ("sid", 404)]
)
def test_nobody_else_asks_or_ends(floor, signed_in, who, status):
    assert asks(floor, signed_in, who).status_code == status
    assert requests_of(floor.paul) == []
    asked = make_request(floor)
    browser = signed_in(getattr(floor.people, who))
    assert browser.post(f"/c/north/movement-requests/{asked.ref}/end/").status_code == status
    assert requests_of(floor.paul)[0].ended_at is None


def test_a_request_ends_by_a_click_and_twice_does_no_harm(floor, signed_in):
    asked = make_request(floor)
    browser = signed_in(floor.people.nora)
    for _ in range(2):
        answer = browser.post(f"/c/north/movement-requests/{asked.ref}/end/")
        assert answer.headers["Location"] == movement_of(floor.paul)
    assert requests_of(floor.paul)[0].ended_by_id == floor.people.nora.pk
    with clinic_scope(floor.paul.clinic_id):
        assert AuditEvent.objects.filter(object_ref=asked.ref, purpose="end").count() == 1
    assert "<strong>Walk test</strong>" not in browser.get(movement_of(floor.paul)).content.decode()


def test_an_unknown_request_is_not_found(floor, signed_in):
    browser = signed_in(floor.people.nora)
    assert browser.post(f"/c/north/movement-requests/{floor.paul.ref}/end/").status_code == 404
    assert browser.get(f"/c/north/movement-requests/{floor.paul.ref}/end/").status_code == 405


def test_another_clinics_request_is_not_found(floor, signed_in):
    asked = make_request(floor)
    browser = signed_in(floor.people.sam)
    assert browser.post(f"/c/south/movement-requests/{asked.ref}/end/").status_code == 404


def test_only_therapists_have_the_form(floor, signed_in):
    assert b"ask-kind" in signed_in(floor.people.nora).get(movement_of(floor.paul)).content
    assert b"ask-kind" not in signed_in(floor.people.ash).get(movement_of(floor.paul)).content


# When it is time


@pytest.mark.parametrize(
    ("asked_ago", "done_ago", "every", "expected"),
    [
        (0, None, 7, (True, False)),
        (4, None, 7, (True, True)),
        (3, None, 7, (True, False)),
        (0, 3, 7, (False, False)),
        (20, 6, 7, (False, False)),
        (20, 7, 7, (True, False)),
        (20, 11, 7, (True, True)),
        (5, 2, 1, (True, False)),
        (5, 3, 1, (True, True)),
    ],
)
def test_due_after_the_interval_and_late_half_an_interval_later(floor, asked_ago, done_ago, every, expected):
    make_request(floor, days_ago=asked_ago, every_days=every)
    if done_ago is not None:
        done(floor.paul, days_ago=done_ago)
    assert state_of(floor.paul) == expected


def test_what_failed_or_was_another_test_is_not_it(floor):
    make_request(floor, days_ago=3)
    done(floor.paul, days_ago=1, state="failed")
    done(floor.paul, days_ago=1, activity="tug")
    done(floor.petra, days_ago=1)
    assert state_of(floor.paul) == (True, False)


# What the patient sees


def test_today_and_my_movement_say_what_is_asked_and_since_when(floor, signed_in):
    make_request(floor, days_ago=2, kind="tug")
    paul = signed_in(floor.people.paul)
    for page in (TODAY, HOME):
        words = paul.get(page).content.decode()
        assert "Your therapist asks for" in words
        assert "<strong>Up and go</strong>, every week, since" in words
        assert f"{HOME}tests/tug/" in words
    assert "Your therapist asks for" not in signed_in(floor.people.petra).get(TODAY).content.decode()


def test_a_late_test_is_noticed_kindly(floor, signed_in):
    make_request(floor, days_ago=12)
    page = signed_in(floor.people.paul).get(TODAY).content.decode()
    assert "It has been 12 days. That is all right. Do it when you feel well." in page
    assert '<span class="chip">12 days ago</span>' in (
        signed_in(floor.people.nora).get(movement_of(floor.paul)).content.decode()
    )


def test_what_is_done_for_now_is_not_on_today_and_says_its_next_day(floor, signed_in):
    make_request(floor, days_ago=2)
    make_walk(floor.paul)
    paul = signed_in(floor.people.paul)
    assert "Your therapist asks for" not in paul.get(TODAY).content.decode()
    assert "Done for now. Next time:" in paul.get(HOME).content.decode()


def test_the_weekly_reminder_stays_where_nothing_is_asked_and_only_there(floor, signed_in):
    with clinic_scope(floor.paul.clinic_id):
        give_consent(floor.paul, "motion")
    paul = signed_in(floor.people.paul)
    assert "Walk test this week" in paul.get(TODAY).content.decode()
    make_request(floor, kind="chair_stand_30s")
    page = paul.get(TODAY).content.decode()
    assert "Walk test this week" not in page
    assert "Stand up for 30 seconds" in page


def test_nobody_is_asked_while_the_therapist_wants_to_talk_first(floor, signed_in):
    make_request(floor)
    alert = make_alert(floor.paul)
    with clinic_scope(floor.paul.clinic_id):
        ExerciseHold.objects.create(patient=floor.paul, alert=alert, since=timezone.now())
    paul = signed_in(floor.people.paul)
    assert "Your therapist asks for" not in paul.get(TODAY).content.decode()
    assert f"{HOME}tests/walk/" not in paul.get(HOME).content.decode()


@pytest.mark.parametrize(("who", "page"), [("paul", HOME), ("nora", "therapist")])
def test_three_requests_cost_as_much_as_one(floor, signed_in, who, page):
    browser = signed_in(getattr(floor.people, who))
    page = movement_of(floor.paul) if page == "therapist" else page
    make_request(floor)
    browser.get(page)
    with CaptureQueriesContext(connection) as one:
        browser.get(page)
    make_request(floor, kind="tug")
    make_request(floor, kind="walk_10m")
    with CaptureQueriesContext(connection) as three:
        browser.get(page)
    assert len(three) == len(one)
