"""Choosing the phone as a sensor, and what its live page is told."""

import json

import pytest

from clinic.tenancy.scope import clinic_scope
from patients.selectors import has_consent
from patients.services import give_consent
from prescriptions import library
from sessions.models import TherapySession
from sessions.selectors.live_page import sensor_note, sensor_places
from tests.factories.prescriptions import make_prescription
from tests.factories.sessions import make_session

pytestmark = pytest.mark.django_db
START = "/c/north/sessions/start/"


def start_with(signed_in, floor, **answers):
    return signed_in(floor.people.paul).post(START, {"pain": "2", "mode": "sensor", **answers})


def test_the_sensor_needs_the_patients_consent_once(floor, signed_in):
    refused = start_with(signed_in, floor)
    assert refused.status_code == 400
    assert "Tick this to use the phone" in refused.content.decode()
    assert start_with(signed_in, floor, motion_consent="on").status_code == 302
    with clinic_scope(floor.paul.clinic_id):
        assert has_consent(floor.paul, "motion")
        session = TherapySession.objects.get()
        assert (session.mode, session.sets.first().counted_by) == ("sensor", "sensor")
    assert start_with(signed_in, floor).status_code == 302


def test_a_plan_that_no_sensor_can_count_does_not_offer_it(floor, signed_in):
    with clinic_scope(floor.paul.clinic_id):
        make_prescription(floor.paul, by=floor.people.nora, codes=("wall_slide",), sets=1, repetitions=4)
    page = signed_in(floor.people.paul).get(START).content.decode()
    assert "Phone as sensor" not in page
    assert "how my phone moves" not in page
    assert start_with(signed_in, floor, motion_consent="on").status_code == 400


def test_the_live_page_is_told_where_the_phone_goes(floor, signed_in):
    with clinic_scope(floor.paul.clinic_id):
        give_consent(floor.paul, "motion")
    session = make_session(floor.paul, mode="sensor")
    page = signed_in(floor.people.paul).get(f"/c/north/sessions/{session.ref}/live/").content.decode()
    raw = page.split('<script id="live-config" type="application/json">')[1].split("</script>")[0]
    config = json.loads(raw)
    places = config["sets"][0]["sensor"]
    assert config["mode"] == "sensor"
    assert [place["placement"] for place in places][:3] == ["pocket", "right_thigh", "chest"]
    assert places[1]["name"] == "On the right thigh"


def test_a_sensor_sits_on_the_side_that_moves():
    spec = library.load("standing_hip_abduction")
    assert [place["placement"] for place in sensor_places(spec, side="left")] == ["left_thigh", "left_shank"]
    arm = sensor_places(library.load("shoulder_abduction"), side="both")
    assert (arm[0]["placement"], arm[0]["name"]) == ("right_wrist", "In the right hand")


def test_an_exercise_that_no_sensor_can_count_is_tapped():
    spec = library.load("wall_slide")
    assert sensor_places(spec, side="both") == []
    assert sensor_note(spec) == "With the phone as sensor, you count this one by tapping."
    assert sensor_note(library.load("squat")) == ""
