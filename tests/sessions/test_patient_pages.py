"""A patient's way through a session, page by page."""

import json

import pytest

from clinic.tenancy.scope import clinic_scope
from patients.models import Consent, PainReport
from patients.services import stop_exercising
from sessions.codec import FRAME_BYTES
from sessions.models import ExerciseSet, TherapySession
from tests.factories.sessions import first_set, make_analysed_session, make_session


def address(session, page="live"):
    return f"/c/north/sessions/{session.ref}/{page}/"


def set_address(session, page):
    return address(session, f"sets/{first_set(session).ref}/{page}")


def test_start_asks_for_pain_and_for_the_camera(floor, signed_in):
    browser = signed_in(floor.people.paul)
    page = browser.get("/c/north/sessions/start/")
    assert page.status_code == 200
    assert b"How much does it hurt now?" in page.content
    refused = browser.post("/c/north/sessions/start/", {"pain": 2, "mode": "camera"})
    assert refused.status_code == 400
    assert b"Tick this to use the camera" in refused.content
    with clinic_scope(floor.paul.clinic_id):
        assert TherapySession.objects.count() == 0


def test_starting_with_the_camera_keeps_consent_and_pain(floor, signed_in):
    started = signed_in(floor.people.paul).post(
        "/c/north/sessions/start/", {"pain": 2, "mode": "camera", "camera_consent": "on"}
    )
    with clinic_scope(floor.paul.clinic_id):
        session = TherapySession.objects.get()
        assert started.headers["Location"] == address(session)
        assert PainReport.objects.get().session_ref == session.ref
        assert Consent.objects.get().kind == "camera"
        assert [one.target_repetitions for one in session.sets.all()] == [4]


def test_the_live_page_tells_its_script_all_it_needs(floor, signed_in):
    session = make_session(floor.paul)
    page = signed_in(floor.people.paul).get(address(session))
    config = page.context["config"]
    assert config["ws_path"] == "/ws/c/north/sets/{set}/stream/"
    assert config["urls"]["finish_set"] == f"/c/north/sessions/{session.ref}/sets/{{set}}/finish/"
    assert config["urls"]["stop"] == f"/c/north/stop/?session={session.ref}"
    assert config["sets"][0]["exercise"]["code"] == "squat"
    assert b'id="live-config"' in page.content


def test_counting_by_hand_works_without_scripts(floor, signed_in):
    browser, session = signed_in(floor.people.paul), make_session(floor.paul, mode="tap")
    done = browser.post(set_address(session, "finish"), {"count": 4}, follow=True)
    assert done.redirect_chain[-1][0] == address(session, "pain/after")
    told = browser.post(address(session, "pain/after"), {"pain": 3}, follow=True)
    assert b"Sent to your therapist" in told.content
    assert b"4 times, in 1 set" in told.content
    with clinic_scope(floor.paul.clinic_id):
        session.refresh_from_db()
        assert (session.state, session.completed, session.repetitions_done) == ("analysed", True, 4)


def test_a_script_taps_and_finishes_twice_without_harm(floor, signed_in):
    browser, session = signed_in(floor.people.paul), make_session(floor.paul, mode="tap")

    def say(page, **fields):
        return browser.post(set_address(session, page), json.dumps(fields), content_type="application/json")

    def finish(count):
        said = say("finish", count=count, counted_by="tap", skipped=False).json()
        return said["state"], said["count"]

    assert say("tap", count=2).json() == {"count": 2}
    assert finish(3) == ("analysed", 3)
    assert finish(9) == ("analysed", 3)
    assert say("tap", count=9).status_code == 409


@pytest.mark.parametrize("body", ["[]", "{", '{"count": -1}', '{"count": "x"}', "x" * 5000])
def test_a_broken_tap_is_refused(floor, signed_in, body):
    browser, session = signed_in(floor.people.paul), make_session(floor.paul, mode="tap")
    answer = browser.post(set_address(session, "tap"), body, content_type="application/json")
    assert answer.status_code == 400


def test_a_skipped_session_is_not_counted(floor, signed_in):
    browser, session = signed_in(floor.people.paul), make_session(floor.paul)
    browser.post(set_address(session, "finish"), {"skipped": "on"})
    with clinic_scope(floor.paul.clinic_id):
        session.refresh_from_db()
        assert session.state == "abandoned"


def test_the_sample_motion_is_whole_frames_and_marked(floor, signed_in):
    browser, session = signed_in(floor.people.paul), make_session(floor.paul, mode="sample")
    answer = browser.get(set_address(session, "sample"))
    assert answer.headers["X-Simulated"] == "true"
    assert (len(answer.content) - 8) % FRAME_BYTES == 0
    assert session.simulated is True


def test_no_sample_motion_in_a_camera_session(floor, signed_in):
    session = make_session(floor.paul)
    assert signed_in(floor.people.paul).get(set_address(session, "sample")).status_code == 404


def test_stop_ends_the_session_and_keeps_what_was_done(floor):
    session = make_session(floor.paul, mode="tap")
    with clinic_scope(floor.paul.clinic_id):
        one = first_set(session)
        ExerciseSet.objects.filter(pk=one.pk).update(repetition_count=2, state="live")
        stop_exercising_outside_of_tests_transaction(floor.paul, session)
        session.refresh_from_db()
        assert session.state == "analysed"
        assert session.stop_reason != ""
        assert session.repetitions_done == 2


def stop_exercising_outside_of_tests_transaction(patient, session):
    from sessions.services import stop_open_sessions

    stop_open_sessions(patient, session.ref, "stopped")


@pytest.mark.django_db(transaction=True)
def test_stop_reaches_the_session_through_the_patients_flow():
    from tests.factories.sessions import make_clinic_floor

    ward = make_clinic_floor()
    session = make_session(ward.paul)
    with clinic_scope(ward.paul.clinic_id):
        stop_exercising(ward.paul, ticked=[], session_ref=session.ref)
        session.refresh_from_db()
        assert session.state == "abandoned"


def test_the_summary_says_one_good_thing(floor, signed_in):
    session = make_analysed_session(floor.paul)
    page = signed_in(floor.people.paul).get(address(session, "summary"))
    assert b"What went well" in page.content
    assert b"4 times, in 1 set" in page.content


def test_an_older_session_left_open_is_closed_by_a_new_one(floor):
    old, new = make_session(floor.paul), make_session(floor.paul)
    with clinic_scope(floor.paul.clinic_id):
        old.refresh_from_db()
        assert (old.state, new.state) == ("abandoned", "planned")


@pytest.mark.parametrize("page", ["live", "summary", "pain/after"])
@pytest.mark.parametrize(("who", "status"), [("petra", 404), ("sid", 404), ("nora", 403), ("sam", 404)])
def test_a_session_is_its_patients_own(floor, signed_in, page, who, status):
    session = make_session(floor.paul)
    assert signed_in(getattr(floor.people, who)).get(address(session, page)).status_code == status


@pytest.mark.parametrize("page", ["finish", "tap", "sample"])
def test_a_set_is_its_patients_own(floor, signed_in, page):
    session = make_session(floor.paul, mode="sample")
    browser = signed_in(floor.people.petra)
    ask = browser.get if page == "sample" else browser.post
    assert ask(set_address(session, page), {"count": 3}).status_code == 404
    with clinic_scope(floor.paul.clinic_id):
        assert first_set(session).state == "planned"


def test_signed_out_is_led_to_the_sign_in_page(floor, client):
    session = make_session(floor.paul)
    answer = client.get(address(session))
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.headers["Location"]
