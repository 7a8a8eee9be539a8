"""The sensors' pages: who may add one, who may take a key back."""

import html

import pytest

from clinic.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from patients.services.people import give_consent
from sessions.errors import TooManyDevices
from sessions.models import Device
from tests.sessions.devices.gateway import make_gateway

NEW = {"name": "Blue sensor", "kind": "metamotion", "placement": "lower_back", "add": "yes"}


def page_of(patient):
    return f"/c/north/patients/{patient.ref}/devices/"


def sensors(patient):
    with clinic_scope(patient.clinic_id):
        return list(Device.objects.filter(patient=patient))


def test_a_therapist_adds_a_sensor_and_sees_its_key_once(floor, signed_in):
    browser = signed_in(floor.people.nora)
    page = browser.post(page_of(floor.paul), NEW)
    (device,) = sensors(floor.paul)
    assert page.context["token"].startswith(f"plb_{device.ref.hex}_")
    assert page.context["token"] not in browser.get(page_of(floor.paul)).content.decode()
    with clinic_scope(floor.paul.clinic_id):
        assert AuditEvent.objects.filter(action="create", object_type="sessions.Device").count() == 1


def test_taking_a_key_back_keeps_the_sensor_in_the_list(floor, signed_in):
    gateway = make_gateway(floor.paul)
    browser = signed_in(floor.people.nora)
    browser.post(page_of(floor.paul), {"revoke": str(gateway.device.ref)})
    (device,) = sensors(floor.paul)
    assert device.is_revoked
    assert "Taken back" in browser.get(page_of(floor.paul)).content.decode()


@pytest.mark.parametrize(("who", "code"), [("ola", 403), ("sam", 404), ("ada", 403), ("petra", 403)])
def test_others_stay_out(floor, signed_in, who, code):
    gateway = make_gateway(floor.paul)
    browser = signed_in(getattr(floor.people, who))
    assert browser.get(page_of(floor.paul)).status_code == code
    assert browser.post(page_of(floor.paul), {"revoke": str(gateway.device.ref)}).status_code == code
    assert not sensors(floor.paul)[0].is_revoked


def test_a_patient_agrees_first_and_then_adds_their_own(floor, signed_in):
    browser = signed_in(floor.people.paul)
    assert "I agree" in browser.get("/c/north/movement/devices/").content.decode()
    browser.post("/c/north/movement/devices/", {"consent": "yes"})
    page = browser.post("/c/north/movement/devices/", NEW)
    assert page.context["token"]
    assert len(sensors(floor.paul)) == 1


def test_a_patients_page_speaks_to_the_patient(floor, signed_in):
    gateway = make_gateway(floor.paul)
    browser = signed_in(floor.people.paul)
    page = browser.get("/c/north/movement/devices/").content.decode()
    assert "What do you call it?" in page
    assert "As the patient knows it" not in page
    assert f"ends in {gateway.device.token_hint}" not in page
    assert "Something is wrong" in page
    browser.post("/c/north/movement/devices/", {"revoke": str(gateway.device.ref)})
    assert "Stopped on" in browser.get("/c/north/movement/devices/").content.decode()


@pytest.mark.parametrize("who", ["nora", "paul"])
def test_too_many_sensors_are_refused_in_words(floor, signed_in, who):
    with clinic_scope(floor.paul.clinic_id):
        give_consent(floor.paul, "motion")
    address = page_of(floor.paul) if who == "nora" else "/c/north/movement/devices/"
    browser = signed_in(getattr(floor.people, who))
    while (answer := browser.post(address, NEW)).status_code == 200:
        assert len(sensors(floor.paul)) < 50
    assert TooManyDevices().words in html.unescape(answer.content.decode())


def test_a_patient_cannot_take_another_patients_key_back(floor, signed_in):
    with clinic_scope(floor.petra.clinic_id):
        give_consent(floor.petra, "motion")
    gateway = make_gateway(floor.paul)
    answer = signed_in(floor.people.petra).post(
        "/c/north/movement/devices/", {"revoke": str(gateway.device.ref)}
    )
    assert answer.status_code == 404
    assert not sensors(floor.paul)[0].is_revoked


@pytest.mark.parametrize("ref", ["", "x", "0" * 32, "'; drop table"])
def test_a_sensor_that_does_not_exist_is_not_found(floor, signed_in, ref):
    assert signed_in(floor.people.nora).post(page_of(floor.paul), {"revoke": ref}).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 61}, {"name": "a\x07"}, {"kind": "toaster"}, {"placement": "unknown"}],
)
def test_a_wrong_form_adds_nothing(floor, signed_in, wrong):
    page = signed_in(floor.people.nora).post(page_of(floor.paul), {**NEW, **wrong})
    assert page.status_code == 400
    assert sensors(floor.paul) == []
