"""Somebody who has no business with a patient gets nothing, whichever address of that patient they try."""

import pytest
from django.test import Client
from django.urls import reverse

from clinic.tenancy.scope import clinic_scope
from patients.services import give_consent
from tests.factories.sessions import first_set, make_analysed_session


@pytest.fixture
def addresses(floor):
    session = make_analysed_session(floor.paul)
    with clinic_scope(floor.people.north.pk):
        give_consent(floor.paul, "live_view")
    patient, of_session = ["north", floor.paul.ref], ["north", session.ref]
    return {
        "patient": reverse("patients:patient", args=patient),
        "prescription": reverse("prescriptions:prescription", args=patient),
        "patient_messages": reverse("patients:patient_messages", args=patient),
        "upload": reverse("sessions:upload", args=patient),
        "review": reverse("sessions:review", args=of_session),
        "watch": reverse("sessions:watch", args=of_session),
        "motion": reverse("sessions:motion", args=[*of_session, first_set(session).ref]),
        "export": reverse("sessions:export", args=[*of_session, "json"]),
    }


def test_the_care_team_gets_everything(floor, addresses, browser_of):
    client = browser_of(floor.people.nora)
    assert {name: client.get(address).status_code for name, address in addresses.items()} == dict.fromkeys(
        addresses, 200
    )


@pytest.mark.parametrize(
    ("who", "refusals"),
    [("ola", {403}), ("petra", {403, 404}), ("ada", {403}), ("sam", {404}), (None, {302})],
)
def test_everybody_else_gets_nothing(floor, addresses, browser_of, who, refusals):
    client = browser_of(getattr(floor.people, who)) if who else Client()
    answers = [client.get(address) for address in addresses.values()]
    assert {answer.status_code for answer in answers} <= refusals
    assert not any(floor.paul.family_name in read(answer) for answer in answers)


def read(answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode(errors="replace")
